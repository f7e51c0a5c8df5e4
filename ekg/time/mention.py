"""A time expression in a text, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.interval import Anchor, Granularity, TimeInterval


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A time expression with its half-open interval; null bounds where it has none ("recently", "three years").

    Args:
        text: the expression, exactly as in the text.
        span: ``(start, end)`` in characters of the text.
        begin: ISO date, or date-time for a time of day, of the first instant.
        end: ISO date or date-time just after the last instant.
        granularity: the unit the expression speaks in; ``duration`` and ``set`` have no place on the time line.
        anchor: what the value was resolved against: itself, the document's date, the expression before it, an event.
        approximate: the expression hedges ("around 1900", "early May").
        value: ISO 8601 duration of a duration, or the period of a set ("every Monday" is P1W).
    """

    text: str
    span: tuple[int, int]
    begin: str | None
    end: str | None
    granularity: Granularity
    anchor: Anchor | None = None
    approximate: bool = False
    value: str | None = None

    def interval(self) -> TimeInterval | None:
        """The interval on the time line, None where both bounds are unknown."""
        if self.begin is None and self.end is None:
            return None
        return TimeInterval(
            begin=self.begin,
            end=self.end,
            granularity=self.granularity,
            approximate=self.approximate,
            anchor=self.anchor,
            text=self.text,
        )
