"""Entities with a place on earth, or a link of the user's, across documents."""

from __future__ import annotations

from dataclasses import replace

from alignment import resolve
from ekg.model import DocumentInfo, Entity, Extraction, Geo


def record(doc: str, *entities: Entity) -> Extraction:
    info = DocumentInfo(id=doc, kind="article", title=None, published=f"2016-11-0{ord(doc) - 96}", lang="en", length=9)
    return Extraction(document=info, entities=entities)


def entity(doc: str, name: str, kind: str, geonames: int | None = None, *links: str) -> Entity:
    found = Entity(id=f"{doc}:{name}", type=kind, name=name, mentions=((0, len(name)),), same_as=links)
    if geonames is None:
        return found
    geo = Geo(
        iri=f"http://sws.geonames.org/{geonames}/", geonames=geonames, name=name, kind="town", country=None,
        latitude=0.0, longitude=0.0,
    )  # fmt: skip
    return replace(found, geo=geo)


def test_two_towns_of_one_name_stay_apart() -> None:
    found = resolve(
        [
            record("a", entity("a", "Paris", "place", 1)),
            record("b", entity("b", "Paris", "place", 2)),
            record("c", entity("c", "Paris", "place", 1)),
        ]
    )
    assert found.entities == {"a:Paris": "a:Paris", "b:Paris": "b:Paris", "c:Paris": "a:Paris"}


def test_one_town_by_two_names_is_one_node() -> None:
    found = resolve([record("a", entity("a", "Kiev", "place", 7)), record("b", entity("b", "Kyiv", "place", 7))])
    assert found.entities["b:Kyiv"] == "a:Kiev"
    assert [link.evidence["rule"] for link in found.links] == ["same place on earth"]


def test_links_of_the_user_keep_namesakes_apart_and_join_aliases() -> None:
    found = resolve(
        [
            record("a", entity("a", "Ada Lund", "person", None, "http://www.wikidata.org/entity/Q1")),
            record("b", entity("b", "Ada Lund", "person", None, "http://www.wikidata.org/entity/Q2")),
            record("c", entity("c", "The Minister", "person", None, "http://www.wikidata.org/entity/Q1")),
        ]
    )
    assert found.entities["b:Ada Lund"] == "b:Ada Lund"
    assert found.entities["c:The Minister"] == "a:Ada Lund"


def test_a_demanded_link_is_stronger() -> None:
    records = [record("a", entity("a", "Paris", "place", 1)), record("b", entity("b", "Paris", "place", 2))]
    found = resolve(records, must_link=[("a:Paris", "b:Paris")])
    assert found.entities["b:Paris"] == "a:Paris"
