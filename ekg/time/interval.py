"""Half-open time intervals with a granularity, and verdicts on how two of them relate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekg.time.instant import format_instant, parse_iso

Granularity = Literal[
    "second", "minute", "hour", "part_of_day", "day", "week", "weekend", "month", "quarter", "season",
    "half", "year", "decade", "century", "millennium", "period", "range", "duration", "set", "unknown",
]  # fmt: skip
Anchor = Literal["text", "document", "previous", "event"]
Verdict = Literal["equal", "contains", "within", "overlaps", "before", "after", "meets", "conflict", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeInterval:
    """A half-open interval ``[begin, end)``; None is an open or unknown end.

    Args:
        begin: ISO date or date-time of the first instant.
        end: ISO date or date-time just after the last instant.
        granularity: the unit the source speaks in.
        approximate: the source hedges ("around 1900", "early May").
        anchor: what the value was resolved against.
        text: the expression it was read from.

    Raises:
        ValueError: a bound is not a valid ISO date, or begin lies after end.
    """

    begin: str | None
    end: str | None
    granularity: Granularity = "unknown"
    approximate: bool = False
    anchor: Anchor | None = None
    text: str = ""

    def __post_init__(self) -> None:
        low, high = self.bounds()
        if low is not None and high is not None and low > high:
            raise ValueError(f"begin {self.begin} lies after end {self.end}")

    def bounds(self) -> tuple[int | None, int | None]:
        """Both ends in seconds since 1970-01-01T00:00Z, None where open."""
        low = None if self.begin is None else parse_iso(self.begin)[0]
        high = None if self.end is None else parse_iso(self.end)[0]
        return low, high

    @classmethod
    def of(cls, iso: str, *, granularity: Granularity | None = None) -> TimeInterval:
        """The interval that an ISO year, month, day or date-time covers.

        >>> TimeInterval.of("2016-11").end
        '2016-12-01'
        """
        low, high = parse_iso(iso)
        parts = iso.strip().lstrip("+-").count("-")
        unit: Granularity = ("year", "month", "day")[min(parts, 2)]
        if "T" in iso or ":" in iso:
            unit = "second" if iso.count(":") >= 2 else "minute"
        return cls(begin=format_instant(low), end=format_instant(high), granularity=granularity or unit, anchor="text")

    @classmethod
    def from_bounds(
        cls, low: int | None, high: int | None, granularity: Granularity = "unknown", **rest: object
    ) -> TimeInterval:
        """An interval from seconds since 1970-01-01T00:00Z; the rest are fields of the class."""
        return cls(
            begin=None if low is None else format_instant(low),
            end=None if high is None else format_instant(high),
            granularity=granularity,
            **rest,  # type: ignore[arg-type]  # the class itself checks the fields by name
        )


def compare(left: TimeInterval | None, right: TimeInterval | None) -> Verdict:
    """How ``left`` relates to ``right``: what can be said for sure, given open ends and granularity.

    ``conflict`` is not returned here: whether disjoint times contradict each other depends on what is compared, so
    callers turn ``before`` and ``after`` into it where two times are claimed for one thing.

    >>> compare(TimeInterval.of("2016-11-08"), TimeInterval.of("2016"))
    'within'
    """
    if left is None or right is None:
        return "unknown"
    (a, b), (c, d) = left.bounds(), right.bounds()
    if (a is None and b is None) or (c is None and d is None):
        return "unknown"
    if b is not None and c is not None and b <= c:
        return "meets" if b == c else "before"
    if d is not None and a is not None and d <= a:
        return "after"
    if (a, b) == (c, d):
        return "equal"
    if None in (a, b, c, d):
        return "overlaps" if _sure_overlap(a, b, c, d) else "unknown"
    assert a is not None  # narrows the types: None was handled above
    assert b is not None
    assert c is not None
    assert d is not None
    if a <= c and d <= b:
        return "contains"
    if c <= a and b <= d:
        return "within"
    return "overlaps"


def _sure_overlap(a: int | None, b: int | None, c: int | None, d: int | None) -> bool:
    """Whether two intervals share an instant whatever their unknown ends are (an end lies after its begin)."""
    if a is not None and c is not None and d is not None and c <= a < d:
        return True
    return a is not None and b is not None and c is not None and a <= c < b
