from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from ekg.errors import KgError, LockedError, NotFoundError
from ekg.model import Link
from ekg.store import DocumentRow, DocumentStore, Manifest, kg_lock, read_manifest, write_manifest
from tests.samples import fire_article, trial_article


def row(doc: str, revision: str = "r1") -> DocumentRow:
    return DocumentRow(id=doc, part="", source="s", recorded="2024-01-01", revision=revision, key="k" + revision)


def test_documents_come_back_as_they_were(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path / "d.sqlite")
    document, record = fire_article()
    store.put([(row("fire"), document, record)])
    store.close()
    reader = DocumentStore(tmp_path / "d.sqlite", read_only=True)
    assert reader.document("fire") == document
    assert reader.record("fire") == record
    assert [r.id for r in reader.rows()] == ["fire"]


def test_a_changed_document_replaces_the_old_one() -> None:
    store = DocumentStore()
    document, record = fire_article()
    store.put([(row("fire"), document, record)])
    store.put([(row("fire", "r2"), document, record)])
    assert len(store) == 1
    assert store.rows()[0].revision == "r2"


def test_removing_an_unknown_document_removes_nothing() -> None:
    store = DocumentStore()
    store.put([(row("fire"), *fire_article()), (row("trial"), *trial_article())])
    with pytest.raises(NotFoundError, match="'nope'"):
        store.remove(["fire", "nope"])
    assert [r.id for r in store.rows()] == ["fire", "trial"]


def test_links_by_run() -> None:
    store = DocumentStore()
    links = [Link(left="a", right="b", score=0.9, zone="merge", evidence={"name": 0.5, "time": "equal"})]
    store.put_links("r1", links)
    assert store.links() == {"r1": links}
    assert store.remove_links("r1") == 1
    assert store.remove_links("r1") == 0


def test_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "d.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(KgError, match="cannot be opened"):
        DocumentStore(tmp_path / "d.sqlite")


def test_manifest_round_trip(tmp_path: Path) -> None:
    manifest = Manifest(generation="g", counts={"documents": 3})
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "not a knowledge graph"), ("{", "damaged"), ('{"schema": 99}', "schema version 99"), ("[]", "damaged")],
)
def test_bad_manifests(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(KgError, match=message):
        read_manifest(tmp_path)


def test_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no such knowledge graph"):
        read_manifest(tmp_path / "absent")


def _hold(path: str, ready: object, go: object) -> None:
    with kg_lock(Path(path)):
        ready.set()  # type: ignore[attr-defined]
        go.wait(30)  # type: ignore[attr-defined]


def test_a_second_writer_is_kept_out(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path), ready, go))
    other.start()
    assert ready.wait(30)
    with pytest.raises(LockedError, match=f"pid {other.pid}"), kg_lock(tmp_path):
        pass
    go.set()
    other.join()
    with kg_lock(tmp_path):
        pass


def test_unknown_manifest_keys_of_a_later_minor_version_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"schema": 1, "generation": "g", "novel": 1}))
    assert read_manifest(tmp_path).generation == "g"
