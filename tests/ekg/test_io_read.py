"""Reading RDF: every format, errors with their place, stable blank nodes, suspicious dates."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from ekg.errors import DataError
from ekg.io import parse_rdf

TTL = '@prefix : <http://x/> . :a :p "1" ; :q [ :r :b ] .\n'


def read(path: Path, text: str, **options: str) -> list[ox.Quad]:
    path.write_text(text, encoding="utf-8")
    return list(parse_rdf(path, **options))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.nt", '<http://x/a> <http://x/p> "1" .\n'),
        ("a.nq", '<http://x/a> <http://x/p> "1" .\n'),
        ("a.ttl", '@prefix : <http://x/> . :a :p "1" .'),
        ("a.trig", '@prefix : <http://x/> . { :a :p "1" }'),
        ("a.jsonld", '{"@id": "http://x/a", "http://x/p": "1"}'),
        (
            "a.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://x/">'
            '<rdf:Description rdf:about="http://x/a"><p>1</p></rdf:Description></rdf:RDF>',
        ),
    ],
)
def test_formats(tmp_path: Path, name: str, text: str) -> None:
    expected = [ox.Quad(ox.NamedNode("http://x/a"), ox.NamedNode("http://x/p"), ox.Literal("1"))]
    assert read(tmp_path / name, text) == expected
    packed = tmp_path / (name + ".gz")
    packed.write_bytes(gzip.compress(text.encode()))
    assert list(parse_rdf(packed)) == expected


def test_triples_go_to_the_graph_and_quads_keep_theirs(tmp_path: Path) -> None:
    text = "<http://x/a> <http://x/p> <http://x/b> .\n<http://x/a> <http://x/p> <http://x/c> <http://g/1> ."
    quads = read(tmp_path / "a.nq", text, graph="http://g/0")
    assert [str(q.graph_name) for q in quads] == ["<http://g/0>", "<http://g/1>"]


def test_bad_graph_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not an IRI"):
        read(tmp_path / "a.nt", "", graph="no iri")


def test_blank_nodes_are_stable_and_depend_on_content(tmp_path: Path) -> None:
    first = read(tmp_path / "a.ttl", TTL)
    again = read(tmp_path / "b.ttl", TTL)
    packed = tmp_path / "c.ttl.gz"
    packed.write_bytes(gzip.compress(TTL.encode()))
    other = read(tmp_path / "d.ttl", TTL + "# more\n")
    assert first == again == list(parse_rdf(packed))
    assert set(first) != set(other)
    assert all(not isinstance(part, ox.BlankNode) for q in first for part in q)
    inner = next(q.object for q in first if q.predicate.value == "http://x/q")
    assert isinstance(inner, ox.NamedNode)
    assert inner.value.startswith("urn:ekg:bnode:")
    assert any(q.subject == inner for q in first)


def test_blank_graph_and_several_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    path.write_text("_:a <http://x/p> _:b _:g .\n_:b <http://x/p> _:a _:g .\n")
    report = parse_rdf(path)
    one, two = report
    assert one.subject == two.object
    assert one.object == two.subject
    assert one.graph_name == two.graph_name != one.subject
    assert (report.count, report.blank_nodes) == (2, 3)


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("a.nt", '<http://x/a> <http://x/p> "1" .\n<http://x/a> nonsense .\n', 2, 14),
        ("a.ttl", "@prefix : <http://x/> .\n\n:a :p .\n", 3, 7),
        ("a.jsonld", '{"@id": "http://x/a",\n "http://x/p": [1,}', 2, None),
        ("a.rdf", "<rdf:RDF>\n<a/></rdf:RDF>", 1, None),
        ("a.rdf", '<a xmlns="http://x/">\n<b></a>', 2, 6),
    ],
)
def test_malformed_input_names_the_place(tmp_path: Path, name: str, text: str, line: int, column: int | None) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path / name, text)
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert f"{tmp_path / name}:{line}" in str(caught.value)
    assert "Parser error" not in str(caught.value)


def test_quads_before_the_error_are_delivered(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text('<http://x/a> <http://x/p> "1" .\nbad\n')
    quads = parse_rdf(path).quads
    assert next(quads).object == ox.Literal("1")
    with pytest.raises(DataError):
        next(quads)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "unknown kind"),
        ("a", b"", "unknown kind"),
        ("a.nt.gz", b"not gzip", "gzip"),
        ("a.nt.gz", gzip.compress(b"<http://x/a> <http://x/p> <http://x/b> .\n" * 50)[:-12], "gzip"),
        ("a.nt", b'<http://x/a> <http://x/p> "\xff" .', "UTF-8"),
        ("a.ttl", b"<a> <http://x/p> <b> .", "relative IRI"),
        ("a.jsonld", b'{"@context": "http://example.org/c", "@id": "http://x/a", "p": 1}', "never fetched"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=message):
        list(parse_rdf(tmp_path / name))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        list(parse_rdf(tmp_path / "none.nt"))


def test_base(tmp_path: Path) -> None:
    (quad,) = read(tmp_path / "a.ttl", "<a> <b> <c> .", base="http://x/y/")
    assert str(quad.subject) == "<http://x/y/a>"


def test_suspicious_dates_are_counted_and_kept(tmp_path: Path) -> None:
    head = (
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://x/> .\n"
        "@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> .\n"
    )
    good = (
        '"2016-02-29"^^xsd:date, "-0044-03-15"^^xsd:date, "2015-06-01T24:00:00Z"^^xsd:dateTime, "2015"^^xsd:gYear, '
        '"2015-06"^^xsd:gYearMonth, "2015-06-01Z"^^xsd:date, "2015-02-30"'
    )
    bad = (
        '"2015-02-30"^^xsd:date, "2015-13-01"^^xsd:date, "15-01-01"^^xsd:date, "2015-06-01T25:00:00"^^xsd:dateTime, '
        '"2015-00"^^xsd:gYearMonth, "soon"^^xsd:gYear'
    )
    intervals = (
        ':e sem:hasBeginTimeStamp "2015-06-02"^^xsd:date ; sem:hasEndTimeStamp "2015-06-01"^^xsd:date .\n'
        ':f sem:hasEndTimeStamp "2015-06-02"^^xsd:date ; sem:hasBeginTimeStamp "2015-06-02"^^xsd:date .\n'
    )
    path = tmp_path / "a.ttl"
    path.write_text(f"{head}:a :p {good} .\n:a :q {bad} .\n{intervals}")
    report = parse_rdf(path)
    quads = list(report.quads)
    assert len(quads) == report.count == 17
    assert report.warnings == {"invalid-date": 6, "begin-after-end": 1}
    assert any("2015-02-30" in text and "<http://x/q>" in text for text in report.examples)
    assert any("<http://x/e>" in text for text in report.examples)
