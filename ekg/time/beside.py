"""A unit right before or after a time: ``the week before Christmas``, ``the day after 5 May``."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.civil import shift
from ekg.time.instant import DAY
from ekg.time.lexicon import words
from ekg.time.tokens import Tokens
from ekg.time.values import UNIT_GRANULARITY, Context, Resolved, Value

_UNITS = frozenset(words("day week fortnight month year decade"))
_NIGHT = ("night", "evening")


@dataclass(frozen=True, slots=True)
class Beside:
    """One unit that ends where a time begins, or begins where it ends."""

    unit: str
    after: bool
    inner: Value

    def resolve(self, context: Context) -> Resolved:
        """Its bounds; of a night or evening those of the day's last hours."""
        inner = self.inner.resolve(context)
        night = self.unit in _NIGHT
        granularity = "part_of_day" if night else UNIT_GRANULARITY[self.unit]
        if inner.low is None or inner.high is None:
            return Resolved(None, None, granularity, anchor=inner.anchor)
        unit = "day" if night else self.unit
        low, high = inner.low - inner.low % DAY, inner.high + -inner.high % DAY
        low, high = (high, shift(high, unit, 1)) if self.after else (shift(low, unit, -1), low)
        return Resolved(low + night * 18 * 3600, high, granularity, inner.approximate, inner.anchor)


def unit_beside(t: Tokens, i: int) -> tuple[str, bool, int] | None:
    """The unit, whether it comes after, and the index of the time it lies beside."""
    unit = t.word(i + 1)
    if t.word(i) != "the" or (unit not in _UNITS and unit not in _NIGHT) or t.word(i + 2) not in ("before", "after"):
        return None
    return unit, t.word(i + 2) == "after", i + 3
