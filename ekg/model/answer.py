"""Answers with evidence, and reasons for not answering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ekg.model.document import CharSpan, MediaSpan

Abstention = Literal[
    "no_entity",
    "no_relation",
    "time_out_of_range",
    "no_evidence",
    "low_confidence",
    "false_premise",
    "not_understood",
]

AnswerType = Literal["entity", "event", "date", "interval", "duration", "number", "boolean", "place", "text", "moment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where an answer comes from; ``quote`` is exactly the document's text at ``span``."""

    document: str
    title: str | None = None
    published: str | None = None
    span: CharSpan | None = None
    quote: str | None = None
    media: MediaSpan | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Half-open interval during which an answer holds; None is unknown."""

    begin: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerValue:
    """One answer: a machine value (id, ISO date, number), a readable label, and its evidence."""

    value: str | int | float | bool
    label: str
    type: AnswerType
    confidence: float
    valid: Validity | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of ``ask``: with ``abstained`` true, ``answers`` is empty and ``reason`` is set."""

    question: str
    abstained: bool
    reason: Abstention | None = None
    confidence: float = 0.0
    answers: tuple[AnswerValue, ...] = ()
    conflicts: tuple[dict[str, Any], ...] = ()
    sparql: str = ""
    frame: dict[str, Any] = field(default_factory=dict)
    elapsed_ms: int = 0
