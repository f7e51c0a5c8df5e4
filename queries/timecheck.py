"""Does a candidate's event lie where the question wants it on the time line? Decided on intervals, never guessed."""

from __future__ import annotations

from ekg.time import TimeInterval, format_instant, parse_iso
from ekg.time.instant import DAY
from queries.frame import TimeConstraint
from queries.pool import Match
from queries.whenwhere import distance

_NEWS_WINDOW = 8 * DAY
"""An event told without a date is taken to lie in this stretch before the document's publication."""
_NEAR = 0.35


def time_of(match: Match) -> tuple[TimeInterval | None, float]:
    """When the event of a sentence happened, and how much that can be trusted (1 said, less where it is assumed)."""
    event = match.event
    if event is not None and event.begin is not None and event.end is not None:
        return TimeInterval(begin=event.begin, end=event.end), 1.0
    sentence = match.sentence
    dated = []
    for moment in sentence.moments:
        interval = moment.interval()
        if interval is not None and interval.begin is not None and interval.end is not None:
            gap = distance(sentence.tokens, moment, match.anchor) if match.anchor is not None else 0.2
            dated.append((gap, moment.start, interval))
    if dated:
        gap, _, interval = min(dated, key=lambda d: d[:2])
        if gap < _NEAR:
            return interval, 0.95
    if sentence.published is None:
        return None, 0.0
    low, high = parse_iso(sentence.published)
    return TimeInterval(begin=format_instant(low - _NEWS_WINDOW), end=format_instant(high)), 0.8


def fit(constraint: TimeConstraint, interval: TimeInterval | None, trust: float) -> float:
    """How well an interval satisfies a constraint: 0 it does not, 1 it surely does.

    An unknown interval gives 0.5. For ``in`` and ``during`` a shared instant is enough; a year that only contains the
    wanted day counts less.
    """
    if constraint.interval is None:
        return 0.75
    if interval is None:
        return 0.5
    (a, b), (c, d) = interval.bounds(), constraint.interval.bounds()
    if a is None or b is None:
        return 0.5
    low = c if c is not None else a
    high = d if d is not None else b
    if constraint.relation in {"in", "during"}:
        if b <= low or a >= high:
            return 0.0 if trust > 0.9 else 0.25
        inside = low <= a and b <= high
        wide = (b - a) > 4 * max(high - low, 7 * DAY)
        return trust if inside else trust * (0.7 if wide else 0.95)
    if constraint.relation == "before":
        return _ordered(b <= low, a < low, trust)
    if constraint.relation == "after":
        return _ordered(a >= high - 1, b > high, trust)
    if constraint.relation == "since":
        return _ordered(a >= low, b > low, trust)
    return _ordered(b <= high, a < high, trust)


def _ordered(surely: bool, possibly: bool, trust: float) -> float:
    if surely:
        return trust
    if possibly:
        return 0.6 * trust
    return 0.0 if trust > 0.9 else 0.2
