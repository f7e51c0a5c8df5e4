"""Which events are part of a larger one: by words ("killed in the attack"), or by type, day and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ekg.model import Event, Relation
from extractors.relations.intervals import dated_events
from extractors.relations.occurrence import REPORTING
from extractors.words import word_set

if TYPE_CHECKING:
    from extractors.relations.cues import CueReader
    from extractors.relations.occurrence import Occurrence

_HARM = word_set("Death Killing Bodily_harm Injury Damaging Destroying Shooting Use_firearm Explosion")
_FIGHT = _HARM | word_set("Attack Military_operation Besieging Conquering Surrendering Kidnapping Escaping")
_COURT = word_set("Verdict Legal_rulings Court_examination Charge")
PARTS: Mapping[str, frozenset[str]] = {
    "Attack": _HARM,
    "Terrorism": _HARM | {"Attack"},
    "Shooting": word_set("Death Killing Bodily_harm Injury"),
    "Explosion": word_set("Death Killing Bodily_harm Injury Damaging Destroying"),
    "Catastrophe": _HARM,
    "Crash": word_set("Death Killing Bodily_harm Injury Damaging Destroying"),
    "Fire": word_set("Death Killing Bodily_harm Injury Damaging Destroying Evacuation"),
    "Earthquake": word_set("Death Killing Bodily_harm Injury Damaging Destroying"),
    "Storm": word_set("Death Killing Bodily_harm Injury Damaging Destroying Flood"),
    "Flood": word_set("Death Killing Bodily_harm Injury Damaging Destroying"),
    "Hostile_encounter": _FIGHT,
    "Military_operation": _FIGHT,
    "Violence": _HARM,
    "Protest": word_set("Violence Arrest Bodily_harm Injury Death Killing"),
    "Election": word_set("Choosing Win Defeat Lose Campaign"),
    "Trial": _COURT,
    "Competition": word_set("Match Win Defeat Lose"),
    "Match": word_set("Win Defeat Lose"),
}
"""Types whose events may be part of one of another type."""

_IN = {"in": 0.75, "during": 0.85, "throughout": 0.8, "amid": 0.6}
_WHOLES = word_set(
    """
    war battle attack bombing shooting raid crash earthquake quake flood storm hurricane fire blaze explosion blast
    election campaign trial hearing protest demonstration rally riot clash operation offensive siege massacre
    ceremony tournament championship match game race festival conference summit strike coup uprising crisis accident
    collision incident assault violence fighting conflict ambush rampage stampede
    """
)
_CONTAINED = 0.6


def stated_parts(
    reader: CueReader, occurrences: Sequence[Occurrence], events: Mapping[str, Event]
) -> Iterator[Relation]:
    """Parts by "in", "during", "throughout" and "amid" before a noun that names a larger event."""
    for whole in occurrences:
        head = whole.head
        word = whole.introducer
        if word not in _IN or head.pos_ not in {"NOUN", "PROPN"} or whole.lemma not in _WHOLES:
            continue
        case = next(child for child in head.children if child.lower_ == word and child.i < head.i)
        part = reader.at_or_above(head.head) if head.head.i != head.i else None
        if part is None or part.id == whole.id or part.lemma in REPORTING:
            continue
        kind = events[part.id].type
        fits = kind in PARTS.get(events[whole.id].type, frozenset())
        if word in {"in", "amid"} and not fits and kind not in _HARM:
            continue
        yield Relation(
            kind="subevent",
            source=part.id,
            target=whole.id,
            confidence=_IN[word],
            cue=word,
            span=(case.idx, case.idx + len(case.text)),
            method="text",
        )


def contained_parts(events: Sequence[Event]) -> Iterator[Relation]:
    """Parts by type whose day lies within the whole's day or range and whose place is the same entity.

    One whole for each part: the nearest in the text.
    """
    dated = [item for item in dated_events(events) if item.event.place is not None and item.event.place.entity]
    wholes = [item for item in dated if item.event.type in PARTS]
    for part in dated:
        options = [
            whole
            for whole in wholes
            if part.event.type in PARTS[whole.event.type]
            and whole.low <= part.low
            and part.high <= whole.high
            and (whole.extended or whole.high - whole.low <= 86_400)
            and whole.event.id != part.event.id
            and _place(whole.event) == _place(part.event)
        ]
        if options:
            start = part.event.trigger.span[0]
            whole = min(options, key=lambda w: (abs(w.event.trigger.span[0] - start), w.event.trigger.span))
            yield Relation(
                kind="subevent",
                source=part.event.id,
                target=whole.event.id,
                confidence=_CONTAINED,
                cue="time and place",
                method="type",
            )


def _place(event: Event) -> str | None:
    return event.place.entity if event.place else None
