"""Times that are a part of another one, or run from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.civil import Bounds, civil, months, shift, weekday, years
from ekg.time.instant import DAY, days_in_month
from ekg.time.interval import Anchor, Granularity
from ekg.time.lexicon import Part
from ekg.time.values import UNIT_GRANULARITY, Context, Resolved, Value


@dataclass(frozen=True, slots=True)
class PartOf:
    """A named part of a time: ``early 2016``, ``mid-May``, ``the end of June``."""

    part: Part
    inner: Value

    def resolve(self, context: Context) -> Resolved:
        """Thirds of the time, halves of a decade, quarters of a century, which starts and ends with ten years."""
        whole = self.inner.resolve(context)
        if whole.low is None or whole.high is None:
            return whole
        low, high = part_bounds(self.part, whole.low, whole.high, whole.granularity)
        granularity = "part_of_day" if whole.granularity == "day" else whole.granularity
        return Resolved(low, high, granularity, approximate=True, anchor=whole.anchor)


def part_bounds(part: Part, low: int, high: int, granularity: Granularity) -> Bounds:
    """Bounds of a part: of a month in days, of a year in months, of a decade or century in years."""
    year, month, _ = civil(low)
    side = {"early": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}[part]
    if granularity == "period" and part in ("start", "end"):
        return years(civil(low if side == 0 else high - 1)[0])
    if granularity == "month":
        size = days_in_month(year, month)
        first, last = ((0, 10), (10, 20), (20, size))[side]
        return low + first * DAY, low + last * DAY
    if granularity in ("year", "half", "quarter", "season"):
        count = {"year": 12, "half": 6, "quarter": 3, "season": 3}[granularity]
        return months(year, month + side * count // 3, count // 3)
    if granularity == "decade":
        first, count = ((0, 5), (3, 5), (5, 5))[side]
        return years(year + first, count)
    if granularity == "century":
        if part in ("start", "end"):
            return years(year, 10) if side == 0 else years(year + 90, 10)
        first, count = ((0, 25), (25, 50), (75, 25))[side]
        return years(year + first, count)
    if (high - low) % DAY == 0 and high - low >= 3 * DAY:
        days = (high - low) // DAY
        edges = (0, -(-days // 3), days - -(-days // 3), days)
        return low + edges[side] * DAY, low + edges[side + 1] * DAY
    third = (high - low) // 3
    return low + side * third, high if side == 2 else low + (side + 1) * third


@dataclass(frozen=True, slots=True)
class LastDay:
    """The day on which a month, quarter or year ends, as a term: ``by the end of the year``."""

    inner: Value

    def resolve(self, context: Context) -> Resolved:
        """Its last day, approximate; of a longer or shorter time its last part."""
        whole = self.inner.resolve(context)
        if whole.high is None or whole.granularity not in ("week", "month", "quarter", "half", "year"):
            return PartOf("end", self.inner).resolve(context)
        return Resolved(whole.high - DAY, whole.high, "day", True, whole.anchor)


@dataclass(frozen=True, slots=True)
class Within:
    """Seconds of a day: a part of the day or a clock time, on the first day of a time; ``days`` moves the day."""

    low: int
    high: int
    granularity: Granularity
    inner: Value
    days: int = 0
    approximate: bool = False

    def resolve(self, context: Context) -> Resolved:
        """The part of the day."""
        day = self.inner.resolve(context)
        if day.low is None or (day.high is not None and day.high - day.low > 7 * DAY):
            return Resolved(None, None, self.granularity, anchor=day.anchor)
        start = day.low - day.low % DAY + self.days * DAY
        approximate = self.approximate or day.approximate
        return Resolved(start + self.low, start + self.high, self.granularity, approximate, day.anchor)


@dataclass(frozen=True, slots=True)
class SameDay:
    """The day of a clock time without a date: that of the expression before, if it names one, else the document's."""

    def resolve(self, context: Context) -> Resolved:
        """A day."""
        previous = context.previous
        if (
            previous is not None
            and previous.low is not None
            and previous.granularity in ("day", "part_of_day", "minute", "hour")
        ):
            low = previous.low - previous.low % DAY
            return Resolved(low, low + DAY, "day", anchor="previous" if previous.anchor == "text" else previous.anchor)
        if context.reference is None:
            return Resolved(None, None, "day", anchor=None)
        return Resolved(context.reference, context.reference + DAY, "day", anchor="document")


