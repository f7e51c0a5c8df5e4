from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ekg.bench.measure import Row, in_turns, tree_cpu
from ekg.bench.store_parts import load_rows, pyg_row, time_rows
from ekg.bench.synthetic import synthetic_quads, synthetic_sources, write_graph
from ekg.graph import EventGraph, open_graph


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kg = tmp_path_factory.mktemp("bench") / "kg"
    write_graph(kg, 60, seed=3)
    return kg


@pytest.fixture
def graph(small: Path) -> Iterator[EventGraph]:
    with open_graph(small) as graph:
        yield graph


def test_the_same_seed_gives_the_same_quads_and_another_one_others() -> None:
    first = list(synthetic_quads(synthetic_sources(30, seed=3)))
    assert first == list(synthetic_quads(synthetic_sources(30, seed=3)))
    assert first != list(synthetic_quads(synthetic_sources(30, seed=4)))


def test_records_point_at_their_text() -> None:
    for source in synthetic_sources(50):
        text = source.document.text
        for event in source.record.events:
            assert text[slice(*event.trigger.span)] == event.trigger.text
            assert all(a.span is not None and text[slice(*a.span)] == a.text for a in event.arguments)
        for entity in source.record.entities:
            assert all(text[slice(*span)] == entity.name for span in entity.mentions)


def test_a_synthetic_graph_is_made_once_and_opens(small: Path, graph: EventGraph) -> None:
    before = (small / "manifest.json").stat().st_mtime_ns
    assert len(graph) == 60
    assert write_graph(small, 60, seed=3).read_text().count("\n") == len(graph.store)
    assert (small / "manifest.json").stat().st_mtime_ns == before


def test_time_rows_compare_equal_answers(graph: EventGraph) -> None:
    rows = time_rows(graph, repeats=1)
    assert set(rows) == {"window", "as_of", "type_and_year"}
    assert rows["type_and_year"].details["rows"] == len(graph.counts_by_year())
    assert rows["as_of"].details["rows"] >= 3


def test_load_and_pyg_rows(tmp_path: Path, small: Path, graph: EventGraph) -> None:
    assert set(load_rows(tmp_path, 40, seed=3, repeats=1)) == {"load", "index_cpu", "index_size"}
    row = pyg_row(graph, small.with_name("kg.nq"), repeats=1)["to_pyg"]
    assert row.details["events"] == 60


def test_rows_say_whether_they_are_met() -> None:
    assert Row(ratio=0.8, must=0.7, details={}).to_dict() == {"ratio": 0.8, "must": ">= 0.7", "met": True}
    assert not Row(ratio=0.8, must=0.7, at_least=False, details={}).to_dict()["met"]


def test_turns_alternate_and_give_medians() -> None:
    calls: list[str] = []
    values = iter((9.0, 1.0, 5.0))

    def first() -> float:
        calls.append("a")
        return next(values)

    def second() -> float:
        calls.append("b")
        return 2.0

    assert in_turns(3, first, second) == [5.0, 2.0]
    assert calls == ["a", "b"] * 3


def test_cpu_of_a_process_that_is_gone_is_nothing() -> None:
    assert tree_cpu(2**22 + 1) == 0.0
