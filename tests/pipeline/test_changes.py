from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ekg.graph.refresh import index_newest
from ekg.index import build_index, update_index
from ekg.index.compare import index_rows
from ekg.pipeline import changes
from ekg.pipeline.build import build, remove
from ekg.pipeline.importing import import_files
from ekg.server.jobs import UpdateJob
from ekg.server.writing import GraphWriter
from ekg.store import DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import UNPUBLISHED

Articles = Callable[..., Path]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which way each index was made."""
    made: list[str] = []

    def noting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            made.append(f"{name} from {'facts' if options.get('facts') else 'store'}" if name == "built" else name)
            return function(*args, **options)

        return call

    monkeypatch.setattr(changes, "build_index", noting("built", build_index))
    monkeypatch.setattr(changes, "update_index", noting("updated", update_index))
    return made


def check(kg: Path) -> None:
    """The index has the rows of one that is made from nothing."""
    fresh = kg.with_name("fresh.sqlite")
    with (
        closing(OxigraphStore(kg / "quads", read_only=True)) as store,
        closing(DocumentStore(kg / "documents.sqlite", read_only=True)) as documents,
    ):
        build_index(fresh, store, documents, "fresh")
    with closing(sqlite3.connect(kg / "index.sqlite")) as ours, closing(sqlite3.connect(fresh)) as theirs:
        assert index_rows(ours) == index_rows(theirs)
    assert not (kg / UNPUBLISHED).exists()


def test_a_first_build_indexes_while_loading_and_later_ones_update(
    articles: Articles, tmp_path: Path, calls: list[str]
) -> None:
    kg, files = tmp_path / "kg", sorted(articles(5).iterdir())
    build(files[:3], kg)
    check(kg)
    build(files[3:], kg, add=True)
    check(kg)
    remove(kg, ["a01"])
    check(kg)
    files[0].write_text(files[0].read_text().replace("Berlin", "Rome"))
    build(files[:1], kg, add=True)
    check(kg)
    assert calls == ["built from facts", "updated", "updated", "updated"]


def test_after_a_killed_publish_the_index_is_made_from_the_store(
    articles: Articles, tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kg, files = tmp_path / "kg", sorted(articles(4).iterdir())
    build(files[:2], kg)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(changes, "update_index", fail)
        with pytest.raises(RuntimeError):
            build(files[2:3], kg, add=True)
    assert (kg / UNPUBLISHED).exists()
    build(files[3:], kg, add=True)
    check(kg)
    assert calls == ["built from facts", "built from store"]


def test_an_import_is_in_the_index(articles: Articles, tmp_path: Path, calls: list[str]) -> None:
    kg = tmp_path / "kg"
    data = tmp_path / "more.ttl"
    data.write_text(
        "@prefix sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> . <urn:x> a sem:Event ; sem:hasActor <urn:y> ."
    )
    import_files(kg, [data])
    check(kg)
    build([articles(2)], kg, add=True)
    check(kg)
    data.write_text('<urn:y> <http://www.w3.org/2000/01/rdf-schema#label> "Ada" .')
    import_files(kg, [data])
    check(kg)
    assert calls == ["built from facts", "updated", "updated"]


@pytest.mark.parametrize("indexed", [True, False])
def test_a_document_after_updates_by_a_server(
    articles: Articles, tmp_path: Path, calls: list[str], indexed: bool
) -> None:
    kg, files = tmp_path / "kg", sorted(articles(4).iterdir())
    build(files[:2], kg)
    for number in range(3):
        write(kg, f"INSERT DATA {{ <urn:e{number}> a sem:Event ; sem:hasActor <urn:a> }}")
        if indexed:
            assert index_newest(kg)
    build(files[2:3], kg, add=True)
    check(kg)
    write(kg, 'INSERT DATA { <urn:a> rdfs:label "Ada" }')
    data = tmp_path / "more.ttl"
    data.write_text("<urn:e0> <http://semanticweb.cs.vu.nl/2009/11/sem/hasPlace> <urn:p> .")
    import_files(kg, [data])
    check(kg)
    assert calls == ["built from facts", "updated", "updated"]


def test_a_document_after_an_update_that_says_not_what_it_touches(
    articles: Articles, tmp_path: Path, calls: list[str]
) -> None:
    kg, files = tmp_path / "kg", sorted(articles(3).iterdir())
    build(files[:2], kg)
    write(kg, "CLEAR SILENT GRAPH <urn:g>")
    build(files[2:], kg, add=True)
    check(kg)
    assert calls == ["built from facts", "built from store"]


def write(kg: Path, update: str) -> None:
    writer = GraphWriter(kg)
    try:
        assert [reply.error for reply in writer.run([UpdateJob(text=update)])] == [None]
    finally:
        writer.close()
