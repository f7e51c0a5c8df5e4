from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import ekg
from ekg.errors import DataError, KgError, NotFoundError
from ekg.pipeline import changes
from ekg.pipeline import publish as publishing
from ekg.pipeline.build import build, remove
from ekg.pipeline.verify import verify
from ekg.store import kg_lock, read_manifest
from tests.pipeline.contents import Articles, quads


def test_build_reads_everything_and_counts(articles: Articles, tmp_path: Path) -> None:
    report = build([articles()], tmp_path / "kg")
    assert (report.new, report.documents, report.without_events) == (5, 5, 1)
    assert report.diagnostics == {"no_events": 1}
    with ekg.open(tmp_path / "kg") as graph:
        assert len(graph) == 5
        assert graph.manifest.counts["documents"] == 5
        assert [e.row.recorded for e in graph.events(actor="Anna")] == ["2024-01-01"]
    assert verify(tmp_path / "kg") == []


def test_building_twice_is_identical_and_does_nothing(articles: Articles, tmp_path: Path) -> None:
    source = articles()
    first = build([source], tmp_path / "one")
    again = build([source], tmp_path / "one")
    build([source], tmp_path / "two")
    assert (again.new, again.unchanged) == (0, 5)
    assert again.generation == first.generation
    assert quads(tmp_path / "one") == quads(tmp_path / "two")


def test_order_of_sources_does_not_matter(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles().iterdir())
    build(files, tmp_path / "one")
    build(files[::-1], tmp_path / "two")
    assert quads(tmp_path / "one") == quads(tmp_path / "two")


@pytest.mark.slow
def test_jobs_do_not_change_the_result(articles: Articles, tmp_path: Path) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text(_DRIVER.format(root=Path(__file__).parent.parent.parent, kill="None"))
    source = str(articles(8))
    subprocess.run([sys.executable, driver, source, str(tmp_path / "two"), "2"], check=True, timeout=120)
    build([source], tmp_path / "one")
    assert quads(tmp_path / "one") == quads(tmp_path / "two")


def test_a_changed_article_is_a_new_revision(articles: Articles, tmp_path: Path) -> None:
    build([articles()], tmp_path / "kg")
    report = build([articles(a01="Boris repainted Clara.")], tmp_path / "kg")
    assert (report.changed, report.unchanged) == (1, 4)
    build([articles(a01="Boris repainted Clara.")], tmp_path / "fresh")
    assert quads(tmp_path / "kg") == quads(tmp_path / "fresh")
    with ekg.open(tmp_path / "kg") as graph:
        assert len(graph.events(type="Painted")) == 0
        assert len(graph.events(type="Repainted")) == 1


def test_rm_leaves_exactly_the_graph_built_without_it(articles: Articles, tmp_path: Path) -> None:
    source = articles()
    build([source], tmp_path / "kg")
    remove(tmp_path / "kg", ["a01"])
    (source / "a01.json").unlink()
    build([source], tmp_path / "without")
    assert quads(tmp_path / "kg") == quads(tmp_path / "without")
    assert read_manifest(tmp_path / "kg").generation == read_manifest(tmp_path / "without").generation
    with pytest.raises(NotFoundError, match="a01"):
        remove(tmp_path / "kg", ["a01"])
    assert verify(tmp_path / "kg") == []


def test_add_then_equals_one_build(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles().iterdir())
    build(files[:2], tmp_path / "kg")
    build(files[2:], tmp_path / "kg", add=True)
    build(files, tmp_path / "whole")
    assert quads(tmp_path / "kg") == quads(tmp_path / "whole")


