"""Places in the graph: position, GeoNames' id, containment, and what the user's links say."""

from __future__ import annotations

from ekg.model import Container, Entity, Geo
from ekg.pipeline.places import pick_geo, place_statements, same_as_statements
from ekg.vocab import OWL, SCHEMA

FRANCE = Container(iri="http://sws.geonames.org/3017382/", name="France")


def geo(number: int | None, confidence: float = 0.9, iri: str = "") -> Geo:
    return Geo(
        iri=iri or f"http://sws.geonames.org/{number}/", geonames=number, name="Nice", kind="town", country="FR",
        latitude=43.703, longitude=7.266, confidence=confidence, within=(FRANCE,),
    )  # fmt: skip


def entity(where: Geo | None = None, *links: str) -> Entity:
    return Entity(id="en_1", type="place", name="Nice", mentions=((0, 4),), geo=where, same_as=links)


def test_the_place_with_the_most_confidence_wins() -> None:
    picked = pick_geo([entity(geo(1, 0.7)), entity(geo(2, 0.6)), entity(geo(2, 0.6)), entity()])
    assert picked is not None
    assert picked.geonames == 2
    assert pick_geo([entity()]) is None


def test_statements_of_a_place() -> None:
    found = {(s, p.rpartition("/")[2].rpartition("#")[2], o.value) for s, p, o in place_statements("urn:x", geo(1))}
    assert found == {
        ("urn:x", "lat", "43.703"),
        ("urn:x", "long", "7.266"),
        ("urn:x", "type", SCHEMA + "City"),
        ("urn:x", "sameAs", "http://sws.geonames.org/1/"),
        ("urn:x", "addressCountry", "FR"),
        ("urn:x", "containedInPlace", FRANCE.iri),
        (FRANCE.iri, "label", "France"),
    }


def test_a_region_without_an_id_is_not_the_same_as_anything_of_geonames() -> None:
    predicates = [p for _, p, _ in place_statements("urn:x", geo(None, iri="urn:ekg:region:FR.93"))]
    assert OWL + "sameAs" not in predicates


def test_links_are_written_only_where_mentions_agree() -> None:
    links = ("http://www.wikidata.org/entity/Q1",)
    assert [o.value for _, _, o in same_as_statements("urn:x", [entity(None, *links), entity()])] == list(links)
    assert list(same_as_statements("urn:x", [entity(None, *links), entity(None, "https://e.org/2")])) == []
