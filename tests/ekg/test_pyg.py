from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from ekg.bench.synthetic import synthetic_quads, synthetic_sources, write_documents
from ekg.graph import EventGraph
from ekg.graph.open import memory_graph
from ekg.graph.pyg import UNKNOWN
from ekg.index import Index, build_index, update_index
from ekg.index.columns import read_columns
from ekg.store import DocumentStore, Manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.time import parse_iso
from ekg.vocab import EKG, RDF, RDFS, SEM

ODD = 'a "b" \\ \n\t\x1f\x00 é \U0001f600, 7'


def quad(subject: str, predicate: str, value: str | ox.Literal) -> ox.Quad:
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), term, ox.NamedNode("urn:g"))


def seconds(bound: str | None) -> int:
    return UNKNOWN if bound is None else parse_iso(bound)[0]


def check(graph: EventGraph) -> None:
    """The tensors say what the index's own tables of nodes and edges do."""
    data: Any = graph.to_pyg()
    rows = {"event": graph.index.nodes("event"), "entity": graph.index.nodes("entity")}
    for kind, nodes in rows.items():
        assert data[kind].num_nodes == len(nodes)
        assert data[kind].node_id == [row.iri for row in nodes]
        assert data[kind].name == [row.name for row in nodes]
        assert [data[kind].type_names[number] for number in data[kind].type] == [row.type for row in nodes]
    assert data["event"].time.tolist() == [[seconds(row.begin), seconds(row.end)] for row in rows["event"]]
    numbers = {kind: {row.iri: number for number, row in enumerate(nodes)} for kind, nodes in rows.items()}
    wanted: dict[tuple[str, str], list[tuple[int, int, list[int]]]] = {}
    for source, predicate, target, begin, end in graph.index.edges():
        kind = "event" if target in numbers["event"] else "entity"
        edge = (numbers["event"][source], numbers[kind][target], [seconds(begin), seconds(end)])
        wanted.setdefault((predicate, kind), []).append(edge)
    assert data.edge_types == [("event", *kind) for kind in sorted(wanted)]
    for kind, found in wanted.items():
        store = data["event", kind[0], kind[1]]
        assert store.edge_index.is_contiguous()
        pairs = zip(*store.edge_index.tolist(), store.time.tolist(), strict=True)
        assert list(pairs) == sorted(found)


@pytest.fixture
def parts() -> Iterator[tuple[OxigraphStore, DocumentStore]]:
    with closing(DocumentStore()) as documents:
        sources = list(synthetic_sources(60, seed=4))
        write_documents(documents, sources)
        store = OxigraphStore()
        store.add(synthetic_quads(sources))
        yield store, documents


def test_a_synthetic_graph(parts: tuple[OxigraphStore, DocumentStore], monkeypatch: pytest.MonkeyPatch) -> None:
    check(memory_graph(*parts))
    monkeypatch.setattr("ekg.index.columns._ROWS", 7)  # nothing depends on how much is read at once
    check(memory_graph(*parts))


def test_after_an_update_rows_do_not_lie_in_the_order_of_iris(
    parts: tuple[OxigraphStore, DocumentStore], tmp_path: Path
) -> None:
    store, documents = parts
    path = tmp_path / "index.sqlite"
    build_index(path, store, documents, "0")
    more = [
        quad("urn:a:first", RDF + "type", SEM + "Event"),
        quad("urn:a:first", RDFS + "label", ox.Literal(ODD)),
        quad("urn:a:first", EKG + "end", ox.Literal("2001-02-03T00:00:00Z")),
        quad("urn:a:first", SEM + "hasActor", "urn:a:somebody"),
        quad("urn:a:first", SEM + "hasPlace", "urn:a:somewhere"),
        quad("urn:a:somewhere", RDFS + "label", ox.Literal(ODD)),
    ]
    store.add(more)
    touched = {"urn:a:first", "urn:a:somebody", "urn:a:somewhere"}
    assert update_index(path, path, store, documents, "1", touched=touched)
    with EventGraph(store, documents, Index(path), Manifest(generation="1")) as graph:
        check(graph)
        assert graph.to_pyg()["event"].name[0] == ODD


def test_an_empty_graph_and_one_without_edges() -> None:
    with closing(DocumentStore()) as documents:
        data = memory_graph(OxigraphStore(), documents).to_pyg()
        assert (data["event"].num_nodes, data["entity"].num_nodes, data.edge_types) == (0, 0, [])
        assert tuple(data["event"].time.shape) == (0, 2)
        store = OxigraphStore()
        store.add([quad("urn:e", RDF + "type", SEM + "Event")])
        check(memory_graph(store, documents))


def test_columns_of_a_table_with_long_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.index.columns._ROWS", 10)
    statements: list[str] = []
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (word TEXT, number INTEGER)")
        assert [list(found) for found in read_columns(db, "t", texts=("word",))] == [[[]], []]
        db.executemany(
            "INSERT INTO t (rowid, word, number) VALUES (?, ?, ?)", [(1, "a", 5), (95, "b", -6), (96, "c", 7)]
        )
        db.set_trace_callback(statements.append)
        (words,), (numbers,) = read_columns(db, "t", texts=("word",), numbers=("number",), where="number < 7")
    assert (words, numbers.tolist()) == (["a", "b"], [5, -6])
    assert len(statements) == 11
    # Before SQLite 3.39, which Python 3.11 does not need, that is an error without GROUP BY.
    assert not any("HAVING" in statement for statement in statements)
