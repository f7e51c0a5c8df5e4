"""Events whose trigger and type another model chose, and their arguments from our tagger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractors.events.found import FoundArgument, FoundEvent
from extractors.events.labels import PLAIN

if TYPE_CHECKING:
    from extractors.events.tagger import EventTagger


@dataclass(frozen=True, slots=True)
class ChosenEvent(FoundEvent):
    """An event that a backend found.

    Args:
        kind: its final type; ``type`` is the one its arguments' roles belong to.
        method: which model proposed it.
    """

    kind: str = PLAIN
    method: str = ""


def with_arguments(
    tagger: EventTagger, sentences: Sequence[Sequence[str]], events: Sequence[Sequence[ChosenEvent]], bias: float
) -> list[list[ChosenEvent]]:
    """Events with arguments that our tagger finds for them; a type it does not know gets general roles.

    Args:
        tagger: the offline tagger.
        sentences: tokens.
        events: of each sentence; their arguments are replaced.
        bias: see `Thresholds.role_bias`.
    """
    from extractors.events.tagger import MAX_TOKENS

    known = set(tagger.labels.types)
    done: list[list[ChosenEvent]] = [[] for _ in sentences]
    for number, (tokens, here) in enumerate(zip(sentences, events, strict=True)):
        for offset in range(0, len(tokens), MAX_TOKENS):
            part = tokens[offset : offset + MAX_TOKENS]
            inside = [event for event in here if offset <= event.start < offset + MAX_TOKENS]
            if not inside:
                continue
            given = [
                (
                    event.start - offset,
                    min(event.end - offset, len(part)),
                    event.kind if event.kind in known else PLAIN,
                )
                for event in inside
            ]
            (found,) = tagger.tag_arguments([part], [given], bias)
            for event, tagged in zip(inside, found, strict=True):
                arguments = tuple(
                    FoundArgument(a.start + offset, a.end + offset, a.role, a.confidence) for a in tagged.arguments
                )
                done[number].append(replace(event, type=tagged.type, arguments=arguments))
    return done
