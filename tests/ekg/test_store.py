from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from ekg.errors import KgError, QueryError
from ekg.ids import IRI
from ekg.store import check_query, check_update, date_literal, datetime_literal, decimal_literal, from_python, to_python
from ekg.store.oxigraph import OxigraphStore
from tests.ekg.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> OxigraphStore:
        return OxigraphStore()


class TestDiskStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[OxigraphStore]:
        store = OxigraphStore(tmp_path / "quads")
        yield store
        store.close()


def test_reopened_store_has_what_was_added(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "quads")
    quad = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("ä"), ox.NamedNode("urn:g"))
    store.add([quad])
    store.flush()
    store.close()
    reader = OxigraphStore(tmp_path / "quads", read_only=True)
    assert list(reader.quads()) == [quad]


def test_opening_what_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "quads").write_text("not a directory")
    with pytest.raises(KgError, match="cannot be opened"):
        OxigraphStore(tmp_path / "quads")


def test_closed_store_says_so() -> None:
    store = OxigraphStore()
    store.close()
    with pytest.raises(KgError, match="closed"):
        store.query("ASK {}")


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT * { ?s ?p "SERVICE <x>" }',
        "SELECT * { ?s ?p '''multi\nSERVICE line''' }",
        "SELECT * { ?s ex:service ?o } # SERVICE <x>",
        "SELECT * { <urn:SERVICE> ?p ?service }",
        "PREFIX service: <urn:x> SELECT * { ?s service:load ?o }",
    ],
)
def test_guard_lets_harmless_words_pass(sparql: str) -> None:
    check_query(sparql)
    check_update(sparql)


def test_guard_names_the_place() -> None:
    with pytest.raises(QueryError, match="line 2, column 3"):
        check_query("SELECT * {\n  SERVICE <x> {} }")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (IRI("urn:a"), ox.NamedNode("urn:a")),
        ("urn:a", ox.Literal("urn:a")),
        (True, ox.Literal(True)),
        (3, ox.Literal(3)),
    ],
)
def test_python_values_become_terms_and_back(value: object, expected: object) -> None:
    term = from_python(value)
    assert term == expected
    assert to_python(term) == value


def test_no_term_for_an_odd_type() -> None:
    with pytest.raises(TypeError, match="no RDF term"):
        from_python(object())


def test_literals_of_dates() -> None:
    assert date_literal("2016-11-08T10:00:00").value == "2016-11-08"
    assert datetime_literal("2016-11-08").value == "2016-11-08T00:00:00Z"
    assert datetime_literal("2016-11-08T23:00:00-02:00").value == "2016-11-09T01:00:00Z"
    with pytest.raises(ValueError, match="no day 30"):
        date_literal("2015-02-30")


def test_decimals_are_canonical() -> None:
    assert [decimal_literal(v).value for v in (1.0, 0.5, 0.12345, -0.00001, 100)] == ["1", "0.5", "0.1235", "0", "100"]


X = {"x": ox.NamedNode("urn:x")}


@pytest.mark.parametrize(
    ("sparql", "expected"),
    [
        ("SELECT (count(*) AS ?n) { ?s ?p ?x }", 1),
        ("SELECT (count(*) AS ?n) WHERE { SELECT ?x { ?s ?p ?x } }", 1),
        ("SELECT (count(*) AS ?n) { ?s ?p ?o FILTER NOT EXISTS { ?s ?p ?x } }", 1),
        ("SELECT (count(*) AS ?n) { { ?s ?p ?x } UNION { ?x ?p ?o } } # { ?x }", 1),
        ("PREFIX a: <urn:a/> SELECT (count(*) AS ?n) ('{' AS ?brace) { ?s a:b ?x }", 0),
    ],
)
def test_bound_values_are_seen_everywhere(sparql: str, expected: int) -> None:
    store = OxigraphStore()
    p = ox.NamedNode("urn:p")
    store.add([ox.Quad(ox.NamedNode("urn:a"), p, X["x"]), ox.Quad(ox.NamedNode("urn:b"), p, ox.Literal("y"))])
    assert [to_python(row["n"]) for row in store.query(sparql, bindings=X)] == [expected]


def test_binding_in_construct_goes_to_the_pattern() -> None:
    store = OxigraphStore()
    store.add([ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), X["x"])])
    triples = list(store.query("CONSTRUCT { ?x ?p ?s } WHERE { ?s ?p ?x }", bindings=X))
    assert [t.subject for t in triples] == [X["x"]]


def test_bad_names_of_variables() -> None:
    with pytest.raises(QueryError, match="not the name of a variable"):
        OxigraphStore().query("ASK { ?s ?p ?o }", bindings={"o) } #": ox.Literal("x")})


def test_a_graph_with_triple_terms_is_replaced() -> None:
    store, graph = OxigraphStore(), ox.NamedNode("urn:g")
    s, p = ox.NamedNode("urn:s"), ox.NamedNode("urn:p")
    first, second = (ox.Quad(s, p, ox.Triple(s, p, ox.Triple(s, p, ox.Literal(n)))) for n in (1, 2))
    for quad in (first, second):
        store.replace_graph(graph, [ox.Quad(s, p, quad.object, graph)])
        assert [found.object for found in store.quads(graph=graph)] == [quad.object]