def test_add_needs_a_graph(articles: Articles, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no such knowledge graph"):
        build([articles()], tmp_path / "kg", add=True)


def test_documents_that_are_not_in_the_sources_are_kept_and_named(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles().iterdir())
    build(files, tmp_path / "kg")
    report = build(files[:4], tmp_path / "kg")
    assert "a04" in report.problems[0].message
    assert read_manifest(tmp_path / "kg").counts["documents"] == 5


def test_dry_run_writes_nothing(articles: Articles, tmp_path: Path) -> None:
    report = build([articles()], tmp_path / "kg", dry_run=True)
    assert report.new == 5
    assert not (tmp_path / "kg").exists()


def test_failed_documents_are_reported_and_the_rest_is_built(articles: Articles, tmp_path: Path) -> None:
    source = articles(a02="CRASH here")
    (source / "broken.json").write_text('{"id": "x",\n "text": }')
    (source / "twin.json").write_text(json.dumps({"id": "a00", "text": "Anna returned."}))
    report = build([source], tmp_path / "kg")
    found = {problem.where.rsplit("/", 1)[-1].split(":")[0]: problem for problem in report.problems}
    assert "planted failure" in found["a02"].message
    assert "RuntimeError" in found["a02"].trace
    assert any("broken.json" in name for name in found)
    assert len(report.problems) == 3
    assert report.counts["documents"] == 4


def test_interrupted_publish_is_mended_by_the_next_build(
    articles: Articles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = articles()
    for module, step in ((changes, "build_index"), (publishing, "join_parts"), (publishing, "_write_runs")):
        kg = tmp_path / step
        with monkeypatch.context() as patch:
            patch.setattr(module, step, _fail)
            with pytest.raises(OSError, match="disk full"):
                build([source], kg)
        with pytest.raises(KgError, match="interrupted"):
            ekg.open(kg)
        build([source], kg)
        assert verify(kg) == []


def _fail(*_: object, **__: object) -> None:
    raise OSError("disk full")


_DRIVER = """
import os, signal, sys
sys.path.insert(0, "{root}")
import extractors
from ekg import registry
from ekg.pipeline import workers
from ekg.pipeline.build import build
from tests.stub import StubExtractor

registry.register("extractor", "default", StubExtractor)
extractors.signature = lambda: "stub-1"
KILL_AT = {kill}

def progress(stage, done, total, events):
    if KILL_AT is not None and (stage, done) >= KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    build([sys.argv[1]], __import__("pathlib").Path(sys.argv[2]), jobs=int(sys.argv[3]), progress=progress)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kill", ['("extracting", 1)', '("extracting", 40)', '("resolving", 0)'])
def test_kill_9_and_the_same_command_again(articles: Articles, tmp_path: Path, kill: str) -> None:
    source, kg = articles(60), tmp_path / "kg"
    driver = tmp_path / "driver.py"
    driver.write_text(_DRIVER.format(root=Path(__file__).parent.parent.parent, kill=kill))
    ended = subprocess.run([sys.executable, driver, str(source), str(kg), "1"], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    report = build([source], kg)
    if "40" in kill:
        assert report.unchanged >= 25
    build([source], tmp_path / "straight")
    assert quads(kg) == quads(tmp_path / "straight")
    assert verify(kg) == []


def test_a_second_writer_is_refused(articles: Articles, tmp_path: Path) -> None:
    source = articles()
    build([source], tmp_path / "kg")
    with kg_lock(tmp_path / "kg"), pytest.raises(KgError, match="is writing to it"):
        build([source], tmp_path / "kg")
    with ekg.open(tmp_path / "kg") as graph:
        assert len(graph) == 5


def test_a_directory_with_something_else_is_refused(articles: Articles, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="not empty and not a knowledge graph"):
        build([articles()], tmp_path)


def test_a_missing_source_or_unknown_encoding_leaves_nothing_behind(articles: Articles, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        build([tmp_path / "absent"], tmp_path / "kg")
    with pytest.raises(DataError, match="klingon"):
        build([articles()], tmp_path / "kg", encoding="klingon")
    assert not (tmp_path / "kg").exists()


def test_documents_without_a_date_take_the_given_one(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Anna visited Berlin.")
    build([tmp_path / "note.txt"], tmp_path / "kg", recorded_at="2020-05-05")
    with ekg.open(tmp_path / "kg") as graph:
        assert [e.row.recorded for e in graph] == ["2020-05-05"]
        assert [e.time for e in graph] == [None]
