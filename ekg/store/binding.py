"""Binding values to variables of a query.

Oxigraph's own substitutions work only for variables that the query selects, so a ``VALUES`` block is put at the start
of the outermost group instead, where joins, filters, aggregates and EXISTS all see it. Values are written by the
engine's serializer and the place is found by the tokenizer, so nothing of a value can be read as syntax.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ekg.errors import QueryError
from ekg.store.base import Term
from ekg.store.guard import tokens

_VARIABLE = re.compile(r"[^\W\d]\w*")


def bind_values(sparql: str, bindings: Mapping[str, Term]) -> str:
    """The query with values bound.

    Raises:
        QueryError: a name is no variable's, or the query has no group to bind in.

    >>> import pyoxigraph as ox
    >>> bind_values("ASK { ?s ?p ?o }", {"o": ox.Literal('a"')})
    'ASK { VALUES (?o) { ("a\\\\"") }  ?s ?p ?o }'
    """
    if not bindings:
        return sparql
    for name in bindings:
        if not _VARIABLE.fullmatch(name):
            raise QueryError(f"'{name}' is not the name of a variable")
    names = sorted(bindings)
    block = f" VALUES ({' '.join('?' + n for n in names)}) {{ ({' '.join(str(bindings[n]) for n in names)}) }} "
    start, end, nested = _outer_group(sparql)
    if not nested:
        return sparql[: start + 1] + block + sparql[start + 1 :]
    return f"{sparql[: start + 1]}{block}{{{sparql[start + 1 : end]}}}{sparql[end:]}"


def _outer_group(sparql: str) -> tuple[int, int, bool]:
    """Positions of the braces of the outermost group, and whether it is nothing but a subquery."""
    found = [t for t in tokens(sparql) if t[0] != "comment" and not t[1].isspace()]
    words = [text.upper() for kind, text, _ in found if kind == "word"]
    braces = [(text, at, n) for n, (kind, text, at) in enumerate(found) if kind == "other" and text in "{}"]
    groups: list[tuple[int, int, int]] = []
    open_at, depth, first = 0, 0, 0
    for text, at, number in braces:
        if text == "{":
            if depth == 0:
                open_at, first = at, number
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                groups.append((open_at, at, first))
    form = next((w for w in words if w in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}), "")
    wanted = 1 if form == "CONSTRUCT" else 0
    if len(groups) <= wanted:
        raise QueryError("the query has no group { … } in which values could be bound")
    start, end, number = groups[wanted]
    nested = number + 1 < len(found) and found[number + 1][1].upper() == "SELECT"
    return start, end, nested
