"""Times that take up one named before: ``during this period``, ``on the 15th``."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.civil import civil, day_start, shift
from ekg.time.instant import DAY
from ekg.time.interval import Anchor
from ekg.time.lexicon import CLOSED, words
from ekg.time.numbers import ordinal
from ekg.time.tokens import Tokens
from ekg.time.values import Context, Parse, Resolved

_DURING = frozenset(words("during in throughout over within"))
_LONG = ("range", "period", "decade", "century", "season")
"""Granularities of a time that can be taken up as a period."""


@dataclass(frozen=True, slots=True)
class SamePeriod:
    """``this period``: the longer time that the text named last."""

    def resolve(self, context: Context) -> Resolved:
        """Its bounds; none where the expression before is no such time or has no bounds."""
        previous = context.previous
        if previous is None or previous.low is None or previous.granularity not in _LONG:
            return Resolved(None, None, "unknown", anchor=None)
        return Resolved(previous.low, previous.high, previous.granularity, previous.approximate, "previous")


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """``on the 15th``: of the month of the date before, else the nearest past one, or coming one in the future."""

    day: int

    def resolve(self, context: Context) -> Resolved:
        """The day, in a month that has it."""
        previous, future = context.previous, context.direction() == "future"
        if previous is not None and previous.low is not None and previous.granularity in ("day", "month"):
            found = self._in(previous.low, "previous")
            if not future or context.reference is None or (found.low or 0) >= context.reference:
                return found
        if context.reference is None:
            return Resolved(None, None, "day", anchor=None)
        for months in range(3):
            found = self._in(shift(context.reference, "month", months if future else -months), "document")
            if found.low is not None and (found.low >= context.reference if future else found.low <= context.reference):
                return found
        return Resolved(None, None, "day", anchor=None)

    def _in(self, month: int, anchor: Anchor) -> Resolved:
        year, number, _ = civil(month)
        low = day_start(year, number, self.day)
        if low is None:
            return Resolved(None, None, "day", anchor=None)
        return Resolved(low, low + DAY, "day", anchor=anchor)


def same_period(t: Tokens, i: int) -> Parse | None:
    """``this period``, ``that same era`` after a word that makes it a time."""
    j = i + 1 + (t.word(i + 1) == "same")
    if t.word(j) not in ("period", "era") or t.word(i - 1) not in _DURING:
        return None
    return (SamePeriod(), j + 1) if _complete(t, j + 1) else None


def day_of_month(t: Tokens, i: int) -> Parse | None:
    """``the 15th``, ``the fifth`` after "on": what no noun follows and is not among a list of things counted."""
    if t.word(i) != "the" or t.word(i - 1) != "on":
        return None
    found = ordinal(t, i + 1)
    if found is None or not 1 <= found[0] <= 31 or not _complete(t, found[1]) or t.word(found[1]) == "of":
        return None
    spelled = t.number(i + 1) is None
    if spelled and found[0] < 4:
        return None  # "on the second" is mostly a second thing
    return DayOfMonth(found[0]), found[1]


def _complete(t: Tokens, j: int) -> bool:
    """Whether no noun follows that the words before would modify."""
    word = t.word(j)
    return not word or not word[0].isalnum() or word in CLOSED
