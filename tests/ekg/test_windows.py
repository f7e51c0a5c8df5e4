from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import ekg
from ekg.bench.synthetic import write_graph
from ekg.errors import QueryError
from ekg.graph import EventGraph
from ekg.graph.open import memory_graph
from ekg.server.reader import Reader
from ekg.store import DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.store.windows import expand_windows

# Bounds of every kind: both, one, EventKG's days, none.
DATA = """
PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> PREFIX ekg: <https://w3id.org/ekg/ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA {
  <urn:day> a sem:Event ; ekg:begin "2020-05-04T00:00:00Z"^^xsd:dateTime ; ekg:end "2020-05-05T00:00:00Z"^^xsd:dateTime .
  <urn:open> a sem:Event ; ekg:begin "2020-05-04T00:00:00Z"^^xsd:dateTime .
  <urn:ended> a sem:Event ; ekg:end "2020-05-05T00:00:00Z"^^xsd:dateTime .
  <urn:eventkg> a sem:Event ; sem:hasBeginTimeStamp "2020-05-03"^^xsd:date ; sem:hasEndTimeStamp "2020-05-04"^^xsd:date .
  <urn:since> a sem:Event ; sem:hasBeginTimeStamp "2020-05-04"^^xsd:date .
  <urn:never> a sem:Event .
  <urn:other> ekg:begin "2020-05-04T00:00:00Z"^^xsd:dateTime .
}
"""
QUERY = 'SELECT ?e {{ ?e ekg:during ("{}" "{}") . ?e a sem:Event }}'


@pytest.fixture
def graph() -> Iterator[EventGraph]:
    store, documents = OxigraphStore(), DocumentStore()
    store.update(DATA)
    with memory_graph(store, documents) as graph:
        yield graph


@pytest.mark.parametrize(
    "window",
    [
        ("2020-05-04", "2020-05-05"),
        ("2020-05-05", "2020-05-06"),
        ("2020-05-03", "2020-05-04"),
        ("2020-05", "2020-06"),
        ("2020-05-04T12:00", "2020-05-04T13:00"),
        ("", "2020-05-04"),
        ("2020-05-05", ""),
        ("", ""),
    ],
)
def test_a_window_finds_what_the_index_finds_with_it_and_without(graph: EventGraph, window: tuple[str, str]) -> None:
    wanted = {e.iri for e in graph.events(begin=window[0] or "-4000", end=window[1] or None)}
    compared = {row["e"] for row in graph.rows(QUERY.format(*window))}
    graph.local_store.windows = graph.index.iris_between
    assert {row["e"] for row in graph.rows(QUERY.format(*window))} == wanted
    if "T" not in window[0]:  # days of EventKG cannot be compared with times of day
        assert compared == wanted


def test_windows_join_with_the_rest_of_a_query(graph: EventGraph) -> None:
    text = """
      PREFIX ekg: <https://w3id.org/ekg/ns#>
      SELECT (COUNT(*) AS ?n) {
        ?a ekg:during ("2020-05-04" "2020-05-05") # a comment
        { SELECT ?b { ?b <https://w3id.org/ekg/ns#during> ( '2020-05-03' '2020-05-04' ) } }
        FILTER(?a != ?b)
      }"""
    assert graph.rows(text) == [{"n": 4}]


@pytest.mark.parametrize(
    "pattern",
    [
        '?e ekg:during "2020"',
        '?e ekg:during ("2020")',
        "?e ekg:during (?x ?y)",
        '?e ekg:during ("2020" "2021") ; a sem:Event',
        '<urn:day> ekg:during ("2020" "2021")',
        '?e ekg:during ("soon" "2021")',
        "?e ekg:during",
    ],
)
def test_other_forms_are_refused(graph: EventGraph, pattern: str) -> None:
    with pytest.raises(QueryError, match="ekg:during"):
        graph.rows(f"SELECT ?e {{ {pattern} }}")


def test_what_only_looks_like_a_window_is_left_alone() -> None:
    for text in (
        'SELECT * { ?s ?p "ekg:during" } # ekg:during',
        'PREFIX ekg: <urn:mine/> SELECT * { ?e ekg:during ("a" "b") }',
        "SELECT ?during { ?during ex:during ?o }",
    ):
        assert expand_windows(text, None) == text


def test_many_events_are_compared(graph: EventGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.store.windows.MANY", 1)
    assert "FILTER" in expand_windows(QUERY.format("2020", "2021"), graph.index.iris_between)


def test_graphs_on_disk_and_a_servers_readers_use_the_index(tmp_path: Path) -> None:
    write_graph(tmp_path / "kg", 40)
    with ekg.open(tmp_path / "kg") as graph:
        first = next(iter(graph)).row.begin
        assert graph.local_store.windows is not None
        wanted = {e.iri for e in graph.events(begin=first, end="2000")}
        assert {row["e"] for row in graph.rows(QUERY.format(first, "2000"))} == wanted
    reader = Reader(tmp_path / "kg")
    try:
        assert reader.store(0).windows is not None
        (tmp_path / "kg" / "index.sqlite").write_bytes(b"nonsense")
        assert reader.store(-1).windows is None
    finally:
        reader.close()
