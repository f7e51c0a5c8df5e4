from __future__ import annotations

import random
from pathlib import Path

import pytest

from ekg.bench import align_ablation
from ekg.bench.align import run
from ekg.bench.align_figures import measure
from ekg.bench.align_tasks import Bench, dbp15k

PEOPLE, TOWNS = 60, 9


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two graphs of people and towns in DBP15K's format, of which a third of the links is known."""
    folder = tmp_path / "dbp15k-zh_en"
    folder.mkdir()
    draw = random.Random(3)
    triples = [(f"{n}", draw.randrange(3), f"{900 + draw.randrange(TOWNS)}") for n in range(PEOPLE) for _ in range(3)]
    people, towns = [f"{n}" for n in range(PEOPLE)], [f"{900 + n}" for n in range(TOWNS)]
    for side, prefix in (("1", "1"), ("2", "2")):
        facts = [f"{prefix}{s}\t{r}\t{prefix}{o}\n" for s, r, o in triples]
        names = [f"{prefix}{key}\thttp://x/resource/Name_of_{key}\n" for key in people + towns]
        (folder / f"triples_{side}").write_text("".join(facts), encoding="utf-8")
        (folder / f"ent_ids_{side}").write_text("".join(names), encoding="utf-8")
    for part, keys in (("sup", people[:30] + towns), ("valid", people[30:40]), ("ref", people[40:])):
        (folder / f"{part}_pairs").write_text("".join(f"1{key}\t2{key}\n" for key in keys), encoding="utf-8")
    return tmp_path


def test_names_of_dbp15k_and_the_links_to_tune_on(corpus: Path) -> None:
    test, valid = (dbp15k(corpus, 13, named=True, valid=part) for part in (False, True))
    a, b = test.test[0]
    assert test.left.nodes[test.left.index[a]].names == test.right.nodes[test.right.index[b]].names
    assert (len(test.test), len(valid.test), len(valid.sources())) == (20, 10, 30)
    assert set(valid.sources()) == {a for a, _ in test.test + valid.test}
    assert not any(node.names for node in dbp15k(corpus, 13).left.nodes)


def test_every_part_is_measured_as_the_aligner_measures_it(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align_ablation, "SEEDS", 2)
    found = run(corpus, sets=["ablation"])["ablation"]
    alone = [measure(Bench(data=corpus, seed=s), dbp15k(corpus, s), yardstick=1.0)[1] for s in (13, 14)]
    for key in ("hits1_ranked", "hits1_assigned", "mrr_ranked"):
        values = [float(figures[key]) for figures in alone]
        assert found[f"structure: {key}"] == pytest.approx(sum(values) / 2, abs=1e-4)
    assert found["names: hits1_ranked"] == 1.0
    assert float(found["names + structure: hits1_ranked"]) == 1.0
    assert found["propagation over structure: hits1_ranked"] == pytest.approx(
        float(found["structure + propagation: hits1_ranked"]) - float(found["structure: hits1_ranked"]), abs=2e-4
    )
    assert 0.2 < float(found["propagation alone: hits1_ranked"]) <= 1.0
