"""All relations between the events of a document: found, filtered by confidence, made consistent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ekg.model import Diagnostic, Event, Relation
from extractors.relations.consistency import consistent
from extractors.relations.cues import CueReader
from extractors.relations.intervals import interval_relations
from extractors.relations.model import load_causal
from extractors.relations.occurrence import REPORTING, Occurrence, occurrences
from extractors.relations.parts import contained_parts, stated_parts
from extractors.relations.thresholds import RelationThresholds
from extractors.tree import label

if TYPE_CHECKING:
    from spacy.tokens import Doc


def find_relations(
    doc: Doc, events: Sequence[Event], thresholds: RelationThresholds | None = None
) -> tuple[tuple[Relation, ...], list[Diagnostic]]:
    """Relations between a document's events, and a diagnostic for each that was dropped as contradictory.

    Events that the text denies or only supposes take no part.

    Args:
        doc: the parsed text that the events' spans refer to.
        events: in text order.
        thresholds: what is reported.

    Returns:
        Relations in the order of their source's and target's place in the text, and the diagnostics.

    Raises:
        MissingError: the weights are missing.
    """
    limits = thresholds or RelationThresholds()
    told = [event for event in events if event.polarity == "positive" and event.modality != "hypothetical"]
    by_id = {event.id: event for event in told}
    here = occurrences(doc, [(event.id, event.trigger.span) for event in told])
    reader = CueReader(doc, here)
    found = [
        *interval_relations(told),
        *(relation for relation in _stated(doc, reader) if relation.confidence >= _least(relation.kind, limits)),
        *(
            relation
            for relation in [*stated_parts(reader, here, by_id), *contained_parts(told)]
            if relation.confidence >= limits.part
        ),
        *_learned(doc, here, by_id, limits),
    ]
    kept, notes = consistent(_strongest(found), events)
    place = {event.id: number for number, event in enumerate(events)}
    kept.sort(key=lambda relation: (place[relation.source], place[relation.target], relation.kind))
    return tuple(kept), notes


def _least(kind: str, limits: RelationThresholds) -> float:
    return limits.stated if kind in {"cause", "precondition"} else limits.temporal


def _stated(doc: Doc, reader: CueReader) -> Iterator[Relation]:
    for stated in reader.read():
        words = doc[stated.start : stated.end]
        yield Relation(
            kind=stated.kind,
            source=stated.source.id,
            target=stated.target.id,
            confidence=stated.confidence,
            cue=words.text.lower(),
            span=(words.start_char, words.end_char),
            method="text",
        )


def _learned(
    doc: Doc, here: Sequence[Occurrence], events: Mapping[str, Event], limits: RelationThresholds
) -> Iterator[Relation]:
    if limits.learned > 1 or len(here) < 2:
        return
    scored = load_causal().score(doc, here, limits.reach)
    for i, j, linked, forward in zip(
        scored.left.tolist(), scored.right.tolist(), scored.linked.tolist(), scored.forward.tolist(), strict=True
    ):
        if linked < limits.learned or max(forward, 1 - forward) < limits.direction:
            continue
        one, two = here[i], here[j]
        if one.lemma == two.lemma or {one.lemma, two.lemma} & REPORTING or two.start < one.end:
            continue
        if _is_object(one, two) or _is_object(two, one):
            continue
        source, target = (one, two) if forward >= 0.5 else (two, one)
        yield Relation(
            kind="precondition", source=source.id, target=target.id, confidence=linked, cue="", method="learned"
        )


def _is_object(one: Occurrence, two: Occurrence) -> bool:
    """Whether an event is object or modifier of the other ("pack a punch"): then both words name one happening."""
    return one.head.head.i == two.head.i and label(one.head) in {"obj", "compound", "amod"}


def _strongest(found: Sequence[Relation]) -> list[Relation]:
    """One relation of each kind for two events, and none that a more telling one makes redundant.

    A stated cause says more than a learned precondition, a sub-event more than ``during``, an order that words state as
    much as the same order from dates.
    """
    stated = {
        frozenset((relation.source, relation.target))
        for relation in found
        if relation.kind in {"cause", "subevent"} or (relation.kind == "precondition" and relation.method == "text")
    }
    parts = {(relation.source, relation.target) for relation in found if relation.kind == "subevent"}
    kept: dict[tuple[str, str, str], Relation] = {}
    for relation in found:
        if relation.method == "learned" and frozenset((relation.source, relation.target)) in stated:
            continue
        if relation.kind == "during" and (relation.source, relation.target) in parts:
            continue
        key = (relation.kind, relation.source, relation.target)
        if key not in kept or relation.confidence > kept[key].confidence:
            kept[key] = relation
    return list(kept.values())
