"""Temporal relations between dated events, read off their intervals alone (Allen, CACM 26(11), 1983).

An expression says where an event lies, and only a range ("from 3 to 5 May") says how long it lasted. So an event is
either *extended* (it fills its interval) or *located* (it lies somewhere within). What follows for sure:

- disjoint intervals: ``before`` (``meets`` only where both fill theirs);
- an extended event ``contains`` one located within its interval;
- two extended events: any of Allen's relations;
- everything else, "2016" against "9 May 2016" or two events of one day, is unknown and gives nothing.

Edges are a reduced set, at most three for each event and linear in all: of an event's direct predecessors (those
before it with no dated event between) the one nearest in the text, of its direct successors the same, and of the
extended events that contain it the shortest. All that is left out follows from the events' times.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ekg.model import Event, EventTime, Relation
from ekg.time import TimeInterval
from ekg.time.allen import allen

CUE = "time"
"""Cue of a relation that follows from the intervals."""
METHOD = "interval"
_APART = frozenset({None, "before", "after", "meets", "met_by"})
_OWN = 0.95
_TAKEN_OVER = 0.85
_LASTING = re.compile(r"\b(?:from|through|throughout|until|till)\b", re.IGNORECASE)
_SELDOM_LASTING = re.compile(r"\b(?:between|either|or|window)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dated:
    """An event with closed bounds in seconds since 1970.

    Args:
        event: the event.
        low: first instant.
        high: instant after the last.
        extended: whether the event fills its interval.
    """

    event: Event
    low: int
    high: int
    extended: bool

    @property
    def certainty(self) -> float:
        """How sure its date is: less where no expression of its own gives it."""
        time = self.event.time
        return _OWN if time is not None and time.span is not None else _TAKEN_OVER


def dated_events(events: Sequence[Event]) -> list[Dated]:
    """Events on the time line: affirmed, not hypothetical, dated on both sides and without a hedge; in text order."""
    found = []
    for event in events:
        time = event.time
        if time is None or time.approximate or time.begin is None or time.end is None:
            continue
        if event.polarity != "positive" or event.modality in {"hypothetical", "possible"}:
            continue
        low, high = TimeInterval(begin=time.begin, end=time.end).bounds()
        if low is not None and high is not None and low < high:
            found.append(Dated(event, low, high, _extended(event, time)))
    return found


def _extended(event: Event, time: EventTime) -> bool:
    """Whether an event fills its interval: a range that says so, not a span of days within which it falls."""
    return (
        time.granularity == "range"
        and event.modality == "actual"
        and _LASTING.search(time.text) is not None
        and _SELDOM_LASTING.search(time.text) is None
    )


def verdict(left: Dated, right: Dated) -> str | None:
    """The relation from left to right that the intervals justify, None where they leave it open."""
    if left.extended and right.extended:
        return allen(TimeInterval.from_bounds(left.low, left.high), TimeInterval.from_bounds(right.low, right.high))
    if left.high <= right.low:
        return "before"
    if right.high <= left.low:
        return "after"
    if left.extended and left.low <= right.low and right.high <= left.high:
        return "contains"
    if right.extended and right.low <= left.low and left.high <= right.high:
        return "during"
    return None


def interval_relations(events: Sequence[Event]) -> list[Relation]:
    """The reduced set of relations that the events' dates give; `before` and `meets` point from earlier to later."""
    dated = dated_events(events)
    found: dict[tuple[str, str], Relation] = {}
    for left, right, kind in _edges(dated):
        confidence = round(min(left.certainty, right.certainty), 4)
        key = (left.event.id, right.event.id)
        found.setdefault(
            key,
            Relation(kind=kind, source=key[0], target=key[1], confidence=confidence, cue=CUE, method=METHOD),
        )
    return [found[key] for key in sorted(found)]


def _edges(dated: Sequence[Dated]) -> Iterator[tuple[Dated, Dated, str]]:
    by_high = sorted(dated, key=lambda item: (item.high, item.event.trigger.span))
    highs = [item.high for item in by_high]
    by_low = sorted(dated, key=lambda item: (item.low, item.event.trigger.span))
    lows = [item.low for item in by_low]
    extended = [item for item in dated if item.extended]
    latest_low = _running_max([item.low for item in by_high])
    earliest_high = _running_max([-item.high for item in reversed(by_low)])
    sorted_slices: dict[tuple[int, int, int], list[Dated]] = {}

    def in_text(table: list[Dated], start: int, stop: int) -> list[Dated]:
        # Events of one day share their neighbours, so that a long document sorts each slice once.
        key = (id(table), start, stop)
        if key not in sorted_slices:
            sorted_slices[key] = sorted(table[start:stop], key=_place)
        return sorted_slices[key]

    for item in dated:
        earlier = bisect_right(highs, item.low)
        if earlier:
            # Direct predecessors end after the latest beginning of what comes before: nothing fits in between.
            bar = latest_low[earlier - 1]
            first = bisect_right(highs, bar)
            near = _nearest(item, in_text(by_high, first, earlier))
            yield near, item, verdict(near, item) or "before"
        later = bisect_left(lows, item.high)
        if later < len(by_low):
            bar = -earliest_high[len(by_low) - later - 1]
            last = bisect_left(lows, bar)
            near = _nearest(item, in_text(by_low, later, last))
            yield item, near, verdict(item, near) or "before"
        around = [whole for whole in extended if whole is not item and verdict(whole, item) not in _APART]
        if around:
            whole = min(around, key=lambda w: (w.high - w.low, _gap(w, item), w.event.trigger.span))
            kind = verdict(whole, item)
            if kind is not None and (kind != "equals" or whole.event.trigger.span < item.event.trigger.span):
                yield whole, item, kind


def _running_max(values: Sequence[int]) -> list[int]:
    result: list[int] = []
    for value in values:
        result.append(value if not result else max(value, result[-1]))
    return result


def _gap(left: Dated, right: Dated) -> int:
    return abs(left.event.trigger.span[0] - right.event.trigger.span[0])


def _place(item: Dated) -> tuple[int, int]:
    return item.event.trigger.span


def _nearest(item: Dated, options: Sequence[Dated]) -> Dated:
    """The option nearest to an event in the text; options are in text order."""
    after = bisect_left(options, _place(item), key=_place)
    return min(options[max(0, after - 1) : after + 1], key=lambda other: (_gap(item, other), _place(other)))
