"""A server that may ask others: over HTTP, with fetching processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from ekg.cli.main import app as cli
from ekg.errors import ConfigError
from ekg.graph import open_graph
from ekg.pipeline.build import graph_of
from ekg.pipeline.importing import import_files
from ekg.server import create_app
from ekg.server.errors import RequestError
from ekg.server.fetching import FetchJob, run_fetch
from ekg.server.outside import Outside
from ekg.store.reach import Reach
from tests.replying import Reply, serving
from tests.running import running
from tests.samples import sample_pairs

LOCAL = "http://127.0.0.1"
TOKEN = {"Authorization": "Bearer secret"}
FILE: Reply = (200, {"Content-Type": "text/turtle"}, b"<urn:a> <urn:p> 1, 2 .")


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another server's endpoint."""
    with running(create_app(graph_of(sample_pairs()))) as port:
        yield f"{LOCAL}:{port}/sparql"


def values(client: TestClient, query: str, name: str) -> list[str]:
    response = client.get("/sparql", params={"query": query})
    assert response.status_code == 200, response.text
    return sorted(row[name]["value"] for row in response.json()["results"]["bindings"] if name in row)


def test_a_graph_on_disk_asks_another_server(tmp_path: Path, elsewhere: str) -> None:
    source = tmp_path / "in.nt"
    with running(create_app(graph_of(sample_pairs()))) as port, TestClient(
        create_app(graph_of(sample_pairs())), base_url=LOCAL
    ) as other:  # fmt: skip
        assert port
        labels = values(other, "SELECT ?l { ?e a sem:Event ; rdfs:label ?l }", "l")
        event = values(other, "SELECT ?e { ?e a sem:Event } ORDER BY ?e LIMIT 1", "e")[0]
        (label,) = values(other, f"SELECT ?l {{ <{event}> rdfs:label ?l }}", "l")
    source.write_text(f"<{event}> <urn:mine> <urn:note> .\n")
    import_files(tmp_path / "kg", [source])
    reach = Reach.of(services=elsewhere, private=True, timeout=60.0)
    service = f"SERVICE <{elsewhere}>"
    with TestClient(create_app(tmp_path / "kg", workers=1, reach=reach), base_url=LOCAL) as client:
        assert values(client, f"SELECT * {{ {service} {{ ?e a sem:Event ; rdfs:label ?l }} }}", "l") == labels
        joined = f"SELECT * {{ ?e <urn:mine> ?n . {service} {{ ?e a sem:Event ; rdfs:label ?l }} }}"
        assert values(client, joined, "l") == [label]
        refused = client.post("/sparql", data={"query": "ASK { SERVICE <http://169.254.169.254/> { ?s ?p ?o } }"})
        assert refused.status_code == 403
        assert refused.json()["line"] == 1
        assert "allow-service" in refused.json()["hint"]
        malformed = client.get("/sparql", params={"query": f"SELECT * {{\n {service} {{ ?s ?p }} }}"})
        assert (malformed.status_code, malformed.json()["line"]) == (400, 2)
        assert b"BasicFederatedQuery" in client.get("/sparql", headers={"Accept": "application/n-triples"}).content


def test_nothing_is_fetched_where_nothing_is_listed(elsewhere: str) -> None:
    with TestClient(create_app(open_graph(), update_token="secret"), base_url=LOCAL) as client:
        query = {"query": f"ASK {{ SERVICE <{elsewhere}> {{ ?s ?p ?o }} }}"}
        assert client.get("/sparql", params=query).status_code == 403
        assert client.post("/update", data={"update": f"LOAD <{elsewhere}>"}, headers=TOKEN).status_code == 403
        assert b"BasicFederatedQuery" not in client.get("/sparql").content


def test_private_addresses_need_their_switch(elsewhere: str) -> None:
    reach = Reach.of(services=elsewhere, timeout=60.0)
    with TestClient(create_app(open_graph(), reach=reach), base_url=LOCAL) as client:
        refused = client.get("/sparql", params={"query": f"ASK {{ SERVICE SILENT <{elsewhere}> {{ ?s ?p ?o }} }}"})
    assert refused.status_code == 403
    assert "this machine's own" in refused.json()["error"]


def test_failures_over_http() -> None:
    with serving((500, {}, b"oh")) as (url, seen):
        reach = Reach.of(services=f"{url}/", private=True, timeout=60.0)
        with TestClient(create_app(open_graph(), reach=reach), base_url=LOCAL) as client:
            loud = client.get("/sparql", params={"query": f"SELECT * {{ SERVICE <{url}/q> {{ ?s ?p ?o }} }}"})
            assert loud.status_code == 502
            assert "answered 500" in loud.json()["error"]
            silent = client.get("/sparql", params={"query": f"SELECT * {{ SERVICE SILENT <{url}/q> {{ ?s ?p ?o }} }}"})
            assert silent.json()["head"]["vars"] == ["o", "p", "s"]
            assert silent.json()["results"]["bindings"] == [{}]
    assert seen == ["POST /q"] * 2


