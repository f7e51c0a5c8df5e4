"""Time: instants, intervals, Allen relations, EDTF, and the grammar of time expressions. Standard library only."""

from ekg.time.allen import ALLEN_INVERSE, OWL_TIME, AllenRelation, allen, inverse
from ekg.time.edtf import from_edtf, to_edtf
from ekg.time.find import find_times
from ekg.time.instant import format_instant, parse_iso
from ekg.time.interval import Anchor, Granularity, TimeInterval, Verdict, compare
from ekg.time.mention import TimeMention
from ekg.time.parse import parse_constraint, parse_time

__all__ = [
    "ALLEN_INVERSE",
    "OWL_TIME",
    "AllenRelation",
    "Anchor",
    "Granularity",
    "TimeInterval",
    "TimeMention",
    "Verdict",
    "allen",
    "compare",
    "find_times",
    "format_instant",
    "from_edtf",
    "inverse",
    "parse_constraint",
    "parse_iso",
    "parse_time",
    "to_edtf",
]
