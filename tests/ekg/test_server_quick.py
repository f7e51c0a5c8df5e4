"""Lookups that the server answers itself: the same answers as a worker's, and nothing that could take long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from ekg.pipeline.importing import import_files
from ekg.server.current import Watch
from ekg.server.evaluate import run_job
from ekg.server.jobs import QueryJob, Reply, UpdateJob
from ekg.server.quick import QuickLane, is_lookup
from ekg.server.reader import Reader
from ekg.server.writing import GraphWriter

T = TypeVar("T")


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quick")
    source = folder / "in.nq"
    lines = [f"<http://x/hub> <http://x/p> <http://x/{i}> <http://x/g> .\n" for i in range(400)]
    lines += [f'<http://x/{i}> <http://x/name> "n {i}" <http://x/g> .\n' for i in range(400)]
    lines += [f'<http://x/long> <http://x/name> "{i:040000}" .\n' for i in range(5)]
    source.write_text("".join(lines))
    import_files(folder / "kg", [source])
    return folder / "kg"


def in_lane(kg: Path, body: Callable[[QuickLane], Awaitable[T]]) -> T:
    async def whole() -> T:
        lane = QuickLane(kg)
        lane.refresh(1)
        assert lane._opening is not None
        await lane._opening
        try:
            return await body(lane)
        finally:
            await lane.close()

    return asyncio.run(whole())


def job(text: str, rows: int = 1000) -> QueryJob:
    return QueryJob(text=text, accept="application/sparql-results+json", max_rows=rows)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?p ?o { <http://x/1> ?p ?o }",
        "select * where{<http://x/1> <http://x/name> ?name .} LIMIT 3",
        "PREFIX x: <http://x/> SELECT ?s WHERE { ?s x:p x:3 }",
        'ASK { ?s <http://x/name> "n 3" }',
        "SELECT ?s ?type { ?s a ?type }",
        'SELECT ?s { ?s rdfs:label "Ümlaut"@de }',
        "SELECT ?p { <http://x/none> ?p ?o }",
    ],
)
def test_lookups_are_answered_as_by_a_worker(kg: Path, text: str) -> None:
    reader = Reader(kg)
    wanted: list[Reply | bytes | None] = []
    run_job(reader.store(-1), job(text), wanted.append)
    reader.close()

    async def body(lane: QuickLane) -> Reply | None:
        return lane.answer(job(text), 1)

    assert [in_lane(kg, body)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p ?s }",
        "SELECT ?o { <http://x/1> ?p ?o FILTER(?o > 1) }",
        "SELECT (COUNT(*) AS ?n) { <http://x/1> ?p ?o }",
        "SELECT DISTINCT ?p { <http://x/1> ?p ?o }",
        "SELECT ?o { <http://x/1> <http://x/p>* ?o }",
        "SELECT ?o { <http://x/1> <http://x/p>/<http://x/p> ?o }",
        "SELECT ?o { <http://x/1> ?p ?o . ?o ?q ?r }",
        "SELECT ?o { <http://x/1> ?p ?o ; ?q ?r }",
        "SELECT ?o { <http://x/1> ?p ?o } ORDER BY ?o",
        "SELECT ?o { <http://x/1> ?p ?o } OFFSET 5",
        "SELECT ?o { <http://x/1> ?p ?o } LIMIT 5 OFFSET 5",
        "SELECT ?o FROM <http://x/g> { <http://x/1> ?p ?o }",
        "SELECT ?o { SERVICE <http://x/1> { ?p ?q ?o } }",
        "SELECT ?o { <http://x/1> ?p ?o } #",
        "SELECT ?o { <http://x/\\u0031> ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DESCRIBE <http://x/1>",
        "SELECT ?o { <http://x/1> ?p ?o }" + " " * 3000,
    ],
)
def test_everything_else_is_left_to_the_workers(text: str) -> None:
    assert not is_lookup(text)


def test_long_answers_are_left_to_the_workers(kg: Path) -> None:
    async def body(lane: QuickLane) -> None:
        assert lane.answer(job("SELECT ?o { <http://x/hub> ?p ?o }"), 1) is None
        assert lane.answer(job("SELECT ?o { <http://x/long> ?p ?o }"), 1) is None
        capped = lane.answer(job("SELECT ?o { <http://x/hub> ?p ?o }", rows=10), 1)
        assert capped is not None
        assert capped.truncated

    in_lane(kg, body)


def test_errors_are_replies(kg: Path) -> None:
    async def body(lane: QuickLane) -> Reply | None:
        return lane.answer(job("SELECT ?p { nobody:knows ?p ?o }"), 1)

    reply = in_lane(kg, body)
    assert reply is not None
    assert reply.status == 400


def test_a_new_snapshot_is_opened_before_it_is_answered_from(tmp_path: Path) -> None:
    source = tmp_path / "in.nq"
    source.write_text("<http://x/1> <http://x/p> <http://x/2> .\n")
    import_files(tmp_path / "kg", [source])
    ask = job("ASK { <http://x/1> <http://x/p> <http://x/3> }")

    async def body(lane: QuickLane) -> None:
        watch = Watch(tmp_path / "kg")
        before = lane.answer(ask, watch.number())
        assert before is not None
        assert b"false" in before.body
        writer = GraphWriter(tmp_path / "kg")
        writer.run([UpdateJob(text="INSERT DATA { <http://x/1> <http://x/p> <http://x/3> }")])
        writer.close()
        watch.look()
        assert lane.answer(ask, watch.number()) is None
        assert lane._opening is not None
        await lane._opening
        after = lane.answer(ask, watch.number())
        assert after is not None
        assert b"true" in after.body

    in_lane(tmp_path / "kg", body)


def test_a_graph_that_is_gone(tmp_path: Path) -> None:
    async def body(lane: QuickLane) -> None:
        assert lane.answer(job("ASK { <http://x/1> ?p ?o }"), 0) is None

    in_lane(tmp_path / "none", body)
