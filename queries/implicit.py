"""Times that an event gives ("after the flood"): the event is found first, then its interval takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ekg.time import TimeInterval, compare
from queries.frame import Frame, TimeConstraint, Unit
from queries.fusion import fuse
from queries.pool import Pool
from queries.timecheck import fit, time_of
from queries.whenwhere import read_times

_ENOUGH = 0.6


def resolve_times(frame: Frame, pools: Sequence[Pool]) -> Frame:
    """The frame with the interval of each constraint that names an event, where that event can be found."""
    times = tuple(
        _resolve(constraint, pools) if constraint.units and not constraint.told else constraint
        for constraint in frame.times
    )
    return replace(frame, times=times)


def _resolve(constraint: TimeConstraint, pools: Sequence[Pool]) -> TimeConstraint:
    words = [u for u in constraint.units if u.kind != "name"]
    if not words:
        return constraint
    # Its bound decides: "before the strike" ends where it begins, "after the strike" begins where it ends.
    units = tuple(u for u in constraint.units if not {"begin", "end"} & u.groups) or constraint.units
    frame = Frame(kind="when", wants="date", units=units)
    said: list[tuple[float, TimeInterval, str | None]] = []
    for pool in pools:
        for match in pool.matches(frame, limit=25):
            if match.anchor is None or match.score < _ENOUGH:
                continue
            if constraint.interval is not None and fit(replace(constraint, relation="in"), *time_of(match)) < 0.3:
                continue
            for candidate in read_times(frame, match):
                if candidate.begin and candidate.end and candidate.score > 0.45:
                    interval = TimeInterval(begin=candidate.begin, end=candidate.end)
                    said.append((candidate.score, interval, candidate.event.iri if candidate.event else None))
    phases = _phases(constraint.units, pools)
    begin, end, source = _span(said)
    begin, end = phases[0] or begin, phases[1] or end
    if begin is None or end is None:
        return constraint
    interval = TimeInterval(begin=min(begin, end), end=max(begin, end))
    return replace(constraint, interval=interval, source=source)


def _span(said: Sequence[tuple[float, TimeInterval, str | None]]) -> tuple[str | None, str | None, str | None]:
    """The interval that most of what was said speaks for."""
    if not said:
        return None, None, None

    def support(interval: TimeInterval) -> float:
        agreeing = (s for s, other, _ in said if compare(interval, other) not in {"before", "after", "meets"})
        return round(sum(agreeing), 4)

    best = max(said, key=lambda item: (support(item[1]), item[0], item[1].begin or ""))
    return best[1].begin, best[1].end, best[2]


def _phases(units: Sequence[Unit], pools: Sequence[Pool]) -> tuple[str | None, str | None]:
    """When the event began and when it ended, where sentences say so in these words."""
    found: list[str | None] = []
    core = tuple(u for u in units if not {"begin", "end"} & u.groups)
    for word, group in (("began", "begin"), ("ended", "end")):
        verb = Unit(text=word, stem=group, groups=frozenset({group}), kind="verb")
        frame = Frame(kind="when", wants="date", units=(*core, verb))
        read = [
            c
            for pool in pools
            for m in pool.matches(frame, limit=10)
            if m.anchor is not None and m.score >= 0.75 and min(m.matched) >= 0.6
            for c in read_times(frame, m)
        ]
        groups = [g for g in fuse(read) if g.score > 0.6]
        found.append((groups[0].best.begin if group == "begin" else groups[0].best.end) if groups else None)
    return found[0], found[1]
