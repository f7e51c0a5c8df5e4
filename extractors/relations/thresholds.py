"""From which confidence a relation is reported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationThresholds:
    """Least confidence by kind of relation; above 1 a kind is not looked for.

    Args:
        temporal: order told by words; what follows from the events' dates is always reported.
        stated: cause told by words.
        learned: precondition that the model finds, the probability of a link.
        part: sub-event.
        direction: probability of the likelier direction of a learned link.
        reach: sentences between two events at most for a learned link.
    """

    temporal: float = 0.6
    stated: float = 0.6
    learned: float = 0.5
    part: float = 0.6
    direction: float = 0.6
    reach: int = 1
