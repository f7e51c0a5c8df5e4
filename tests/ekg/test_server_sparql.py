"""The SPARQL endpoint: protocol, negotiation, errors."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from ekg.pipeline.build import graph_of
from ekg.server import create_app
from ekg.server.negotiate import choose
from tests.samples import sample_pairs

LOCAL = "http://127.0.0.1"
ALL = "SELECT ?e { ?e a sem:Event } ORDER BY ?e"
DOC = "urn:ekg:doc:fire"
RESOLVED = "urn:ekg:graph:resolved"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with graph_of(sample_pairs()) as graph, TestClient(create_app(graph, max_rows=1000), base_url=LOCAL) as client:
        yield client


def strict_client(**options: bool | int | str) -> TestClient:
    return TestClient(create_app(graph_of(sample_pairs()), **options), base_url=LOCAL)  # type: ignore[arg-type]  # options are forwarded


def count(response: object) -> int:
    return len(response.json()["results"]["bindings"])  # type: ignore[attr-defined]  # a response of httpx


def test_three_ways_give_the_same(client: TestClient) -> None:
    get = client.get("/sparql", params={"query": ALL})
    form = client.post("/sparql", data={"query": ALL})
    direct = client.post("/sparql", content=ALL, headers={"Content-Type": "application/sparql-query; charset=UTF-8"})
    assert get.status_code == form.status_code == direct.status_code == 200
    assert get.json() == form.json() == direct.json()
    assert count(get) == 6
    assert get.headers["content-type"] == "application/sparql-results+json"
    assert get.headers["vary"] == "Accept, Accept-Encoding"
    assert "x-ekg-truncated" not in get.headers


@pytest.mark.parametrize(
    ("accept", "media", "start"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"e\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?e\n"),
        ("application/json", "application/json", b"{"),
        ("*/*", "application/sparql-results+json", b"{"),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.9", "application/sparql-results+xml", b"<?xml"),
        ("text/*, application/*;q=0.1", "text/csv; charset=utf-8", b"e\r\n"),
        ("*/*;q=0.1, text/csv;q=0", "application/sparql-results+json", b"{"),
        ("text/turtle, text/csv;q=0.5", "text/csv; charset=utf-8", b"e\r\n"),
    ],
)
def test_negotiation_of_rows(client: TestClient, accept: str, media: str, start: bytes) -> None:
    response = client.get("/sparql", params={"query": ALL}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == media
    assert response.content.startswith(start)


@pytest.mark.parametrize(
    ("accept", "media", "format"),
    [
        ("*/*", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_negotiation_of_graphs(client: TestClient, accept: str, media: str, format: ox.RdfFormat) -> None:
    query = "CONSTRUCT { ?e rdfs:label ?l } WHERE { ?e a sem:Event ; rdfs:label ?l }"
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.headers["content-type"] == media
    assert len(list(ox.parse(response.content, format))) == 6


def test_choose_prefers_the_specific_range() -> None:
    offers = {"text/turtle": "", "application/n-triples": ""}
    assert choose("text/*;q=0.9, text/turtle;q=0.1, application/n-triples;q=0.5", offers) == "application/n-triples"
    assert choose(None, offers) == "text/turtle"
    assert choose("", offers) == "text/turtle"
    assert choose("TEXT/TURTLE", offers) == "text/turtle"
    assert choose("text/turtle;q=abc", offers) is None
    assert choose("image/png, text/turtle;q=0", offers) is None


def test_not_acceptable_lists_what_there_is(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": ALL}, headers={"Accept": "text/turtle"})
    assert response.status_code == 406
    assert "text/csv" in response.json()["offered"]
    response = client.get("/sparql", params={"query": "DESCRIBE <urn:x>"}, headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["offered"]


def test_ask(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": "ASK { ?e a sem:Event }"}).json()["boolean"] is True


def test_errors_have_line_and_column(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"})
    assert response.status_code == 400
    assert (response.json()["line"], response.json()["column"]) == (2, 9)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("SELECT (<http://x/unknown>(1) AS ?y) {}", 422),
        ("", 400),
        ("INSERT DATA {}", 400),
    ],
)
def test_refused_queries(client: TestClient, text: str, status: int) -> None:
    response = client.post("/sparql", content=text, headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == status
    assert response.json()["error"]


def test_bad_requests(client: TestClient) -> None:
    assert client.get(f"/sparql?query={quote(ALL)}&query={quote(ALL)}").status_code == 400
    assert client.get("/sparql?query=%FF").status_code == 400
    direct = {"Content-Type": "application/sparql-query"}
    assert client.post("/sparql", content=b"ASK {} #\xff", headers=direct).status_code == 400
    assert client.post(f"/sparql?query={quote(ALL)}", content="ASK {}", headers=direct).status_code == 400
    assert client.post("/sparql", data={"other": "x"}).status_code == 400
    assert "/update" in client.post("/sparql", data={"update": "DROP ALL"}).json()["hint"]
    assert client.get("/sparql", params={"query": "ASK {}", "default-graph-uri": "not an iri"}).status_code == 400


@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/sparql-query; charset=latin-1", "application/sparql-update"]
)
def test_unsupported_bodies(client: TestClient, kind: str) -> None:
    response = client.post("/sparql", content=b"ASK {}", headers={"Content-Type": kind} if kind else {})
    assert response.status_code == 415


def test_large_bodies() -> None:
    headers = {"Content-Type": "application/sparql-query"}

    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b"#" * 1000

    with strict_client(max_body=10_000) as client:
        assert client.post("/sparql", content=b"ASK {}" + b"#" * 9_000, headers=headers).status_code == 200
        large = client.post("/sparql", content=b"#" * 10_001, headers=headers)
        assert large.status_code == 413
        assert large.headers["connection"] == "close"
        assert client.post("/sparql", content=chunks(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sparql", {"GET", "HEAD", "POST"}),
        ("/update", {"POST"}),
        ("/graphs", {"GET", "HEAD", "POST", "PUT", "DELETE"}),
        ("/graphs/x", {"GET", "HEAD", "POST", "PUT", "DELETE"}),
        ("/healthz", {"GET", "HEAD"}),
        ("/metrics", {"GET", "HEAD"}),
    ],
)
def test_wrong_methods(client: TestClient, path: str, allowed: set[str]) -> None:
    options = client.request("OPTIONS", path)
    assert options.status_code == 204
    assert {method.strip() for method in options.headers["allow"].split(",")} == allowed
    response = client.request("PATCH", path)
    assert response.status_code == 405
    assert {method.strip() for method in response.headers["allow"].split(",")} == allowed
    assert response.json()["error"]


def test_dataset_of_the_protocol(client: TestClient) -> None:
    query = "SELECT * { ?s a ?t }"
    everything = count(client.get("/sparql", params={"query": query}))
    only = count(client.get("/sparql", params={"query": query, "default-graph-uri": DOC}))
    both = count(client.get("/sparql", params={"query": query, "default-graph-uri": [DOC, RESOLVED]}))
    assert 0 < only < both < everything
    names = client.get(
        "/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": [DOC, RESOLVED]}
    ).json()
    assert sorted(row["g"]["value"] for row in names["results"]["bindings"]) == [DOC, RESOLVED]
    assert count(client.get("/sparql", params={"query": query, "named-graph-uri": DOC})) == 0
    form = client.post("/sparql", data={"query": query, "default-graph-uri": DOC})
    assert count(form) == only
    wrong = client.get("/sparql", params={"query": "SELECT {", "default-graph-uri": DOC})
    assert wrong.json()["column"] == 9
    service = {"query": "SELECT * { SERVICE <http://x/> {} }", "default-graph-uri": DOC}
    assert client.get("/sparql", params=service).status_code == 403


def test_union_default_graph_unless_strict(client: TestClient) -> None:
    with strict_client(strict_dataset=True) as strict:
        assert count(strict.get("/sparql", params={"query": ALL})) == 0
        assert strict.get("/graphs?default").content.strip() == b""
        assert "UnionDefaultGraph" not in strict.get("/sparql").text
    assert len(list(ox.parse(client.get("/graphs?default").content, ox.RdfFormat.TURTLE))) > 100


def test_rows_are_capped() -> None:
    with strict_client(max_rows=4) as client:
        response = client.get("/sparql", params={"query": ALL})
        assert count(response) == 4
        assert response.headers["x-ekg-truncated"] == "true"
        assert response.json()["truncated"] is True
        xml = client.get("/sparql", params={"query": ALL}, headers={"Accept": "application/sparql-results+xml"})
        assert xml.content.count(b"<result>") == 4
        assert xml.headers["x-ekg-truncated"] == "true"
        for media in ("text/csv", "text/tab-separated-values"):
            lines = client.get("/sparql", params={"query": ALL}, headers={"Accept": media})
            assert len(lines.content.splitlines()) == 5
            assert lines.headers["x-ekg-truncated"] == "true"
        exact = client.get("/sparql", params={"query": f"{ALL} LIMIT 4"})
        assert "truncated" not in exact.json()
        assert "x-ekg-truncated" not in exact.headers
        construct = client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"})
        assert construct.headers["x-ekg-truncated"] == "true"
        assert len(list(ox.parse(construct.content, ox.RdfFormat.TURTLE))) == 4
        assert "x-ekg-truncated" not in client.get("/graphs?default").headers


def test_service_description(client: TestClient) -> None:
    response = client.get("/sparql", headers={"Accept": "application/n-triples"})
    assert response.status_code == 200
    text = response.text
    assert "<http://127.0.0.1/sparql> <http://www.w3.org/ns/sparql-service-description#endpoint>" in text
    assert "sparql-service-description#UnionDefaultGraph" in text
    assert client.get("/sparql", headers={"Accept": "text/csv"}).status_code == 406


def test_graph_store_reads(client: TestClient) -> None:
    response = client.get("/graphs", params={"graph": DOC}, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200
    assert f"<{DOC}> <http://schema.org/headline>" in response.text
    assert client.head("/graphs", params={"graph": DOC}).status_code == 200
    assert client.get("/graphs", params={"graph": "urn:none"}).status_code == 404
    assert client.get("/graphs", params={"graph": "no iri"}).status_code == 400
    assert client.get("/graphs").status_code == 400
    assert client.get(f"/graphs?default&graph={DOC}").status_code == 400


def test_large_graphs_are_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    from ekg.server import evaluate

    monkeypatch.setattr(evaluate, "_LARGE", 10)
    with strict_client() as client:
        response = client.get("/graphs?default")
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        graph = set(ox.parse(response.content, ox.RdfFormat.TURTLE))
        small = client.get("/graphs?default", headers={"Accept": "application/ld+json"})
        assert graph == set(ox.parse(small.content, ox.RdfFormat.JSON_LD))
        assert len(graph) > 100
        assert client.get("/graphs?graph=urn:none").status_code == 404
