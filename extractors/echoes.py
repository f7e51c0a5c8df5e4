"""Faint triggers that a surer one elsewhere in the document speaks for: one sense a discourse.

A word that tells of an event in one sentence mostly does so in the others of the same text (Gale, Church and Yarowsky
1992, "One sense per discourse"), also where the tagger is unsure of it: in a headline, in capitals, as half a compound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractors.backends.chosen import ChosenEvent
from extractors.events.labels import PLAIN
from extractors.events.stems import stem
from extractors.tree import head_of

if TYPE_CHECKING:
    from extractors.events.found import FoundEvent
    from extractors.sentences import Sentence

_REPEATED = frozenset({"NOUN", "VERB", "PROPN"})


def is_faint(event: FoundEvent, least: float) -> bool:
    """Whether the tagger is not sure that an event without a type is one.

    Args:
        event: as tagged; what another model chose is never faint.
        least: probability of a sure one.
    """
    return event.type == PLAIN and event.confidence < least and not isinstance(event, ChosenEvent)


def echoed(
    sentences: Sequence[Sentence], found: Sequence[Sequence[FoundEvent]], least: float
) -> list[list[FoundEvent]]:
    """The events of each sentence without the faint ones whose stem triggers no sure event in the document.

    Args:
        sentences: of one document.
        found: events of each.
        least: probability of a sure event without a type.
    """
    known = {
        stem(head_of(sentence.words[event.start : event.end]).text)
        for sentence, here in zip(sentences, found, strict=True)
        for event in here
        if not is_faint(event, least)
    }
    return [
        [event for event in here if not is_faint(event, least) or _repeats(event, sentence, known)]
        for sentence, here in zip(sentences, found, strict=True)
    ]


def _repeats(event: FoundEvent, sentence: Sentence, known: set[str]) -> bool:
    word = sentence.words[event.start]
    return word.pos_ in _REPEATED and stem(word.text) in known
