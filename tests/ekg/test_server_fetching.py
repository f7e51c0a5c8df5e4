"""Nothing that a client sends makes the server open a connection or a file."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ekg.errors import QueryError
from ekg.graph import open_graph
from ekg.server import create_app
from ekg.store.oxigraph import OxigraphStore
from ekg.store.reach import Reach
from tests.ekg.test_guard import DISGUISES

TOKEN = {"Authorization": "Bearer secret"}


@pytest.fixture
def bait() -> Iterator[Callable[[], bool]]:
    """Listens where queries point to; tells whether anybody came."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)

        def came() -> bool:
            try:
                listener.accept()[0].close()
            except BlockingIOError:
                return False
            return True

        came.__dict__["url"] = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        yield came


@pytest.fixture(params=["nothing", "others"])
def client(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """Of a server that may fetch nothing, and of one that may fetch from this machine, but not from the bait."""
    listed = "http://127.0.0.1:9/sparql https://allowed.example/"
    reach = Reach.of(services=listed, loads=listed, private=True) if request.param == "others" else None
    app = create_app(open_graph(), update_token="secret", reach=reach)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def test_the_bait_works(bait: Callable[[], bool]) -> None:
    assert not bait()
    port = int(bait.__dict__["url"].rpartition(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port)):
        assert bait()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
        "SELECT * { service<URL>{ ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { VALUES ?x { 1 } FILTER(1<2)SERVICE#>\n<URL> { ?s ?p ?o } }",
        "SELECT * { VALUES ?x { 1 }SERVICE<URL> { ?s ?p ?o } }",
        "PREFIX : <URL> SELECT * { SERVICE:{ ?s ?p ?o } }",
        "SELECT * { VALUES ?s { <URL> } SERVICE ?s { ?a ?b ?c } }",
        "SELECT * { SERVICE <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    ],
)
def test_queries_fetch_nothing(client: TestClient, bait: Callable[[], bool], query: str) -> None:
    response = client.get("/sparql", params={"query": query.replace("URL", bait.__dict__["url"])})
    assert response.status_code in {400, 403}
    assert not bait()


@pytest.mark.parametrize("query", DISGUISES)
def test_no_disguise_gets_through(bait: Callable[[], bool], query: str) -> None:
    text = query.replace("http://127.0.0.1:9/x", bait.__dict__["url"])
    with pytest.raises(QueryError):
        OxigraphStore().query(text)
    with pytest.raises(QueryError):
        OxigraphStore().update(f"INSERT {{ ?s ?p ?o }} WHERE {text[text.index('{') :]}")
    assert not bait()


@pytest.mark.parametrize("address", ["URL", "file:///etc/passwd", "http://169.254.169.254/"])
def test_graphs_to_read_are_those_of_the_store(client: TestClient, bait: Callable[[], bool], address: str) -> None:
    iri = address.replace("URL", bait.__dict__["url"])
    for query in (
        f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        assert client.get("/sparql", params={"query": query}).json()["results"]["bindings"] == []
    chosen = {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": iri, "named-graph-uri": iri}
    assert client.get("/sparql", params=chosen).json()["results"]["bindings"] == []
    assert client.get("/graphs", params={"graph": iri}).status_code == 404
    assert not bait()


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <URL>",
        "LOAD SILENT <URL> INTO GRAPH <urn:g>",
        "L\\u004fAD <URL>",
        "LOAD<file:///etc/passwd>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }",
    ],
)
def test_updates_fetch_nothing(client: TestClient, bait: Callable[[], bool], update: str) -> None:
    client.post("/update", data={"update": update.replace("URL", bait.__dict__["url"])}, headers=TOKEN)
    assert client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}).json()["results"]["bindings"] == []
    assert not bait()


def test_documents_fetch_nothing(client: TestClient, bait: Callable[[], bool], tmp_path: Path) -> None:
    url = bait.__dict__["url"]
    secret = tmp_path / "secret"
    secret.write_text("secret")
    bodies = {
        "application/ld+json": f'{{"@context": "{url}", "@id": "urn:a", "p": 1}}',
        "application/rdf+xml": f'<!DOCTYPE r [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY f SYSTEM "{url}">]>'
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="urn:a" '
        'xmlns:x="urn:"><x:p>&e;&f;</x:p></r:Description></r:RDF>',
        "text/turtle": f"@base <{url}> . <#a> <#b> <{url}> .",
    }
    for media, body in bodies.items():
        headers = {**TOKEN, "Content-Type": media}
        client.put("/graphs?graph=urn:g", content=body, headers=headers)
        assert "secret" not in client.get("/graphs?default").text
        assert not bait()
