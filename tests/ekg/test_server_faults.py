"""Readers whose snapshot is damaged or taken away, and those that work long."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import threading
import time
from pathlib import Path
from typing import cast

import pytest

from ekg.pipeline.importing import import_files
from ekg.server.current import Watch
from ekg.server.errors import RequestError
from ekg.server.jobs import QueryJob, ReadTask, UpdateJob, decode_reply, encode, frame, read_frame
from ekg.server.pool import ProcessPool, run
from ekg.server.reader import Reader
from ekg.server.worker import Lane
from ekg.server.writer import ProcessWriter
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import newest

COUNT = QueryJob(text="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", accept="text/csv", max_rows=10)
LOOKUP = QueryJob(text="SELECT ?o { <http://x/1> ?p ?o }", accept="text/csv", max_rows=10)
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


class _SlowReader:
    """A reader that opens its store when it is told to."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.threads: list[int] = []

    def store(self, number: int) -> OxigraphStore:
        self.threads.append(threading.get_native_id())
        assert self.open.wait(PATIENCE)
        return OxigraphStore()


def test_a_long_query_gives_way_and_the_next_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    slowed: list[tuple[int, ...]] = []
    monkeypatch.setattr(os, "setpriority", lambda *arguments: slowed.append(arguments))
    reader = _SlowReader()
    closed = threading.Event()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lane = Lane(theirs, cast(Reader, reader), end=lambda code: closed.set())
        lane.start()
        lane.watch()
        ours.sendall(frame(encode(ReadTask(COUNT, 1))))
        end = time.monotonic() + PATIENCE
        while not reader.threads:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert lane._since is not None
        lane._since -= 5
        lane.watch()
        lane.watch()
        assert slowed == [(os.PRIO_PROCESS, reader.threads[0], 10)]
        reader.open.set()
        assert decode_reply(read_frame(ours)).status == 200
        # A thread cannot get its priority back, so another one takes the next job.
        assert lane.ended.wait(PATIENCE)
        lane.start()
        ours.sendall(frame(encode(ReadTask(COUNT, 1))))
        assert decode_reply(read_frame(ours)).status == 200
        assert len(slowed) == 1
        ours.close()
        assert closed.wait(PATIENCE)
