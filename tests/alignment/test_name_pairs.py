"""Candidate pairs of names: the blocks that they are described in must not show."""

from __future__ import annotations

import numpy as np
import pytest

from alignment import name_pairs
from alignment.feature_table import unpacked
from alignment.name_pairs import NamedProblem, describe, find_pairs
from alignment.prior import prior_probability
from alignment.problem import make_problem
from alignment.scoring import compete
from ekg.bench.align_blocking import synthetic


def named(size: int) -> NamedProblem:
    task = synthetic(size, 5)
    return NamedProblem.of(make_problem(task.left, task.right, task.test[: size // 3], None, None, "1:1")[0])


@pytest.mark.parametrize("at_once", [1, 700])
def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    problem = named(120)
    whole = find_pairs(problem, block_k=8)
    monkeypatch.setattr(name_pairs, "_AT_ONCE", at_once)
    parts = find_pairs(problem, block_k=8)
    for one, other in zip(whole, parts, strict=True):
        assert np.array_equal(one, other)


def test_packed_features_are_the_features() -> None:
    problem = named(120)
    i, j, table = find_pairs(problem, block_k=8)
    features = describe(problem, i, j)
    assert np.array_equal(unpacked(table), features)
    assert not np.array_equal(table, features)
    assert np.array_equal(prior_probability(table), prior_probability(features))


def test_ranks_and_margins_as_counted_one_by_one() -> None:
    draw = np.random.default_rng(3)
    keys = draw.choice(12 * 9, size=60, replace=False)
    i, j, score = keys // 9, keys % 9, draw.integers(0, 5, size=60) / 5
    found = compete(i, j, score)
    for mine, rank, margin in ((i, found.left_rank, found.left_margin), (j, found.right_rank, found.right_margin)):
        for n in range(60):
            others = [score[m] for m in range(60) if mine[m] == mine[n] and m != n]
            assert rank[n] == sum(other > score[n] for other in others)
            # The best pair is measured by the second; without another it keeps all of its score.
            assert margin[n] == pytest.approx(score[n] - max(others, default=0.0))
