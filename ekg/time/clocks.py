"""Times of the day: ``3:30 p.m.``, ``09:00 GMT``, ``noon``, ``half past three``."""

from __future__ import annotations

from ekg.time.instant import DAY
from ekg.time.interval import Granularity
from ekg.time.lexicon import SMALL, words
from ekg.time.tokens import Tokens

_ZONES = frozenset(
    words("gmt utc est edt et pst pdt pt cst cdt ct mst mdt mt cet cest bst aest ist jst eastern pacific central")
)
_CUES = frozenset(
    words("at by until till from since around about before after between to approximately near and – - —")
)
_NAMED: dict[str, tuple[int, int]] = {"noon": (12, 12), "midday": (12, 12), "midnight": (24, 24)}
Clock = tuple[int, int, Granularity]
"""First and last second of the day, and the granularity."""


def clock(t: Tokens, i: int) -> tuple[Clock, int] | None:
    """A time of day at an index, in the local time it is told in, and the index after it and its zone."""
    found = _named(t, i) or _digits(t, i) or _spoken(t, i)
    if found is None:
        return None
    value, j = found
    if t.word(j) in _ZONES and t.title(j) and (t.shape(j).isupper() or t.phrase(j + 1, "time")):
        j += 2 if t.phrase(j + 1, "time") else 1
    elif t.phrase(j, "local", "time"):
        j += 2
    return value, j


def _named(t: Tokens, i: int) -> tuple[Clock, int] | None:
    if t.word(i) not in _NAMED or (t.title(i) and (t.title(i + 1) or not t.sentence_start(i))):
        return None
    if t.word(i + 1) == "s" or t.dash(i + 1):
        return None
    low = _NAMED[t.word(i)][0] * 3600 % DAY
    return (low, low + 60, "minute"), i + 1


def _half(t: Tokens, i: int) -> tuple[int, int] | None:
    """``am`` (0) or ``pm`` (12), with or without dots, and the index after it."""
    word = t.word(i)
    if word in ("am", "pm"):
        return (0 if word == "am" else 12), i + 1
    if word in ("a", "p") and t.word(i + 1) == "." and t.word(i + 2) == "m" and t.glued(i + 1) and t.glued(i + 2):
        return (0 if word == "a" else 12), i + 4 if t.word(i + 3) == "." and t.glued(i + 3) else i + 3
    return None


def _digits(t: Tokens, i: int) -> tuple[Clock, int] | None:
    hour = t.number(i)
    if hour is None or hour > 24 or len(t.shape(i)) > 2 or t.word(i - 1) in ("$", "£", "€", ":", "."):
        return None
    j, minute, second, granularity = i + 1, 0, 0, "hour"
    separated = t.word(j) in (":", ".") and t.glued(j) and t.glued(j + 1) and len(t.shape(j + 1)) == 2
    if separated and (read := t.number(j + 1)) is not None:
        minute, granularity = read, "minute"
        j += 2
        if t.word(j) == ":" and t.glued(j) and len(t.shape(j + 1)) == 2 and t.number(j + 1) is not None:
            second, granularity, j = int(t.shape(j + 1)), "second", j + 2
    half = _half(t, j)
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour, j = hour % 12 + half[0], half[1]
    elif t.word(j) == "o" and t.apostrophe(j + 1) and t.word(j + 2) == "clock":
        j += 3
    elif (
        granularity == "hour"
        or t.word(i + 1) == "."
        or (
            t.word(j) not in _ZONES
            and t.word(i - 1) not in _CUES
            and (t.word(i - 1) not in ("", "\n", ".", ",", "(", "on", "of") or len(t.shape(i)) < 2)
        )
        or (t.word(i - 1) in ("to", "and", "about") and len(t.shape(i)) < 2)
    ):
        return None
    return _value(hour, minute, second, granularity, j)


def _value(hour: int, minute: int, second: int, unit: str, j: int) -> tuple[Clock, int] | None:
    if hour > 24 or minute > 59 or second > 59:
        return None
    low = (hour * 3600 + minute * 60 + second) % DAY
    # A time on the hour is told to the hour in words but meant to the minute: its interval is the minute.
    size = 1 if unit == "second" else 60
    return (low, low + size, "second" if unit == "second" else "minute"), j


def _spoken(t: Tokens, i: int) -> tuple[Clock, int] | None:
    """``three o'clock``, ``half past three``, ``quarter to five``, ``seven p.m.``."""
    i += t.phrase(i, "a", "quarter")
    word = t.word(i)
    if word in ("half", "quarter") and t.word(i + 1) in ("past", "to"):
        hour = SMALL.get(t.word(i + 2)) or t.number(i + 2)
        if hour is None or not 1 <= hour <= 12 or (word == "half" and t.word(i + 1) == "to"):
            return None
        minutes = 30 if word == "half" else 15 if t.word(i + 1) == "past" else -15
        j = i + 3
        half = _half(t, j)
        offset, j = half if half is not None else (0, j)
        return _shifted(hour % 12 + offset, minutes, j)
    hour = SMALL.get(word)
    if hour is None or not 1 <= hour <= 12:
        return None
    half = _half(t, i + 1)
    if half is not None and t.word(i + 1) not in ("am",):
        return _value(hour % 12 + half[0], 0, 0, "minute", half[1])
    if t.word(i + 1) == "o" and t.apostrophe(i + 2) and t.word(i + 3) == "clock":
        return _value(hour, 0, 0, "minute", i + 4)
    return None


def _shifted(hour: int, minutes: int, j: int) -> tuple[Clock, int] | None:
    total = (hour * 60 + minutes) % 1440
    return _value(total // 60, total % 60, 0, "minute", j)