def test_updates_load_and_ask(elsewhere: str) -> None:
    with serving(FILE) as (url, _):
        reach = Reach.of(loads=f"{url}/", services=elsewhere, private=True, timeout=60.0)
        with TestClient(create_app(open_graph(), update_token="secret", reach=reach), base_url=LOCAL) as client:

            def update(text: str) -> int:
                return client.post("/update", data={"update": text}, headers=TOKEN).status_code

            assert client.post("/update", data={"update": f"LOAD <{url}/f>"}).status_code == 401
            assert update(f"LOAD <{url}/f> INTO GRAPH <urn:g>") == 204
            assert values(client, "SELECT ?o { GRAPH <urn:g> { ?s ?p ?o } }", "o") == ["1", "2"]
            # As a whole or not at all.
            assert update(f"INSERT DATA {{ <urn:x> <urn:y> 1 }} ; LOAD <{url}/f> ; LOAD <http://other.example/>") == 403
            assert update(f"CLEAR ALL ; LOAD <{url}/f> ; DROP GRAPH <urn:none>") == 422
            assert values(client, "SELECT ?o { ?s ?p ?o }", "o") == ["1", "2"]
            insert = f"INSERT {{ ?e <urn:seen> true }} WHERE {{ SERVICE <{elsewhere}> {{ ?e a sem:Event }} }}"
            assert update(insert) == 204
            assert len(values(client, "SELECT ?e { ?e <urn:seen> true }", "e")) == 6


def test_a_process_that_is_lost_or_too_slow_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.server.outside._GRACE_SECONDS", 60.0)

    async def body(url: str, seen: list[str], wait: threading.Event) -> None:
        reach = Reach.of(services=f"{url}/", private=True, timeout=60.0)
        assert reach is not None
        outside = Outside(reach)
        query = f"SELECT * {{ SERVICE <{url}/q> {{ ?s ?p ?o }} }}"
        try:
            for text in ("ASK {}", r'ASK { ?s ?p ?o FILTER REGEX(?o, "\\d \u0053.") }'):
                plain = await outside.complete(text, update=False, base=None)
                assert (plain.body, outside._running, outside._idle) == (text.encode(), set(), [])
            hidden = await outside.complete(
                rf"ASK {{ \u0053ERVICE <{url}/q> {{ ?s ?p ?o }} }}", update=False, base=None
            )
            assert (hidden.status, seen) == (403, [])
            task = asyncio.create_task(outside.complete(query, update=False, base=None))
            while not outside._running:
                await asyncio.sleep(0.01)
            while not seen:
                await asyncio.sleep(0.01)
            os.kill(next(iter(outside._running)).pid, signal.SIGKILL)
            with pytest.raises(RequestError, match="was ended"):
                await task
            # A client that leaves takes its process along.
            task = asyncio.create_task(outside.complete(query, update=False, base=None))
            while not outside._running:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (outside._running, outside._idle) == (set(), [])
            wait.set()
            assert (await outside.complete(query, update=False, base=None)).status == 502
            assert len(outside._idle) == 1
            # A process that keeps to no limit is ended.
            monkeypatch.setattr("ekg.server.outside._GRACE_SECONDS", -60.0)
            with pytest.raises(RequestError, match="stopped after 60 s"):
                await outside.complete(query, update=False, base=None)
            monkeypatch.setattr("ekg.server.outside._WAITING", 0)
            with pytest.raises(RequestError, match="busy"):
                await outside.complete(query, update=False, base=None)
        finally:
            await outside.close()
        assert outside._idle == []

    wait = threading.Event()
    with serving((500, {}, b""), wait=wait) as (url, seen):
        asyncio.run(body(url, seen, wait))


def test_errors_are_replies() -> None:
    reach = Reach(services=("http://x.example/",))
    reply = run_fetch(FetchJob(text="ASK { SERVICE ?s { } }", update=False, base=None, reach=reach))
    assert reply.status == 403
    assert reply.error is not None
    reply = run_fetch(FetchJob(text="ASK { 'SERVICE' ?p ?o }", update=False, base=None, reach=reach))
    assert reply.body == b"ASK { 'SERVICE' ?p ?o }"


def test_the_commands_line_asks_too(tmp_path: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in.nt").write_text("<urn:a> <urn:p> <urn:b> .\n")
    import_files(tmp_path / "kg", [tmp_path / "in.nt"])
    query = ["query", str(tmp_path / "kg"), f"SELECT ?e {{ SERVICE <{elsewhere}> {{ ?e a sem:Event }} }}", "--json"]
    runner = CliRunner()
    assert runner.invoke(cli, query).exit_code != 0
    allowed = [*query, "--allow-service", elsewhere, "--allow-service", "https://other.example/"]
    assert runner.invoke(cli, allowed).exit_code != 0  # on this machine
    monkeypatch.setenv("EKG_ALLOW_PRIVATE_ADDRESSES", "yes")
    result = runner.invoke(cli, allowed)
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["results"]["bindings"]) == 6
    monkeypatch.setenv("EKG_ALLOW_SERVICE", elsewhere)
    assert runner.invoke(cli, query).exit_code == 0
    with pytest.raises(ConfigError, match="allow-service"):
        Reach.of(services="gopher://x")
