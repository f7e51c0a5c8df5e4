"""What an expression means before it is tied to a date: the plain values, and what all are resolved against.

Every value has ``resolve(context)``, which gives bounds in seconds since 1970-01-01T00:00Z. Nothing here reads text.
Values that come round are in :mod:`ekg.time.yearly`, those that count from another time in :mod:`ekg.time.shifts`,
those that are a part of another in :mod:`ekg.time.parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ekg.time.civil import Bounds, day_start, months, years
from ekg.time.instant import DAY
from ekg.time.interval import Anchor, Granularity

Direction = Literal["past", "present", "future"]
Base = Literal["document", "previous"]
UNIT_GRANULARITY: dict[str, Granularity] = {
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "weekend": "weekend",
    "fortnight": "week", "month": "month", "quarter": "quarter", "half": "half", "year": "year", "decade": "decade",
    "century": "century", "millennium": "millennium", "season": "season",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """Bounds of an expression in seconds, None where it has none."""

    low: int | None
    high: int | None
    granularity: Granularity
    approximate: bool = False
    anchor: Anchor | None = "text"
    value: str | None = None


@dataclass(slots=True)
class Context:
    """What an expression is resolved against.

    Args:
        reference: first second of the document's day.
        previous: the expression resolved before this one, nearby.
        direction: gives past, present or future where the sentence says so.
        year: the year that dates without one belong to, where it is known.
        narrative: the text tells of another time than its own, so that a date before sets the year of the next.
        chronicle: so does the whole text, so that "today" in it means nowadays.
        listed: the expression before stands in the same list ("in May, in June and in July").
    """

    reference: int | None = None
    previous: Resolved | None = None
    direction: Callable[[], Direction | None] = field(default=lambda: None)
    year: int | None = None
    narrative: bool = True
    chronicle: bool = False
    listed: bool = False

    def base(self, kind: Base) -> tuple[int, Anchor] | None:
        """The day that relative expressions count from, and what it is."""
        if kind == "previous" and self.previous is not None and self.previous.low is not None:
            return self.previous.low, "previous"
        return None if self.reference is None else (self.reference, "document")


class Value(Protocol):
    """The meaning of an expression."""

    def resolve(self, context: Context) -> Resolved:
        """Bounds of the expression in a context."""


Parse = tuple[Value, int]
"""What an expression means and the index of the token after it."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A time that needs no context. Without bounds it is a date that does not exist."""

    bounds: Bounds | None
    granularity: Granularity
    approximate: bool = False

    def resolve(self, context: Context) -> Resolved:
        """The bounds themselves."""
        low, high = self.bounds or (None, None)
        return Resolved(low, high, self.granularity, self.approximate)


@dataclass(frozen=True, slots=True)
class Floating:
    """An expression without a place on the time line: ``recently``, durations, sets, times tied to an unknown event."""

    granularity: Granularity
    value: str | None = None
    anchor: Anchor | None = None

    def resolve(self, context: Context) -> Resolved:
        """No bounds."""
        return Resolved(None, None, self.granularity, anchor=self.anchor, value=self.value)


def date(year: int, month: int | None = None, day: int | None = None) -> Fixed:
    """A year, month or day."""
    if month is None:
        return Fixed(years(year), "year")
    if day is None:
        return Fixed(months(year, month) if 1 <= month <= 12 else None, "month")
    low = day_start(year, month, day)
    return Fixed(None if low is None else (low, low + DAY), "day")


@dataclass(frozen=True, slots=True)
class Hedged:
    """A time that is said to be approximate: ``around 1900``."""

    inner: Value

    def resolve(self, context: Context) -> Resolved:
        """The bounds, marked as approximate."""
        inner = self.inner.resolve(context)
        return Resolved(inner.low, inner.high, inner.granularity, True, inner.anchor, inner.value)
