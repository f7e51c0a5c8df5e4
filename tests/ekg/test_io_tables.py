"""Exports of the node level, and EventKG's schema there and back."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import ekg
from ekg.errors import DataError, MissingError
from ekg.graph import EventGraph
from ekg.io import export
from ekg.pipeline.build import graph_of
from ekg.pipeline.importing import import_files
from tests.samples import sample_pairs

# Written for this test, in the shape of EventKG's files: labels in languages, relations in either direction, a graph
# for each source, time stamps with and without an end, and an interval that ends before it begins.
EVENTKG = """
@prefix r: <http://eventKG.l3s.uni-hannover.de/resource/> .
@prefix g: <http://eventKG.l3s.uni-hannover.de/graph/> .
@prefix s: <http://eventKG.l3s.uni-hannover.de/schema/> .
@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dbo: <http://dbpedia.org/ontology/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
g:event_kg {
  r:event_1 a sem:Event ; sem:hasBeginTimeStamp "1911-04-02"^^xsd:date ; sem:hasEndTimeStamp "1911-04-05"^^xsd:date ;
    sem:hasSubEvent r:event_2 ; sem:hasPlace r:entity_9 .
  r:event_2 a sem:Event ; sem:hasBeginTimeStamp "1911-04-04"^^xsd:date .
  r:event_3 a sem:Event ; sem:hasBeginTimeStamp "1920-01-01"^^xsd:date ; sem:hasEndTimeStamp "1910-01-01"^^xsd:date .
  r:entity_7 a sem:Actor ; sem:hasBeginTimeStamp "1870-05-01"^^xsd:date .
  r:entity_9 a sem:Place .
}
g:wikidata {
  r:event_1 rdfs:label "Fair of Norrby"@en, "Messe von Norrby"@de ; dcterms:description "a fair of machines"@en .
  r:event_2 rdfs:label "Opening of the fair"@en .
  r:entity_7 rdfs:label "Ada Holm"@en .
  r:entity_9 rdfs:label "Norrby"@en .
  r:relation_1 a s:Relation ; rdf:subject r:event_1 ; rdf:object r:entity_7 ; sem:roleType dbo:organiser .
}
g:dbpedia_en {
  r:relation_2 a s:Relation ; rdf:subject r:entity_7 ; rdf:object r:event_2 ; sem:roleType dbo:notableEvent .
}
"""


@pytest.fixture
def graph() -> Iterator[EventGraph]:
    with graph_of(sample_pairs()) as graph:
        yield graph


@pytest.fixture
def eventkg(tmp_path: Path) -> Iterator[EventGraph]:
    source = tmp_path / "events.trig"
    source.write_text(EVENTKG)
    with ekg.open("memory:") as memory:
        memory.local_store.raw.load(path=str(source))
        export(memory.store, tmp_path / "events.nq")
    import_files(tmp_path / "kg", [tmp_path / "events.nq"])
    with ekg.open(tmp_path / "kg") as graph:
        yield graph


def test_events_of_eventkg_have_names_times_and_participants(eventkg: EventGraph) -> None:
    fair, opening, odd = eventkg
    assert (fair.label, fair.row.begin, fair.row.end, fair.place) == (
        "Fair of Norrby",
        "1911-04-02",
        "1911-04-06",
        "Norrby",
    )
    assert [(p.role, p.name) for p in fair.participants] == [("organiser", "Ada Holm")]
    assert [(p.role, p.name) for p in opening.participants] == [("notableEvent", "Ada Holm")]
    assert odd.time is None
    assert [e.label for e in eventkg["1911-04-05":"1911-04-06"]] == ["Fair of Norrby"]
    assert [e.label for e in eventkg.events(text="machines")] == ["Fair of Norrby"]
    assert [e.label for e in eventkg.timeline("Ada Holm")] == ["Fair of Norrby", "Opening of the fair"]


def test_queries_for_eventkg_give_the_same_rows_here(eventkg: EventGraph) -> None:
    rows = eventkg.rows(
        "PREFIX eventKG-g: <http://eventKG.l3s.uni-hannover.de/graph/> "
        "SELECT ?label ?start ?role ?who { "
        "GRAPH eventKG-g:event_kg { ?event a sem:Event ; sem:hasBeginTimeStamp ?start } "
        "?event rdfs:label ?label . ?relation a eventKG-s:Relation ; rdf:subject ?event ; rdf:object ?actor ; "
        "sem:roleType ?role . ?actor rdfs:label ?who "
        'FILTER(LANG(?label) = "en" && ?start >= "1911-01-01"^^xsd:date && ?start < "1912-01-01"^^xsd:date) }'
    )
    role = "http://dbpedia.org/ontology/organiser"
    assert rows == [{"label": "Fair of Norrby", "start": "1911-04-02", "role": role, "who": "Ada Holm"}]


def test_what_is_exported_for_eventkg_comes_back_with_its_times(graph: EventGraph, tmp_path: Path) -> None:
    out = tmp_path / "out.eventkg.nq"
    export(graph, out)
    assert b"w3id.org/ekg/ns#" not in out.read_bytes()
    assert {line.rsplit(b" ", 2)[1] for line in out.read_bytes().splitlines()} == {
        b"<http://eventKG.l3s.uni-hannover.de/graph/event_kg>"
    }
    import_files(tmp_path / "kg", [out])
    with ekg.open(tmp_path / "kg") as again:
        assert [(e.label, e.row.begin, e.row.end) for e in again] == [(e.label, e.row.begin, e.row.end) for e in graph]
        trial = next(e for e in again if e.label == "Tom Reyes was tried")
        assert [(p.role, p.name) for p in trial.participants] == [("Defendant", "Tom Reyes")]
        stamp = "SELECT ?b ?e { ?s rdf:subject ?event ; sem:hasBeginTimeStamp ?b ; sem:hasEndTimeStamp ?e }"
        assert again.rows(stamp, event=trial.iri) == [{"b": "2024-06-03", "e": "2024-06-03"}]


def test_facts_and_names_are_written_side_by_side(graph: EventGraph, tmp_path: Path) -> None:
    counts = export(graph, tmp_path / "facts.tsv")
    facts = [line.split("\t") for line in (tmp_path / "facts.tsv").read_text().splitlines()]
    names = [line.split("\t") for line in (tmp_path / "names.tsv").read_text().splitlines()]
    assert counts["rows"] == len(facts)
    assert facts == sorted(facts)
    trial, reyes = next(iter(graph.events(type="Trial"))).iri, graph.entity("Tom Reyes").iri
    assert [trial, "Defendant", reyes, "2024-06-03", "2024-06-03"] in facts
    assert [reyes, "Tom Reyes"] in names
    export(graph, tmp_path / "facts.tsv.gz")
    assert gzip.decompress((tmp_path / "names.tsv.gz").read_bytes()) == (tmp_path / "names.tsv").read_bytes()
    with pytest.raises(DataError, match=r"give facts\.tsv"):
        export(graph, tmp_path / "names.tsv")


def test_arrow_tables(graph: EventGraph) -> None:
    events = graph.to_arrow()
    assert events.num_rows == len(graph)
    trial = next(row for row in events.to_pylist() if row["type"] == "Trial")
    assert [f["name"] for f in trial["participants"]] == ["Tom Reyes"]
    assert trial["begin_at"].isoformat() == "2024-06-03T00:00:00+00:00"
    assert graph.to_arrow("entities").num_rows == graph.index.counts()["entity"]
    assert graph.to_arrow("facts").num_rows == len(graph.index.edges())
    with pytest.raises(DataError, match="events, entities, facts"):
        graph.to_arrow("tables")


def test_parquet_is_the_same_each_time(graph: EventGraph, tmp_path: Path) -> None:
    export(graph, tmp_path / "a.parquet")
    export(graph, tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == graph.to_arrow().to_pylist()


def test_without_pyarrow_the_extra_is_named(graph: EventGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingError, match=r"ekg-platform\[parquet\]"):
        export(graph, tmp_path / "a.parquet")
    assert not (tmp_path / "a.parquet").exists()


def test_node_formats_need_a_graph(graph: EventGraph, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="whole graph"):
        export(graph.store, tmp_path / "a.parquet")
