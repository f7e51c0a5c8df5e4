"""Query results in every format."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyoxigraph as ox
import pytest
from rich.cells import cell_len

from ekg.errors import DataError
from ekg.io import GRAPH_FORMATS, ROW_FORMATS, compact_iri, serialize, write_result
from ekg.io.table import text_table
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, XSD

AWKWARD = ['a"b', "line\nfeed", "tab\tand,comma", "<b>&amp;</b>", "", "é 😀 \u2028", "carriage\rreturn", "=1+1"]


@pytest.fixture
def store() -> OxigraphStore:
    store = OxigraphStore()
    subject, predicate = ox.NamedNode("urn:s"), ox.NamedNode(EKG + "label")
    objects: list[Any] = [ox.Literal(text) for text in AWKWARD]
    objects += [
        ox.Literal("hi", language="en"),
        ox.Literal(7),
        ox.Literal("2015-01-01", datatype=ox.NamedNode(XSD + "date")),
        ox.BlankNode("b0"),
        ox.NamedNode(EKG + "begin"),
    ]
    store.add(ox.Quad(subject, predicate, value, ox.NamedNode("urn:g")) for value in objects)
    return store


SELECT = "SELECT ?s ?o ?none { ?s ekg:label ?o } ORDER BY ?o"


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_rows_survive_a_round_trip(store: OxigraphStore, name: str, format: ox.QueryResultsFormat) -> None:
    parsed = ox.parse_query_results(serialize(store.query(SELECT), name), format)
    assert isinstance(parsed, ox.QuerySolutions)
    expected = store.query(SELECT)
    assert isinstance(expected, ox.QuerySolutions)
    assert [v.value for v in parsed.variables] == ["s", "o", "none"]
    assert [[row[i] for i in range(3)] for row in parsed] == [[row[i] for i in range(3)] for row in expected]


def test_csv(store: OxigraphStore) -> None:
    data = serialize(store.query(SELECT), "csv").decode()
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert rows[0] == ["s", "o", "none"]
    assert {row[1] for row in rows[1:]} >= {*AWKWARD, "hi", "7", "2015-01-01", "_:b0", EKG + "begin"}
    assert data.endswith("\r\n")


def test_csv_of_one_column_with_an_unbound_value() -> None:
    assert serialize(OxigraphStore().query("SELECT ?x { VALUES ?x { UNDEF 1 } }"), "csv") == b"x\r\n\r\n1\r\n"


def test_tsv_writes_numbers_as_turtle_does() -> None:
    text = 'SELECT * { VALUES (?a ?b ?c) { (1 2.5 "x"^^xsd:integer) } }'
    line = serialize(OxigraphStore().query(text), "tsv").decode().splitlines()[1]
    assert line == f'1\t2.5\t"x"^^<{XSD}integer>'


def test_table_aligns_and_shortens(store: OxigraphStore) -> None:
    text = serialize(store.query("SELECT ?o { ?s ekg:label ?o } ORDER BY ?o"), "table").decode()
    lines = text.splitlines()
    assert "ekg:begin" in text
    assert "line feed" in text
    assert "hi @en" in text
    assert lines[-1] == "13 rows"
    assert "\x1b" not in text


def test_table_without_rows() -> None:
    assert serialize(OxigraphStore().query("SELECT ?o { ?s ?p ?o }"), "table").decode().endswith("0 rows\n")


def test_terminal_escapes_of_the_data_are_removed() -> None:
    result = OxigraphStore().query('SELECT ("\x1b[31mred[bold]" AS ?x) {}')
    assert b"\x1b" not in serialize(result, "table")


@pytest.mark.parametrize("name", [*ROW_FORMATS, *GRAPH_FORMATS])
def test_truth_values(name: str) -> None:
    result = OxigraphStore().query("ASK {}")
    if name in GRAPH_FORMATS:
        with pytest.raises(DataError):
            serialize(result, name)
    else:
        assert b"true" in serialize(result, name)


def test_control_characters_keep_xml_well_formed() -> None:
    import xml.dom.minidom

    result = OxigraphStore().query(r'SELECT ("a\u0001\uFFFFb" AS ?x) {}')
    assert "a��b" in xml.dom.minidom.parseString(serialize(result, "xml")).toxml()


@pytest.mark.parametrize("name", [*ROW_FORMATS, *GRAPH_FORMATS])
def test_graphs_in_every_format(store: OxigraphStore, name: str) -> None:
    data = serialize(store.query("CONSTRUCT { ?s ekg:label ?o } WHERE { ?s ekg:label ?o }"), name)
    formats = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "json": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
        "xml": ox.RdfFormat.RDF_XML,
    }
    if name in formats:
        parsed = {q.object for q in ox.parse(data, formats[name]) if not isinstance(q.object, ox.BlankNode)}
        assert parsed == {q.object for q in store.quads() if not isinstance(q.object, ox.BlankNode)}
    else:
        assert data.count(b"label") == 13


def test_rows_do_not_fit_graph_formats(store: OxigraphStore) -> None:
    with pytest.raises(DataError, match="the query gives rows"):
        serialize(store.query(SELECT), "ttl")
    with pytest.raises(DataError, match="unknown format"):
        serialize(store.query(SELECT), "pdf")


def test_compact_iri() -> None:
    assert compact_iri(EKG + "a-b.c") == "ekg:a-b.c"
    assert compact_iri(EKG + "a/b") is None
    assert compact_iri("urn:ekg:event:ev_1") is None
    assert compact_iri("http://schema.org/") is None


def test_table_is_wrapped_to_the_terminal() -> None:
    text = text_table(["name", "text"], [["x" * 30, "some words " * 10], ["日本語", "b"]], width=40)
    assert all(cell_len(line) <= 40 for line in text.splitlines())
    assert text.replace("\n", "").count("words") == 10
    assert text.endswith("2 rows\n")
    assert text_table(["a"], [["1"]], width=40) == "a\n─\n1\n1 row\n"


def test_write_result() -> None:
    out = io.StringIO()
    write_result(OxigraphStore().query("ASK {}"), "json", out)
    assert out.getvalue() == '{"head":{},"boolean":true}\n'
