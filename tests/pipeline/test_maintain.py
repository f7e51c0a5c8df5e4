"""Checking, re-indexing, backing up and restoring."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

import ekg
from ekg.errors import KgError, LockedError
from ekg.graph import open_graph
from ekg.index import build_index
from ekg.pipeline import maintain
from ekg.pipeline.build import build
from ekg.pipeline.importing import import_files
from ekg.pipeline.maintain import backup, exchange, reindex, restore
from ekg.pipeline.verify import verify
from ekg.server.jobs import UpdateJob
from ekg.server.writing import GraphWriter
from ekg.store import DocumentStore, kg_lock
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import snapshots
from tests.pipeline.contents import Articles, quads


@pytest.fixture
def kg(articles: Articles, tmp_path: Path) -> Path:
    build([articles()], tmp_path / "kg")
    return tmp_path / "kg"


def test_a_lock_that_was_waited_for_while_its_graph_was_exchanged_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kg, other = tmp_path / "kg", tmp_path / "other"
    other.mkdir()
    with ExitStack() as held:
        held.enter_context(kg_lock(kg))

        def restored(seconds: float) -> None:
            exchange(other, kg)
            held.close()

        monkeypatch.setattr("ekg.store.manifest.time.sleep", restored)
        with kg_lock(kg, wait=60.0):
            assert (kg / "lock").read_text() == str(os.getpid())
            with pytest.raises(LockedError), kg_lock(kg):
                pass
    assert (other / "lock").exists()


def change(kg: Path, update: str) -> None:
    """Change the quads behind everybody's back."""
    with closing(OxigraphStore(kg / "quads")) as store:
        store.update(update)
        store.flush()


def damage_quads(kg: Path) -> None:
    path = max((kg / "quads").glob("*.sst"), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[10:200] = b"\0" * 190
    path.write_bytes(data)


def execute(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(sql)


def index_of(kg: Path) -> Path:
    return snapshots(kg)[-1].path / "index.sqlite"


def index_of_another_graph(kg: Path) -> None:
    with closing(DocumentStore()) as documents:
        build_index(index_of(kg), OxigraphStore(), documents, "another")


def test_verify_finds_nothing_wrong(kg: Path) -> None:
    assert verify(kg) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (
            lambda kg: change(kg, "DELETE WHERE { GRAPH <urn:ekg:doc:a00> { ?s ekg:lemma ?o } }"),
            ["the manifest counts", "graph urn:ekg:doc:a00: 1 quads missing, 0 too many"],
        ),
        (
            lambda kg: change(kg, "INSERT DATA { GRAPH <urn:ekg:doc:none> { <urn:a> <urn:b> <urn:c> } }"),
            ["the manifest counts", "graph urn:ekg:doc:none: belongs to no document"],
        ),
        (
            lambda kg: change(
                kg,
                "DELETE { GRAPH ?g { ?e rdfs:label ?l } } WHERE { GRAPH ?g { ?e a sem:Event ; rdfs:label ?l } }",
            ),
            ["the manifest counts", "graph urn:ekg:graph:resolved", "an event has a label", "index, table event"],
        ),
        (damage_quads, ["the quads cannot be read"]),
        (
            lambda kg: execute(kg / "documents.sqlite", "UPDATE documents SET revision = 'x' WHERE id = 'a00'"),
            ["document a00: its content"],
        ),
        (
            lambda kg: execute(kg / "documents.sqlite", "DELETE FROM documents WHERE id = 'a00'"),
            ["manifest is of generation", "the manifest counts 5 documents, there are 4", "graph urn:ekg:doc:a00"],
        ),
        (lambda kg: execute(index_of(kg), "DELETE FROM event WHERE id = 1"), ["index, table event: 1 rows missing"]),
        (
            lambda kg: execute(index_of(kg), "UPDATE event_text SET text = 'x' WHERE rowid = 1"),
            ["index, table event_text: 1 rows missing, 1 too many"],
        ),
        (lambda kg: os.truncate(index_of(kg), 5000), ["index cannot be read"]),
        (lambda kg: index_of(kg).write_bytes(b"x" * 5000), ["index.sqlite"]),
        (index_of_another_graph, ["of another generation"]),
    ],
)
def test_verify_finds_damage(kg: Path, damage: Callable[[Path], None], expected: list[str]) -> None:
    damage(kg)
    problems = verify(kg)
    for part in expected:
        assert any(part in problem for problem in problems), problems


def test_verify_looks_at_the_last_complete_state_while_somebody_writes(kg: Path) -> None:
    with kg_lock(kg):
        assert verify(kg) == []


def test_a_missing_index_is_built_and_a_damaged_one_is_named(kg: Path) -> None:
    with open_graph(kg) as graph:
        events = [event.iri for event in graph.events()]
    for path in (kg / "index.sqlite", index_of(kg)):
        path.unlink()
    with open_graph(kg) as graph:
        assert [event.iri for event in graph.events()] == events
    index_of_another_graph(kg)
    with pytest.raises(KgError, match="ekg reindex"):
        ekg.open(kg)
    os.truncate(index_of(kg), 100)
    with pytest.raises(KgError, match="ekg reindex"):
        ekg.open(kg)
    reindex(kg)
    assert verify(kg) == []
    with open_graph(kg) as graph:
        assert [event.iri for event in graph.events()] == events


