"""Whether what a sentence tells of happened where the question says, or somewhere else."""

from __future__ import annotations

from itertools import takewhile

from ekg.graph import EventGraph
from ekg.ids import normal_name
from ekg.index import EntityRow
from ekg.model import CharSpan
from queries.frame import Frame, Unit
from queries.participants import in_dateline
from queries.pool import Match
from queries.whenwhere import where_quality
from queries.words import Token, tokenize

_ELSEWHERE = 0.55
_BESIDE = 0.6
_DISPUTED = 0.7
_AROUND = 0.8
_SPOKEN = 0.6
_ATTACHED = 0.6
_CLEARLY = 0.25
_LONGEST = 4
_OPENING = 80
_FREE = frozenset({"where", "holder", "definition"})


def setting_fits(frame: Frame, match: Match) -> float:
    """How well the places that the question names go with what is known of the place of the sentence's event.

    1 where the event is said to be there, or nothing speaks against it; less where the graph, the sentence or, for a
    sentence without any place, its title puts the event somewhere else. Questions for a place, whose answer lies in the
    place that they name, and for offices, which have a reader of their own, are left alone.

    Args:
        frame: the question.
        match: the sentence, matched with ``(*frame.units, *frame.focus)``.
    """
    if frame.kind in _FREE:
        return 1.0
    units = (*frame.units, *frame.focus)
    worst = 1.0
    for unit, strength, at in zip(units, match.matched, match.where, strict=True):
        if unit.kind == "name" and unit.side is None and _is_place(match.sentence.graph, unit):
            worst = min(worst, _fit(match, unit, strength, at))
    return worst


def _is_place(graph: EventGraph, unit: Unit) -> bool:
    rows = (graph.index.entity(iri) for iri in unit.iris)
    return next((row.type == "place" for row in rows if row is not None), False)


def _fit(match: Match, unit: Unit, strength: float, at: int) -> float:
    sentence = match.sentence
    graph = sentence.graph
    event = match.event
    told = event.place if event is not None else None
    there = told is not None and _lies_in(graph, told, unit)
    rivals = [(row, span) for row, span in sentence.entities if _rival(graph, row, unit)]
    best = max((_quality(match, span) for _, span in rivals), default=0.0)
    if at >= 0:
        spans = [span for row, span in sentence.entities if _lies_in(graph, row.iri, unit)]
        spans.append((sentence.tokens[at].start, sentence.tokens[at].end))
        own = max(_quality(match, span) for span in spans)
        if any(row.iri == told and _quality(match, span) >= max(own, _ATTACHED) for row, span in rivals):
            return _ELSEWHERE
        if best < _ATTACHED or best - own < _CLEARLY:
            return 1.0
        return _ELSEWHERE if told is None else _DISPUTED if there else 1.0
    if there or strength > _SPOKEN:
        return 1.0
    document = sentence.document
    titled = _places_named(graph, document.title or "") or _places_named(graph, _dateline(document.text))
    about = any(not _rival(graph, row, unit) for row in titled)
    if best >= _ATTACHED or (told is not None and _rival(graph, graph.index.entity(told), unit)):
        return _AROUND if about else _ELSEWHERE
    # Neither the sentence nor the graph has a place for it: then it is where the title says.
    if about or not titled:
        return 1.0
    return _BESIDE if strength >= _SPOKEN else _ELSEWHERE


def _lies_in(graph: EventGraph, iri: str, unit: Unit) -> bool:
    """Whether a place is the one asked for, or lies in it ("Nice" in "France")."""
    return iri in unit.iris or unit.stem in graph.index.regions_of(iri)


def _rival(graph: EventGraph, row: EntityRow | None, unit: Unit) -> bool:
    """Whether it is another place than the one asked for: neither the same, nor in it, nor one that it lies in."""
    if row is None or row.type != "place" or _lies_in(graph, row.iri, unit):
        return False
    name = normal_name(row.name)
    if set(unit.stem.split()) & set(name.split()):
        return False
    return not any(name in graph.index.regions_of(iri) for iri in unit.iris)


def _quality(match: Match, span: CharSpan) -> float:
    """How surely a stretch of the sentence is the place of its event, 0 to 1."""
    tokens = match.sentence.tokens
    inside = [i for i, t in enumerate(tokens) if t.start >= span[0] and t.end <= span[1]]
    if not inside or match.anchor is None or in_dateline(tokens, inside[0]):
        return 0.0
    return where_quality(tokens, inside[0], inside[-1] + 1, match.anchor)


def _dateline(text: str) -> str:
    """The place before the dash that opens a report, as a name is written ("PORT ELLERY — …": "Port Ellery")."""
    tokens = tokenize(text[:_OPENING])
    inside = [t for i, t in enumerate(tokens) if in_dateline(tokens, i)]
    upper = [t.text.title() for t in takewhile(lambda t: t.text.isupper(), inside)]
    return " ".join(upper)


def _places_named(graph: EventGraph, title: str) -> tuple[EntityRow, ...]:
    """Places of the graph that a title names, the longest names first."""
    tokens = tokenize(title)
    found: list[EntityRow] = []
    i = 0
    while i < len(tokens):
        row, size = _longest(graph, tokens, i, title)
        if row is not None and row.type == "place":
            found.append(row)
        i += size
    return tuple(found)


def _longest(graph: EventGraph, tokens: list[Token], i: int, title: str) -> tuple[EntityRow | None, int]:
    if not tokens[i].capital:
        return None, 1
    for j in range(min(len(tokens), i + _LONGEST), i, -1):
        rows = graph.index.find_entities(title[tokens[i].start : tokens[j - 1].end], limit=1, exact=True)
        if rows:
            return rows[0], j - i
    return None, 1
