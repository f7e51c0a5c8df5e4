"""Where an event happened: a place that the event's clause names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekg.model import Argument, Place
from extractors.tree import ancestors, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.coreference import EntityIndex
    from extractors.sentences import Sentence

PLACE_ROLES = frozenset({"Place", "Location", "Area", "Venue", "Facility", "Fixed_location"})
_PREPOSITIONS = word_set("in at near on outside inside off across throughout around over along above within")
_BARRIERS = frozenset({"ccomp", "parataxis", "advcl", "acl", "csubj", "conj"})
_STEPS = 3


def find_place(
    trigger: Token, arguments: Sequence[Argument], sentence: Sentence, entities: EntityIndex
) -> Place | None:
    """A place in a role of place, else a named place that hangs on the event by a preposition of place."""
    for argument in arguments:
        if argument.role not in PLACE_ROLES or argument.span is None or argument.entity is None:
            continue
        if entities.type_of(argument.entity) in {"place", "organization"}:
            return Place(entity=argument.entity, text=argument.text, span=argument.span)
    options = []
    for word in sentence.words:
        hit = entities.at(word.idx)
        if hit is None or entities.type_of(hit[0]) != "place":
            continue
        steps = _steps(word, trigger)
        if steps is not None:
            options.append((steps, abs(word.idx - trigger.idx), hit))
    if not options:
        return None
    entity, (start, end) = min(options)[2]
    return Place(entity=entity, text=sentence.text[start:end], span=(start, end))


def _steps(word: Token, trigger: Token) -> int | None:
    """Arcs from a place name up to the event, if it hangs there by a preposition of place."""
    if not any(label(child) == "case" and child.lower_ in _PREPOSITIONS for child in word.children):
        return None
    here = word
    for steps, above in enumerate(ancestors(word), 1):
        if steps > _STEPS or label(here) in _BARRIERS:
            return None
        if above.i == trigger.i:
            return steps
        here = above
    return None
