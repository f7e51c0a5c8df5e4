from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import ekg
from ekg.errors import DataError, KgError, NotFoundError
from ekg.model import Link
from ekg.pipeline.build import build
from ekg.pipeline.merge import merge
from ekg.pipeline.unmerge import unmerge
from ekg.pipeline.verify import verify
from tests.pipeline.test_build import quads

Articles = Callable[..., Path]


@pytest.fixture
def pair(articles: Articles, tmp_path: Path) -> tuple[Path, Path]:
    files = sorted(articles(4, a00="Anna visited Berlin.", a02="Anne visited Berlin.").iterdir())
    build(files[:2], tmp_path / "left")
    build(files[2:], tmp_path / "right")
    return tmp_path / "left", tmp_path / "right"


def link(pair: tuple[Path, Path], left: str, right: str, zone: str = "merge") -> Link:
    with ekg.open(pair[0]) as a, ekg.open(pair[1]) as b:
        return Link(left=a.entity(left).iri, right=b.entity(right).iri, score=0.9, zone=zone)  # type: ignore[arg-type]


def test_merge_joins_what_links_say_and_nothing_else(pair: tuple[Path, Path], tmp_path: Path) -> None:
    (run,) = merge(pair, [[link(pair, "Anna", "Anne")]], tmp_path / "both").runs
    with ekg.open(tmp_path / "both") as graph:
        anna = graph.entity("Anna")
        assert anna.aliases == ("Anne",)
        assert len(anna.events()) == 2
        # Both parts know a Berlin, but no link joins them.
        assert len(graph.index.find_entities("Berlin")) == 2
        rows = graph.rows(
            "SELECT ?l ?r ?s { GRAPH ?run { ?x a ekg:Link ; ekg:left ?l ; ekg:right ?r ; ekg:confidence ?s } }"
        )
        assert [row["s"] for row in rows] == [0.9]
        assert graph.query("ASK { ?l owl:sameAs ?r }")
    assert verify(tmp_path / "both") == []
    assert len(run) == 12


def test_unmerge_restores_the_state_before(pair: tuple[Path, Path], tmp_path: Path) -> None:
    merge(pair, [[]], tmp_path / "apart")
    (run,) = merge(pair, [[link(pair, "Anna", "Anne")]], tmp_path / "both").runs
    assert quads(tmp_path / "both") != quads(tmp_path / "apart")
    unmerge(tmp_path / "both", run)
    without_runs = [line for line in quads(tmp_path / "apart") if "urn:ekg:graph:run:" not in line]
    assert quads(tmp_path / "both") == without_runs
    with pytest.raises(NotFoundError, match="no run"):
        unmerge(tmp_path / "both", run)


def test_only_the_merge_zone_joins(pair: tuple[Path, Path], tmp_path: Path) -> None:
    merge(pair, [[link(pair, "Anna", "Anne", "review")]], tmp_path / "both")
    with ekg.open(tmp_path / "both") as graph:
        assert graph.entity("Anna").aliases == ()
        assert graph.query("ASK { ?l skos:closeMatch ?r }")


def test_ids_of_nodes_that_were_joined_lead_to_the_joint_node(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles(2, a00="Boris wandered.", a01="Boris waited.").iterdir())
    build(files[1:], tmp_path / "kg")
    with ekg.open(tmp_path / "kg") as graph:
        before = graph.entity("Boris").iri
    build(files[:1], tmp_path / "kg", add=True)
    with ekg.open(tmp_path / "kg") as graph:
        now = graph.entity("Boris").iri
        assert now != before
        assert graph.entity(before).iri == now


def test_bad_links(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not in the graphs"):
        merge(pair, [[Link(left="en_0", right="en_1", score=1.0, zone="merge")]], tmp_path / "both")
    with ekg.open(pair[0]) as graph:
        event, entity = graph.events()[0].iri, graph.entity("Anna").iri
    with pytest.raises(DataError, match="joins an event with an entity"):
        merge(pair, [[Link(left=event, right=entity, score=1.0, zone="merge")]], tmp_path / "both")
    assert not (tmp_path / "both").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".merging")] == []


def test_target_must_not_exist(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(KgError, match="exists already"):
        merge(pair, [[]], pair[0])


def test_one_document_in_both_graphs(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles(3).iterdir())
    build(files[:2], tmp_path / "left")
    build(files[1:], tmp_path / "right")
    merge([tmp_path / "left", tmp_path / "right"], [[]], tmp_path / "both")
    with ekg.open(tmp_path / "both") as graph:
        assert graph.manifest.counts["documents"] == 3


def test_two_documents_of_one_id(articles: Articles, tmp_path: Path) -> None:
    build([articles(1)], tmp_path / "left")
    build([articles(1, a00="Zoe waited.")], tmp_path / "right")
    with pytest.raises(DataError, match="'a00' differs"):
        merge([tmp_path / "left", tmp_path / "right"], [[]], tmp_path / "both")
