from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace

import pytest

from alignment import AlignGraph
from alignment.graph import OPEN
from ekg.errors import DataError
from ekg.time import parse_iso


def test_a_folder_of_names_and_facts(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text("a\tArlen\na\tOld Arlen\nb\tBromvik\n", encoding="utf-8")
    (tmp_path / "facts.tsv").write_text(
        "a\tnear\tb\t1998\t1999\nb\tnear\tc\t-inf\t\nc\tsaw\ta\t2001-02-03\n", encoding="utf-8"
    )
    graph = AlignGraph.read(tmp_path)
    assert set(graph.index) == {"a", "b", "c"}
    assert set(graph.nodes[graph.index["a"]].names) == {"Arlen", "Old Arlen"}
    times = {(s, o): (b, e) for s, _, o, b, e in graph.facts}
    assert times["a", "b"] == (parse_iso("1998")[0], parse_iso("2000")[0])
    assert times["b", "c"] == (-OPEN, OPEN)
    assert times["c", "a"] == parse_iso("2001-02-03")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("names.tsv", "a\tA\nb\n", r"names.tsv:2.*1 columns"),
        ("names.tsv", "\tA\n", r"names.tsv:1.*empty"),
        ("facts.tsv", "a\tp\tb\t1998\t1999\nc\tp\td\tsoon\t\n", r"facts.tsv:2.*begin.*soon"),
        ("facts.tsv", "a\t\tb\n", r"facts.tsv:1.*empty"),
    ],
)
def test_malformed_rows_are_named(tmp_path: Path, file: str, text: str, message: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        AlignGraph.read(tmp_path)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_bytes(b"a\tM\xfcnchen\n")
    with pytest.raises(DataError, match="UTF-8"):
        AlignGraph.read(tmp_path)


def test_an_rdf_file(tmp_path: Path) -> None:
    (tmp_path / "g.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .\n"
        '<urn:e> a sem:Event ; rdfs:label "Siege" ; sem:hasBeginTimeStamp "1204-01-01" ; sem:hasActor <urn:a> .\n',
        encoding="utf-8",
    )
    graph = AlignGraph.read(tmp_path / "g.ttl")
    siege = graph.nodes[graph.index["urn:e"]]
    assert (siege.names, siege.kind, siege.begin) == (("Siege",), "event", parse_iso("1204-01-01")[0])
    assert [f[2] for f in graph.facts] == ["urn:a"]
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b> .\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad.ttl:1:"):
        AlignGraph.read(tmp_path / "bad.ttl")


def test_order_of_nodes_does_not_depend_on_ids_or_rows() -> None:
    facts = [(f"n{a}", "p", f"n{(a * a + 1) % 9}", a, a + 2) for a in range(9)]
    renamed = [(f"x{9 - int(s[1:])}", p, f"x{9 - int(o[1:])}", b, e) for s, p, o, b, e in facts]
    random.Random(1).shuffle(renamed)
    first, second = AlignGraph.build((), facts), AlignGraph.build((), renamed)
    assert [9 - int(n.id[1:]) for n in second.nodes] == [int(n.id[1:]) for n in first.nodes]
    assert (first.fact_array == second.fact_array).all()


def test_an_event_graph_becomes_a_graph_to_align() -> None:
    node = SimpleNamespace(
        id="e", kind="event", type="Attack", name="Blast", aliases=("Bombing",), begin="2016-11-08", end=None
    )
    fact = SimpleNamespace(subject="e", predicate="place", object="p", begin="2016-11-08", end="2016-11-09")
    graph = AlignGraph.from_event_graph(SimpleNamespace(iter_nodes=lambda: [node], iter_facts=lambda: [fact]))
    blast = graph.nodes[graph.index["e"]]
    assert (blast.names, blast.type, blast.end) == (("Blast", "Bombing"), "Attack", OPEN)
    assert graph.facts[0][3:] == parse_iso("2016-11-08")
