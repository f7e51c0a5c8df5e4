from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alignment import Label, align, read_labels, write_labels
from alignment.labels import recalibrated
from ekg.errors import DataError
from ekg.model import Alignment
from tests.alignment.test_align import TOWNS, named


def accept(left: str, right: str) -> Label:
    return Label(left=left, right=right, verdict="accept")


def reject(left: str, right: str) -> Label:
    return Label(left=left, right=right, verdict="reject")


def partner(found: Alignment) -> dict[str, str]:
    return {link.left: link.right for link in found.links}


def test_labels_survive_the_file(tmp_path: Path) -> None:
    labels = [accept("a", "b"), reject("c", "d"), Label(left="e", right="f", verdict="unsure")]
    write_labels(tmp_path / "labels.tsv", labels)
    assert read_labels(tmp_path / "labels.tsv") == labels
    assert [p.name for p in tmp_path.iterdir()] == ["labels.tsv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("a\tb\tperhaps\n", "labels.tsv:1: 'perhaps' is no verdict"), ("a\tb\n", "2 columns"),
     ("a\tb\taccept\na\tb\treject\n", "labels.tsv:2: .*two verdicts")],
)  # fmt: skip
def test_bad_labels_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "labels.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_labels(tmp_path / "labels.tsv")


def test_calibration_by_labels_keeps_the_order_and_moves_with_the_verdicts() -> None:
    scores = np.array([0.1, 0.5, 0.6, 0.9])
    assert recalibrated(scores, []).tolist() == scores.tolist()
    lower = recalibrated(scores, [(0.7, False)] * 10)
    higher = recalibrated(scores, [(0.4, True)] * 10)
    for found in (lower, higher):
        assert found.tolist() == sorted(found.tolist())
    assert (lower < scores).all()
    assert (higher > scores).all()
    one = recalibrated(scores, [(0.7, False)])
    assert (np.abs(one - scores) < np.abs(lower - scores)).all()


def test_verdicts_are_obeyed() -> None:
    left, right = named("l", TOWNS), named("r", TOWNS)
    plain = partner(align(left, right))
    assert plain["l0"] == "r0"
    assert partner(align(left, right, labels=[reject("l0", "r0")])).get("l0") != "r0"
    found = align(left, right, labels=[accept("l0", "r1")])
    assert partner(found)["l0"] == "r1"
    assert partner(found).get("l1") != "r1"
    (link,) = [k for k in found.links if k.left == "l0"]
    assert (link.score, link.zone, link.evidence) == (1.0, "merge", {"label": "accept"})


def test_verdicts_calibrate_the_other_scores() -> None:
    left, right = named("l", TOWNS), named("r", [f"{town} ii" for town in TOWNS])
    before = {k.left: k.score for k in align(left, right).links}
    after = {k.left: k.score for k in align(left, right, labels=[reject(f"l{n}", f"r{n}") for n in range(6)]).links}
    assert after["l7"] < before["l7"]


@pytest.mark.parametrize("pair", [("l0", "r0"), ("r0", "l0")])
def test_pairs_that_cannot_be_linked_either_way_round(pair: tuple[str, str]) -> None:
    found = align(named("l", TOWNS), named("r", TOWNS), cannot_link=[pair])
    assert partner(found).get("l0") != "r0"
    assert partner(found)["l1"] == "r1"
    assert all(right != "r0" for right, _ in found.ranking.get("l0", ()))


def test_constraints_change_the_run() -> None:
    left, right = named("l", TOWNS), named("r", TOWNS)
    runs = {align(left, right).run, align(left, right, cannot_link=[("l0", "r1")]).run}
    assert len(runs) == 2


def test_contradictions_are_named() -> None:
    left, right = named("l", TOWNS), named("r", TOWNS)
    with pytest.raises(DataError, match="'nobody' and 'r0' are not one of the left"):
        align(left, right, cannot_link=[("nobody", "r0")])
    with pytest.raises(DataError, match="labels: 'l0' and 'l1'"):
        align(left, right, labels=[accept("l0", "l1")])
    with pytest.raises(DataError, match="'l0' and 'r0' are accepted and must not be linked"):
        align(left, right, cannot_link=[("l0", "r0")], labels=[accept("l0", "r0")])
    with pytest.raises(DataError, match="a seed and must not be linked"):
        align(left, right, cannot_link=[("l0", "r0")], seeds=[("l0", "r0")])
    with pytest.raises(DataError, match="'l0' is accepted with both 'r0' and 'r1'"):
        align(left, right, labels=[accept("l0", "r0"), accept("l0", "r1")])
    found = align(left, right, cardinality="1:n", labels=[accept("l0", "r0"), accept("l0", "r1")])
    assert {k.right for k in found.links if k.left == "l0"} >= {"r0", "r1"}
