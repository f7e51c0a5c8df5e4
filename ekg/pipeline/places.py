"""Where a place node is: position, GeoNames' id, and what it lies in, as most of its mentions have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from ekg.model import Entity, Geo
from ekg.store import decimal_literal
from ekg.store.base import Term
from ekg.vocab import GEO, OWL, RDF, RDFS, SCHEMA

_CLASSES = {"country": "Country", "region": "AdministrativeArea", "continent": "Continent", "town": "City"}
_GEONAMES = "http://sws.geonames.org/"


def pick_geo(entities: Sequence[Entity]) -> Geo | None:
    """The place on earth that most of the mentions' confidence speaks for; the lowest IRI of equals."""
    weight: dict[str, float] = {}
    found: dict[str, Geo] = {}
    for entity in entities:
        if entity.geo is not None:
            found.setdefault(entity.geo.iri, entity.geo)
            weight[entity.geo.iri] = weight.get(entity.geo.iri, 0.0) + round(entity.geo.confidence, 4)
    if not found:
        return None
    return found[min(found, key=lambda iri: (-round(weight[iri], 4), iri))]


def place_statements(iri: str, geo: Geo) -> Iterator[tuple[str, str, Term]]:
    """Statements about a place node and what it lies in (all of it, so that one pattern finds every place inside)."""
    if geo.latitude is not None and geo.longitude is not None:
        yield iri, GEO + "lat", decimal_literal(geo.latitude)
        yield iri, GEO + "long", decimal_literal(geo.longitude)
    if geo.kind in _CLASSES:
        yield iri, RDF + "type", ox.NamedNode(SCHEMA + _CLASSES[geo.kind])
    if geo.iri.startswith(_GEONAMES):
        yield iri, OWL + "sameAs", ox.NamedNode(geo.iri)
    else:
        yield iri, SCHEMA + "sameAs", ox.NamedNode(geo.iri)
    if geo.country:
        yield iri, SCHEMA + "addressCountry", ox.Literal(geo.country)
    for container in geo.within:
        yield iri, SCHEMA + "containedInPlace", ox.NamedNode(container.iri)
        yield container.iri, RDFS + "label", ox.Literal(container.name)


def same_as_statements(iri: str, entities: Sequence[Entity]) -> Iterator[tuple[str, str, Term]]:
    """``owl:sameAs`` to what the user's link table names, where all mentions that have a link agree."""
    links = {entity.same_as for entity in entities if entity.same_as}
    if len(links) == 1:
        for other in links.pop():
            yield iri, OWL + "sameAs", ox.NamedNode(other)
