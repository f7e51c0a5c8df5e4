"""What extraction finds in one document: entities, events with arguments, times and relations.

The field names are those of the extraction record (INTERFACE), so that msgspec encodes the types as they stand.
All spans are characters of the document's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekg.model.document import CharSpan, MediaSpan

Polarity = Literal["positive", "negative"]
Modality = Literal["actual", "planned", "possible", "hypothetical", "reported"]
MentionKind = Literal["name", "nominal", "pronoun"]
ArgumentStatus = Literal["observed", "partial", "inferred", "missing", "contradicted"]
"""How much is known of a role, a time or a place; see ``docs/partial-events.md``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The word or words that name an event in the text."""

    text: str
    span: CharSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A participant of an event.

    Args:
        role: GENEVA's role name, verbatim, or a role of the active ontology.
        text: the text at ``span``; empty for a role that is ``missing``.
        span: None for a role that is ``missing``.
        entity: id of the document's entity that the argument is or has as its head; None for other phrases.
        status: ``observed`` in the text; ``partial``: a word that names nobody ("they"), or shown but not told.
        confidence: 0 to 1, four decimals.
        mention: how the text refers to ``entity``: by a name, a common noun or a pronoun; None without an entity.
    """

    role: str
    text: str
    span: CharSpan | None
    entity: str | None = None
    status: ArgumentStatus = "observed"
    confidence: float = 1.0
    mention: MentionKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTime:
    """When an event happened (valid time): a half-open interval; an open or unknown end is None.

    Args:
        begin: ISO date, or date-time for times of day.
        end: the same, excluded.
        granularity: ``second`` … ``day``, ``month``, ``year`` …, of the expression it comes from.
        text: the expression, empty where the time was taken over from the document.
        span: where the expression is; None where there is none.
        anchor: what it was resolved against: ``document``, ``text`` (absolute), ``previous`` or ``event``.
        approximate: whether the source hedges ("around", "early").
        status: ``observed``, or ``inferred`` where no expression of its own dates the event.
    """

    begin: str | None
    end: str | None
    granularity: str
    text: str = ""
    span: CharSpan | None = None
    anchor: str | None = None
    approximate: bool = False
    status: ArgumentStatus = "observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event happened.

    Args:
        entity: id of the document's entity; None for a place without a name ("a warehouse").
        text: the text that says so.
        span: where it stands.
        status: ``observed`` where the event's own clause names it, else ``inferred``.
        confidence: 0 to 1, four decimals.
    """

    entity: str | None
    text: str
    span: CharSpan
    status: ArgumentStatus = "observed"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One mention of an event.

    Args:
        id: hash of document id and trigger span (``ekg.ids.event_id``).
        type: a type of the ontology, or plain ``Event``.
        trigger: where and how the text names it.
        lemma: lemma of the trigger's head, lower case.
        polarity: ``negative`` when the text says it did not happen.
        modality: whether the text presents it as actual, planned, possible, hypothetical or reported.
        confidence: 0 to 1, four decimals.
        arguments: in order of span.
        time: valid time, None if nothing is known.
        place: None if nothing is known.
        media: seconds of the recording in which it is told.
        cluster: set when events were resolved across documents: the node's id.
        missing: ``time``, ``place`` and the roles of the type's template of which the text says nothing.
        method: the model that proposed it, where another than our own did: ``hf:NAME`` or ``llm:MODEL``.
    """

    id: str
    type: str
    trigger: Trigger
    lemma: str
    polarity: Polarity = "positive"
    modality: Modality = "actual"
    confidence: float = 1.0
    arguments: tuple[Argument, ...] = ()
    time: EventTime | None = None
    place: Place | None = None
    media: MediaSpan | None = None
    cluster: str | None = None
    missing: tuple[str, ...] = ()
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A region, country or continent that a place lies in, by its IRI and name."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo:
    """Where on earth a place is, as the gazetteer has it.

    Args:
        iri: GeoNames' IRI, or ``urn:ekg:region:…`` for a region without an id there.
        geonames: GeoNames id.
        name: the place's usual name.
        kind: ``continent``, ``country``, ``region`` or ``town``.
        country: ISO 3166-1 code; None for a continent.
        latitude: degrees.
        longitude: degrees.
        confidence: 0 to 1, four decimals, that this place of the name is meant.
        within: what it lies in, from the nearest on.
    """

    iri: str
    geonames: int | None
    name: str
    kind: str
    country: str | None
    latitude: float | None
    longitude: float | None
    confidence: float = 1.0
    within: tuple[Container, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Something named in the document, with everything in it that refers to it.

    Args:
        id: hash of document id and normalised name (``ekg.ids.entity_id``).
        type: ``person``, ``organization``, ``place``, ``product``, ``work``, ``other``, …
        name: the longest or best form of its name in the document.
        mentions: named mentions, in text order.
        references: pronouns and common nouns that refer to it.
        geo: where it is, for places that the gazetteer knows.
        same_as: IRIs of the same thing elsewhere, from the user's link table.
    """

    id: str
    type: str
    name: str
    mentions: tuple[CharSpan, ...] = ()
    references: tuple[CharSpan, ...] = ()
    geo: Geo | None = None
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A time expression and its value; null bounds where it has none ("recently"), see INTERFACE."""

    text: str
    span: CharSpan
    begin: str | None
    end: str | None
    granularity: str
    anchor: str | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation between two events of the document.

    Args:
        kind: ``before``, ``after``, another Allen relation, ``cause``, ``precondition``, ``subevent``, ``coreference``.
        source: event id.
        target: event id.
        confidence: 0 to 1, four decimals.
        cue: the words that say so, or ``time`` where it follows from the intervals.
        span: where those words are; None where no words say it.
        method: ``interval``, ``text`` (stated by the cue), ``type`` or ``learned``; empty where not known.
    """

    kind: str
    source: str
    target: str
    confidence: float = 1.0
    cue: str = ""
    span: CharSpan | None = None
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Something a reader of the output should know: what was left out, repaired or doubtful."""

    code: str
    message: str
