"""Commands that wait for their turn while a server changes the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import ekg
from ekg.errors import NotFoundError
from ekg.model import Link
from ekg.pipeline.build import build, remove
from ekg.pipeline.merge import merge, merge_into
from ekg.pipeline.unmerge import unmerge
from ekg.pipeline.verify import verify
from ekg.server.jobs import UpdateJob
from ekg.server.writing import GraphWriter
from ekg.store import kg_lock, read_manifest

Articles = Callable[..., Path]
CHANGE = UpdateJob(text="INSERT DATA { GRAPH <urn:g> { <urn:x:e> a sem:Event ; rdfs:label 'meanwhile' } }")


@pytest.fixture
def parts(articles: Articles, tmp_path: Path) -> tuple[Path, Path, list[Link]]:
    """Two graphs and a run of links between them."""
    folder = articles(3, a00="Anna visited Berlin.", a01="Anna waited.", a02="Anne visited Rome.")
    files = sorted(folder.iterdir())
    build(files[:2], tmp_path / "left")
    build(files[2:], tmp_path / "right")
    ends = []
    for side, name in (("left", "Anna"), ("right", "Anne")):
        with ekg.open(tmp_path / side) as graph:
            ends.append(graph.entity(name).iri)
    return tmp_path / "left", tmp_path / "right", [Link(left=ends[0], right=ends[1], score=0.9, zone="merge")]


@contextmanager
def lock_after_an_update(kg: Path, *, wait: float = 0.0) -> Iterator[None]:
    """The lock, as it is got after a server's writer has had it."""
    writer = GraphWriter(kg)
    (reply,) = writer.run([CHANGE])
    writer.close()
    assert reply.error is None
    with kg_lock(kg, wait=wait):
        yield


@pytest.mark.parametrize("command", ["merge", "unmerge", "rm"])
def test_an_update_made_while_a_command_waits_is_kept(
    parts: tuple[Path, Path, list[Link]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    left, right, links = parts
    kg = left
    if command == "unmerge":
        kg = tmp_path / "both"
        (run,) = merge([left, right], [links], kg).runs
    module = {"merge": "merge", "unmerge": "unmerge", "rm": "build"}[command]
    monkeypatch.setattr(f"ekg.pipeline.{module}.kg_lock", lock_after_an_update)
    if command == "merge":
        merge_into(kg, [right], [links])
    elif command == "unmerge":
        unmerge(kg, run)
    else:
        remove(kg, ["a01"])
    assert verify(kg) == []
    assert read_manifest(kg).updates
    with ekg.open(kg) as graph:
        assert "meanwhile" in {event.label for event in graph.events()}


def test_removing_an_unknown_document_leaves_the_graph_complete(parts: tuple[Path, Path, list[Link]]) -> None:
    kg = parts[0]
    before = read_manifest(kg)
    with pytest.raises(NotFoundError, match="no document 'nobody'"):
        remove(kg, ["a01", "nobody"])
    assert read_manifest(kg) == before
    assert verify(kg) == []
