"""Whether a set of relations between events can hold together, by the order of their beginnings and ends.

Every relation here says only how ends of intervals are ordered, and for such networks consistency is decided exactly
by the absence of a cycle that would put an instant before itself (Vilain, Kautz and van Beek 1990): composing Allen's
relations gives nothing more. Dates are bounds of an event's ends. Relations are added from the surest to the weakest,
so that what cannot be added is the weakest edge of the contradiction it would make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Point = tuple[str, bool]
"""An event's id, and whether it is the event's end (else its beginning)."""

Order = tuple[Point, Point, int]
"""Two points and by how much at least (0 or 1) the second comes later."""

_SCALE = 1000
_FOREVER = 2**62


def _ends(event: str) -> tuple[Point, Point]:
    return (event, False), (event, True)


def orders(kind: str, source: str, target: str) -> list[Order]:
    """What a relation says of the ends of two events; empty for kinds that say nothing of time.

    A cause or precondition begins before what follows from it; a sub-event lies within its whole.
    """
    (a, b), (c, d) = _ends(source), _ends(target)
    match kind:
        case "before":
            return [(b, c, 1)]
        case "after":
            return [(d, a, 1)]
        case "meets":
            return [(b, c, 0), (c, b, 0)]
        case "met_by":
            return [(d, a, 0), (a, d, 0)]
        case "cause" | "precondition":
            return [(a, c, 1)]
        case "subevent":
            return [(c, a, 0), (b, d, 0)]
        case "during":
            return [(c, a, 0), (b, d, 0)]
        case "contains":
            return [(a, c, 0), (d, b, 0)]
        case "starts":
            return [(a, c, 0), (c, a, 0), (b, d, 1)]
        case "started_by":
            return [(a, c, 0), (c, a, 0), (d, b, 1)]
        case "finishes":
            return [(b, d, 0), (d, b, 0), (c, a, 1)]
        case "finished_by":
            return [(b, d, 0), (d, b, 0), (a, c, 1)]
        case "overlaps":
            return [(a, c, 1), (c, b, 1), (b, d, 1)]
        case "overlapped_by":
            return [(c, a, 1), (a, d, 1), (d, b, 1)]
        case "equals" | "coreference":
            return [(a, c, 0), (c, a, 0), (b, d, 0), (d, b, 0)]
        case _:
            return []


@dataclass(slots=True)
class TimeLine:
    """Ends of events in a partial order that is kept free of contradictions.

    Args:
        dates: by event, the first instant it may begin and the last it may end, in seconds, None where open.
    """

    dates: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    _later: dict[Point, list[tuple[Point, int, str]]] = field(default_factory=dict)
    _earlier: dict[Point, list[tuple[Point, int, str]]] = field(default_factory=dict)
    _low: dict[Point, int] = field(default_factory=dict)
    _high: dict[Point, int] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def add(self, name: str, asked: Sequence[Order]) -> list[str] | None:
        """Add what a relation says, all or nothing.

        Args:
            name: of the relation, to name it in later conflicts.
            asked: what it says.

        Returns:
            None if it was added; else the names of the relations that it contradicts, in order of the chain, with
            ``dates`` where the dates of events do.
        """
        for first, second, _ in asked:
            self._meet(first[0])
            self._meet(second[0])
        done: list[Order] = []
        before_low, before_high = dict[Point, int](), dict[Point, int]()
        for order in asked:
            conflict = self._cycle(order) or self._out_of_bounds(order, name, before_low, before_high)
            if conflict is not None:
                for first, second, _ in reversed(done):
                    self._later[first].pop()
                    self._earlier[second].pop()
                self._low.update(before_low)
                self._high.update(before_high)
                return [other for other in conflict if other != name]
            first, second, gap = order
            self._later[first].append((second, gap, name))
            self._earlier[second].append((first, gap, name))
            done.append(order)
        return None

    def _meet(self, event: str) -> None:
        if event in self._known:
            return
        self._known.add(event)
        begin, end = _ends(event)
        low, high = self.dates.get(event, (None, None))
        bottom = -_FOREVER if low is None else low * _SCALE
        top = _FOREVER if high is None else high * _SCALE
        for point in (begin, end):
            self._later[point], self._earlier[point] = [], []
            self._low[point], self._high[point] = bottom, top
        # An event takes time: it ends at least a tick after it begins.
        self._low[end] += 1
        self._high[begin] -= 1
        self._later[begin].append((end, 1, ""))
        self._earlier[end].append((begin, 1, ""))

    def _cycle(self, order: Order) -> list[str] | None:
        """Relations on a way from the order's second point to its first, if that puts an instant before itself."""
        first, second, gap = order
        came: dict[tuple[Point, bool], tuple[tuple[Point, bool], str] | None] = {(second, gap > 0): None}
        stack = [(second, gap > 0)]
        while stack:
            here = stack.pop()
            point, gained = here
            if point == first and gained:
                names: list[str] = []
                step = came[here]
                while step is not None:
                    previous, name = step
                    if name and name not in names:
                        names.append(name)
                    step = came[previous]
                return names[::-1]
            for later, more, name in self._later[point]:
                state = (later, gained or more > 0)
                if state not in came:
                    came[state] = (here, name)
                    stack.append(state)
        return None

    def _out_of_bounds(
        self, order: Order, name: str, before_low: dict[Point, int], before_high: dict[Point, int]
    ) -> list[str] | None:
        """Narrow the bounds of all points that an order reaches; the relations on the way if a bound is crossed."""
        first, second, gap = order
        forward: list[tuple[Point, int, tuple[str, ...]]] = []
        if self._low[first] > -_FOREVER // 2:
            forward.append((second, self._low[first] + gap, (name,)))
        while forward:
            point, low, way = forward.pop()
            if low <= self._low[point]:
                continue
            if low > self._high[point]:
                return ["dates", *dict.fromkeys(way)]
            before_low.setdefault(point, self._low[point])
            self._low[point] = low
            forward += [
                (later, low + more, (*way, other) if other else way) for later, more, other in self._later[point]
            ]
        backward: list[tuple[Point, int, tuple[str, ...]]] = []
        if self._high[second] < _FOREVER // 2:
            backward.append((first, self._high[second] - gap, (name,)))
        while backward:
            point, high, way = backward.pop()
            if high >= self._high[point]:
                continue
            if high < self._low[point]:
                return ["dates", *dict.fromkeys(way)]
            before_high.setdefault(point, self._high[point])
            self._high[point] = high
            backward += [
                (earlier, high - more, (*way, other) if other else way) for earlier, more, other in self._earlier[point]
            ]
        return None
