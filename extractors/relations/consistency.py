"""One document's relations made free of contradictions: the weakest edge of each goes, and a diagnostic says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ekg.model import Diagnostic, Event, Relation
from ekg.time import TimeInterval
from extractors.relations.points import TimeLine, orders

CODE = "relation_conflict"


def consistent(relations: Sequence[Relation], events: Sequence[Event]) -> tuple[list[Relation], list[Diagnostic]]:
    """Relations that can hold together, and what was dropped.

    Contradictions are: an event related to itself; a cycle of befores, causes and wholes (through any composition of
    Allen's relations); a cause dated after its effect; a sub-event dated outside its whole. Dates are held to be surer
    than any relation.

    Args:
        relations: all that was found.
        events: the document's events, for their dates and names.
    """
    by_id = {event.id: event for event in events}
    line = TimeLine({event.id: bounds for event in events if (bounds := _bounds(event)) != (None, None)})
    kept: list[Relation] = []
    notes: list[Diagnostic] = []
    names: dict[str, Relation] = {}
    for relation in sorted(relations, key=lambda r: (-r.confidence, r.kind, r.source, r.target)):
        name = f"{relation.kind} {relation.source} {relation.target}"
        if relation.source == relation.target:
            notes.append(_note(relation, by_id, "an event cannot stand in it to itself"))
            continue
        if name in names:
            continue
        # What follows from the dates cannot contradict them, and adds nothing to the bounds.
        against = None if relation.method == "interval" else line.add(name, orders(*name.split(" ")))
        if against is None:
            names[name] = relation
            kept.append(relation)
        else:
            notes.append(_note(relation, by_id, _reason(against, names, by_id)))
    return kept, notes


def _bounds(event: Event) -> tuple[int | None, int | None]:
    time = event.time
    if time is None or time.approximate:
        return None, None
    return TimeInterval(begin=time.begin, end=time.end).bounds()


def _say(relation: Relation, by_id: Mapping[str, Event]) -> str:
    def word(event: str) -> str:
        return f"'{by_id[event].trigger.text}' ({event})" if event in by_id else event

    cue = f", {relation.cue}" if relation.cue else ""
    return f"{relation.kind} {word(relation.source)} → {word(relation.target)} ({relation.confidence:.2f}{cue})"


def _reason(against: Sequence[str], names: Mapping[str, Relation], by_id: Mapping[str, Event]) -> str:
    said = [_say(names[name], by_id) for name in against if name in names]
    if "dates" in against:
        said.append("the dates of the events")
    return "contradicts " + "; ".join(said)


def _note(relation: Relation, by_id: Mapping[str, Event], reason: str) -> Diagnostic:
    return Diagnostic(code=CODE, message=f"dropped {_say(relation, by_id)}: {reason}")
