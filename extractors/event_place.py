"""Where an event happened: a place that its own clause names, or else one that the text lets one infer.

Observed are places in a role of place, places that hang on the event by a preposition of place ("attacked a station in
Leeds", but not "the firm in Leeds said"), and names before a noun ("the Nice attack"). Inferred, and marked so, are
places shared with the verb that an event hangs on, places of another mention of the same event, and the dateline for
the main event of the first sentence. Nothing else is guessed: most events of a text have no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ekg.model import Argument, Event, Place
from extractors.events.labels import PLAIN
from extractors.tree import children, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.coreference import EntityIndex
    from extractors.sentences import Sentence

PLACE_ROLES = frozenset({"Place", "Location", "Area", "Venue", "Facility", "Fixed_location"})
_PREPOSITIONS = word_set("in at near outside inside off across throughout around along above within aboard")
_ON, _OVER = "on", "over"
_STANDS_ON = re.compile(
    r"\b(?:Islands?|Street|St|Road|Rd|Avenue|Ave|Boulevard|Coast|Mount|Highway|Beach|Square|Strip)\b"
)
_OTHER_TIME = word_set("after before following since during until by from to of with against about despite")
_LIGHT = word_set(
    "take hold occur happen carry stage be begin start end continue launch host organize organise conduct"
)
_OF_THE_LAND = frozenset({"Earthquake", "Storm", "Flood", "Election", "Protest", "Eruption", "Strike", "Outbreak"})
_REPORTS = frozenset({"Statement", "Telling", "Communication", "Announcement", "Warning", "Judgment_communication"})
OBSERVED, BESIDE, SHARED, REPEATED, DATELINE = 0.8, 0.7, 0.6, 0.5, 0.3
"""Confidence of a place by how it was found; by eye on news, see ``docs/quality.md``."""
_SOON = 60


def find_place(
    trigger: Token, kind: str, arguments: Sequence[Argument], sentence: Sentence, entities: EntityIndex
) -> Place | None:
    """The place that the event's own clause names.

    Args:
        trigger: head of the event's trigger.
        kind: its type.
        arguments: its arguments; one in a role of place wins.
        sentence: where it stands.
        entities: the document's.
    """
    for argument in arguments:
        if argument.role in PLACE_ROLES and argument.span is not None:
            place = _of_argument(argument, argument.span, sentence, entities)
            if place is not None:
                return place
    options = []
    for word in sentence.words:
        hit = entities.at(word.idx)
        if hit is None or entities.type_of(hit[0]) != "place" or word.idx != _head_start(word, hit[1]):
            continue
        found = _link(word, trigger, kind, sentence.text[slice(*hit[1])])
        if found is not None:
            options.append((-found, abs(word.idx - trigger.idx), hit))
    if not options:
        return None
    confidence, _, (entity, (start, end)) = min(options)
    return Place(entity=entity, text=sentence.text[start:end], span=(start, end), confidence=-confidence)


def _of_argument(argument: Argument, span: tuple[int, int], sentence: Sentence, entities: EntityIndex) -> Place | None:
    entity = argument.entity
    if entity is None:
        inside = [entities.at(word.idx) for word in sentence.words if span[0] <= word.idx < span[1]]
        entity = next((hit[0] for hit in inside if hit and entities.type_of(hit[0]) == "place"), None)
    if entity is not None and entities.type_of(entity) not in {"place", "organization"}:
        return None
    nouns = [w for w in sentence.words if span[0] <= w.idx < span[1] and w.pos_ in {"NOUN", "PROPN"}]
    if entity is None and not nouns:
        return None
    first = next((w for w in sentence.words if w.idx == span[0] and w.pos_ == "ADP"), None)
    span = (span[0] if first is None else first.idx + len(first.text_with_ws), span[1])
    return Place(entity=entity, text=sentence.text[slice(*span)], span=span, confidence=argument.confidence)


def _head_start(word: Token, span: tuple[int, int]) -> int:
    """Where the word of a name begins that the others hang on."""
    inside = [w for w in word.sent if span[0] <= w.idx < span[1]]
    indices = {w.i for w in inside}
    return next((w.idx for w in inside if w.head.i not in indices or w.head.i == w.i), word.idx)


def _link(word: Token, trigger: Token, kind: str, name: str) -> float | None:
    """How surely a place name tells where an event happened; None where the tree does not say so."""
    noun = trigger.pos_ in {"NOUN", "PROPN"}
    if noun and word.head.i == trigger.i and label(word) == "compound":
        return OBSERVED
    if noun and word.head.i == trigger.i and word.dep_ == "nmod:poss" and kind in _OF_THE_LAND:
        return BESIDE
    if not _is_locative(word, trigger, name):
        return None
    above = word.head
    if above.i == trigger.i:
        return OBSERVED
    if _is_carrier(above, trigger):
        return BESIDE
    # "attacked a station in Leeds", "an attack on a base in Kabul"
    if label(word) == "nmod" and above.head.i == trigger.i and _is_inside(above):
        return BESIDE
    return None


def _is_locative(word: Token, trigger: Token, name: str) -> bool:
    cases = {child.lower_ for child in children(word, "case")}
    if cases & _PREPOSITIONS:
        return True
    return (_ON in cases and bool(_STANDS_ON.search(name))) or (_OVER in cases and trigger.pos_ == "VERB")


def _is_carrier(verb: Token, trigger: Token) -> bool:
    """Whether a verb says no more than that the event of a noun took place."""
    return (
        trigger.pos_ != "VERB"
        and verb.i == trigger.head.i
        and (label(trigger) == "obj" or (label(trigger) == "nsubj" and verb.lemma_.lower() in _LIGHT))
    )


def _is_inside(noun: Token) -> bool:
    """Whether what lies in a place does so as the event's object or scene, not as who speaks or when it was."""
    if noun.dep_ == "nsubj" or label(noun) in {"appos", "acl", "advcl"} or noun.pos_ not in {"NOUN", "PROPN"}:
        return False
    times = {child.lower_ for child in children(noun, "case")} & _OTHER_TIME
    return label(noun) in {"obj", "nsubj"} or not times


