from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import ekg
from ekg.errors import ConfigError, DataError, NotFoundError
from ekg.model import Link
from ekg.pipeline.build import build, remove
from ekg.pipeline.merge import merge, merge_into
from ekg.pipeline.merge_check import MergeRules
from ekg.pipeline.merge_parts import Brought
from ekg.pipeline.unmerge import unmerge
from ekg.pipeline.verify import verify
from ekg.store import DocumentStore, read_manifest

Articles = Callable[..., Path]


@pytest.fixture
def three(articles: Articles, tmp_path: Path) -> list[Path]:
    """Three graphs of one article each; the last one is the oldest."""
    files = sorted(
        articles(3, a00="Zoe visited Rome.", a01="Anna visited Berlin.", a02="Anne visited Berlin.").iterdir()
    )
    graphs = []
    for name, file in zip(("one", "two", "three"), (files[1], files[2], files[0]), strict=True):
        build([file], tmp_path / name)
        graphs.append(tmp_path / name)
    return graphs


def node(kg: Path, name: str) -> str:
    with ekg.open(kg) as graph:
        return graph.entity(name).iri


def link(left: str, right: str, score: float = 0.9) -> Link:
    return Link(left=left, right=right, score=score, zone="merge")


def exported(kg: Path, tmp_path: Path) -> bytes:
    ekg.export_graph(kg, tmp_path / "out.nq")
    return (tmp_path / "out.nq").read_bytes()


def test_a_graph_that_is_merged_into_keeps_its_ids_and_unmerge_gives_it_back(three: list[Path], tmp_path: Path) -> None:
    one, _, three_ = three
    before, anna = exported(one, tmp_path), node(one, "Anna")
    done = merge_into(one, [three_], [[link(anna, node(three_, "Zoe"))]])
    assert verify(one) == []
    with ekg.open(one) as graph:
        assert graph.entity("Zoe").iri == anna
        assert graph.manifest.counts["documents"] == 2
    unmerge(one, done.runs[0])
    assert exported(one, tmp_path) == before
    assert verify(one) == []


