"""The clauses of a query or an update that ask another machine: SERVICE and LOAD."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from ekg.errors import QueryError, RefusedError, RemoteError
from ekg.store.guard import certain_tokens, place_of
from ekg.vocab import PREFIXES

_PLACES = frozenset({"iri", "name"})

Token = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One SERVICE or LOAD.

    Args:
        word: which of them.
        at: position of the word.
        end: position behind the clause.
        silent: whether a failure shall not be told.
        place: the IRI or name of what is asked.
        rest: the group of a SERVICE with its braces, or the graph that a LOAD names, "" for the default graph.
        prologue: declarations that hold there.
    """

    word: str
    at: int
    end: int
    silent: bool
    place: str
    rest: str
    prologue: str

    def failed(self, error: RemoteError) -> None:
        """Tell that what the clause asks for cannot be had; nothing happens if it is silent.

        Raises:
            RemoteError: with the clause's word before the reason.
        """
        if not self.silent:
            raise RemoteError(f"{self.word} failed: {error.message}", hint=error.hint) from error


def find_clauses(sparql: str, update: bool) -> list[Clause]:
    """All clauses of a query or update that is well-formed, in the order of the text.

    Raises:
        RefusedError: one asks whoever a variable says, holds another one, or could be read in another way.
    """
    found = certain_tokens(sparql)
    clauses: list[Clause] = []
    prologue: list[str] = []
    depth, first, number = 0, True, 0
    while number < len(found):
        kind, text, _ = found[number]
        word = text.upper() if kind == "word" else ""
        if word == "SERVICE" and depth:
            clause, number = _service(sparql, found, number, " ".join(prologue))
            clauses.append(clause)
            continue
        if word == "LOAD" and update and first and not depth:
            clause, number = _load(sparql, found, number, " ".join(prologue))
            clauses.append(clause)
            continue
        if word in {"PREFIX", "BASE"} and first and not depth:
            size = 3 if word == "PREFIX" else 2
            prologue += [piece for _, piece, _ in found[number : number + size]]
            number += size
            continue
        first = kind == "other" and text == ";" and not depth
        depth += (text == "{") - (text == "}") if kind == "other" else 0
        number += 1
    return clauses


def _place(sparql: str, found: list[Token], number: int) -> tuple[bool, int]:
    """Whether SILENT follows a word, and the number of the place's token.

    Raises:
        RefusedError: there is none, but a variable for instance.
    """
    word, at = found[number][1:]
    silent = found[number + 1 : number + 2] != [] and found[number + 1][1].upper() == "SILENT"
    number += 2 if silent else 1
    if number >= len(found) or found[number][0] not in _PLACES:
        raise RefusedError(
            f"{place_of(sparql, at)}: {word.upper()} is refused where no IRI says at once whom to ask",
            hint="write SERVICE <https://…> { … }",
        )
    return silent, number


def _service(sparql: str, found: list[Token], number: int, prologue: str) -> tuple[Clause, int]:
    """The clause that begins at a token, and the number of the token behind it."""
    at = found[number][2]
    silent, place = _place(sparql, found, number)
    depth, last = 0, place
    for last in range(place + 1, len(found)):
        kind, text, here = found[last]
        if kind == "word" and text.upper() == "SERVICE":
            raise RefusedError(f"{place_of(sparql, here)}: SERVICE within SERVICE is refused")
        depth += (text == "{") - (text == "}") if kind == "other" else 0
        if depth <= 0:
            break
    if depth or found[last][1] != "}":
        raise RefusedError(f"{place_of(sparql, at)}: SERVICE is refused, since its group has no certain end")
    start, end = found[place + 1][2], found[last][2] + 1
    clause = Clause(
        word="SERVICE",
        at=at,
        end=end,
        silent=silent,
        place=found[place][1],
        rest=sparql[start:end],
        prologue=prologue,
    )
    return clause, last + 1


def _load(sparql: str, found: list[Token], number: int, prologue: str) -> tuple[Clause, int]:
    """Likewise of LOAD [SILENT] <file> [INTO GRAPH <graph>]."""
    at = found[number][2]
    silent, place = _place(sparql, found, number)
    last, graph = place, ""
    words = [text.upper() for kind, text, _ in found[place + 1 : place + 3] if kind == "word"]
    if words == ["INTO", "GRAPH"]:
        last = place + 3
        if last >= len(found) or found[last][0] not in _PLACES:
            raise RefusedError(f"{place_of(sparql, at)}: LOAD is refused without a graph behind INTO GRAPH")
        graph = found[last][1]
    end = found[last][2] + len(found[last][1])
    clause = Clause(
        word="LOAD", at=at, end=end, silent=silent, place=found[place][1], rest=graph, prologue=prologue
    )  # fmt: skip
    return clause, last + 1


def absolute(place: str, prologue: str, base: str | None) -> str:
    """The IRI that an IRI or a prefixed name stands for.

    Raises:
        QueryError: its prefix is not declared, for instance.
    """
    try:
        rows = ox.Store().query(f"{prologue} SELECT ({place} AS ?it) {{}}", base_iri=base, prefixes=PREFIXES)
        assert isinstance(rows, ox.QuerySolutions)
        term = next(iter(rows))["it"]
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"'{place}' is no IRI: {error}") from error
    assert isinstance(term, ox.NamedNode)
    return term.value
