"""Queries and updates with what they ask of other machines already in place: VALUES for SERVICE, triples for LOAD.

A SERVICE clause is evaluated by itself and then joined with the rest (SPARQL 1.1 Federated Query, section 4), so the
rows that its endpoint gives mean the same when they stand in its place as VALUES. Only what is sure is replaced: a
constant endpoint on the list, and a pattern that both our tokenizer and Oxigraph's parser take for a group. The rest
is refused as everywhere. The text that comes out passes the same guard as any other.
"""

from __future__ import annotations

import time
from contextlib import suppress

from ekg.errors import DataError, EvaluationError, RefusedError
from ekg.store.addresses import Resolver, system_addresses
from ekg.store.clauses import Clause, absolute, find_clauses
from ekg.store.guard import certain_tokens, check_query, check_update, has_word, place_of, without_fetching
from ekg.store.loads import load
from ekg.store.oxigraph import OxigraphStore
from ekg.store.reach import Reach, canonical_url, is_listed
from ekg.store.service import ask_service

_MOST = 16


def with_outside(
    sparql: str,
    reach: Reach,
    *,
    update: bool = False,
    base: str | None = None,
    resolve: Resolver = system_addresses,
) -> str:
    """A query, or an update, in which what it asks of other machines stands in place of the asking.

    Args:
        sparql: the text; returned as it is if it asks for nothing.
        reach: what may be asked for, and the limits.
        update: whether it is an update.
        base: IRI against which relative ones are resolved.
        resolve: tells the addresses of a host.

    Raises:
        QueryError: it is malformed.
        RefusedError: it asks for something that is not listed, or whose address is not allowed, also if SILENT.
        RemoteError: an endpoint or file fails, unless SILENT.
    """
    if not has_word(sparql, "SERVICE") and not (update and has_word(sparql, "LOAD")):
        return sparql
    deadline = time.monotonic() + reach.timeout
    if "\\" in sparql:
        certain_tokens(sparql)
    _check(sparql, update, base)
    clauses = [(clause, _listed(clause, sparql, reach, base)) for clause in find_clauses(sparql, update)]
    if len(clauses) > _MOST:
        raise RefusedError(f"the query asks other machines {len(clauses)} times; {_MOST} are allowed")
    pieces, done = [], 0
    for number, (clause, url) in enumerate(clauses):
        if url is None:
            continue  # a silent LOAD of what is not listed does nothing, as the guard has it
        if clause.word == "SERVICE":
            new = ask_service(clause, url, reach, deadline, base=base, resolve=resolve)
        else:
            new = load(clause, url, reach, deadline, number, resolve=resolve)
        pieces += [sparql[done : clause.at], f" {new} "]
        done = clause.end
    return "".join([*pieces, sparql[done:]])


def _check(sparql: str, update: bool, base: str | None) -> None:
    """Tell what is wrong with a text before anything is fetched for it."""
    store, text = OxigraphStore(), without_fetching(sparql, decoded=False)
    (check_update if update else check_query)(text)  # in disguise the words are still there
    with suppress(EvaluationError):  # a graph may be there, but not in an empty store
        if update:
            store.update(text, base=base)
        else:
            store.query(text, base=base)


def _listed(clause: Clause, sparql: str, reach: Reach, base: str | None) -> str | None:
    """The URL that a clause asks; None for a silent LOAD that is not allowed.

    Raises:
        RefusedError: it is not on the list.
    """
    iri = absolute(clause.place, clause.prologue, base)
    listed = reach.services if clause.word == "SERVICE" else reach.loads
    try:
        url = canonical_url(iri)
        problem = "" if is_listed(url, listed) else f"<{url}> is not on the server's list"
    except DataError as error:
        url, problem = "", error.message
    if not problem:
        return url
    if clause.word == "LOAD" and clause.silent:
        return None
    raise RefusedError(
        f"{place_of(sparql, clause.at)}: {clause.word} is refused: {problem}",
        hint=f"the configuration (allow-{clause.word.lower()}) lists what may be asked",
    )