def shared_places(triggers: Sequence[Token], places: Sequence[Place | None]) -> list[Place | None]:
    """Events without a place take over that of the verb whose participle, complement or equal they are."""
    result = list(places)
    by_word = {trigger.i: number for number, trigger in enumerate(triggers)}
    for number, trigger in enumerate(triggers):
        above = by_word.get(trigger.head.i)
        if result[number] is not None or above is None or above == number:
            continue
        own_subject = any(label(child) == "nsubj" for child in trigger.children)
        participle = label(trigger) == "advcl" and trigger.tag_ == "VBG"
        if not own_subject and (participle or label(trigger) in {"conj", "xcomp"}):
            place = result[above]
            if place is not None and place.entity is not None:
                result[number] = replace(place, status="inferred", confidence=min(place.confidence, SHARED))
    return result


def inferred_places(
    events: Sequence[Event], sentences: Sequence[Sentence], entities: EntityIndex, text: str
) -> list[Event]:
    """Places for events that have none: from another mention of the same event, or from the dateline.

    Args:
        events: of one document, in order of text.
        sentences: the document's.
        entities: the document's.
        text: the document's.
    """
    result = list(_repeated(events))
    where = _dateline(text, entities)
    opening = next((s for s in sentences if where is not None and s.start >= where[1]), None)
    if where is None or opening is None:
        return result
    here = [n for n, event in enumerate(result) if opening.start <= event.trigger.span[0] < opening.end]
    named = any(
        (hit := entities.at(word.idx)) is not None and entities.type_of(hit[0]) == "place" for word in opening.words
    )
    if not named and all(result[n].place is None for n in here):
        main = next((n for n in here if result[n].type not in _REPORTS and _happened(result[n])), None)
        if main is not None:
            result[main] = replace(result[main], place=where[0])
    return result


def _happened(event: Event) -> bool:
    return event.polarity == "positive" and event.modality in {"actual", "reported"} and event.type != PLAIN


def _repeated(events: Sequence[Event]) -> Iterator[Event]:
    given: dict[tuple[str, str], dict[str, Place]] = {}
    for event in events:
        if event.place is not None and event.place.entity is not None and _happened(event):
            given.setdefault((event.type, event.lemma), {}).setdefault(event.place.entity, event.place)
    for number, event in enumerate(events):
        places: Mapping[str, Place] = given.get((event.type, event.lemma), {})
        if (
            event.place is None
            and number < _SOON
            and len(places) == 1
            and _happened(event)
            and event.type not in _REPORTS
        ):
            (place,) = places.values()
            yield replace(event, place=replace(place, status="inferred", confidence=REPEATED))
        else:
            yield event


def _dateline(text: str, entities: EntityIndex) -> tuple[Place, int] | None:
    """The town of the first dateline, and where its report begins."""
    from extractors.nlp.blocks import block_starts
    from extractors.nlp.entities import datelines

    for line in datelines(text, block_starts(text)):
        name = text[slice(*line.places[0])]
        known = [e for e in entities.entities if e.type == "place" and e.name.casefold() == name.casefold()]
        entity = known[0].id if known else None
        where = Place(entity=entity, text=name, span=line.places[0], status="inferred", confidence=DATELINE)
        return where, line.body
    return None
