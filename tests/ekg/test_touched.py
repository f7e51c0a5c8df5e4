from __future__ import annotations

import pyoxigraph as ox
import pytest

from ekg.store.oxigraph import OxigraphStore
from ekg.store.touched import touched_by_update

DATA = """
<urn:a> <urn:p> <urn:b> <urn:g> .
<urn:c> <urn:p> "x" <urn:g> .
<urn:d> <urn:p> <urn:e> .
"""


@pytest.fixture
def store() -> OxigraphStore:
    store = OxigraphStore()
    store.raw.load(DATA.encode(), ox.RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize(
    ("update", "iris"),
    [
        ("INSERT DATA { <urn:x> <urn:p> <urn:y>, 'a # b' }", {"urn:x", "urn:y"}),
        ("PREFIX u: <urn:> INSERT DATA { GRAPH u:g { u:x u:p 1.5 } } ; DELETE DATA { u:z u:p u:w }", {"urn:x", "urn:z", "urn:w"}),
        ("BASE <urn:base/> # ; }\nINSERT DATA { <x> <p> <y> }", {"urn:base/x", "urn:base/y"}),
        ("INSERT DATA { sem:Event rdfs:label 'known prefixes' }", {"http://semanticweb.cs.vu.nl/2009/11/sem/Event"}),
        ("DELETE WHERE { GRAPH ?g { <urn:a> ?p ?o } }", {"urn:a", "urn:b"}),
        ("DELETE { ?s <urn:p> ?o } INSERT { GRAPH <urn:h> { ?o <urn:q> ?s } ?s <urn:r> 1 } WHERE { ?s <urn:p> ?o }", {"urn:d", "urn:e"}),
        ("INSERT { ?s <urn:n> ?n } WHERE { GRAPH ?g { ?s <urn:p> ?o } BIND(1.5 * 2 AS ?n) FILTER(?n >= 3) }", {"urn:a", "urn:c"}),
    ],
)  # fmt: skip
def test_what_an_update_touches(store: OxigraphStore, update: str, iris: set[str]) -> None:
    assert touched_by_update(store, update) == iris
    before = set(store.quads())
    store.update(update)
    changed = before ^ set(store.quads())
    assert {t.value for q in changed for t in (q.subject, q.object) if isinstance(t, ox.NamedNode)} <= iris


@pytest.mark.parametrize(
    "update",
    [
        "CLEAR ALL",
        "DROP GRAPH <urn:g>",
        "COPY <urn:g> TO <urn:h>",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s <urn:q> ?o } USING <urn:g> WHERE { ?s <urn:p> ?o }",
        "INSERT { ?s <urn:q> ?u } WHERE { ?s <urn:p> ?o BIND(UUID() AS ?u) }",
        "INSERT DATA { <urn:x> <urn:p> 1 } ; DELETE WHERE { ?s ?p ?o }",
        "nonsense {",
        "INSERT DATA {",
        "INSERT DATA",
        "DELETE WHERE",
        "INSERT DATA { GRAPH } ; ; { }",
        "DELETE {} INSERT {} } WHERE { GRAPH",
        "",
    ],
)
def test_what_cannot_be_told_is_none(store: OxigraphStore, update: str) -> None:
    assert touched_by_update(store, update) is None


def test_more_than_enough_is_none(store: OxigraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.store.touched.LIMIT", 1)
    assert touched_by_update(store, "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }") is None
