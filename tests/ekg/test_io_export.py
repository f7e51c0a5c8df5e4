"""Canonical export."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest

from ekg.errors import DataError
from ekg.io import RDF_EXTENSIONS, export, parse_rdf
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, RDF, XSD

A, B, TYPE = ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode(RDF + "type")
LABEL, EVENT = ox.NamedNode(EKG + "label"), ox.NamedNode(EKG + "EventMention")
G1, G2 = ox.NamedNode("urn:g1"), ox.NamedNode("urn:g2")
QUADS = [
    ox.Quad(A, LABEL, ox.Literal("two\nlines \u2028 \x7f"), G1),
    ox.Quad(A, LABEL, ox.Literal("hi", language="en"), G1),
    ox.Quad(A, TYPE, EVENT, G1),
    ox.Quad(A, TYPE, EVENT, G2),
    ox.Quad(B, ox.NamedNode(EKG + "begin"), ox.Literal("2015-01-01", datatype=ox.NamedNode(XSD + "date")), G2),
    ox.Quad(B, LABEL, A),
    ox.Quad(B, LABEL, ox.Literal(4)),
]


def make(quads: list[ox.Quad]) -> OxigraphStore:
    store = OxigraphStore()
    store.add(quads)
    return store


@pytest.mark.parametrize("name", ["a.nq", "a.nt", "a.ttl", "a.trig", "a.jsonld", "a.rdf", "a.nq.gz", "a.ttl.gz"])
def test_round_trip_and_order_of_insertion(tmp_path: Path, name: str) -> None:
    report = export(make(QUADS), tmp_path / name)
    export(make(QUADS[::-1]), tmp_path / ("again_" + name))
    data = (tmp_path / name).read_bytes()
    assert data == (tmp_path / ("again_" + name)).read_bytes()
    assert report["bytes"] == len(data)
    read = set(parse_rdf(tmp_path / name))
    if name.removesuffix(".gz").endswith(("nq", "trig", "jsonld")):
        assert read == set(QUADS)
        assert report["quads"] == len(QUADS)
    else:
        assert read == {ox.Quad(*q.triple) for q in QUADS}
        assert report["quads"] == len(QUADS) - 1
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "again_" + name])


def test_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Oxigraph's prefixes come in the order of a hash table with a random seed for each process."""
    source = tmp_path / "in.nq"
    export(make(QUADS), source)
    code = (
        "import sys; from pathlib import Path; from ekg.io import *; from ekg.store.oxigraph import OxigraphStore\n"
        "s = OxigraphStore(); s.add(parse_rdf(Path(sys.argv[1])))\n"
        "for kind in ('ttl', 'trig', 'rdf', 'jsonld'): export(s, Path(sys.argv[2] + kind))"
    )
    for name in ("one.", "two."):
        subprocess.run([sys.executable, "-c", code, str(source), str(tmp_path / name)], check=True)
    for kind in ("ttl", "trig", "rdf", "jsonld"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_lines_are_sorted(tmp_path: Path) -> None:
    export(make(QUADS), tmp_path / "a.nq")
    lines = (tmp_path / "a.nq").read_bytes().split(b"\n")[:-1]
    assert lines == sorted(lines)
    assert len(lines) == len(QUADS)


def test_turtle_is_readable(tmp_path: Path) -> None:
    export(make(QUADS), tmp_path / "a.ttl")
    text = (tmp_path / "a.ttl").read_text()
    assert text.startswith("@prefix ekg: ")
    assert "@prefix oa:" not in text
    assert "<urn:a> a ekg:EventMention ;\n" in text


def test_prefix_that_is_a_scheme_in_the_data(tmp_path: Path) -> None:
    quads = [ox.Quad(ox.NamedNode("ekg:label"), LABEL, ox.NamedNode("ekg:x"))]
    export(make(quads), tmp_path / "a.jsonld")
    assert list(parse_rdf(tmp_path / "a.jsonld")) == quads


def test_choice_of_graphs(tmp_path: Path) -> None:
    export(make(QUADS), tmp_path / "a.nq", graphs=["urn:g2", "default"])
    assert {str(q.graph_name) for q in parse_rdf(tmp_path / "a.nq")} == {"<urn:g2>", "DEFAULT"}
    with pytest.raises(DataError, match="no graph <urn:none>"):
        export(make(QUADS), tmp_path / "b.nq", graphs=["urn:none"])
    assert not (tmp_path / "b.nq").exists()


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.gz", "a.graphml"])
def test_impossible_formats(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError):
        export(make(QUADS), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_unknown_extension_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\.nt \.nq \.ttl"):
        export(make(QUADS), tmp_path / "a.doc")


def test_what_rdf_xml_cannot_hold(tmp_path: Path) -> None:
    (tmp_path / "a.rdf").write_text("old")
    for quad in (ox.Quad(A, ox.NamedNode("urn:p/1"), B), ox.Quad(A, LABEL, ox.Literal("\x01"))):
        with pytest.raises(DataError, match=r"XML (name|cannot)"):
            export(make([quad]), tmp_path / "a.rdf")
    assert (tmp_path / "a.rdf").read_text() == "old"


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        export(make(QUADS), tmp_path / "none" / "a.nq")


@pytest.mark.parametrize("kind", ["nq", "nt", "ttl", "trig", "jsonld", "rdf"])
def test_empty_graph(tmp_path: Path, kind: str) -> None:
    assert f".{kind}" in RDF_EXTENSIONS
    assert export(make([]), tmp_path / f"a.{kind}")["quads"] == 0
    assert list(parse_rdf(tmp_path / f"a.{kind}")) == []


def test_graphml(tmp_path: Path) -> None:
    class Graph:
        store = make([])

        def to_networkx(self) -> Any:
            graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
            graph.add_node("urn:e", kind="event", label="bell\x07")
            graph.add_node("urn:p", kind="entity", label="P & Q")
            graph.add_edge("urn:e", "urn:p", key="Agent", role="Agent")
            graph.add_edge("urn:e", "urn:p", key="Victim", role="Victim")
            return graph

    report = export(Graph(), tmp_path / "a.graphml")
    assert (report["nodes"], report["edges"]) == (2, 2)
    read = nx.read_graphml(tmp_path / "a.graphml")
    assert read.nodes["urn:p"]["label"] == "P & Q"
    assert {data["role"] for _, _, data in read.edges(data=True)} == {"Agent", "Victim"}
    export(Graph(), tmp_path / "b.graphml.gz")
    assert gzip.decompress((tmp_path / "b.graphml.gz").read_bytes()) == (tmp_path / "a.graphml").read_bytes()
