"""Readers whose snapshot is damaged or taken away, and those that work long."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ekg.pipeline.importing import import_files
from ekg.server.current import Watch
from ekg.server.errors import RequestError
from ekg.server.jobs import QueryJob, UpdateJob
from ekg.server.pool import ProcessPool, run
from ekg.server.writer import ProcessWriter
from ekg.store.snapshots import newest

COUNT = QueryJob(text="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", accept="text/csv", max_rows=10)
LOOKUP = QueryJob(text="SELECT ?o { <http://x/1> ?p ?o }", accept="text/csv", max_rows=10)
ENDLESS = QueryJob(
    text="SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", accept=None, max_rows=1
)
PATIENCE = 120.0


@pytest.fixture
def kg(tmp_path: Path) -> Path:
    source = tmp_path / "in.nq"
    source.write_text("".join(f"<http://x/{i}> <http://x/p> <http://x/{i + 1}> .\n" for i in range(300)))
    import_files(tmp_path / "kg", [source])
    return tmp_path / "kg"


async def status(pool: ProcessPool, job: QueryJob) -> int:
    try:
        return (await run(pool, job)).status
    except RequestError as error:
        return error.http_status


def test_a_snapshot_that_is_deleted_under_its_readers(kg: Path) -> None:
    async def whole() -> None:
        watch = Watch(kg)
        pool, writer = ProcessPool(kg, 1, 60.0, watch.number), ProcessWriter(kg, 60.0)
        try:
            assert await status(pool, COUNT) == 200
            shutil.rmtree(kg / "snapshots")
            watch.look()
            assert await status(pool, COUNT) == 200
            assert await status(pool, LOOKUP) == 200
            reply = await writer.run(UpdateJob(text="INSERT DATA { <http://x/new> <http://x/p> 1 }"))
            assert reply.error is None
            watch.look()
            assert (await run(pool, COUNT)).body == b"n\r\n301\r\n"
        finally:
            await pool.close()
            await writer.close()

    asyncio.run(whole())


def test_a_damaged_snapshot_is_an_error_and_not_the_end(kg: Path) -> None:
    found = newest(kg)
    assert found is not None
    files = sorted((found.path / "quads").glob("*.sst"))
    kept = {path: path.read_bytes() for path in files}
    for path, data in kept.items():
        path.unlink()  # the graph's own files have the same content under other names
        path.write_bytes(data[:20] + b"\0" * (len(data) // 2) + data[20 + len(data) // 2 :])

    async def whole() -> None:
        pool = ProcessPool(kg, 1, 60.0, lambda: found.number)
        try:
            assert await status(pool, COUNT) in {422, 503}
            assert await status(pool, LOOKUP) in {422, 503}
            for path, data in kept.items():
                path.write_bytes(data)
            os.kill(pool.pids[0], 9)
            await status(pool, COUNT)
            assert await status(pool, COUNT) == 200
        finally:
            await pool.close()

    asyncio.run(whole())


def test_long_queries_give_way_and_their_worker_comes_back(kg: Path) -> None:
    def niceness(pid: int) -> list[int]:
        found = []
        for path in Path(f"/proc/{pid}/task").iterdir():
            with suppress(ProcessLookupError):  # a thread that has just ended
                found.append(os.getpriority(os.PRIO_PROCESS, int(path.name)))
        return found

    async def whole() -> None:
        pool = ProcessPool(kg, 1, PATIENCE, lambda: 1)
        usual = os.getpriority(os.PRIO_PROCESS, 0)
        try:
            assert await status(pool, COUNT) == 200
            (pid,) = pool.pids
            assert set(niceness(pid)) == {usual}
            task = asyncio.create_task(status(pool, ENDLESS))
            end = time.monotonic() + PATIENCE
            while max(niceness(pid)) < 10:
                assert time.monotonic() < end
                await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await status(pool, COUNT) == 200
            assert set(niceness(pool.pids[0])) == {usual}
        finally:
            await pool.close()

    asyncio.run(whole())
