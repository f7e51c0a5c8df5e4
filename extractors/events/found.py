"""What the tagger finds, in tokens of a sentence."""

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


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name: tokens ``start`` to ``end`` (excluded), one of `extractors.events.labels.NAME_LABELS`."""

    start: int
    end: int
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model finds in a sentence, each in order of the text."""

    events: tuple[FoundEvent, ...] = ()
    names: tuple[FoundName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What is reported: least probabilities, and a leaning.

    Args:
        typed: a trigger of GENEVA's types: that it is one, and of which type.
        unseen: such a trigger whose stem never was one in training.
        news: any other event.
        faint: a single word that may be such an event: reported, without arguments, for `extractors.echoes` to decide.
        join: odds in favour of going on with a trigger of news ("drunk driving"), against beginning another one.
        whole: probability from which a longer trigger of news takes the place of typed ones inside it.
        own: probability from which a typed trigger keeps its own extent nevertheless.
        role_bias: log-odds in favour of a role, against none, for a token of an argument.
    """

    typed: float = 0.4
    unseen: float = 0.85
    news: float = 0.4
    faint: float = 2.0
    join: float = 3.0
    whole: float = 0.8
    own: float = 0.8
    role_bias: float = 0.9
