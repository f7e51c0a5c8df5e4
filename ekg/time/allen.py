"""Allen's thirteen relations between intervals, with their OWL-Time names.

James F. Allen, "Maintaining knowledge about temporal intervals", CACM 26(11), 1983; W3C "Time Ontology in OWL", 2020.
"""

from __future__ import annotations

from typing import Literal

from ekg.time.interval import TimeInterval

AllenRelation = Literal[
    "before", "meets", "overlaps", "starts", "during", "finishes", "equals",
    "finished_by", "contains", "started_by", "overlapped_by", "met_by", "after",
]  # fmt: skip

ALLEN_INVERSE: dict[AllenRelation, AllenRelation] = {
    "before": "after",
    "meets": "met_by",
    "overlaps": "overlapped_by",
    "starts": "started_by",
    "during": "contains",
    "finishes": "finished_by",
    "equals": "equals",
    "finished_by": "finishes",
    "contains": "during",
    "started_by": "starts",
    "overlapped_by": "overlaps",
    "met_by": "meets",
    "after": "before",
}

OWL_TIME: dict[AllenRelation, str] = {
    "before": "intervalBefore",
    "meets": "intervalMeets",
    "overlaps": "intervalOverlaps",
    "starts": "intervalStarts",
    "during": "intervalDuring",
    "finishes": "intervalFinishes",
    "equals": "intervalEquals",
    "finished_by": "intervalFinishedBy",
    "contains": "intervalContains",
    "started_by": "intervalStartedBy",
    "overlapped_by": "intervalOverlappedBy",
    "met_by": "intervalMetBy",
    "after": "intervalAfter",
}
"""Local names in ``http://www.w3.org/2006/time#``."""


def allen(left: TimeInterval, right: TimeInterval) -> AllenRelation | None:
    """Which of the thirteen relations holds from ``left`` to ``right``; None where a bound is open or unknown.

    >>> allen(TimeInterval.of("2016-11-08"), TimeInterval.of("2016"))
    'during'
    >>> allen(TimeInterval.of("2015"), TimeInterval.of("2016"))
    'meets'
    """
    (a, b), (c, d) = left.bounds(), right.bounds()
    if a is None or b is None or c is None or d is None:
        return None
    if (a, b) == (c, d):
        return "equals"
    if b <= c:
        return "meets" if b == c else "before"
    if d <= a:
        return "met_by" if d == a else "after"
    if a == c:
        return "starts" if b < d else "started_by"
    if b == d:
        return "finishes" if a > c else "finished_by"
    if a < c:
        return "contains" if b > d else "overlaps"
    return "during" if b < d else "overlapped_by"


def inverse(relation: AllenRelation) -> AllenRelation:
    """The relation that holds from right to left when ``relation`` holds from left to right.

    >>> inverse("during")
    'contains'
    """
    return ALLEN_INVERSE[relation]
