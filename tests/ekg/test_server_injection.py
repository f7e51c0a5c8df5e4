"""Strings that mean something to SPARQL, SQL, full-text search or HTML are words like any other to the API."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from ekg.graph import EventGraph
from ekg.pipeline.build import graph_of
from ekg.server import create_app
from ekg.server.api import OPERATIONS
from tests.samples import sample_pairs

STRINGS = [
    '" } ; DROP ALL ; SELECT * { ?s ?p "',
    "'> } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #",
    "urn:ekg:entity:x> ?p ?o } INSERT DATA { <urn:a> <urn:b> <urn:c",
    "<urn:x> . ?s ?p ?o",
    "?x",
    "'; DROP TABLE events; --",
    "x' OR '1'='1",
    "1) UNION SELECT name FROM sqlite_master --",
    'fire" OR "',
    "NEAR(fire holm)",
    "fire AND NOT",
    "text : fire",
    "fire*",
    "^fire",
    "%_%",
    "\\u0022\\",
    "<script>alert(1)</script>",
    "\x00",
    "a\x00b",
    "\u202efire",
    "\N{FIRE}" * 50,
    "((((((((((",
    "{}",
    "${jndi:ldap://127.0.0.1/x}",
    "../../etc/passwd",
    "file:///etc/passwd",
]
BOUND = [
    (operation.path, parameter.name, [p.name for p in operation.parameters if p.required])
    for operation in OPERATIONS
    for parameter in operation.parameters
]


@pytest.fixture(scope="module")
def graph() -> Iterator[EventGraph]:
    with graph_of(sample_pairs()) as graph:
        yield graph


@pytest.fixture(scope="module")
def client(graph: EventGraph) -> Iterator[TestClient]:
    with TestClient(create_app(graph), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize(("path", "name", "required"), BOUND, ids=lambda value: str(value))
def test_odd_strings_in_every_parameter(
    client: TestClient, graph: EventGraph, path: str, name: str, required: list[str]
) -> None:
    quads, events = set(graph.store.quads()), client.get("/api/events").json()
    for text in STRINGS:
        query = "&".join(f"{key}={quote(text if key == name else 'fire')}" for key in {*required, name})
        response = client.get(f"{path}?{query}")
        # A bug would raise here, since the client passes exceptions on.
        assert response.status_code in {200, 400, 404}, (text, response.text)
        assert response.headers["content-type"] == "application/json"
        assert "Traceback" not in response.text
        assert "root:" not in response.text
    assert set(graph.store.quads()) == quads
    assert client.get("/api/events").json() == events


def test_words_find_no_more_than_they_should(client: TestClient) -> None:
    total = client.get("/api/events").json()["total"]
    assert total > 0
    for name in ("type", "actor", "place"):
        for text in ("x' OR '1'='1", "%", "_", "*", '" OR "'):
            found = client.get("/api/events", params={name: text})
            assert found.status_code in {200, 400, 404}
            assert found.json().get("total", 0) == 0
