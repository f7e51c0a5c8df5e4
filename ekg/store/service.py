"""Asking an endpoint for the pattern of a SERVICE clause, and writing its rows as VALUES."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice, pairwise

import pyoxigraph as ox

from ekg.errors import QueryError, RemoteError
from ekg.ids import digest
from ekg.store.addresses import Resolver
from ekg.store.base import Term
from ekg.store.clauses import Clause, absolute
from ekg.store.endpoint import is_cut
from ekg.store.fetch import Fetched, fetch
from ekg.store.guard import check_query, tokens
from ekg.store.prefixes import with_known_prefixes
from ekg.store.reach import Reach
from ekg.store.windows import expand_windows
from ekg.vocab import PREFIXES

_FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
_ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)")
BLANK = "urn:ekg:blank:"
"""What the IRIs begin with that stand for the blank nodes of another machine."""


def ask_service(clause: Clause, url: str, reach: Reach, deadline: float, *, base: str | None, resolve: Resolver) -> str:
    """The rows of a SERVICE clause as ``VALUES (…) { … }``; of a silent one that fails, a row without values.

    Args:
        clause: the clause.
        url: its endpoint, which is allowed.
        reach: the limits.
        deadline: moment of the monotonic clock at which it is given up.
        base: IRI against which relative ones of the query are resolved.
        resolve: tells the addresses of a host.

    Raises:
        QueryError: the pattern is no group.
        RefusedError: the address is not allowed; also of a silent clause.
        RemoteError: the endpoint fails.
    """
    check_query(clause.rest)  # no other SERVICE in it, in whatever disguise
    variables = _variables(clause, base)
    text = _question(clause, variables, reach.rows + 1, base)
    try:
        found = fetch(
            url, reach.services, reach, deadline, accept=_ACCEPT, form={"query": text}, resolve=resolve
        )  # fmt: skip
        rows = _rows(found, variables, reach)
    except RemoteError as error:
        clause.failed(error)
        rows = [["UNDEF"] * len(variables)]
    names = " ".join(f"?{name}" for name in variables)
    data = " ".join(f"({' '.join(row)})" for row in rows)
    return f"VALUES ({names}) {{ {data} }}"


def _variables(clause: Clause, base: str | None) -> list[str]:
    """Names of the variables that are in scope of a clause's group."""
    text = f"{clause.prologue} SELECT * WHERE {clause.rest}"
    try:
        rows = ox.Store().query(  # lazy: nothing is evaluated
            text, base_iri=base, prefixes=PREFIXES, custom_functions=_functions(clause, base)
        )
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise QueryError(f"the group of SERVICE {clause.place} cannot be read by itself: {error}") from error
    assert isinstance(rows, ox.QuerySolutions)
    return [variable.value for variable in rows.variables]


def _functions(clause: Clause, base: str | None) -> dict[ox.NamedNode, Callable[..., Term | ox.Triple | None]]:
    """Functions of the endpoint, which need not be ours: whatever has a parenthesis behind it may be one."""
    found = [token for token in tokens(clause.rest) if token[0] not in {"space", "comment"}]
    names = {text for (kind, text, _), after in pairwise(found) if kind in {"iri", "name"} and after[1] == "("}
    return {ox.NamedNode(absolute(name, clause.prologue, base)): _nothing for name in sorted(names)}


def _nothing(*_: object) -> None:
    """In place of a function that another machine has."""


def _question(clause: Clause, variables: list[str], limit: int, base: str | None) -> str:
    """The query that is sent: the group with the declarations that hold for it."""
    head = clause.prologue
    if base is not None and any(kind == "iri" and _RELATIVE.match(t) for kind, t, _ in tokens(f"{head} {clause.rest}")):
        head = f"BASE <{base}> {head}"
    wanted = "*" if variables else "(1 AS ?row)"  # not all engines have rows without variables
    text = f"{head} SELECT {wanted} WHERE {clause.rest} LIMIT {limit}".lstrip()
    return with_known_prefixes(expand_windows(text, None))  # not every endpoint knows our windows


def _rows(found: Fetched, variables: list[str], reach: Reach) -> list[list[str]]:
    """The terms of each row as SPARQL has them.

    Raises:
        RemoteError: the answer is broken, of another kind, too long or not the whole.
    """
    format = _FORMATS.get(found.media)
    if format is None:
        raise RemoteError(f"{found.url}: answered with {found.media or 'no content type'}, not with a query's result")
    if is_cut(found.headers, found.body):
        raise RemoteError(
            f"{found.url}: gave only a part of its rows", hint="put what narrows it inside the braces of SERVICE"
        )
    result: ox.QuerySolutions | ox.QueryBoolean | None = None
    rows: list[ox.QuerySolution] | None = None
    known: set[str] = set()
    try:
        result = ox.parse_query_results(found.body, format=format)
        if isinstance(result, ox.QuerySolutions):
            known = {variable.value for variable in result.variables}
            rows = list(islice(result, reach.rows + 1))
    except (SyntaxError, ValueError) as error:
        raise RemoteError(f"{found.url}: the answer is broken or incomplete: {error}") from error
    finally:
        result = None  # it may not outlive its thread, as the traceback of an error could
    if rows is None:
        raise RemoteError(f"{found.url}: answered with a yes or no, not with rows")
    if len(rows) > reach.rows:
        raise RemoteError(
            f"{found.url}: more than {reach.rows} rows",
            hint="put what narrows it inside the braces of SERVICE, or raise fetch-rows",
        )
    names = _Blanks(found)
    return [[names.text(row[name]) if name in known else "UNDEF" for name in variables] for row in rows]


class _Blanks:
    """Terms of an answer; its blank nodes get IRIs that depend on the answer and their order in it."""

    def __init__(self, found: Fetched) -> None:
        self._found = found
        self._names: dict[ox.BlankNode, str] = {}
        self._start = ""

    def text(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
        """A term, or UNDEF."""
        if term is None:
            return "UNDEF"
        if isinstance(term, ox.Triple):
            raise RemoteError(f"{self._found.url}: a triple in an answer cannot be passed on")
        if not isinstance(term, ox.BlankNode):
            return str(term)
        if term not in self._names:
            self._start = self._start or digest("blank", self._found.url, self._found.body.hex())
            self._names[term] = f"<{BLANK}{self._start}:{len(self._names)}>"
        return self._names[term]