@dataclass(frozen=True, slots=True)
class Nth:
    """The nth (-1 is the last) so many units of a time: ``the first week of June``, ``the last two months of 2016``."""

    index: int
    unit: str
    inner: Value
    count: int = 1
    weekday: int | None = None

    def resolve(self, context: Context) -> Resolved:
        """Units counted within the time: weeks are seven days from its start, as in speech."""
        whole = self.inner.resolve(context)
        granularity: Granularity = UNIT_GRANULARITY[self.unit] if self.count == 1 else "range"
        if whole.low is None or whole.high is None:
            return Resolved(None, None, granularity, anchor=whole.anchor)
        low, high = self._bounds(whole.low, whole.high)
        if low < whole.low or high > whole.high:
            return Resolved(None, None, granularity, anchor=whole.anchor)
        return Resolved(low, high, granularity, whole.approximate, whole.anchor)

    def _bounds(self, low: int, high: int) -> Bounds:
        if self.weekday is not None:
            if self.index > 0:
                day = low + ((self.weekday - weekday(low)) % 7 + 7 * (self.index - 1)) * DAY
            else:
                last = high - DAY
                day = last - (weekday(last) - self.weekday) % 7 * DAY
            return day, day + DAY
        if self.unit == "weekend":
            if self.index > 0:
                day = low + ((5 - weekday(low)) % 7 + 7 * (self.index - 1)) * DAY
            else:
                day = high - 2 * DAY - (weekday(high - 2 * DAY) - 5) % 7 * DAY
            return day, day + 2 * DAY
        if self.unit == "half":
            middle = _middle(low, high)
            return (low, middle) if self.index == 1 else (middle, high)
        if self.index > 0:
            first = shift(low, self.unit, self.index - 1)
            return first, shift(first, self.unit, self.count)
        return shift(high, self.unit, -self.count), high


def _middle(low: int, high: int) -> int:
    """The month or day in the middle of a time."""
    (first_year, first_month, _), (last_year, last_month, _) = civil(low), civil(high)
    size = (last_year - first_year) * 12 + last_month - first_month
    if size >= 2 and size % 2 == 0:
        return shift(low, "month", size // 2)
    return low + (high - low) // DAY // 2 * DAY


@dataclass(frozen=True, slots=True)
class Span:
    """From one time to another, both inclusive; what one side leaves out is taken from the other."""

    left: Value
    right: Value

    def resolve(self, context: Context) -> Resolved:
        """Bounds from the begin of the left to the end of the right side."""
        left, right = self.left.resolve(context), self.right.resolve(context)
        if left.anchor != "text" and right.anchor == "text" and right.low is not None:
            left = self.left.resolve(Context(reference=right.low, direction=lambda: "past"))
            return self._joined(left, right, "text")
        if right.anchor != "text" and left.low is not None:
            right = self.right.resolve(Context(reference=left.low, direction=lambda: "future"))
            return self._joined(left, right, "text" if left.anchor == "text" else left.anchor)
        return self._joined(left, right, left.anchor if left.anchor != "text" else right.anchor)

    def _joined(self, left: Resolved, right: Resolved, anchor: Anchor | None) -> Resolved:
        low, high = left.low, right.high
        if low is None or high is None or low >= high:
            return Resolved(None, None, "range", anchor=anchor)
        return Resolved(low, high, "range", left.approximate or right.approximate, anchor)
