"""What every store has to do; a new store subclasses this in five lines."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from ekg.errors import QueryError
from ekg.store import Store

A, B, P = ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:p")
G, H = ox.NamedNode("urn:g"), ox.NamedNode("urn:h")


class StoreContract:
    """Tests of one store; subclasses provide the fixture ``store``, empty."""

    def test_add_and_match(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G), ox.Quad(A, P, ox.Literal("x"), H), ox.Quad(B, P, A)])
        assert len(store) == 3
        assert {q.object for q in store.quads(A)} == {B, ox.Literal("x")}
        assert [q.subject for q in store.quads(graph=ox.DefaultGraph())] == [B]
        assert store.graphs() == ["urn:g", "urn:h"]

    def test_triples_of_a_predicate_in_any_graph(self, store: Store) -> None:
        found = [ox.Quad(A, P, B, G), ox.Quad(A, P, ox.Literal("x"), H), ox.Quad(B, P, A), ox.Quad(B, P, A, H)]
        store.add([*found, ox.Quad(A, B, P, G)])
        assert set(store.triples(P)) == {quad.triple for quad in found}
        assert set(store.triples(P, A)) == {ox.Triple(B, P, A)}

    def test_adding_twice_adds_once(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G)])
        store.add([ox.Quad(A, P, B, G)])
        assert len(store) == 1

    def test_default_graph_is_the_union(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G)])
        assert store.query("ASK { <urn:a> <urn:p> <urn:b> }")
        assert not store.query("ASK { <urn:a> <urn:p> <urn:b> }", strict_dataset=True)
        assert store.query("ASK { GRAPH <urn:g> { <urn:a> <urn:p> <urn:b> } }", strict_dataset=True)

    def test_from_narrows_the_default_graph(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G), ox.Quad(B, P, A, H)])
        rows = list(store.query("SELECT ?s FROM <urn:g> { ?s <urn:p> ?o }"))
        assert [row["s"] for row in rows] == [A]

    def test_replace_graph_leaves_exactly_the_new_quads(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G), ox.Quad(A, P, ox.Literal("old", language="en"), G), ox.Quad(A, P, B, H)])
        wanted = [ox.Quad(A, P, B, G), ox.Quad(A, P, ox.Literal('new "\\ \n'), G)]
        store.replace_graph(G, wanted)
        assert set(store.quads(graph=G)) == set(wanted)
        assert len(list(store.quads(graph=H))) == 1

    def test_replace_graph_by_nothing(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G)])
        store.replace_graph(G, [])
        assert len(store) == 0

    def test_remove_graph(self, store: Store) -> None:
        store.add([ox.Quad(A, P, B, G), ox.Quad(A, P, B, H)])
        store.remove_graph(G)
        store.remove_graph(ox.NamedNode("urn:absent"))
        assert store.graphs() == ["urn:h"]

    def test_bindings_are_values_not_text(self, store: Store) -> None:
        evil = 'x" } ; DROP ALL #'
        store.add([ox.Quad(A, P, ox.Literal(evil), G), ox.Quad(B, P, ox.Literal("y"), G)])
        rows = list(store.query("SELECT ?s { ?s <urn:p> ?name }", bindings={"name": ox.Literal(evil)}))
        assert [row["s"] for row in rows] == [A]
        assert len(store) == 2

    def test_known_prefixes_need_no_declaration(self, store: Store) -> None:
        assert not store.query("ASK { ?e a sem:Event ; rdfs:label ?l }")

    def test_syntax_error_names_line_and_column(self, store: Store) -> None:
        with pytest.raises(QueryError, match=r"line 2, column \d+"):
            store.query("SELECT * {\n ?s ?p }")

    @pytest.mark.parametrize(
        "sparql",
        [
            "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
            "SELECT * { service silent <http://127.0.0.1/> { ?s ?p ?o } }",
            "SELECT * { \\u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
            "SELECT * { # comment\n SERVICE<file:///etc/passwd> { ?s ?p ?o } }",
        ],
    )
    def test_service_is_refused(self, store: Store, sparql: str) -> None:
        with pytest.raises(QueryError, match="SERVICE is refused"):
            store.query(sparql)

    def test_load_is_refused(self, store: Store) -> None:
        with pytest.raises(QueryError, match="LOAD is refused"):
            store.update("LOAD <file:///etc/passwd>")

    def test_update_is_atomic(self, store: Store) -> None:
        store.update("INSERT DATA { <urn:a> <urn:p> <urn:b> }")
        with pytest.raises(QueryError):
            store.update("INSERT DATA { <urn:b> <urn:p> <urn:a> } ; NONSENSE")
        assert len(store) == 1

    def test_close_twice(self, store: Store) -> None:
        store.close()
        store.close()