def test_imported_quads_come_and_go_with_a_run(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    (tmp_path / "more.nt").write_text('<x:a> <x:says> "hello" .\n')
    ekg.import_files(two, tmp_path / "more.nt")
    before = exported(one, tmp_path)
    done = merge_into(one, [two], [[link(node(one, "Anna"), node(two, "Anne"))]])
    with ekg.open(one) as graph:
        assert graph.query('ASK { <x:a> <x:says> "hello" }')
    assert verify(one) == []
    unmerge(one, done.runs[0])
    assert exported(one, tmp_path) == before
    assert verify(one) == []


def test_imported_quads_that_two_runs_bring_stay_until_both_are_taken_back(three: list[Path], tmp_path: Path) -> None:
    one, two, three_ = three
    (tmp_path / "more.nt").write_text('<x:a> <x:says> "hello" .\n')
    for graph in (two, three_):
        ekg.import_files(graph, tmp_path / "more.nt")
    before = exported(one, tmp_path)
    first = merge_into(one, [two], [[link(node(one, "Anna"), node(two, "Anne"))]])
    second = merge_into(one, [three_], [[link(node(one, "Anna"), node(three_, "Zoe"))]])
    unmerge(one, first.runs[0])
    with ekg.open(one) as graph_left:
        assert graph_left.query('ASK { <x:a> <x:says> "hello" }')
    assert verify(one) == []
    unmerge(one, second.runs[0])
    assert exported(one, tmp_path) == before
    assert verify(one) == []


def test_what_a_user_imports_stays_although_a_merge_brought_it_first(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    (tmp_path / "more.nt").write_text('<x:a> <x:says> "hello" .\n<x:b> <x:says> "there" .\n')
    ekg.import_files(two, tmp_path / "more.nt")
    done = merge_into(one, [two], [[link(node(one, "Anna"), node(two, "Anne"))]])
    (tmp_path / "own.nt").write_text('<x:a> <x:says> "hello" .\n')
    ekg.import_files(one, tmp_path / "own.nt")
    unmerge(one, done.runs[0])
    with ekg.open(one) as graph:
        assert graph.query('ASK { <x:a> <x:says> "hello" }')
        assert not graph.query('ASK { <x:b> <x:says> "there" }')
    assert verify(one) == []


@pytest.mark.parametrize("text", ["Anne visited Berlin.", "Anne painted Berlin."])
def test_a_merged_document_that_was_added_here_too_stays(
    three: list[Path], articles: Articles, tmp_path: Path, text: str
) -> None:
    one, two, three_ = three
    done = merge_into(one, [two], [[link(node(one, "Anna"), node(two, "Anne"))]])
    again = merge_into(one, [three_], [[link(node(one, "Anna"), node(three_, "Zoe"))]])
    file = articles(3, a01="Anna visited Berlin.", a02=text) / "a02.json"
    build([file], one, add=True)
    assert verify(one) == []
    unmerge(one, done.runs[0])
    unmerge(one, again.runs[0])
    assert verify(one) == []
    build([file.with_name("a01.json")], tmp_path / "fresh")
    build([file], tmp_path / "fresh", add=True)
    assert exported(one, tmp_path) == exported(tmp_path / "fresh", tmp_path)


def test_a_document_that_was_added_and_removed_comes_and_goes_with_a_merge(
    three: list[Path], articles: Articles, tmp_path: Path
) -> None:
    one, two, _ = three
    links = [link(node(one, "Anna"), node(two, "Anne"))]
    before = exported(one, tmp_path)
    done = merge_into(one, [two], [links])
    build([articles(3, a02="Anne visited Berlin.") / "a02.json"], one, add=True)
    remove(one, ["a02"])
    unmerge(one, done.runs[0])
    assert exported(one, tmp_path) == before
    unmerge(one, merge_into(one, [two], [links]).runs[0])
    assert exported(one, tmp_path) == before


def test_a_third_graph_is_merged_into_two(three: list[Path], tmp_path: Path) -> None:
    one, two, three_ = three
    both = tmp_path / "both"
    first = merge([one, two], [[link(node(one, "Anna"), node(two, "Anne"))]], both)
    anna = node(both, "Anna")
    merge_into(both, [three_], [[link(anna, node(three_, "Zoe"), 0.6)]])
    with ekg.open(both) as graph:
        assert graph.entity("Anne").iri == graph.entity("Zoe").iri == anna
    unmerge(both, first.runs[0])
    with ekg.open(both) as graph:
        assert graph.entity("Anne").iri != graph.entity("Anna").iri == graph.entity("Zoe").iri
    assert verify(both) == []


def test_several_files_of_links_and_a_weak_bridge(three: list[Path], tmp_path: Path) -> None:
    one, two, three_ = three
    runs = [
        [link(node(one, "Anna"), node(two, "Anne"))],
        [link(node(two, "Anne"), node(three_, "Zoe"), 0.55)],
    ]
    done = merge(three, runs, tmp_path / "all")
    assert len(done.runs) == 2
    assert [(c.bridge, len(c.members)) for c in done.weak] == [(0.55, 3)]
    unmerge(tmp_path / "all", done.runs[1])
    with ekg.open(tmp_path / "all") as graph:
        assert graph.entity("Zoe").iri != graph.entity("Anna").iri == graph.entity("Anne").iri


def test_merging_a_run_twice_is_refused(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    links = [link(node(one, "Anna"), node(two, "Anne"))]
    with pytest.raises(DataError, match="given twice"):
        merge([one, two], [links, links], tmp_path / "both")
    merge([one, two], [links], tmp_path / "both")
    with pytest.raises(DataError, match=r"run \w+ is merged already"):
        merge_into(tmp_path / "both", [], [links])
    with pytest.raises(DataError, match="merged already"):
        merge([tmp_path / "both", two], [links], tmp_path / "again")
    assert not (tmp_path / "again").exists()
    with pytest.raises(DataError, match="into itself"):
        merge_into(one, [one], [links])
    with pytest.raises(DataError, match="no links"):
        merge_into(one, [two], [])


def test_two_nodes_of_one_graph_never_become_one_under_one_to_one(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles(2, a00="Anna visited Berta.", a01="Carla visited Rome.").iterdir())
    for name, file in zip(("left", "right"), files, strict=True):
        build([file], tmp_path / name)
    left, right = tmp_path / "left", tmp_path / "right"
    anna, berta, carla = node(left, "Anna"), node(left, "Berta"), node(right, "Carla")
    links = [link(anna, carla), link(berta, carla, 0.8)]
    with pytest.raises(DataError, match=r"of the .*left graph would become one node, through"):
        merge([left, right], [links], tmp_path / "both")
    with pytest.raises(DataError, match="would become one"):
        merge([left, right], [links[:1], links[1:]], tmp_path / "both")
    assert not (tmp_path / "both").exists()
    merge([left, right], [links], tmp_path / "both", rules=MergeRules(cardinality="n:m"))
    with ekg.open(tmp_path / "both") as graph:
        assert graph.entity("Berta").iri == graph.entity("Anna").iri
    with pytest.raises(ConfigError, match="cardinality"):
        MergeRules(cardinality="2:2")  # type: ignore[arg-type]


@pytest.mark.parametrize("swap", [False, True])
def test_pairs_that_must_stay_apart(three: list[Path], tmp_path: Path, swap: bool) -> None:
    one, two, three_ = three
    anna, anne, zoe = node(one, "Anna"), node(two, "Anne"), node(three_, "Zoe")
    apart = (zoe, anna) if swap else (anna, zoe)
    rules = MergeRules(cannot_link=(apart,))
    with pytest.raises(DataError, match="must not be joined"):
        merge(three, [[link(anna, anne), link(anne, zoe)]], tmp_path / "all", rules=rules)
    merge(three, [[link(anna, anne)]], tmp_path / "all", rules=rules)


def test_unmerge_of_a_pair_and_of_an_entity(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    anna, anne = node(one, "Anna"), node(two, "Anne")
    berlin = link(node(one, "Berlin"), node(two, "Berlin"))
    both = tmp_path / "both"
    (run,) = merge([one, two], [[link(anna, anne), berlin]], both).runs
    merge([one, two], [[berlin]], tmp_path / "only")
    done = unmerge(both, pair=(anne, anna))
    assert [(k.left, k.right) for k in done.removed[run]] == [(anna, anne)]
    with ekg.open(both) as graph:
        assert graph.entity("Anna").iri != graph.entity("Anne").iri
        assert len(graph.index.find_entities("Berlin")) == 1
    with pytest.raises(NotFoundError, match="no merged link"):
        unmerge(both, pair=(anna, anne))
    unmerge(both, entity=node(two, "Berlin"))
    with ekg.open(both) as graph:
        assert len(graph.index.find_entities("Berlin")) == 2
    with pytest.raises(NotFoundError, match="no run"):
        unmerge(both, run)
    with pytest.raises(DataError, match="nothing to take back"):
        unmerge(both)
    with pytest.raises(DataError, match="one call"):
        unmerge(both, pair=(anna, anne), entity=anna)


def test_unmerge_of_what_two_runs_merged(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    anna, anne = node(one, "Anna"), node(two, "Anne")
    both = tmp_path / "both"
    done = merge([one, two], [[link(anna, anne)], [link(anna, anne, 0.8)]], both)
    with pytest.raises(DataError, match=f"{min(done.runs)}, {max(done.runs)} have all merged this"):
        unmerge(both, pair=(anna, anne))
    unmerge(both, done.runs[0], pair=(anna, anne))
    with ekg.open(both) as graph:
        assert graph.entity("Anna").iri == graph.entity("Anne").iri
    unmerge(both, entity=anne, every_run=True)
    with ekg.open(both) as graph:
        assert graph.entity("Anna").iri != graph.entity("Anne").iri


def test_removing_and_correcting_documents_of_a_merged_graph(articles: Articles, tmp_path: Path) -> None:
    files = sorted(articles(3, a00="Anna visited Berlin.", a01="Anna waited.", a02="Anne visited Rome.").iterdir())
    build(files[:2], tmp_path / "left")
    build(files[2:], tmp_path / "right")
    both = tmp_path / "both"
    merge(
        [tmp_path / "left", tmp_path / "right"],
        [[link(node(tmp_path / "left", "Anna"), node(tmp_path / "right", "Anne"))]],
        both,
    )
    remove(both, ["a00"])  # the document that the link's end is named after
    with ekg.open(both) as graph:
        assert graph.entity("Anna").iri == graph.entity("Anne").iri
    assert verify(both) == []
    files[1].write_text(files[1].read_text().replace("Anna waited.", "Then Anna waited."))
    build([files[1]], both, add=True)
    with ekg.open(both) as graph:
        assert graph.entity("Anna").iri == graph.entity("Anne").iri
    remove(both, ["a02"])
    with ekg.open(both) as graph:
        assert graph.entity("Anna").aliases == ()
    assert verify(both) == []
    with ekg.open(both) as graph:
        assert not graph.query("ASK { ?link a ekg:Link }")


def test_a_merge_that_was_interrupted_is_finished_by_the_same_call(
    three: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = three
    links = [link(node(one, "Anna"), node(two, "Anne"))]
    before = exported(one, tmp_path)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "more.nt").write_text('<x:a> <x:says> "hello" .\n')
    ekg.import_files(two, tmp_path / "more.nt")
    for step in ("merge.publish", "publish.join_parts", "merge_imports.write_atomically"):
        with monkeypatch.context() as patch:
            patch.setattr(f"ekg.pipeline.{step}", killed)
            with pytest.raises(KeyboardInterrupt):
                merge_into(one, [two], [links])
        assert read_manifest(one).state == "building"
    done = merge_into(one, [two], [links])
    assert verify(one) == []
    unmerge(one, done.runs[0])
    assert exported(one, tmp_path) == before


def test_python(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    alignment = ekg.Alignment(links=(link(node(one, "Anna"), node(two, "Anne")),))
    run = ekg.merge([one, two], alignment, tmp_path / "both")
    ekg.unmerge(tmp_path / "both", run)
    with ekg.open(tmp_path / "both") as graph:
        assert graph.entity("Anna").iri != graph.entity("Anne").iri
    assert ekg.merge([one, two], [alignment], tmp_path / "again") == (run,)
    ekg.unmerge(tmp_path / "again", pair=(alignment.links[0].left, alignment.links[0].right))


def test_provenance_of_links(three: list[Path], tmp_path: Path) -> None:
    one, two, _ = three
    merge([one, two], [[link(node(one, "Anna"), node(two, "Anne"))]], tmp_path / "both")
    with ekg.open(tmp_path / "both") as graph:
        assert graph.query(
            "ASK { GRAPH ?run { ?run a prov:Activity ; prov:wasAssociatedWith ?who . ?who a prov:SoftwareAgent . "
            "?link a ekg:Link ; prov:wasGeneratedBy ?run ; ekg:left ?a ; ekg:right ?b . ?a owl:sameAs ?b } }"
        )


@pytest.mark.parametrize("stop", range(3))
def test_a_merge_that_was_interrupted_among_its_runs_is_finished_by_the_same_call(
    three: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    one, two, three_ = three
    both = tmp_path / "both"
    merge([two, three_], [[link(node(two, "Anne"), node(three_, "Zoe"), 0.7)]], both)
    links = [[link(node(one, "Anna"), node(both, "Anne"))], [link(node(one, "Berlin"), node(both, "Berlin"))]]
    before = exported(one, tmp_path)
    put, calls = DocumentStore.put_links, 0

    def killed(self: DocumentStore, run: str, found: Iterable[Link]) -> None:
        nonlocal calls
        if calls == stop:
            raise KeyboardInterrupt
        calls += 1
        put(self, run, found)

    with monkeypatch.context() as patch:
        patch.setattr(DocumentStore, "put_links", killed)
        with pytest.raises(KeyboardInterrupt):
            merge_into(one, [both], links)
    assert read_manifest(one).state == "building"
    done = merge_into(one, [both], links)
    assert verify(one) == []
    for run in reversed(done.runs):
        unmerge(one, run)
    assert exported(one, tmp_path) == before


def test_a_merge_that_was_interrupted_among_its_graphs_can_be_taken_back(
    three: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three_ = three
    before, anna = exported(one, tmp_path), node(one, "Anna")
    links = [[link(anna, node(two, "Anne")), link(anna, node(three_, "Zoe"))]]
    put = Brought.put

    def killed(self: Brought, database: DocumentStore) -> None:
        if self.part == "2":
            raise KeyboardInterrupt
        put(self, database)

    with monkeypatch.context() as patch:
        patch.setattr(Brought, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            merge_into(one, [two, three_], links)
    done = merge_into(one, [two, three_], links)
    with ekg.open(one) as graph:
        assert graph.manifest.counts["documents"] == 3
    assert verify(one) == []
    unmerge(one, done.runs[0])
    assert exported(one, tmp_path) == before
    assert verify(one) == []
