"""Annotated sentences as the event model sees them, in training and in measuring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoldArgument:
    """Tokens ``start`` to ``end`` (excluded) that fill a role of an event."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """A trigger over tokens ``start`` to ``end`` (excluded); ``type`` is None where the corpus gives no type."""

    start: int
    end: int
    type: str | None = None
    arguments: tuple[GoldArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class EventSentence:
    """A sentence of a corpus.

    Args:
        id: the corpus's id.
        tokens: word forms, tokenised as the pipeline does.
        events: in order of trigger.
        source: ``geneva`` (typed, partial: other events are not marked) or ``ecb`` (all news events, untyped).
    """

    id: str
    tokens: tuple[str, ...]
    events: tuple[GoldEvent, ...]
    source: str
