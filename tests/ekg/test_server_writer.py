"""The writer process: what is answered can be read, whatever happens around it."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

import pytest

from ekg.errors import EkgError
from ekg.graph import open_graph
from ekg.graph.refresh import take_indexing
from ekg.pipeline.importing import import_files
from ekg.server.current import Current, Watch
from ekg.server.errors import RequestError
from ekg.server.jobs import DeleteGraphJob, PutGraphJob, QueryJob, UpdateJob
from ekg.server.keeper import Keeper
from ekg.server.pool import ProcessPool, run
from ekg.server.writer import ProcessWriter
from ekg.server.writing import GraphWriter
from ekg.store import kg_lock, read_manifest, write_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import newest, snapshots

T = TypeVar("T")


@pytest.fixture
def kg(tmp_path: Path) -> Path:
    source = tmp_path / "in.nq"
    source.write_text("<http://x/1> <http://x/p> <http://x/2> <http://x/g> .\n")
    import_files(tmp_path / "kg", [source])
    return tmp_path / "kg"


def insert(number: int) -> UpdateJob:
    return UpdateJob(text=f"INSERT DATA {{ <http://x/new> <http://x/value> {number} }}")


def with_writer(
    kg: Path, body: Callable[[ProcessWriter], Awaitable[T]], *, timeout: float = 60.0, memory: int | None = None
) -> T:
    async def whole() -> T:
        writer = ProcessWriter(kg, timeout, memory=memory)
        try:
            return await body(writer)
        finally:
            await writer.close()

    return asyncio.run(whole())


async def values(pool: ProcessPool) -> list[int]:
    job = QueryJob(
        text="SELECT ?v { <http://x/new> <http://x/value> ?v } ORDER BY ?v", accept="text/csv", max_rows=1000
    )
    return [int(line) for line in (await run(pool, job)).body.decode().split("\r\n")[1:-1]]


def test_an_answered_update_is_seen_by_every_worker(kg: Path) -> None:
    async def body(writer: ProcessWriter) -> None:
        watch = Watch(kg)
        pool = ProcessPool(kg, 2, 60.0, watch.number)
        try:
            for number in range(1, 4):
                reply = await writer.run(insert(number))
                watch.look()
                assert (reply.status, reply.snapshot) == (204, number + 1)
                seen = await asyncio.gather(*(values(pool) for _ in range(4)))
                assert seen == [list(range(1, number + 1))] * 4
        finally:
            await pool.close()
        await writer.run(insert(4))

    with_writer(kg, body)
    assert [found.number for found in snapshots(kg)] == [1, 5]  # the newest with an index, and the newest


def test_updates_that_wait_together_share_a_snapshot(kg: Path) -> None:
    async def body(writer: ProcessWriter) -> list[int]:
        await writer.run(insert(0))
        replies = await asyncio.gather(*(writer.run(insert(number)) for number in range(1, 31)))
        return [reply.snapshot for reply in replies]

    found = with_writer(kg, body)
    assert found == sorted(found)
    assert len(set(found)) < 30


def test_a_wrong_update_leaves_its_neighbours_alone(kg: Path) -> None:
    async def body(writer: ProcessWriter) -> list[int]:
        jobs = [insert(1), UpdateJob(text="INSERT DATA {"), insert(2)]
        return [reply.status for reply in await asyncio.gather(*(writer.run(job) for job in jobs))]

    assert with_writer(kg, body) == [204, 400, 204]


def test_graphs_are_put_and_deleted(kg: Path) -> None:
    def put(text: str, *, replace: bool) -> PutGraphJob:
        return PutGraphJob(graph="http://x/h", data=text.encode(), media="text/turtle", replace=replace)

    async def body(writer: ProcessWriter) -> list[int]:
        jobs = [
            put("<http://x/1> <http://x/p> [] .", replace=True),
            put("<http://x/1> <http://x/p> 2 .", replace=False),
            put("<http://x/1> <http://x/p> [], 3 .", replace=True),
            put("<http://x/1> <http://x/p>", replace=True),
            PutGraphJob(graph=None, data=b"<http://x/1> <http://x/p> 2 .", media="text/turtle", replace=True),
            DeleteGraphJob(graph="http://x/h"),
            DeleteGraphJob(graph="http://x/h"),
            DeleteGraphJob(graph=None),
        ]
        return [(await writer.run(job)).status for job in jobs]

    assert with_writer(kg, body) == [201, 204, 204, 400, 204, 204, 404, 204]


def test_a_build_and_a_server_take_turns(kg: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.nq"
    more.write_text("<http://x/3> <http://x/p> <http://x/4> <http://x/g> .\n")

    async def body(writer: ProcessWriter) -> None:
        await writer.run(insert(1))
        # The writer lets go of the lock when it has nothing to do.
        for _ in range(600):
            try:
                with kg_lock(kg):
                    break
            except EkgError:
                await asyncio.sleep(0.1)
        import_files(kg, [more])
        await writer.run(insert(2))

    with_writer(kg, body)
    found = newest(kg)
    assert found is not None
    assert read_manifest(found.path) == read_manifest(kg)


def test_a_killed_writer_is_replaced_and_its_work_shown(kg: Path) -> None:
    async def body(writer: ProcessWriter) -> None:
        await writer.run(insert(1))
        assert writer._process is not None
        os.kill(writer._process.pid, signal.SIGKILL)
        with suppress(RequestError):  # it may have seen the end already, and taken a new one
            await writer.run(insert(2))
        reply = await writer.run(insert(3))
        assert reply.status == 204
        pool = ProcessPool(kg, 1, 60.0, lambda: reply.snapshot)
        try:
            assert set(await values(pool)) >= {1, 3}
        finally:
            await pool.close()

    with_writer(kg, body)


def test_the_index_follows_updates(kg: Path) -> None:
    async def body(writer: ProcessWriter) -> None:
        watch = Watch(kg)
        pool = ProcessPool(kg, 1, 60.0, watch.number)
        keeper = Keeper(kg, watch, pool)
        try:
            await keeper.start()
            await writer.run(
                UpdateJob(text="INSERT DATA { GRAPH <http://x/g> { <http://x/e> a sem:Event ; rdfs:label 'new' } }")
            )
            watch.look()
            end = time.monotonic() + 120
            while (found := newest(kg, indexed=True)) is None or found.number != 2:
                assert time.monotonic() < end
                await asyncio.sleep(0.1)
        finally:
            await keeper.close()
            await pool.close()

    with_writer(kg, body)
    with open_graph(kg) as graph:
        assert [event.label for event in graph.events()] == ["new"]


class _Pool:
    """A pool that only counts."""

    refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


def test_steady_updates_do_not_put_the_index_off(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Started:
        returncode = 0

        def __init__(self, *arguments: object, **options: object) -> None:
            begun.append(clock)

        def poll(self) -> int:
            return 0

    begun: list[float] = []
    monkeypatch.setattr("ekg.server.keeper.subprocess.Popen", Started)
    watch, pool = Watch(kg), _Pool()
    keeper = Keeper(kg, watch, cast(ProcessPool, pool))
    writer = GraphWriter(kg)
    clock = 0.0
    keeper.tick(clock)
    for second in range(1, 26):
        clock = float(second)
        assert writer.run([insert(second)])[0].error is None
        watch.look()
        keeper.tick(clock)
    assert begun == [11.0, 22.0]
    assert pool.refreshed == 26
    writer.close()
    assert keeper._mine is not None
    keeper._mine.close()


def test_a_keeper_goes_on_after_an_error_of_the_system(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []

    def refused(kg: Path) -> None:
        calls.append(kg)
        raise PermissionError

    async def whole() -> None:
        keeper = Keeper(kg, Watch(kg), cast(ProcessPool, _Pool()))
        await keeper.start()
        try:
            async with asyncio.timeout(60):
                while len(calls) < 3:
                    await asyncio.sleep(0.01)
        finally:
            await keeper.close()

    monkeypatch.setattr("ekg.server.keeper._TICK_SECONDS", 0.01)
    monkeypatch.setattr("ekg.server.keeper.sweep_old", refused)
    asyncio.run(whole())


def test_a_graph_that_is_in_use_at_the_end_is_closed_after_its_last_user(kg: Path) -> None:
    graph = open_graph(kg)
    current = Current(graph, owned=True)
    with current.lease() as leased:
        current.close()
        assert len(leased) == 0
    with pytest.raises(sqlite3.ProgrammingError):
        graph.index.find_entities("x")


def test_a_graph_of_somebody_else_stays_open() -> None:
    with open_graph() as graph:
        current = Current(graph, owned=False)
        current.changed()
        with current.lease() as leased:
            assert leased is not graph
        current.close()
        assert len(graph.documents) == 0


def test_an_index_that_a_killed_server_left_undone_is_built_by_whoever_opens_the_graph(kg: Path) -> None:
    writer = GraphWriter(kg)
    writer.run([UpdateJob(text="INSERT DATA { <http://x/e> a sem:Event }")])
    writer.close()
    busy = take_indexing(kg)
    assert busy is not None
    with busy, open_graph(kg) as graph:
        assert len(graph) == 0  # a server is at it: the last state with an index
    with open_graph(kg) as graph:
        assert len(graph) == 1


def test_an_update_is_refused_while_a_build_writes(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.server.writing._LOCK_SECONDS", 0.0)
    writer = GraphWriter(kg)
    with kg_lock(kg):
        (reply,) = writer.run([insert(1)])
    assert reply.status == 503
    assert reply.error is not None
    assert "is writing to it" in reply.error["error"]
    write_manifest(kg, replace(read_manifest(kg), state="building"))
    (reply,) = writer.run([insert(1)])
    assert reply.status == 503
    assert reply.error is not None
    assert "interrupted" in reply.error["error"]


def test_a_full_disk_in_the_publication_loses_nothing(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = GraphWriter(kg)

    def full(self: OxigraphStore, target: Path) -> None:
        target.mkdir()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(OxigraphStore, "backup", full)
        (reply,) = writer.run([insert(1)])
    assert reply.status == 507
    assert [path.name for path in (kg / "snapshots").iterdir()] == ["1"]
    (reply,) = writer.run([insert(2)])
    assert (reply.status, reply.snapshot) == (204, 2)
    writer.close()
    with open_graph(kg) as graph:
        found = graph.query("SELECT ?v { <http://x/new> <http://x/value> ?v } ORDER BY ?v")
        assert [row["v"].value for row in found] == ["1", "2"]


def test_snapshots_that_cannot_be_removed_do_not_make_a_published_update_a_failure(
    kg: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer = GraphWriter(kg)

    def refused(kg: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("ekg.store.snapshots.sweep_old", refused)
        (reply,) = writer.run([insert(1)])
    assert (reply.status, reply.snapshot) == (204, 2)
    assert "old snapshots could not be removed: [Errno 5]" in caplog.text
    assert not (kg / "unpublished").exists()
    assert [snapshot.number for snapshot in snapshots(kg)] == [1, 2]
    (reply,) = writer.run([insert(2)])
    writer.close()
    assert [snapshot.number for snapshot in snapshots(kg)] == [1, 3]  # the last one with an index stays


def test_an_update_that_needs_too_much_memory_is_undone(kg: Path) -> None:
    many = " ".join(f"<http://x/{i}> <http://x/q> {i} ." for i in range(300))
    bomb = "INSERT { ?a <http://x/all> ?o } WHERE { ?a <http://x/q> ?x . ?b <http://x/q> ?y . ?c <http://x/q> ?z "
    bomb += "BIND(CONCAT(STR(?x), ' ', STR(?y), ' ', STR(?z)) AS ?o) }"

    async def body(writer: ProcessWriter) -> None:
        assert (await writer.run(UpdateJob(text=f"INSERT DATA {{ {many} }}"))).status == 204
        with pytest.raises(RequestError) as caught:
            await writer.run(UpdateJob(text=bomb))
        assert caught.value.http_status == 503
        reply = await writer.run(insert(1))
        assert reply.status == 204

    with_writer(kg, body, memory=400 << 20, timeout=300.0)
    with open_graph(kg) as graph:
        assert not bool(graph.query("ASK { ?s <http://x/all> ?o }"))


def test_an_endless_update_is_ended(kg: Path) -> None:
    endless = "DELETE { ?a ?b ?z } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?f && ?c = ?z) }"
    many = " ".join(f"<http://x/{i}> <http://x/q> {i} ." for i in range(5000))

    async def body(writer: ProcessWriter) -> None:
        assert (await writer.run(UpdateJob(text=f"INSERT DATA {{ {many} }}"))).status == 204
        writer.timeout = 0.5
        with pytest.raises(RequestError) as caught:
            await writer.run(UpdateJob(text=endless))
        assert caught.value.http_status == 504
        writer.timeout = 60.0
        assert (await writer.run(insert(1))).status == 204

    with_writer(kg, body)
