"""Core types: frozen dataclasses that every layer shares. Standard library and msgspec only."""

from ekg.model.alignment import Alignment, Link, Zone
from ekg.model.answer import Abstention, Answer, AnswerValue, Evidence, Validity
from ekg.model.document import CharSpan, Document, MediaSpan, Segment, Span
from ekg.model.event import (
    Argument,
    ArgumentStatus,
    Container,
    Diagnostic,
    Entity,
    Event,
    EventTime,
    Geo,
    MentionKind,
    Modality,
    Place,
    Polarity,
    Relation,
    TimeExpression,
    Trigger,
)
from ekg.model.record import DocumentInfo, Extraction, decode_extraction, encode_extraction

__all__ = [
    "Abstention",
    "Alignment",
    "Answer",
    "AnswerValue",
    "Argument",
    "ArgumentStatus",
    "CharSpan",
    "Container",
    "Diagnostic",
    "Document",
    "DocumentInfo",
    "Entity",
    "Event",
    "EventTime",
    "Evidence",
    "Extraction",
    "Geo",
    "Link",
    "MediaSpan",
    "MentionKind",
    "Modality",
    "Place",
    "Polarity",
    "Relation",
    "Segment",
    "Span",
    "TimeExpression",
    "Trigger",
    "Validity",
    "Zone",
    "decode_extraction",
    "encode_extraction",
]
