"""The user's own types in extraction: what the tagger found gets such a type, and what it did not find is added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractors.backends.chosen import ChosenEvent, with_arguments
from extractors.events.labels import PLAIN
from extractors.ontology.fewshot import NewTypes
from extractors.ontology.load import own_ontology

if TYPE_CHECKING:
    from extractors.events.found import FoundEvent
    from extractors.events.tagger import EventTagger
    from extractors.sentences import Sentence

SURE = 0.5
"""Probability from which an event gets a user's type; below it stays what it was."""


class OwnTypes:
    """The types of the ontology that the options name; without one, nothing changes.

    Args:
        tagger: of events.
        bias: see `Thresholds.role_bias`.

    Raises:
        DataError: the ontology has a mistake.
        MissingError: the weights for new types are missing.
    """

    def __init__(self, tagger: EventTagger, bias: float) -> None:
        own = own_ontology()
        self._tagger, self._bias = tagger, bias
        self._types = NewTypes(own.types, tagger) if own else None

    def events(
        self, sentences: Sequence[Sentence], found: Sequence[Sequence[FoundEvent]]
    ) -> Sequence[Sequence[FoundEvent]]:
        """Events of each sentence in order of trigger; those of a user's type are `ChosenEvent`."""
        if self._types is None:
            return found
        hits = self._types.find([sentence.words for sentence in sentences])
        typed: list[list[FoundEvent]] = []
        new: list[list[ChosenEvent]] = []
        for here, events in zip(hits, found, strict=True):
            left = {place: hit for place, hit in here.items() if hit[1] >= SURE}
            typed.append([_retyped(event, left) for event in events])
            new.append([ChosenEvent(at, at + 1, PLAIN, score, (), kind) for at, (kind, score) in left.items()])
        tokens = [[word.text for word in sentence.words] for sentence in sentences]
        added = with_arguments(self._tagger, tokens, new, self._bias)
        return [
            sorted([*events, *more], key=lambda event: (event.start, event.end))
            for events, more in zip(typed, added, strict=True)
        ]


def _retyped(event: FoundEvent, hits: dict[int, tuple[str, float]]) -> FoundEvent:
    """The event with the best of the types found in its trigger; hits inside it are used up."""
    inside = [(hits.pop(place), place) for place in range(event.start, event.end) if place in hits]
    if not inside:
        return event
    (kind, score), _ = min(inside, key=lambda hit: (-hit[0][1], hit[1]))
    return ChosenEvent(event.start, event.end, event.type, score, event.arguments, kind)
