"""Rows in pieces: cut at any number of rows, whatever stands in the values, they are what the whole result has."""

from __future__ import annotations

import csv
import io
import json
import random
from xml.dom import minidom

import pyoxigraph as ox
import pytest

from ekg.io import stream

BITS = ['"', "},{", "{}", "\\", ',{"', 'a":{', "}", "\n", "\r", "\t", "<result>", "é", "x", ",", '""', "\r\n", '{"b":{']
BITS += ["</result>", "\x01", "\N{REPLACEMENT CHARACTER}"]
QUERIES = [
    "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s",
    "SELECT ?o { ?s ?p ?o } ORDER BY ?s",
    "SELECT ?z ?o { ?s ?p ?o OPTIONAL { ?o ?z ?y } } ORDER BY ?s",
    "SELECT ?z { ?s ?p ?o OPTIONAL { ?o ?z ?y } } ORDER BY ?s",
]
FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


def streamed(store: ox.Store, query: str, format: str, limit: int) -> tuple[bytes, list[bool]]:
    """The body, and what was said about missing rows with each piece."""
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    pieces: list[tuple[bytes, bool]] = []
    stream.stream_rows(rows, format, limit, lambda piece, truncated: pieces.append((piece, truncated)))
    return b"".join(piece for piece, _ in pieces), [truncated for _, truncated in pieces]


def rows_of(body: bytes, format: str) -> list[object]:
    if format == "json":
        return list(json.loads(body)["results"]["bindings"])
    if format == "csv":
        return list(csv.reader(io.StringIO(body.decode(), newline="")))[1:]
    if format == "tsv":
        return list(body.split(b"\n")[1:-1])
    return [node.toxml() for node in minidom.parseString(body).getElementsByTagName("result")]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("seed", range(30))
def test_cut_anywhere(format: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PIECE", 200)
    choice = random.Random(seed)
    store = ox.Store()
    count = choice.randrange(40)
    for i in range(count):
        text = "".join(choice.choices(BITS, k=choice.randrange(12)))
        store.add(ox.Quad(ox.NamedNode(f"http://x/{i:02}"), ox.NamedNode("http://x/p"), ox.Literal(text)))
    query = choice.choice(QUERIES)
    whole, missing = streamed(store, query, format, 1000)
    assert not any(missing)
    rows = rows_of(whole, format)
    assert len(rows) == count
    for limit in (1, choice.randrange(1, 45), max(1, count)):
        body, missing = streamed(store, query, format, limit)
        assert rows_of(body, format) == rows[:limit]
        assert missing[-1] == (count > limit)
        assert (b"truncated" in body) == (count > limit and format in {"json", "xml"})
        if format in {"csv", "tsv"}:
            assert len(set(missing)) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_the_bytes_are_those_of_oxigraph(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PIECE", 100)
    query = "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF UNDEF) ('a'@en <urn:b>) } }"
    rows = ox.Store().query(query)
    assert isinstance(rows, ox.QuerySolutions)
    expected = rows.serialize(format=FORMATS[format])
    assert streamed(ox.Store(), query, format, 3)[0] == expected


def test_what_xml_cannot_hold() -> None:
    body, _ = streamed(ox.Store(), "SELECT ('a\\u0001b\\r\\uFFFE\\uFFFD' AS ?x) {}", "xml", 5)
    text = minidom.parseString(body).getElementsByTagName("literal")[0].firstChild
    assert text is not None
    assert text.nodeValue == "a\N{REPLACEMENT CHARACTER}b\r" + "\N{REPLACEMENT CHARACTER}" * 2


def test_an_empty_result() -> None:
    for format in FORMATS:
        body, missing = streamed(ox.Store(), "SELECT ?x { ?x ?y ?z }", format, 1)
        assert rows_of(body, format) == []
        assert missing == [False]
