"""Why a question was not answered."""

from __future__ import annotations

from collections.abc import Sequence

from ekg.model import Abstention
from ekg.time import parse_iso
from queries.execution import Outcome
from queries.frame import Frame
from queries.fusion import Group
from queries.pool import Pool

_FITS = 0.6
_SPOKEN_OF = 0.8


def reason_for(frame: Frame, outcome: Outcome, groups: Sequence[Group], pools: Sequence[Pool]) -> Abstention:
    """The reason that tells the asker most.

    ``time_out_of_range``: the event is known, but not in the time asked for, or no document or event reaches there;
    ``false_premise``: the event is only known not to have happened; ``no_relation``: the names are known, but nothing
    says this of them; ``no_evidence``: nothing was found at all; ``low_confidence``: something was, but it is too weak.
    """
    if outcome.denied >= _FITS and outcome.denied > outcome.affirmed + 0.05:
        return "false_premise"
    if frame.times and (outcome.out_of_range >= _FITS or _beyond(frame, pools)):
        return "time_out_of_range"
    if groups and groups[0].score >= 0.45:
        return "low_confidence"
    best = max(outcome.matches, key=lambda m: m.score, default=None)
    if frame.names:
        complete = best is not None and best.certain and min(best.matched, default=0.0) >= _SPOKEN_OF
        return "no_evidence" if complete else "no_relation"
    return "no_evidence"


def _beyond(frame: Frame, pools: Sequence[Pool]) -> bool:
    """Whether a constraint lies wholly outside the time that the graphs' events and documents cover."""
    firsts, lasts = [], []
    for pool in pools:
        first, last = pool.graph.index.span_of_time()
        if first and last:
            firsts.append(parse_iso(first)[0])
            lasts.append(parse_iso(last)[0])
    for constraint in frame.times:
        if constraint.interval is None:
            continue
        low, high = constraint.interval.bounds()
        if not firsts or (high is not None and high <= min(firsts)) or (low is not None and low >= max(lasts)):
            return True
    return False
