"""Queries in worker processes: runaway queries end, the endpoint keeps serving."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from ekg.errors import ConfigError, EkgError, KgError
from ekg.pipeline.importing import import_files
from ekg.server import create_app, serve
from ekg.server.errors import RequestError
from ekg.server.jobs import QueryJob
from ekg.server.pool import BrokenAnswerError, ProcessPool, run
from ekg.server.process import Process, start_process
from ekg.server.run import bind, read_token

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LONG = QueryJob(text="SELECT * { GRAPH <http://y/g> { ?s ?p ?o } }", accept="text/csv", max_rows=1000)
T = TypeVar("T")


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server")
    source = folder / "in.nq"
    source.write_text("".join(f"<http://x/{i}> <http://x/p> <http://x/{i + 1}> <http://x/g> .\n" for i in range(300)))
    # An answer that is larger than all buffers on its way, so that its worker waits in the middle of it.
    big = folder / "big.nq"
    big.write_text("".join(f'<http://x/{i}> <http://y/p> "{i:0100000}" <http://y/g> .\n' for i in range(80)))
    import_files(folder / "test.ekg", [source, big])
    return folder / "test.ekg"


def job(text: str) -> QueryJob:
    return QueryJob(text=text, accept="text/csv", max_rows=10)


def with_pool(
    kg: Path, body: Callable[[ProcessPool], Awaitable[T]], *, workers: int = 1, timeout: float = 60.0, memory: int = 0
) -> T:
    async def whole() -> T:
        pool = ProcessPool(kg, workers, timeout, lambda: 1, memory=memory or None)
        try:
            return await body(pool)
        finally:
            await pool.close()

    return asyncio.run(whole())


async def status(pool: ProcessPool, text: str) -> int:
    """Status of a query, refused by the pool or answered."""
    try:
        return (await run(pool, job(text))).status
    except RequestError as error:
        return error.http_status


def asked(client: TestClient, query: str, status: int) -> Response:
    """Answer to a query, asked again while it has another status: a worker may start, or the machine be busy."""
    end = time.monotonic() + 60.0
    while True:
        response = client.get("/sparql", params={"query": query})
        if response.status_code == status:
            return response
        assert time.monotonic() < end, response.text
        time.sleep(0.02)


def test_an_endless_query_is_ended_within_a_second_and_the_next_is_served(kg: Path, tmp_path: Path) -> None:
    log, timeout, seconds = tmp_path / "access.log", 1.0, []
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with TestClient(create_app(kg, timeout=timeout, workers=1, access_log=log), base_url="http://127.0.0.1") as client:
        for _ in range(10):  # by the server's own clock, and once is enough: the machine may be busy
            asked(client, "ASK {}", 200)
            slow = asked(client, RUNAWAY, 504)
            assert "1 s" in slow.json()["error"]
            *_, status, _, took = log.read_text().splitlines()[-1].split()
            assert status == "504"
            seconds.append(float(took))
            if timeout <= seconds[-1] < timeout + 1:
                break
        assert timeout <= min(seconds) < timeout + 1
        assert client.get("/healthz").json()["status"] == "ok"
        # A new worker answers as soon as it has started.
        assert asked(client, count, 200).json()["results"]["bindings"][0]["n"]["value"] == "380"


def test_the_worker_of_a_runaway_query_is_replaced(kg: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        await run(pool, job("ASK {}"))
        before = pool.pids
        pool.timeout = 0.2
        assert await status(pool, RUNAWAY) == 504
        pool.timeout = 60.0
        assert await status(pool, "ASK {}") == 200
        assert pool.pids != before

    with_pool(kg, body)


def test_worker_killed_from_outside(kg: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        found = await run(pool, job("SELECT ?s { ?s ?p ?o } LIMIT 1"))
        assert found.body.count(b"\r\n") == 2
        os.kill(pool.pids[0], signal.SIGKILL)
        assert await status(pool, "ASK {}") == 503
        assert (await run(pool, job("ASK {}"))).body == b"true\n"

    with_pool(kg, body)


def test_memory_bomb_ends_its_worker_only(kg: Path) -> None:
    # Sorting holds all rows.
    bomb = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a ?d ?g"

    async def body(pool: ProcessPool) -> None:
        assert await status(pool, bomb) == 503
        assert await status(pool, "ASK {}") == 200

    with_pool(kg, body, memory=400 << 20)


def test_worker_killed_in_the_middle_of_an_answer(kg: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        answer = await pool.stream(LONG)
        assert answer.reply.more
        os.kill(pool.pids[0], signal.SIGKILL)
        with pytest.raises(BrokenAnswerError):
            _ = [chunk async for chunk in answer.chunks]
        assert await status(pool, "ASK {}") == 200

    with_pool(kg, body)


def test_an_answer_that_nobody_takes_does_not_keep_its_worker(kg: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        answer = None
        for pool.timeout in (2.0, 10.0, 60.0):  # the machine may be slow
            with suppress(RequestError):
                answer = await pool.stream(LONG)
                break
        pool.timeout = 60.0
        assert answer is not None
        assert answer.reply.more
        assert await status(pool, "ASK {}") == 200
        with pytest.raises(BrokenAnswerError):
            _ = [chunk async for chunk in answer.chunks]

    with_pool(kg, body)


def test_a_client_that_leaves_gives_its_worker_back(kg: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        answer = await pool.stream(LONG)
        await answer.chunks.aclose()
        task = asyncio.create_task(run(pool, job(RUNAWAY)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await status(pool, "ASK {}") == 200

    with_pool(kg, body)


def test_errors_and_caps_cross_the_border(kg: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        reply = await run(pool, job("SELECT {"))
        assert reply.status == 400
        assert reply.error is not None
        assert reply.error["line"] == 1
        assert (await run(pool, job("SELECT ?s { ?s ?p ?o }"))).truncated

    with_pool(kg, body)


def test_more_clients_than_workers_get_200_or_503(kg: Path) -> None:
    async def body(pool: ProcessPool) -> set[int]:
        return set(await asyncio.gather(*(status(pool, "SELECT ?s { ?s ?p ?o }") for _ in range(100))))

    assert with_pool(kg, body, workers=2) == {200, 503}


def test_store_that_cannot_be_opened(tmp_path: Path) -> None:
    async def body(pool: ProcessPool) -> None:
        assert await status(pool, "ASK {}") == 503
        assert await status(pool, "ASK {}") == 503

    with_pool(tmp_path / "none", body)


def test_no_worker_is_left_behind(kg: Path) -> None:
    async def body(pool: ProcessPool) -> list[int]:
        await pool.start()
        return pool.pids

    pids = with_pool(kg, body, workers=2)
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


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
    monkeypatch.setattr(module, "run_job", lambda store, job, send: release.wait(60))
    with TestClient(create_app(open_graph(), timeout=0.2), base_url="http://127.0.0.1") as client:
        try:
            assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 504
        finally:
            release.set()


def test_clients_take_turns_at_a_worker(kg: Path) -> None:
    async def body(pool: ProcessPool) -> list[str]:
        order: list[str] = []

        async def ask(client: str) -> None:
            await pool.stream(job("SELECT (1 AS ?x) {}"), client)
            order.append(client)

        process = await pool._take("z")
        tasks = [asyncio.create_task(ask(client)) for client in ("a", "a", "a", "b")]
        while pool.waiting < len(tasks):
            await asyncio.sleep(0)
        pool.give(process)
        await asyncio.gather(*tasks)
        return order

    assert with_pool(kg, body) == ["a", "b", "a", "a"]


def test_a_worker_that_cannot_be_started_at_once_is_started_later(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = [OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))] * 2

    async def refused(module: str, kg: Path, *arguments: str) -> Process:
        if refusals:
            raise refusals.pop()
        return await start_process(module, kg, *arguments)

    async def body(pool: ProcessPool) -> None:
        process = await pool._take("")
        monkeypatch.setattr("ekg.server.pool._AGAIN_SECONDS", 0.0)
        monkeypatch.setattr("ekg.server.pool.start_process", refused)
        pool.replace(process)
        assert await status(pool, "ASK {}") == 200
        assert not refusals

    with_pool(kg, body)


def test_a_start_that_is_given_up_leaves_no_process(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*arguments, **options))
        return started[-1]

    async def whole() -> None:
        monkeypatch.setattr("ekg.server.process.subprocess.Popen", noted)
        task = asyncio.create_task(start_process("ekg.server.worker", kg, str(1 << 30)))
        while not started:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(whole())
    assert [process.returncode for process in started] == [-signal.SIGKILL]
