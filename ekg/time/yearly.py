"""Times that come round: months, seasons, holidays and weekdays without a year or a date, and how to choose one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ekg.time.civil import Bounds, civil, weekday
from ekg.time.instant import DAY
from ekg.time.interval import Granularity
from ekg.time.values import Base, Context, Resolved, Value


@dataclass(frozen=True, slots=True)
class Yearly:
    """Something that comes once a year: a month, a day of a month, a season, a holiday, a quarter.

    Args:
        of: bounds in a year, None in years that do not have it (29 February).
        granularity: its unit.
        turn: -1 last, 0 this, 1 next; None where only tense and distance tell.
        base: what it is counted from.
        approximate: its days are computed and may differ by one (a sighted moon).
    """

    of: Callable[[int], Bounds | None]
    granularity: Granularity
    turn: int | None = None
    base: Base = "document"
    approximate: bool = False

    def resolve(self, context: Context) -> Resolved:
        """The occurrence that tense, distance and the text before point to."""
        if context.year is not None and self.turn is None:
            bounds = self.of(context.year)
            low, high = bounds or (None, None)
            return Resolved(low, high, self.granularity, self.approximate, anchor="document")
        start = context.base(self.base)
        told = self.turn is None and self.base == "document" and context.direction() != "future"
        narrative = narrative_year(context) if told else None
        if narrative is not None and context.previous is not None and context.previous.low is not None:
            start = (context.previous.low, "previous")
        if start is None:
            return Resolved(None, None, self.granularity, anchor=None)
        now, anchor = start
        near = [b for year in range(civil(now)[0] - 8, civil(now)[0] + 9) if (b := self.of(year)) is not None]
        if not near:
            return Resolved(None, None, self.granularity)
        if narrative is not None:
            bounds = _in_narrative(near, context.previous, narrative)
        elif self.turn is None and (ahead := _planned(context)) is not None:
            bounds = next((b for b in near if b[0] >= ahead), near[-1])
        elif self.base == "previous" and self.turn == 1 and context.previous is not None and anchor == "previous":
            after = context.previous.high or now + DAY
            bounds = next((b for b in near if b[0] >= after), near[-1])
        else:
            bounds = self._choose(near, now, context)
        return Resolved(*bounds, self.granularity, self.approximate, anchor=anchor)

    def _choose(self, near: list[Bounds], now: int, context: Context) -> Bounds:
        begun = [b for b in near if b[0] <= now]
        ended = [b for b in near if b[1] <= now]
        coming = [b for b in near if b[0] > now]
        open_ = [b for b in near if b[1] > now]
        if self.turn == -1:
            return ended[-1]
        if self.turn == 1:
            return coming[0]
        if self.turn == 0:
            year = civil(now)[0]
            own = next((b for b in near if civil(b[0])[0] == year), open_[0])
            return ended[-1] if own[0] > now and self.granularity == "season" and context.direction() == "past" else own
        direction = context.direction()
        if direction != "future" and self.granularity == "day" and coming[0][0] - now <= DAY:
            # What is told as past cannot lie a year back when tomorrow has the date: the stamp is a zone behind.
            return coming[0]
        if direction == "future":
            just_over = self.granularity == "day" and now - begun[-1][1] < 14 * DAY and open_[0][0] - now > 300 * DAY
            return begun[-1] if just_over else open_[0]
        if direction == "past":
            return begun[-1]
        ago, ahead = now - begun[-1][1], coming[0][0] - now
        return coming[0] if 3 * ahead < ago and ahead < 92 * DAY else begun[-1]


@dataclass(frozen=True, slots=True)
class InYear:
    """Something yearly in a year that is itself relative: ``March last year``, ``summer of the same year``."""

    what: Yearly
    year: Value

    def resolve(self, context: Context) -> Resolved:
        """Its occurrence in that year."""
        year = self.year.resolve(context)
        bounds = None if year.low is None else self.what.of(civil(year.low)[0])
        low, high = bounds or (None, None)
        return Resolved(low, high, self.what.granularity, anchor=year.anchor)


@dataclass(frozen=True, slots=True)
class Postposed:
    """``the 12th of October last``, ``February next``: counted from the date before in a text about another time."""

    what: Yearly
    turn: int

    def resolve(self, context: Context) -> Resolved:
        """Its last or next occurrence."""
        base: Base = "previous" if narrative_year(context) is not None else "document"
        return Yearly(self.what.of, self.what.granularity, self.turn, base).resolve(context)


def _planned(context: Context) -> int | None:
    """When the date before begins, if it is one ahead of the document's day that the next one goes on from."""
    previous = context.previous
    if previous is None or previous.low is None or not context.listed or context.reference is None:
        return None
    ahead = previous.anchor == "document" and previous.low >= context.reference + DAY
    return previous.low if ahead and context.direction() is None else None


def narrative_year(context: Context) -> int | None:
    """The year a text that tells of another time is in: that of a dated expression just before."""
    previous = context.previous
    if previous is None or previous.low is None or previous.high is None or not context.narrative:
        return None
    if previous.granularity not in ("day", "month", "year", "season", "quarter", "part_of_day", "minute", "hour"):
        return None
    if context.reference is not None and abs(previous.low - context.reference) < 366 * DAY:
        return None
    return civil(previous.low)[0]


def _in_narrative(near: list[Bounds], previous: Resolved | None, year: int) -> Bounds:
    """The occurrence in the year of the text before, or in the next one where that would go back by half a year."""
    assert previous is not None
    assert previous.low is not None
    same = next((b for b in near if civil(b[0])[0] == year), near[len(near) // 2])
    if previous.granularity != "year" and same[0] < previous.low - 183 * DAY:
        return next((b for b in near if civil(b[0])[0] == year + 1), same)
    return same


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday is 0; ``turn`` as in :class:`Yearly`."""

    day: int
    turn: int | None = None
    base: Base = "document"

    def resolve(self, context: Context) -> Resolved:
        """The nearest such day in the direction that the words or the tense give, today included."""
        start = context.base(self.base)
        told = context.previous
        if self.turn is None and told is not None and told.granularity == "day" and narrative_year(context) is not None:
            assert told.low is not None
            low = told.low + (self.day - weekday(told.low)) % 7 * DAY
            return Resolved(low, low + DAY, "day", anchor="previous")
        if start is None:
            return Resolved(None, None, "day", anchor=None)
        now, anchor = start
        now -= now % DAY
        back = (weekday(now) - self.day) % 7
        ahead = (self.day - weekday(now)) % 7
        if self.turn == -1:
            low = now - (back or 7) * DAY
        elif self.turn == 1:
            low = now + (ahead or 7) * DAY
        elif self.turn == 0 or context.direction() == "future":
            low = now + ahead * DAY
        elif ahead == 1 and anchor == "document":
            # News does not call the day six days ago by its bare name; its reporter is a zone ahead of the stamp, or
            # the article was updated after it.
            low = now + DAY
        else:
            low = now - back * DAY
        return Resolved(low, low + DAY, "day", anchor=anchor)
