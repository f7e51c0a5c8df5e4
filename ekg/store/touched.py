"""Which nodes a change touches, so that only their rows of the index are derived again.

An update is asked before it is made: the quads of ``INSERT DATA`` and ``DELETE DATA`` stand in it, and those of
``DELETE … INSERT … WHERE`` are what a CONSTRUCT of its templates gives. Where this is not certain the answer is None,
and the whole index is built again.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from ekg.store.guard import tokens
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import PREFIXES

LIMIT = 50_000
"""IRIs above which a whole index is built faster."""

_CHANCE = frozenset({"RAND", "UUID", "STRUUID", "BNODE", "NOW"})
"""Functions that give another value each time."""

_DATA = (["INSERT", "DATA"], ["DELETE", "DATA"])

Token = tuple[str, str, int]


def touched_by(quads: Iterable[ox.Quad | ox.Triple]) -> set[str]:
    """IRIs that are subject or object of quads."""
    return {term.value for q in quads for term in (q.subject, q.object) if isinstance(term, ox.NamedNode)}


def touched_by_update(store: OxigraphStore, sparql: str, *, base: str | None = None) -> set[str] | None:
    """IRIs that an update of a store would touch, None where that cannot be told without making it.

    Args:
        store: the quads before the update.
        sparql: the update.
        base: IRI against which its relative IRIs are resolved.
    """
    found = list(tokens(sparql))
    if any(kind == "word" and text.upper() in _CHANCE for kind, text, _ in found):
        return None
    prologue, operations = _operations(found)
    try:
        if operations and all(words in _DATA and len(groups) == 1 for words, groups in operations):
            return _of_data(prologue, [groups[0] for _, groups in operations], base)
        if len(operations) == 1:
            return _of_pattern(store, prologue, *operations[0], base)
    except (SyntaxError, ValueError, OSError):
        return None  # the update itself will say what is wrong with it
    return None


def _operations(found: list[Token]) -> tuple[str, list[tuple[list[str], list[str]]]]:
    """Declarations, and of each operation its words outside braces and the texts of its outermost groups."""
    prologue: list[str] = []
    operations: list[tuple[list[str], list[str]]] = []
    words: list[str] = []
    groups: list[str] = []
    inner: list[str] = []
    depth, declared = 0, 0
    for kind, text, _ in found:
        if kind == "other" and text == "{":
            depth += 1
            if depth == 1:
                inner = []
                continue
        elif kind == "other" and text == "}":
            depth -= 1
            if depth == 0:
                groups.append("".join(inner))
                continue
        if depth:
            inner.append(text)
        elif kind == "comment" or text.isspace():
            continue
        elif declared:
            prologue.append(text)
            declared -= 1
        elif kind == "word" and text.upper() in {"PREFIX", "BASE"} and not words:
            prologue.append(text)
            declared = 2 if text.upper() == "PREFIX" else 1
        elif kind == "other" and text == ";":
            operations.append((words, groups))
            words, groups = [], []
        else:
            words.append(text.upper() if kind == "word" else text)
    if words or groups:
        operations.append((words, groups))
    return " ".join(prologue), operations


def _of_data(prologue: str, groups: list[str], base: str | None) -> set[str] | None:
    scratch = OxigraphStore()
    for group in groups:
        scratch.raw.update(f"{prologue} INSERT DATA {{ {group} }}", prefixes=PREFIXES, base_iri=base)
    return _within_limit(scratch.quads())


def _of_pattern(
    store: OxigraphStore, prologue: str, words: list[str], groups: list[str], base: str | None
) -> set[str] | None:
    if words == ["DELETE", "WHERE"] and len(groups) == 1:
        templates, pattern = groups, groups[0]
    elif words in (["INSERT", "WHERE"], ["DELETE", "WHERE"], ["DELETE", "INSERT", "WHERE"]) and len(groups) > 1:
        templates, pattern = groups[:-1], groups[-1]
    else:
        return None
    wanted = "\n".join(map(_without_graphs, templates))
    triples = store.raw.query(
        f"{prologue} CONSTRUCT {{ {wanted} }} WHERE {{ {pattern} }}", prefixes=PREFIXES, base_iri=base
    )
    return _within_limit(triples) if isinstance(triples, ox.QueryTriples) else None


def _without_graphs(template: str) -> str:
    """The triples of a template, those inside ``GRAPH … { }`` too, each block ended by a full stop."""
    pieces: list[str] = []
    last, named = ".", False

    def end() -> None:
        nonlocal last
        if last != ".":
            pieces.append(" . ")
            last = "."

    for kind, text, _ in tokens(template):
        if kind == "comment" or text.isspace():
            pieces.append("\n" if kind == "comment" else text)
        elif kind == "word" and text.upper() == "GRAPH":
            end()
            named = True
        elif named:
            named = text != "{"
        elif kind == "other" and text == "}":
            end()
        elif text != "." or last != ".":
            pieces.append(text)
            last = text
    end()
    return "".join(pieces)


def _within_limit(quads: Iterable[ox.Quad | ox.Triple]) -> set[str] | None:
    found: set[str] = set()
    for quad in quads:
        found |= touched_by([quad])
        if len(found) > LIMIT:
            return None
    return found
