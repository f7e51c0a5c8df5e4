from __future__ import annotations

from pathlib import Path

import pytest

from ekg.bench.align import SETS, run
from ekg.bench.align_blocking import synthetic
from ekg.bench.align_names import precision_at_recall
from ekg.bench.align_tasks import Task, dangling, eventea, icews_wiki


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")


def name(task: Task, side: int, key: str) -> str:
    graph = (task.left, task.right)[side]
    return graph.nodes[graph.index[key]].names[0]


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layout of EventEA and ICEWS-WIKI with made-up names."""
    data = tmp_path_factory.mktemp("corpora")
    made = synthetic(160, 3)
    pairs = [(name(made, 0, a), name(made, 1, b)) for a, b in made.test]
    ids = [(f"http://l/{n}", f"http://r/{n}") for n in range(len(pairs))]
    for folder in ("EN_EN_20K", "EN_FR_20K"):
        for side in (0, 1):
            names = [(ids[n][side], pair[side]) for n, pair in enumerate(pairs)]
            write(data / "eventea" / folder / f"name_list_{side + 1}", names)
        for part, low, high in (("train", 0, 60), ("valid", 60, 100), ("test", 100, 160)):
            write(data / "eventea" / folder / f"{part}_links", ids[low:high])
    people = ["Ana Bello", "Çelik Öz", "Dora Finch"]
    write(data / "icews-wiki" / "ent_ids_1", [(str(n), person) for n, person in enumerate(people)])
    uris = ["Ana_Bello", "%C3%87elik_%C3%96z", "Dora_Finch", "Nobody_Else"]
    write(
        data / "icews-wiki" / "ent_ids_2",
        [(str(9 + n), f"https://en.wikipedia.org/wiki/{uri}") for n, uri in enumerate(uris)],
    )
    write(data / "icews-wiki" / "ref_pairs", [("0", "9"), ("1", "10"), ("2", "11")])
    return data


def test_made_up_names_are_distinct_and_seeded() -> None:
    task, again = synthetic(300, 1), synthetic(300, 1)
    assert len(task.test) == len(task.left) == len(task.right) == 300
    assert [node.names for node in task.left.nodes] == [node.names for node in again.left.nodes]
    assert [node.names for node in task.left.nodes] != [node.names for node in synthetic(300, 2).left.nodes]


def test_eventea_is_read_with_its_valid_links_apart(corpora: Path) -> None:
    test, valid = eventea(corpora, "eventea-en-en", 13), eventea(corpora, "eventea-en-en-valid", 13)
    assert [len(t) for t in (test.seeds, test.test, test.sources())] == [60, 60, 60]
    assert [len(t) for t in (valid.test, valid.sources(), valid.candidates())] == [40, 100, 100]
    assert not {a for a, _ in valid.test} & {a for a, _ in test.test}


def test_dangling_ends_on_both_sides(corpora: Path) -> None:
    task = dangling(corpora, 13, valid=False)
    sources, candidates = set(task.sources()), set(task.candidates())
    assert (len(sources), len(candidates), len(task.test)) == (47, 42, 29)
    assert all(a in sources and b in candidates for a, b in task.test)
    assert dangling(corpora, 13, valid=False).test == task.test != dangling(corpora, 14, valid=False).test


def test_names_of_icews_are_decoded(corpora: Path) -> None:
    task = icews_wiki(corpora, 13)
    assert sorted(node.names[0] for node in task.right.nodes) == [
        "Ana Bello",
        "Dora Finch",
        "Nobody Else",
        "Çelik Öz",
    ]
    assert (len(task.sources()), len(task.candidates())) == (3, 4)


def test_the_sets_of_names_are_measured(corpora: Path) -> None:
    found = run(corpora, sets=["eventea-en-en-dangling", "icews-wiki", "names-blocking"])
    assert found["icews-wiki"]["precision_at_recall_95"] == 1.0
    assert float(found["eventea-en-en-dangling"]["f1"]) > 0.6
    blocking = found["names-blocking"]
    assert float(blocking["en-en scored: completeness"]) >= float(blocking["en-en grams: completeness"]) > 0.5
    assert set(found) < set(SETS)


def test_precision_where_the_recall_is_never_reached() -> None:
    assert precision_at_recall([(0.9, True)], 2, 0.95) == 0.0
    assert precision_at_recall([], 0, 0.95) == 0.0
