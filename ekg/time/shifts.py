"""Times that count from another one: ``last month``, ``two weeks ago``, ``the past three years``."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.civil import civil, shift, unit_bounds, weekday
from ekg.time.instant import DAY
from ekg.time.interval import Anchor, Granularity
from ekg.time.values import UNIT_GRANULARITY, Base, Context, Resolved, Value
from ekg.time.yearly import narrative_year


@dataclass(frozen=True, slots=True)
class Deictic:
    """The calendar unit around the base, moved: ``last month`` is -1, ``this week`` 0, ``the following year`` 1."""

    unit: str
    offset: int
    base: Base = "document"
    direction: bool = False
    nowadays: bool = False

    def resolve(self, context: Context) -> Resolved:
        """Bounds of the unit; none of a "today" that may mean nowadays in a text about another time."""
        granularity = UNIT_GRANULARITY[self.unit]
        if self.nowadays and context.chronicle:
            return Resolved(None, None, "unknown", anchor=None)
        start = context.base(self.base)
        if start is None:
            return Resolved(None, None, granularity, anchor=None)
        now, anchor = start
        if self.base == "previous" and anchor == "document":
            return Resolved(None, None, granularity, anchor="event")
        offset = self.offset
        if self.unit == "weekend" and self.direction:
            offset = 0 if weekday(now) >= 5 or context.direction() == "future" else -1
        elif self.unit == "weekend" and not offset and weekday(now) < 3 and context.direction() == "past":
            offset = -1
        elif self.unit == "weekend" and offset == -1 and weekday(now) == 6:
            now -= DAY
        low, _ = unit_bounds(now, self.unit)
        low = shift(low, self.unit, offset)
        return Resolved(*unit_bounds(low, self.unit), granularity, anchor=anchor)


@dataclass(frozen=True, slots=True)
class Shifted:
    """Units before (negative) or after a base: ``two weeks ago``, ``three days later``, ``a year after X``."""

    count: float
    unit: str
    base: Base | Value = "document"
    approximate: bool = False
    to_the_day: bool = False

    def resolve(self, context: Context) -> Resolved:
        """The day for days and weeks, else the calendar unit that the shift lands in."""
        granularity = UNIT_GRANULARITY["day" if self.unit in ("week", "fortnight", "weekend") else self.unit]
        anchor: Anchor
        exact = self.to_the_day
        if isinstance(self.base, str):
            start = context.base(self.base)
            if start is None or (self.base == "previous" and start[1] == "document"):
                return Resolved(None, None, granularity, anchor=None if self.base == "document" else "event")
            now, anchor = start
            if self.unit in ("hour", "minute", "second") and not _timed(context, self.base):
                if abs(self.count) > 1e7:
                    return Resolved(None, None, granularity, True, anchor)
                days = round(self.count * unit_bounds(0, self.unit)[1] / DAY)
                return Resolved(*unit_bounds(now + days * DAY, "day"), "day", True, anchor)
            if (
                self.base == "previous"
                and context.previous is not None
                and self.unit in ("month", "year", "decade", "century", "millennium")
            ):
                exact = context.previous.granularity == "day" and self.unit == "month"
        else:
            inner = self.base.resolve(context)
            if inner.low is None or inner.high is None:
                return Resolved(None, None, granularity, anchor=inner.anchor)
            now, anchor = inner.low if self.count < 0 else inner.high - 1, inner.anchor or "text"
        whole, rest = divmod(abs(self.count), 1)
        sign = -1 if self.count < 0 else 1
        if whole * _years(self.unit) > 900_000:
            return Resolved(None, None, granularity, approximate=True, anchor=anchor)
        moved = _moved(now, sign * (whole + rest), self.unit)
        unit = "day" if granularity == "day" or exact else self.unit
        if unit in ("decade", "century", "millennium"):
            unit = "year"
        if abs(civil(moved)[0]) > 900_000:
            return Resolved(None, None, granularity, approximate=True, anchor=anchor)
        return Resolved(*unit_bounds(moved, unit), UNIT_GRANULARITY[unit], self.approximate, anchor)


def _timed(context: Context, base: Base) -> bool:
    """Whether what hours and minutes count from is a time of day."""
    previous = context.previous
    return base == "previous" and previous is not None and previous.granularity in ("second", "minute", "hour")


def _years(unit: str) -> float:
    return {"year": 1, "decade": 10, "century": 100, "millennium": 1000}.get(unit, 0.1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The last (negative) or next so many units, up to or from the base: ``the past three years``."""

    count: float
    unit: str
    base: Base = "document"

    def resolve(self, context: Context) -> Resolved:
        """So many units that end with the base's day, or begin with it."""
        told = self.count > 0 and _of_another_time(context) and context.direction() == "past"
        start = context.base("previous" if told else self.base)
        if start is None or (self.base == "previous" and start[1] == "document"):
            return Resolved(None, None, "range", anchor=None)
        now, anchor = start
        if abs(self.count) * _years(self.unit) > 900_000 or abs(self.count) > 1e9:
            return Resolved(None, None, "range", anchor=anchor)
        if self.count < 0:
            high = now - now % DAY + DAY
            # The day after the one so many units back: three years up to 28 February begin on 1 March, or 29 February.
            low = _moved(now, self.count, self.unit)
            return Resolved(low - low % DAY + DAY, high, "range", anchor=anchor)
        return Resolved(now, _moved(now, self.count, self.unit), "range", anchor=anchor)


