"""Rows that the index returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ekg.ids import IRI
from ekg.model import CharSpan, MediaSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to return; every part that is set must hold.

    Args:
        type: name of an event type.
        actors: IRIs of entities, of which at least one takes part (or is the place).
        place: IRIs of entities, of which one is the place.
        begin: seconds since 1970; events that end before it are left out, and so are events without any time.
        end: seconds since 1970, excluded.
        text: words that label, participants or mentions hold (stemmed, all of them).
        recorded_by: ISO date; only events recorded then or before.
        document: id of a document that mentions it.
        missing: ``time``, ``place``, or roles that an event's type has and that nothing may fill.
        polarity: ``positive`` or ``negative``.
        modality: one modality.
    """

    type: str | None = None
    actors: tuple[str, ...] | None = None
    place: tuple[str, ...] | None = None
    begin: int | None = None
    end: int | None = None
    text: str | None = None
    recorded_by: str | None = None
    document: str | None = None
    missing: tuple[str, ...] = ()
    polarity: str | None = None
    modality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event node. ``begin`` and ``end`` are ISO, half-open; ``id`` is the index's own number."""

    id: int
    iri: IRI
    type: str
    label: str
    begin: str | None
    end: str | None
    granularity: str | None
    recorded: str | None
    place: IRI | None
    place_name: str | None
    polarity: str
    modality: str
    confidence: float
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """An entity node; ``score`` says how well it fits what was looked for (1 = exact name)."""

    id: int
    iri: IRI
    type: str
    name: str
    aliases: tuple[str, ...]
    mentions: int
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow:
    """A filler of a role: an entity node, or a phrase where no entity is named."""

    role: str
    entity: IRI | None
    name: str
    confidence: float
    statement: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow:
    """Where an event's trigger (or an argument, with ``role`` set) stands in a document."""

    document: str
    title: str | None
    published: str | None
    span: CharSpan
    text: str
    media: MediaSpan | None = None
    role: str | None = None
    entity: IRI | None = None
    statement: str | None = None
    mention: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """A relation of an event to another."""

    kind: str
    source: IRI
    target: IRI
    confidence: float
    statement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRow:
    """A passage found by its words; ``score`` is BM25, higher is better. ``kind`` is the document's."""

    id: int
    document: str
    kind: str
    title: str | None
    published: str | None
    span: CharSpan
    media: MediaSpan | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfoRow:
    """A document without its text."""

    name: str
    kind: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    lead: str | None
    score: float = 0.0


class NodeRow(NamedTuple):
    """A node as graphs of other libraries hold it; times are None for an entity."""

    iri: str
    type: str
    name: str
    begin: str | None
    end: str | None


class EdgeRow(NamedTuple):
    """An event's role, place or relation, with the event's time for the first two."""

    source: str
    predicate: str
    target: str
    begin: str | None
    end: str | None
