from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ekg.graph import refresh
from ekg.index import build_index, update_index
from ekg.index.compare import index_rows
from ekg.pipeline.importing import import_files
from ekg.server.changes import apply_job, touched_by_job
from ekg.server.jobs import DeleteGraphJob, PutGraphJob, UpdateJob, WriteJob
from ekg.server.writing import GraphWriter
from ekg.store import DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import UNPUBLISHED, newest

PREFIX = "PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> "


@pytest.fixture
def kg(tmp_path: Path) -> Path:
    source = tmp_path / "in.nq"
    source.write_text(
        "<urn:e> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://semanticweb.cs.vu.nl/2009/11/sem/Event> <urn:g> .\n"
        '<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "Ada" <urn:g> .\n'
    )
    import_files(tmp_path / "kg", [source])
    return tmp_path / "kg"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which way each index was made."""
    calls: list[str] = []

    def noting(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            calls.append(function.__name__)
            return function(*args, **options)

        return call

    monkeypatch.setattr(refresh, "build_index", noting(build_index))
    monkeypatch.setattr(refresh, "update_index", noting(update_index))
    return calls


def write(kg: Path, *jobs: WriteJob) -> None:
    writer = GraphWriter(kg)
    try:
        assert [reply.error for reply in writer.run(jobs)] == [None] * len(jobs)
    finally:
        writer.close()


def check(kg: Path) -> None:
    """The newest snapshot's index has the rows of one that is made from nothing."""
    found = newest(kg)
    assert found is not None
    fresh = kg.with_name("fresh.sqlite")
    with (
        closing(OxigraphStore(found.path / "quads", read_only=True)) as store,
        closing(DocumentStore(found.path / "documents.sqlite", read_only=True)) as documents,
    ):
        build_index(fresh, store, documents, "fresh")
    with closing(sqlite3.connect(found.path / "index.sqlite")) as ours, closing(sqlite3.connect(fresh)) as theirs:
        assert index_rows(ours) == index_rows(theirs)


def test_updates_change_the_rows_they_touch(kg: Path, made: list[str]) -> None:
    write(kg, UpdateJob(text=PREFIX + "INSERT DATA { <urn:e> sem:hasActor <urn:a> }"))
    write(kg, UpdateJob(text=PREFIX + "INSERT { ?e sem:hasActor <urn:b> } WHERE { GRAPH ?g { ?e a sem:Event } }"))
    assert refresh.index_newest(kg)
    check(kg)
    write(
        kg,
        PutGraphJob(
            graph="urn:h",
            data=b"<urn:f> a <http://semanticweb.cs.vu.nl/2009/11/sem/Event> .",
            media="text/turtle",
            replace=False,
        ),
        DeleteGraphJob(graph="urn:g"),
    )
    assert refresh.index_newest(kg)
    check(kg)
    assert made == ["update_index", "update_index"]


def test_an_upload_touches_what_it_changes(kg: Path) -> None:
    data = b'<urn:f> <urn:p> <urn:q> . <urn:h> <urn:p> "1" .'
    post = PutGraphJob(graph="urn:g", data=data, media="text/turtle", replace=False)
    put = PutGraphJob(graph="urn:h", data=data, media="text/turtle", replace=True)
    with closing(OxigraphStore(kg / "quads")) as store:
        assert touched_by_job(store, post) == {"urn:f", "urn:q", "urn:h"}
        assert apply_job(store, put).error is None
        assert touched_by_job(store, put) == set()
        less = PutGraphJob(graph="urn:h", data=b"<urn:f> <urn:p> <urn:q> .", media="text/turtle", replace=True)
        assert touched_by_job(store, less) == {"urn:h"}


def test_what_an_unclear_update_touches_is_everything(kg: Path, made: list[str]) -> None:
    write(kg, UpdateJob(text="CLEAR GRAPH <urn:g>"))
    write(kg, UpdateJob(text=PREFIX + "INSERT DATA { <urn:e> a sem:Event }"))
    assert refresh.index_newest(kg)
    check(kg)
    assert made == ["build_index"]


def test_after_a_killed_writer_everything_is_indexed(kg: Path, made: list[str]) -> None:
    (kg / UNPUBLISHED).touch()
    write(kg, UpdateJob(text=PREFIX + "INSERT DATA { <urn:x> a sem:Event }"))
    assert refresh.index_newest(kg)
    check(kg)
    assert made == ["build_index"]