def _of_another_time(context: Context) -> bool:
    """Whether the text tells of another time, and the expression before is a date or a longer time of it."""
    if narrative_year(context) is not None:
        return True
    previous, reference = context.previous, context.reference
    long = previous is not None and previous.granularity in ("decade", "century", "period")
    return context.narrative and long and previous is not None and previous.low is not None and reference is not None


def _moved(now: int, count: float, unit: str) -> int:
    """A time so many units later or, negative, before; half a year is six months, other parts are counted in days."""
    whole = int(count)
    moved, rest = shift(now, unit, whole), count - whole
    if not rest:
        return moved
    if unit == "year" and (rest * 12).is_integer():
        return shift(moved, "month", int(rest * 12))
    low, high = unit_bounds(0, unit)
    return moved + round(rest * (high - low) / DAY) * DAY


@dataclass(frozen=True, slots=True)
class Recent:
    """Some time before the document's day: ``several years ago``, ``the past few days``."""

    granularity: Granularity

    def resolve(self, context: Context) -> Resolved:
        """Open at the begin, closed by the document's day."""
        if context.reference is None:
            return Resolved(None, None, self.granularity, True, None)
        return Resolved(None, context.reference + DAY, self.granularity, True, "document")


@dataclass(frozen=True, slots=True)
class SoFar:
    """The part of a current unit before or after the document's day: ``earlier this year``, ``later this week``."""

    unit: Value
    later: bool

    def resolve(self, context: Context) -> Resolved:
        """The unit cut at the document's day, which belongs to both parts."""
        whole = self.unit.resolve(context)
        if whole.low is None or whole.high is None or context.reference is None or whole.anchor != "document":
            return whole
        cut = context.reference + DAY
        if not whole.low < cut <= whole.high:
            return Resolved(whole.low, whole.high, whole.granularity, True, whole.anchor)
        if self.later:
            return Resolved(cut - DAY, whole.high, whole.granularity, True, whole.anchor)
        return Resolved(whole.low, cut, whole.granularity, True, whole.anchor)


@dataclass(frozen=True, slots=True)
class Ahead:
    """``in two weeks``: that far ahead where the sentence is about the future, else how long something took."""

    count: float
    unit: str
    duration: str

    def resolve(self, context: Context) -> Resolved:
        """A point ahead or a duration."""
        if context.direction() == "future":
            return Shifted(self.count, self.unit).resolve(context)
        return Resolved(None, None, "duration", anchor=None, value=self.duration)
