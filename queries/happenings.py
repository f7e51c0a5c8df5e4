"""What happened: events of the graph that fit names, words and times."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ekg.graph import EventGraph
from ekg.index import EventFilter, EventRow
from ekg.time import TimeInterval
from queries.candidates import Candidate
from queries.corrections import is_retracted
from queries.frame import Frame, TimeConstraint, Unit
from queries.moments import Moment
from queries.pool import Pool, Sentence, related
from queries.roles import is_reporting
from queries.timecheck import fit
from queries.whenwhere import distance

_SOON = 60 * 86_400
_FAR = 1 << 62


def read_happenings(frame: Frame, pool: Pool, limit: int = 100) -> list[Candidate]:
    """Events that satisfy the frame, each with the sentence that tells of it best.

    Events that only report others, did not happen or are merely possible count less.
    """
    graph = pool.graph
    found: list[Candidate] = []
    for row in _events(frame, graph, pool.known_at, limit):
        sentences = pool.sentences_of(row)
        sentences = [s for s in sentences if not is_retracted(s)]
        dated = [d for d in (_dated_here(frame, row, sentence) for sentence in sentences) if d != 0.0]
        mean = sum(dated) / len(dated) if dated else 0.0
        best = max(
            (_candidate(frame, pool, row, sentence, mean) for sentence in sentences),
            key=lambda c: (c.score, -len(c.sentence.text)),
            default=None,
        )
        if best is not None and best.score > 0.3:
            found.append(best)
    return found


def _events(frame: Frame, graph: EventGraph, known_at: str | None, limit: int) -> list[EventRow]:
    begin, end = window(frame.times)
    actors = tuple(iri for u in frame.names for iri in u.iris)
    bounded = begin is not None or end is not None
    wanted = EventFilter(begin=begin if bounded or actors else -_FAR, end=end, recorded_by=known_at)
    rows: dict[int, EventRow] = {}
    if actors:
        for row in graph.index.events(
            EventFilter(actors=actors, begin=begin, end=end, recorded_by=known_at), order="weight", limit=limit
        ):
            rows.setdefault(row.id, row)
    words = " ".join(u.text for u in frame.words)
    if words:
        for row, _ in graph.index.search_events(words, limit=limit):
            rows.setdefault(row.id, row)
    if bounded:
        for row in graph.index.events(wanted, order="weight", limit=limit):
            rows.setdefault(row.id, row)
    return [r for r in rows.values() if known_at is None or (r.recorded or "") <= known_at]


def window(times: Sequence[TimeConstraint]) -> tuple[int | None, int | None]:
    """The stretch of time that all constraints leave, in seconds."""
    begin: int | None = None
    end: int | None = None
    for constraint in times:
        if constraint.interval is None:
            continue
        low, high = constraint.interval.bounds()
        if constraint.relation in {"in", "during", "since"} and low is not None:
            begin = low if begin is None else max(begin, low)
        if constraint.relation == "after" and high is not None:
            begin = high if begin is None else max(begin, high)
        if constraint.relation in {"in", "during", "until"} and high is not None:
            end = high if end is None else min(end, high)
        if constraint.relation == "before" and low is not None:
            end = low if end is None else min(end, low)
    return begin, end


def _candidate(frame: Frame, pool: Pool, row: EventRow, sentence: Sentence, dated: float) -> Candidate:
    score = 0.62
    interval = TimeInterval(begin=row.begin, end=row.end) if row.begin and row.end else None
    for constraint in frame.times:
        score *= fit(constraint, interval, 1.0)
        if constraint.interval is not None and interval is not None and fit(constraint, interval, 1.0) == 1.0:
            score += 0.1
    score += 0.5 * (dated + _dated_here(frame, row, sentence))
    for unit in frame.names:
        strength = _named(unit, pool, row, sentence)
        score = score * 0.5 if strength == 0 else score + 0.12 * strength
    for unit in frame.words:
        strength = max((related(unit, t) for t in sentence.tokens), default=0.0)
        score = score * 0.7 if strength == 0 else score + 0.12 * strength
    told = 1.0
    for unit in (u for t in frame.times for u in t.units):
        told *= 0.5 if pool.strength(sentence, unit) < 0.5 else 1.0
    if row.type == "Event":
        score -= 0.05
    if is_reporting(row.type):
        score -= 0.25
    if row.polarity == "negative" or row.modality in {"planned", "possible", "hypothetical"}:
        score -= 0.3
    if row.begin is not None and sentence.moments and not any(m.interval() for m in sentence.moments):
        score -= 0.05
    score += _near(frame, interval) + (0.03 if row.label.split(" … ")[0] in sentence.text else 0.0)
    score += 0.04 * min(5, row.mentions - 1) + 0.04 * row.confidence
    score += 0.015 * min(3, len(sentence.participants(row)))
    mention = next((m for r, m in sentence.triggers if r.id == row.id), None)
    return Candidate(
        key=row.iri,
        value=row.iri,
        label=row.label,
        type="event",
        score=_settled(score if told == 1.0 else told * min(score, 1.0)),
        sentence=sentence,
        span=mention.span if mention else None,
        arm="graph",
        event=row,
        statement=row.iri,
        begin=row.begin,
        end=row.end,
        media=mention.media if mention else None,
    )


def _settled(score: float) -> float:
    """A sum of bonuses as a confidence: as it is up to 0.7, then ever more slowly up to 0.95."""
    return round(max(0.0, score if score < 0.7 else 0.7 + 0.25 * (1.0 - math.exp(-2.0 * (score - 0.7)))), 4)


def _near(frame: Frame, interval: TimeInterval | None) -> float:
    """What comes soon after or before an event is more likely what is asked for than what comes a year later."""
    for constraint in frame.times:
        if constraint.relation not in {"after", "before"} or constraint.interval is None or interval is None:
            continue
        (low, high), (a, b) = constraint.interval.bounds(), interval.bounds()
        edge, at = (high, a) if constraint.relation == "after" else (low, b)
        if edge is not None and at is not None:
            return round(0.15 * max(0.0, 1.0 - abs(at - edge) / _SOON), 4)
    return 0.0


def _dated_here(frame: Frame, row: EventRow, sentence: Sentence) -> float:
    """A bonus where the sentence dates this event, and none nearer to the date, as asked; a penalty if otherwise."""
    wanted = [t for t in frame.times if t.interval is not None and t.relation in {"in", "during"}]
    for moment in sentence.moments if wanted else []:
        interval = moment.interval()
        gaps = sorted((_gap(sentence, moment, m.span[0]), r.id) for r, m in sentence.triggers)
        if interval is None or not gaps or gaps[0][1] != row.id:
            continue
        if all(fit(t, interval, 1.0) == 1.0 for t in wanted):
            return 0.15
        if any(fit(t, interval, 1.0) == 0.0 for t in wanted):
            return -0.4
    return 0.0


def _gap(sentence: Sentence, moment: Moment, trigger: int) -> float:
    """How far a trigger is from a time expression; "Tuesday, two days **after** the fire" is not when the fire was."""
    tokens = sentence.tokens
    at = next((i for i, t in enumerate(tokens) if t.end > trigger), 0)
    between = [t.lower for t in tokens if moment.end <= t.start < trigger]
    return distance(tokens, moment, at) + (0.3 if {"after", "before"} & set(between) else 0.0)


def _named(unit: Unit, pool: Pool, row: EventRow, sentence: Sentence) -> float:
    if row.place in unit.iris or any(p.entity in unit.iris for p in sentence.participants(row)):
        return 1.0
    return pool.name_strength(sentence, unit)
