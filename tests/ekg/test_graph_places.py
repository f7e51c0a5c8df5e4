"""Events are found by the country or region that their place lies in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import ekg
from ekg.graph import EventGraph

DATA = """
@prefix ekg: <https://w3id.org/ekg/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .
<urn:e:1> a sem:Event ; rdfs:label "fire" ; sem:hasPlace <urn:p:zenda> .
<urn:e:2> a sem:Event ; rdfs:label "vote" ; sem:hasPlace <urn:p:ruritania> .
<urn:e:3> a sem:Event ; rdfs:label "storm" ; sem:hasPlace <urn:p:elsewhere> .
<urn:p:zenda> a sem:Place ; rdfs:label "Zenda" ; schema:containedInPlace <urn:g:region>, <urn:g:ruritania> .
<urn:p:ruritania> a sem:Place ; rdfs:label "Kingdom of Ruritania" ; owl:sameAs <urn:g:ruritania> .
<urn:p:elsewhere> a sem:Place ; rdfs:label "Elsewhere" .
<urn:g:region> rdfs:label "Upper Province" .
<urn:g:ruritania> rdfs:label "Ruritania" .
"""


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[EventGraph]:
    (tmp_path / "d.ttl").write_text(DATA, encoding="utf-8")
    ekg.import_files(tmp_path / "kg", tmp_path / "d.ttl")
    with ekg.open(tmp_path / "kg") as opened:
        yield opened


@pytest.mark.parametrize(
    ("place", "labels"),
    [
        ("Zenda", {"fire"}),
        ("Upper Province", {"fire"}),
        ("Ruritania", {"fire", "vote"}),
        ("Kingdom of Ruritania", {"fire", "vote"}),
        ("urn:g:ruritania", {"fire", "vote"}),
        ("urn:p:zenda", {"fire"}),
        ("Elsewhere", {"storm"}),
        ("Nowhere", set()),
    ],
)
def test_containment(graph: EventGraph, place: str, labels: set[str]) -> None:
    assert {event.label for event in graph.events(place=place)} == labels
