"""Small graphs in the workers' memory, and answers that are kept: the same answers as from disk, and never old ones."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec import structs
from starlette.testclient import TestClient

from ekg.pipeline.importing import import_files
from ekg.server import create_app
from ekg.server.answers import WORTH_SECONDS, AnswerCache
from ekg.server.current import Watch
from ekg.server.jobs import QueryJob, Reply, UpdateJob
from ekg.server.pool import ProcessPool
from ekg.server.reader import Reader
from ekg.server.writing import GraphWriter
from ekg.store.snapshots import snapshots

T = TypeVar("T")
SLOW = 2 * WORTH_SECONDS
PAIRS = 'SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d FILTER(CONCAT(STR(?a), STR(?b), STR(?c), STR(?d)) != "") }'
"""No lookup: a worker answers it."""


@pytest.fixture
def kg(tmp_path: Path) -> Path:
    source = tmp_path / "in.nq"
    source.write_text("".join(f"<http://x/{i}> <http://x/p> <http://x/{i % 7}> <http://x/g> .\n" for i in range(200)))
    import_files(tmp_path / "kg", [source])
    return tmp_path / "kg"


def job(text: str, rows: int = 1000) -> QueryJob:
    return QueryJob(text=text, accept="text/csv", max_rows=rows)


@pytest.mark.parametrize("most", [0, 199, 200])
def test_a_graph_in_memory_holds_what_is_on_disk(kg: Path, most: int) -> None:
    writer = GraphWriter(kg)
    writer.run([UpdateJob(text="CREATE GRAPH <http://x/empty>")])
    writer.close()
    disk, reader = Reader(kg), Reader(kg, most)
    ours, theirs = reader.store(-1), disk.store(-1)
    assert set(ours.quads()) == set(theirs.quads())
    assert ours.graphs() == theirs.graphs()
    assert "http://x/empty" in ours.graphs()
    # Only a store on disk can be copied as files.
    with nullcontext() if most < 200 else pytest.raises(RuntimeError):
        ours.backup(kg.parent / "copy")
    reader.close()
    disk.close()


def test_rows_come_in_the_same_order_from_every_process(kg: Path) -> None:
    texts = ["SELECT ?s { ?s <http://x/p> <http://x/3> }", "SELECT * { ?s ?p ?o . ?o ?q ?r } LIMIT 20"]

    async def body(pool: ProcessPool) -> None:
        for text in texts:
            answers = [await pool.stream(job(text), anew=True) for _ in range(6)]
            assert len({answer.reply.body for answer in answers}) == 1

    in_pool(kg, body, workers=3, memory_quads=1000)


def test_an_answer_is_kept_until_the_graph_changes(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.server.answers.WORTH_SECONDS", 0.0)  # however fast the machine is
    count = job(PAIRS)

    async def body(pool: ProcessPool, watch: Watch) -> list[tuple[bool, bytes]]:
        answers = [await pool.stream(count) for _ in range(2)]
        answers.append(await pool.stream(count, anew=True))
        answers.append(await pool.stream(structs.replace(count, accept="text/tab-separated-values")))
        writer = GraphWriter(kg)
        writer.run([UpdateJob(text="INSERT DATA { <http://x/1> <http://x/p> <http://x/new> }")])
        writer.close()
        watch.look()
        answers.append(await pool.stream(count))
        return [(answer.kept, answer.reply.body) for answer in answers]

    watch = Watch(kg)
    kept, bodies = zip(*in_pool(kg, lambda pool: body(pool, watch), number=watch.number), strict=True)
    assert kept == (False, True, False, False, False)
    assert bodies[0] == bodies[1] == bodies[2]
    assert [int(bodies[n].split()[1]) for n in (0, 4)] == [200**2, 201**2]


def test_what_is_not_kept() -> None:
    cache = AnswerCache(10_000)
    good, reply = job("SELECT * { ?s ?p ?o }"), Reply(body=b"x" * 100)
    cache.put(good, 1, reply, WORTH_SECONDS / 2)
    cache.put(good, 1, structs.replace(reply, more=True), SLOW)
    cache.put(good, 1, structs.replace(reply, status=400), SLOW)
    cache.put(good, 1, Reply(body=b"x" * 20_000), SLOW)
    for word in ("now()", "RAND()", "uuid()", "StrUUID()"):
        cache.put(job(f"SELECT ({word} AS ?x) {{}}"), 1, reply, SLOW)
    for text in (
        "FILTER(?t<NOW()&&?t>1)",
        "FILTER(?t<Rand()||?t>1)",
        "FILTER(!?t||now #\n ()>?t)",
        "FILTER(?t<\\u004eOW())",
    ):
        cache.put(job(f"SELECT * {{ ?s ?p ?t {text} }}"), 1, reply, SLOW)
    assert len(cache) == 0
    cache.put(job("SELECT * { ?known ?random ?nowhere }"), 1, reply, SLOW)
    assert len(cache) == 1
    cache.put(good, 2, reply, SLOW)
    assert len(cache) == 1
    cache.put(job("SELECT ?old { ?s ?p ?old }"), 1, reply, SLOW)
    assert len(cache) == 1
    assert cache.get(good, 3) is None
    assert cache.get(good, 2) == reply


def test_the_answers_used_last_are_kept() -> None:
    cache = AnswerCache(5_000)
    jobs, reply = [job(f"SELECT ?x{n} {{}}") for n in range(5)], Reply(body=b"x" * 300)
    for each in jobs[:3]:
        cache.put(each, 1, reply, SLOW)
    cache.put(jobs[0], 1, reply, SLOW)
    cache.put(jobs[3], 1, reply, SLOW)
    assert [cache.get(each, 1) is not None for each in jobs] == [True, False, True, True, False]
    assert cache.reused == 3


def test_a_client_is_told_and_can_ask_anew(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.server.answers.WORTH_SECONDS", 0.0)
    with TestClient(create_app(kg, allowed_hosts=None)) as client:
        answers = [
            client.get("/sparql", params={"query": PAIRS}, headers=headers)
            for headers in ({}, {}, {"Cache-Control": "no-cache"})
        ]
        assert [answer.headers.get("cache-status") for answer in answers] == [None, "ekg; hit", None]
        assert len({answer.text for answer in answers}) == 1
        metrics = client.get("/metrics").text
    assert "# TYPE ekg_answers_reused_total counter\nekg_answers_reused_total 1\n" in metrics


def test_a_graph_that_is_made_anew_under_the_same_number(kg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.server.answers.WORTH_SECONDS", 0.0)
    monkeypatch.setattr("ekg.server.current._RELIST_SECONDS", 0.0)
    lookup = "SELECT ?o { <http://x/1> ?p ?o }"
    served = create_app(kg, allowed_hosts=None, workers=1)
    watch = served.state.watch
    assert watch is not None
    with TestClient(served) as client:

        def answers() -> list[str]:
            found = [client.get("/sparql", params={"query": query}).json() for query in (PAIRS, lookup, PAIRS, lookup)]
            return [str(rows["results"]["bindings"]) for rows in found]

        before, old = answers(), client.get("/api/info").json()
        source = kg.parent / "other.nq"
        source.write_text("<http://x/1> <http://x/p> <http://x/other> .\n")
        shutil.rmtree(kg)
        import_files(kg, [source])
        assert [found.number for found in snapshots(kg)] == [1]
        watch.look()
        after, new = answers(), client.get("/api/info").json()
    assert before[0] == before[2]
    assert before[1] == before[3]
    assert "40000" in before[0]
    assert "http://x/1'" in before[1]
    assert after[0] == after[2]
    assert after[1] == after[3]
    assert "40000" not in after[0]
    assert "http://x/other" in after[1]
    assert old["quads"] != new["quads"]


def in_pool(
    kg: Path,
    body: Callable[[ProcessPool], Awaitable[T]],
    *,
    workers: int = 1,
    memory_quads: int = 0,
    number: Callable[[], int] = lambda: 1,
) -> T:
    async def whole() -> T:
        pool = ProcessPool(kg, workers, 60.0, number, memory_quads=memory_quads, answer_bytes=1 << 20)
        try:
            return await body(pool)
        finally:
            await pool.close()

    return asyncio.run(whole())
