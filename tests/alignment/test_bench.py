from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alignment import AlignConfig, AlignGraph, AlignNode
from ekg.bench.align import run
from ekg.bench.align_ecbplus import head_word, read_ecbplus
from ekg.bench.align_events import event_coreference
from ekg.bench.align_figures import assigned_orders, calibration_error, figures
from ekg.bench.align_structure import with_variant
from ekg.bench.align_tasks import Bench, Task, dbp15k
from ekg.bench.coref_scores import b_cubed
from ekg.errors import DataError
from ekg.model import Alignment, Link


def test_b_cubed_of_perfect_and_of_one_cluster() -> None:
    gold = {"a": "1", "b": "1", "c": "2"}
    assert b_cubed(gold, gold)["f1"] == 1.0
    assert b_cubed(dict.fromkeys(gold, "x"), gold) == {"precision": 0.5556, "recall": 1.0, "f1": 0.7143}


def test_calibration_error_of_nothing() -> None:
    assert calibration_error([]) == 0.0


def test_mrr_after_assignment_puts_the_own_link_first_and_taken_nodes_last() -> None:
    links = tuple(Link(left=a, right=b, score=0.9, zone="merge") for a, b in (("a", "y"), ("b", "x")))
    ranking = {"a": (("x", 0.9), ("y", 0.8)), "b": (("x", 0.95),), "c": (("x", 0.7), ("y", 0.6), ("z", 0.5))}
    found = Alignment(links=links, unmatched=("c",), ranking=ranking, run="r", settings={})
    gold = {"a": "y", "b": "x", "c": "z"}
    assert assigned_orders(found, gold) == [("a", ["y", "x"]), ("b", ["x"]), ("c", ["z", "x", "y"])]
    left, right = (AlignGraph.build(AlignNode(id=i) for i in ids) for ids in ("abc", "xyz"))
    scores = figures(found, Task(left=left, right=right, seeds=[], test=list(gold.items()), missing=1))
    assert (scores["mrr_ranked"], scores["mrr_assigned"]) == (round((1 / 2 + 1 + 1 / 3) / 4, 4), 0.75)


def test_dbp15k_is_read_with_links_that_no_triple_mentions(tmp_path: Path) -> None:
    folder = tmp_path / "dbp15k-zh_en"
    folder.mkdir()
    for name, text in {
        "triples_1": "0\t7\t1\n1\t8\t2\n", "triples_2": "10\t9\t11\n", "sup_pairs": "0\t10\n",
        "ref_pairs": "1\t11\n2\t12\n",
    }.items():  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    task = dbp15k(tmp_path, 13)
    assert (len(task.left), len(task.right), len(task.seeds), len(task.test), task.missing) == (3, 2, 1, 1, 1)


@pytest.mark.parametrize(
    ("name", "switches"),
    [
        ("yago-wiki20k-unseeded", {}),
        ("yago-wiki20k-2000-seeds-counted", {"message_passing": False}),
        ("dbp15k-zh-en-network-parts", {"network": True, "dimensions": 64, "partitions": 4}),
        ("dbp15k-zh-en-counted", {"message_passing": False}),
    ],
)
def test_variants_of_a_set_differ_in_the_configuration_only(name: str, switches: dict[str, Any]) -> None:
    bench = Bench(data=Path("data"), config=AlignConfig(rounds=2))
    changed, task = with_variant(bench, name)
    assert task in {"yago-wiki20k-unseeded", "yago-wiki20k-2000-seeds", "dbp15k-zh-en"}
    assert changed.config == AlignConfig(rounds=2, **switches)
    assert (changed.data, changed.seed) == (bench.data, bench.seed)


def test_unknown_sets_and_absent_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no set 'x'"):
        run(tmp_path, sets=["x"])
    with pytest.raises(DataError, match="absent"):
        run(tmp_path, sets=["eventea-en-en"])
    with pytest.raises(DataError, match="coreference_sentences"):
        read_ecbplus(tmp_path, [1])


@pytest.mark.data
def test_events_of_ecbplus_beat_both_baselines(data: Callable[[str], Path]) -> None:
    found = event_coreference(data("ecbplus").parent)
    assert float(found["b3_f1"]) >= 0.77
    assert float(found["b3_precision"]) >= 0.87
    assert float(found["b3_f1"]) > max(float(found["b3_f1_singletons"]), float(found["b3_f1_same_stem"])) + 0.1


def test_heads_of_triggers() -> None:
    assert [head_word(t) for t in ("break", "scoring record", "gunned down", "taken into custody", "6.1", "!")] == [
        "break", "record", "gunned", "taken", "1", "!",
    ]  # fmt: skip
