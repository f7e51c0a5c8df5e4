"""A graph in the terms of EventKG's schema alone, so that what was written for EventKG reads it.

Schema: Gottschalk and Demidova, "EventKG: a multilingual event-centric temporal knowledge graph", ESWC 2018. Events,
actors and places with labels in English, times as inclusive days, sub-events and places; participations as
``eventKG-s:Relation`` with the time of their event; all in the one graph that EventKG calls its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from ekg.store import date_literal
from ekg.store.base import Store
from ekg.time import format_instant, parse_iso
from ekg.vocab import DCTERMS, EKG, EVENTKG, OWL, RDF, RDFS, SCHEMA, SEM

GRAPH = ox.NamedNode("http://eventKG.l3s.uni-hannover.de/graph/event_kg")
_TYPE = ox.NamedNode(RDF + "type")
_NODES = (SEM + "Event", SEM + "Actor", SEM + "Place", EVENTKG + "Relation")
_KEPT = frozenset(
    {
        RDF + "subject",
        RDF + "object",
        RDFS + "label",
        SEM + "hasActor",
        SEM + "hasPlace",
        SEM + "hasSubEvent",
        SEM + "roleType",
        SEM + "hasBeginTimeStamp",
        SEM + "hasEndTimeStamp",
        DCTERMS + "alternative",
        DCTERMS + "description",
        OWL + "sameAs",
        SCHEMA + "containedInPlace",
    }
)
_TEXTS = frozenset({RDFS + "label", DCTERMS + "alternative", DCTERMS + "description"})
_STAMPS = {EKG + "begin": "hasBeginTimeStamp", EKG + "end": "hasEndTimeStamp"}


def eventkg_quads(store: Store) -> Iterator[ox.Quad]:
    """Quads of all nodes and statements; one statement in several graphs comes several times."""
    for kind in _NODES:
        for typed in store.quads(None, _TYPE, ox.NamedNode(kind)):
            yield ox.Quad(typed.subject, _TYPE, ox.NamedNode(kind), GRAPH)
            if isinstance(typed.subject, ox.NamedNode):
                yield from _described(store, typed.subject)


def _described(store: Store, node: ox.NamedNode) -> Iterator[ox.Quad]:
    said = list(store.quads(node))
    stamped = {quad.predicate.value for quad in said}
    for quad in said:
        predicate, value = quad.predicate.value, quad.object
        if predicate in _KEPT:
            if predicate in _TEXTS and isinstance(value, ox.Literal) and value.language is None:
                value = ox.Literal(value.value, language="en")
            yield ox.Quad(node, quad.predicate, value, GRAPH)
        elif predicate in _STAMPS and SEM + _STAMPS[predicate] not in stamped and isinstance(value, ox.Literal):
            day = _day(value.value, last=predicate == EKG + "end")
            if day is not None:
                yield ox.Quad(node, ox.NamedNode(SEM + _STAMPS[predicate]), day, GRAPH)


def _day(moment: str, *, last: bool) -> ox.Literal | None:
    """The day of a bound, inclusive; None for what is no date."""
    try:
        return date_literal(format_instant(parse_iso(moment)[0] - last))
    except ValueError:
        return None
