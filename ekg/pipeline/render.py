"""One document's extraction record as quads: the mention level, in the document's own named graph.

Nothing here depends on any other document, so that a document's graph can be written, checked and removed alone. There
are no blank nodes: every IRI is a hash of what the thing is anchored in, and sorted N-Quads are canonical.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from ekg.ids import digest
from ekg.model import Argument, CharSpan, Document, Entity, Event, Extraction, Relation, TimeExpression
from ekg.store import date_literal, datetime_literal, decimal_literal
from ekg.store.base import Term
from ekg.time.allen import OWL_TIME
from ekg.vocab import (
    EKG,
    OA,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SEM,
    TIME,
    document_iri,
    event_type_iri,
    mention_iri,
    role_iri,
)

Statement = tuple[str, str, Term]

_ALLEN: dict[str, str] = {name: TIME + local for name, local in OWL_TIME.items()}


def relation_iri(kind: str) -> str:
    """IRI of a relation between events: OWL-Time for temporal kinds, our own for the rest."""
    return _ALLEN.get(kind, EKG + kind)


def _iri(value: str) -> ox.NamedNode:
    return ox.NamedNode(value)


def _text(value: str) -> ox.Literal:
    # N-Quads readers disagree on NUL; nothing that a person reads holds one.
    return ox.Literal(value.replace("\x00", ""))


def render_document(document: Document, record: Extraction, recorded: str | None) -> Iterator[ox.Quad]:
    """Quads of one document's named graph.

    Args:
        document: the document, for its metadata and text.
        record: what was extracted from it.
        recorded: ISO date at which its statements count as recorded, never the clock.
    """
    graph = _iri(document_iri(document.id))
    renderer = _Renderer(document, record)
    for subject, predicate, value in renderer.statements(recorded):
        yield ox.Quad(_iri(subject), _iri(predicate), value, graph)


class _Renderer:
    def __init__(self, document: Document, record: Extraction) -> None:
        self.document = document
        self.record = record
        self.doc = document_iri(document.id)
        self.spans: set[CharSpan] = set()

    def statements(self, recorded: str | None) -> Iterator[Statement]:
        yield from self.header(recorded)
        for entity in self.record.entities:
            yield from self.entity(entity)
        for time in self.record.times:
            yield from self.time(time)
        for event in self.record.events:
            yield from self.event(event)
        for relation in self.record.relations:
            yield from self.relation(relation)
        for span in sorted(self.spans):
            yield from self.selector(span)

    def header(self, recorded: str | None) -> Iterator[Statement]:
        document = self.document
        kind = "VideoObject" if document.kind == "video" else "NewsArticle"
        yield self.doc, RDF + "type", _iri(SCHEMA + kind)
        for name, value in (
            ("headline", document.title),
            ("description", document.lead),
            ("url", document.url),
            ("publisher", document.publisher),
            ("inLanguage", document.lang),
        ):
            if value:
                yield self.doc, SCHEMA + name, _text(value)
        for author in document.authors:
            yield self.doc, SCHEMA + "author", _text(author)
        yield self.doc, SCHEMA + "identifier", _text(document.id)
        if document.published:
            literal = datetime_literal if "T" in document.published else date_literal
            yield self.doc, SCHEMA + "datePublished", literal(document.published)
        if document.duration is not None:
            yield self.doc, EKG + "durationSeconds", decimal_literal(document.duration)
        if recorded:
            yield self.doc, EKG + "recordedAt", date_literal(recorded)

    def span(self, span: CharSpan) -> ox.NamedNode:
        self.spans.add(span)
        return _iri(f"{self.doc}#char={span[0]},{span[1]}")

    def selector(self, span: CharSpan) -> Iterator[Statement]:
        iri = self.span(span).value
        yield iri, RDF + "type", _iri(OA + "TextPositionSelector")
        yield iri, OA + "start", ox.Literal(span[0])
        yield iri, OA + "end", ox.Literal(span[1])
        yield iri, OA + "exact", _text(self.document.text[span[0] : span[1]])

    def entity(self, entity: Entity) -> Iterator[Statement]:
        iri = mention_iri(entity.id)
        yield iri, RDF + "type", _iri(EKG + "EntityMention")
        yield iri, RDFS + "label", _text(entity.name)
        yield iri, EKG + "entityType", _text(entity.type)
        yield iri, OA + "hasSource", _iri(self.doc)
        for span in entity.mentions:
            yield iri, OA + "hasSelector", self.span(span)
        for span in entity.references:
            yield iri, EKG + "referenceSelector", self.span(span)
        yield self.doc, SCHEMA + "mentions", _iri(iri)

    def interval(self, iri: str, begin: str | None, end: str | None, granularity: str) -> Iterator[Statement]:
        if begin is not None:
            yield iri, EKG + "begin", datetime_literal(begin)
        if end is not None:
            yield iri, EKG + "end", datetime_literal(end)
        yield iri, EKG + "granularity", _text(granularity)

    def time(self, time: TimeExpression) -> Iterator[Statement]:
        iri = self.time_iri(time.span)
        yield iri, RDF + "type", _iri(EKG + "TimeMention")
        yield iri, OA + "hasSource", _iri(self.doc)
        yield iri, OA + "hasSelector", self.span(time.span)
        yield from self.interval(iri, time.begin, time.end, time.granularity)

    def time_iri(self, span: CharSpan) -> str:
        return f"urn:ekg:time:{digest('time', self.document.id, *span)}"

    def event(self, event: Event) -> Iterator[Statement]:
        iri = mention_iri(event.id)
        yield iri, RDF + "type", _iri(EKG + "EventMention")
        yield iri, EKG + "eventType", _iri(event_type_iri(event.type))
        yield iri, EKG + "lemma", _text(event.lemma)
        yield iri, EKG + "polarity", _text(event.polarity)
        yield iri, EKG + "modality", _text(event.modality)
        yield iri, EKG + "confidence", decimal_literal(event.confidence)
        yield iri, OA + "hasSource", _iri(self.doc)
        yield iri, OA + "hasSelector", self.span(event.trigger.span)
        yield iri, PROV + "wasDerivedFrom", _iri(self.doc)
        if event.method:
            yield iri, EKG + "proposedBy", _text(event.method)
        if event.time is not None:
            yield from self.interval(iri, event.time.begin, event.time.end, event.time.granularity)
            if event.time.anchor:
                yield iri, EKG + "anchor", _text(event.time.anchor)
            if event.time.span is not None:
                yield iri, EKG + "timeSelector", self.span(event.time.span)
            if event.time.status != "observed":
                yield iri, EKG + "timeStatus", _text(event.time.status)
        if event.place is not None:
            yield iri, EKG + "placeSelector", self.span(event.place.span)
            if event.place.entity:
                yield iri, SEM + "hasPlace", _iri(mention_iri(event.place.entity))
            if event.place.status != "observed":
                yield iri, EKG + "placeStatus", _text(event.place.status)
        if event.media is not None:
            yield iri, EKG + "mediaFragment", _iri(f"{self.doc}#t={event.media[0]:g},{event.media[1]:g}")
        for argument in event.arguments:
            yield from self.argument(event, argument)

    def argument(self, event: Event, argument: Argument) -> Iterator[Statement]:
        iri = argument_iri(event, argument)
        yield mention_iri(event.id), EKG + "hasArgument", _iri(iri)
        yield iri, RDF + "type", _iri(EKG + "Argument")
        yield iri, SEM + "roleType", _iri(role_iri(argument.role))
        yield iri, EKG + "status", _text(argument.status)
        yield iri, EKG + "confidence", decimal_literal(argument.confidence)
        if argument.span is not None:
            yield iri, OA + "hasSelector", self.span(argument.span)
        if argument.entity:
            yield iri, EKG + "filler", _iri(mention_iri(argument.entity))

    def relation(self, relation: Relation) -> Iterator[Statement]:
        iri = relation_mention_iri(relation)
        yield iri, RDF + "type", _iri(EKG + "RelationMention")
        yield iri, OA + "hasSource", _iri(self.doc)
        yield iri, RDF + "subject", _iri(mention_iri(relation.source))
        yield iri, RDF + "object", _iri(mention_iri(relation.target))
        yield iri, SEM + "roleType", _iri(relation_iri(relation.kind))
        yield iri, EKG + "confidence", decimal_literal(relation.confidence)
        if relation.cue:
            yield iri, EKG + "cue", _text(relation.cue)
        if relation.method:
            yield iri, EKG + "method", _text(relation.method)
        if relation.span is not None:
            yield iri, OA + "hasSelector", self.span(relation.span)


def argument_iri(event: Event, argument: Argument) -> str:
    """IRI of an argument mention: its event, role and span."""
    return f"urn:ekg:argument:{digest('argument', event.id, argument.role, *(argument.span or ()))}"


def relation_mention_iri(relation: Relation) -> str:
    """IRI of a relation as a document states it: its kind and the two event mentions."""
    return f"urn:ekg:relation:{digest('relation', relation.kind, relation.source, relation.target)}"
