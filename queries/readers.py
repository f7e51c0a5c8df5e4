"""Which reader answers which kind of question."""

from __future__ import annotations

from collections.abc import Callable

from queries.candidates import Candidate
from queries.causes import read_linked_causes
from queries.frame import Frame, Kind
from queries.holders import read_holders
from queries.participants import read_participants
from queries.phrases import read_attribute, read_causes, read_definition, read_focus, read_objects
from queries.pool import Match
from queries.quantities import read_ages, read_counts, read_durations, read_measures, read_money
from queries.truth import read_truth
from queries.whenwhere import read_places, read_times

Reader = Callable[[Frame, Match], list[Candidate]]


def read(frame: Frame, match: Match) -> list[Candidate]:
    """Candidates that a sentence gives for a frame."""
    return _READERS[frame.kind](frame, match)


def _who(frame: Frame, match: Match) -> list[Candidate]:
    return read_participants(frame, match)


def _what(frame: Frame, match: Match) -> list[Candidate]:
    if frame.verb is not None:
        return read_focus(frame, match) if frame.order and frame.role is None else read_objects(frame, match)
    return read_attribute(frame, match)


def _which(frame: Frame, match: Match) -> list[Candidate]:
    return read_focus(frame, match)


def _count(frame: Frame, match: Match) -> list[Candidate]:
    return read_counts(frame, match)


def _why(frame: Frame, match: Match) -> list[Candidate]:
    return read_causes(frame, match) or read_linked_causes(frame, match)


def _nothing(frame: Frame, match: Match) -> list[Candidate]:
    return []


_READERS: dict[Kind, Reader] = {
    "who": _who,
    "what": _what,
    "which": _which,
    "when": read_times,
    "where": read_places,
    "how_many": _count,
    "how_much": read_money,
    "how_long": read_durations,
    "how_old": read_ages,
    "measure": read_measures,
    "why": _why,
    "happened": _nothing,
    "holder": read_holders,
    "definition": read_definition,
    "yes_no": read_truth,
}