def test_a_backup_is_a_graph_and_shares_no_file(kg: Path, tmp_path: Path) -> None:
    backup(kg, tmp_path / "copy")
    assert verify(tmp_path / "copy") == []
    assert quads(kg) == quads(tmp_path / "copy")
    assert all(path.stat().st_nlink == 1 for path in (tmp_path / "copy").rglob("*") if path.is_file())
    with pytest.raises(KgError, match="exists"):
        backup(kg, tmp_path / "copy")
    with pytest.raises(KgError, match="no such"):
        backup(tmp_path / "none", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_backup_beside_a_writer_with_updates(kg: Path, tmp_path: Path) -> None:
    writer = GraphWriter(kg)
    writer.run([UpdateJob(text="INSERT DATA { <http://x/e> a sem:Event }")])
    backup(kg, tmp_path / "copy")
    writer.close()
    with open_graph(tmp_path / "copy") as copy:
        assert "http://x/e" in [event.iri for event in copy.events()]
    assert quads(kg) == quads(tmp_path / "copy")


def test_restore_gives_the_graph_back(kg: Path, tmp_path: Path) -> None:
    before = quads(kg)
    backup(kg, tmp_path / "copy")
    extra = tmp_path / "extra.nq"
    extra.write_text("<http://x/1> <http://x/p> <http://x/2> <http://x/g> .\n")
    import_files(kg, [extra])
    assert quads(kg) != before
    with open_graph(kg) as reader:
        changed = len(reader.store)
        restore(tmp_path / "copy", kg)
        assert len(reader.store) == changed  # who reads goes on reading what it had
    assert quads(kg) == before
    assert verify(kg) == []
    assert [found.number for found in snapshots(kg)] == [3]  # newer than all that a server has seen
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    restore(tmp_path / "copy", tmp_path / "new")
    assert quads(tmp_path / "new") == before
    build([tmp_path / "articles"], kg)
    assert verify(kg) == []


def test_a_backup_of_another_version_is_restored_with_an_index_of_this_one(kg: Path, tmp_path: Path) -> None:
    before = quads(kg)
    execute(index_of(kg), "UPDATE meta SET value = '1' WHERE key = 'version'")
    backup(kg, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "new")
    assert quads(tmp_path / "new") == before
    assert verify(tmp_path / "new") == []


def test_a_restore_that_fails_leaves_the_graph(kg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = quads(kg)
    backup(kg, tmp_path / "copy")
    monkeypatch.setattr(maintain, "_WAIT_SECONDS", 0.0)
    with kg_lock(kg), pytest.raises(LockedError):
        restore(tmp_path / "copy", kg)

    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", full)
        with pytest.raises(OSError, match="No space"):
            restore(tmp_path / "copy", kg)
    damaged = next((tmp_path / "copy" / "quads").glob("*.sst"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    with pytest.raises(KgError, match="not as the backup left it"):
        restore(tmp_path / "copy", kg)
    with pytest.raises(KgError, match="no such"):
        restore(tmp_path / "none", kg)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    with pytest.raises(KgError, match="not a knowledge graph"):
        restore(kg, tmp_path / "other")
    assert quads(kg) == before
    assert verify(kg) == []
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("has_call", [True, False])
def test_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_call: bool) -> None:
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not has_call:
        monkeypatch.setattr(maintain.ctypes, "CDLL", lambda *arguments, **options: object())
    exchange(tmp_path / "left", tmp_path / "right")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "left", "left/right", "right", "right/left",
    ]  # fmt: skip
    with pytest.raises(OSError, match="No such file"):
        exchange(tmp_path / "none", tmp_path / "right")
    assert (tmp_path / "right" / "left").exists()


def without_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintain.ctypes, "CDLL", lambda *arguments, **options: object())


def test_a_lock_made_in_the_moment_of_two_renames_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_call(monkeypatch)
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    rename = os.rename

    def disturbed(old: Path, new: Path) -> None:
        rename(old, new)
        if new.name == ".right.replaced":
            (tmp_path / "right").mkdir()
            (tmp_path / "right" / "lock").touch()

    monkeypatch.setattr(maintain.os, "rename", disturbed)
    exchange(tmp_path / "left", tmp_path / "right")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "left", "left/right", "right", "right/left",
    ]  # fmt: skip


def test_a_restore_that_stopped_between_two_renames(kg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_call(monkeypatch)
    monkeypatch.setattr("ekg.store.manifest._ASIDE_SECONDS", 0.0)
    before = quads(kg)
    backup(kg, tmp_path / "copy")
    os.rename(kg, tmp_path / ".kg.replaced")
    with pytest.raises(KgError, match=r"restore of it was interrupted.*mv .*\.kg\.replaced"):
        open_graph(kg)
    with pytest.raises(KgError, match="interrupted"):
        build([tmp_path / "copy"], kg)
    with pytest.raises(LockedError, match="interrupted"), kg_lock(kg):
        pass
    assert not kg.exists()
    restore(tmp_path / "copy", kg)
    assert quads(kg) == before
    (tmp_path / ".kg.replaced" / "left").mkdir(parents=True)  # stopped after the second rename
    restore(tmp_path / "copy", kg)
    assert quads(kg) == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
