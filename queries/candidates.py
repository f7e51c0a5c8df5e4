"""A possible answer, and the one answer that several of them speak for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekg.index import EventRow
from ekg.model import CharSpan, MediaSpan
from ekg.model.answer import AnswerType
from queries.pool import Match, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible answer that was read at one place.

    Args:
        key: what two candidates share when they say the same.
        value: machine value.
        label: readable form.
        type: type of the answer.
        score: how sure, 0 to 1.
        sentence: where it was read.
        span: the characters of the document that say it, None where the sentence as a whole does.
        arm: ``graph`` where an event's participant, place or time says so, else ``text``.
        entity: IRI of the entity that it is.
        event: event that it was read from.
        statement: IRI of the graph's statement that says it.
        begin: first instant at which the event holds, ISO.
        end: just after the last.
    """

    key: str
    value: str | int | float | bool
    label: str
    type: AnswerType
    score: float
    sentence: Sentence
    span: CharSpan | None = None
    arm: Literal["graph", "text"] = "text"
    entity: str | None = None
    event: EventRow | None = None
    statement: str | None = None
    begin: str | None = None
    end: str | None = None
    media: MediaSpan | None = None


def scaled(match: Match, quality: float) -> float:
    """Score of a candidate: how well the sentence fits the question times how well the answer fits its place."""
    return round(max(0.0, min(1.0, match.score * max(0.0, min(1.0, quality)))), 4)
