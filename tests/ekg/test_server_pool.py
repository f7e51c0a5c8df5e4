"""Queries in worker processes: runaway queries end, the endpoint keeps serving."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ekg.errors import ConfigError, EkgError, KgError
from ekg.pipeline.importing import import_files
from ekg.server import create_app, serve
from ekg.server.errors import RequestError
from ekg.server.jobs import QueryJob
from ekg.server.pool import ProcessPool
from ekg.server.run import bind, read_token

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server")
    source = folder / "in.nq"
    source.write_text("".join(f"<http://x/{i}> <http://x/p> <http://x/{i + 1}> <http://x/g> .\n" for i in range(300)))
    import_files(folder / "test.ekg", [source])
    return folder / "test.ekg"


def job(text: str) -> QueryJob:
    return QueryJob(text=text, accept="text/csv", max_rows=10)


@pytest.fixture
def pool(kg: Path) -> Iterator[ProcessPool]:
    pool = ProcessPool(kg / "quads", 1, 1.0)
    yield pool
    pool.close()


def test_runaway_query_is_ended_and_the_next_is_served(kg: Path) -> None:
    with TestClient(create_app(kg, timeout=1.0, workers=1), base_url="http://127.0.0.1") as client:
        slow = client.get("/sparql", params={"query": RUNAWAY})
        assert slow.status_code == 504
        assert "1 s" in slow.json()["error"]
        quick = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})
        assert quick.json()["results"]["bindings"][0]["n"]["value"] == "300"
        assert client.get("/healthz").json()["status"] == "ok"


def test_worker_killed_from_outside(pool: ProcessPool) -> None:
    assert pool.run(job("SELECT ?s { ?s ?p ?o } LIMIT 1")).body.count(b"\r\n") == 2
    (worker,) = pool._idle.queue
    assert worker._process.pid is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.join()
    with pytest.raises(RequestError) as caught:
        pool.run(job("ASK {}"))
    assert caught.value.http_status == 503
    assert pool.run(job("ASK {}")).body == b"true\n"


def test_errors_and_caps_cross_the_border(pool: ProcessPool) -> None:
    reply = pool.run(job("SELECT {"))
    assert reply.status == 400
    assert reply.error is not None
    assert reply.error["line"] == 1
    assert pool.run(job("SELECT ?s { ?s ?p ?o }")).truncated


def test_busy_pool_says_so(pool: ProcessPool) -> None:
    pool.start()
    worker = pool._idle.get()
    with pytest.raises(RequestError) as caught:
        pool.run(job("ASK {}"))
    assert caught.value.http_status == 503
    assert "Retry-After" in caught.value.headers
    pool._idle.put(worker)


def test_store_that_cannot_be_opened(tmp_path: Path) -> None:
    pool = ProcessPool(tmp_path / "none", 1, 5.0)
    reply = pool.run(job("ASK {}"))
    assert reply.status == 503
    pool.close()


def test_no_worker_is_left_behind(kg: Path) -> None:
    pool = ProcessPool(kg / "quads", 2, 5.0)
    pool.start()
    processes = [worker._process for worker in pool._idle.queue]
    pool.close()
    assert [process.is_alive() for process in processes] == [False, False]


def test_missing_graph_and_taken_port(kg: Path, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no such knowledge graph"):
        serve(tmp_path / "none.ekg")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(EkgError, match="cannot listen"):
            serve(kg, port=other.getsockname()[1])
    with pytest.raises(ConfigError, match="no port"):
        bind("127.0.0.1", 70_000)


def test_token_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    with pytest.raises(ConfigError, match="cannot be read"):
        read_token(path)
    path.write_text(" \n")
    with pytest.raises(ConfigError, match="empty"):
        read_token(path)
    path.write_text("abc\n")
    assert read_token(path) == "abc"


def test_runaway_in_memory_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    from ekg.graph import open_graph
    from ekg.server import pool as module

    release = threading.Event()
    monkeypatch.setattr(module, "run_job", lambda store, job: release.wait(20))
    with TestClient(create_app(open_graph(), timeout=0.2), base_url="http://127.0.0.1") as client:
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 504
        release.set()
