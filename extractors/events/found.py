"""What the event tagger finds, in tokens of a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundArgument:
    """Tokens ``start`` to ``end`` (excluded) in a role; the role is a general one for plain events."""

    start: int
    end: int
    role: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """A trigger and its arguments.

    Args:
        start: first token.
        end: token after the last.
        type: a trained type, or ``PLAIN``.
        confidence: probability of the trigger.
        arguments: in order of the text.
    """

    start: int
    end: int
    type: str
    confidence: float
    arguments: tuple[FoundArgument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What is reported: least probabilities, and a leaning.

    Args:
        typed: a trigger of GENEVA's types.
        news: any other event.
        role_bias: log-odds in favour of a role, against none, for a token of an argument.
    """

    typed: float = 0.45
    news: float = 0.7
    role_bias: float = 0.9
