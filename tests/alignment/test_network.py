from __future__ import annotations

import numpy as np
import pytest
import torch

from alignment import AlignConfig, AlignGraph, joint
from alignment.graph import OPEN, Fact
from alignment.network import TimeAwareNetwork, dates, effective_rank, tensors
from alignment.network_training import trained_similarity
from alignment.partition import partition
from alignment.problem import make_problem
from alignment.sparse import Floats, Ints
from alignment.structure import Incidence, incidence
from alignment.structure_rounds import Anchors, StructuralPairs

YEAR = 365 * 86_400
PLAYERS, CLUBS = 120, 12


def league(prefix: str) -> Incidence:
    """Players who were in two clubs each, at times of their own."""
    rng = np.random.default_rng(5)
    facts: list[Fact] = []
    for n in range(PLAYERS):
        for club, begin, length in zip(
            rng.permutation(CLUBS)[:2], rng.integers(0, 30, 2), rng.integers(1, 5, 2), strict=True
        ):
            span = int(begin) * YEAR, int(begin + length) * YEAR
            facts.append((f"{prefix}p{n:03}", "plays", f"{prefix}c{club:02}", *span))
    return incidence(AlignGraph.build((), facts))


def candidates(anchored: int) -> tuple[Incidence, StructuralPairs, Ints]:
    """A league beside itself; every node against itself and seven others, the first nodes being anchors."""
    side = league("x")
    rng = np.random.default_rng(2)
    i = np.repeat(np.arange(side.size), 8)
    j = rng.integers(0, side.size, len(i))
    j[::8] = np.arange(side.size)
    i, j = np.unique(np.stack([i, j], axis=1), axis=0).T
    some = rng.permutation(side.size)[:anchored]
    anchors = Anchors(left=some, right=some, weight=np.ones(len(some)))
    even = np.full(len(i), 0.5)
    found = StructuralPairs(left=i, right=j, facts=even, probability=even, anchors=anchors, rounds=1)
    return side, found, some


def first_places(found: StructuralPairs, similarity: Floats, nodes: Ints) -> float:
    order = np.lexsort((found.right, -similarity, found.left))
    first = order[np.r_[True, found.left[order][1:] != found.left[order][:-1]]]
    asked = first[np.isin(found.left[first], nodes)]
    return float((found.left[asked] == found.right[asked]).mean())


@pytest.mark.parametrize("parts", [1, 3])
def test_a_trained_network_finds_nodes_that_are_no_anchors(parts: int) -> None:
    side, found, some = candidates(90)
    others = np.setdiff1d(np.arange(side.size), some)
    told: list[str] = []
    first = trained_similarity(side, side, found, width=32, parts=parts, seed=7, progress=told.append)
    assert first_places(found, first, others) > 0.8
    assert any("trained on 90 anchors" in line for line in told)


def test_training_is_repeated_exactly() -> None:
    side, found, _ = candidates(60)
    first, second = (
        trained_similarity(side, side, found, width=8, parts=2, seed=7, progress=lambda _: None) for _ in range(2)
    )
    assert first.any()
    assert first.tolist() == second.tolist()


def test_too_few_anchors_train_nothing() -> None:
    side, found, _ = candidates(5)
    told: list[str] = []
    result = trained_similarity(side, side, found, width=8, parts=1, seed=7, progress=told.append)
    assert not result.any()
    assert "not trained" in told[0]


def test_vectors_that_collapse_are_reported_and_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def collapsed(self: TimeAwareNetwork, x: torch.Tensor, *rest: object) -> torch.Tensor:
        return torch.ones((len(x), 2 * x.shape[1])) * self.layers.sum()

    monkeypatch.setattr(TimeAwareNetwork, "forward", collapsed)
    side, found, _ = candidates(90)
    told: list[str] = []
    assert not trained_similarity(side, side, found, width=16, parts=1, seed=7, progress=told.append).any()
    assert "collapsed" in told[-1]


def test_effective_rank_counts_directions() -> None:
    assert effective_rank(torch.eye(6)) == pytest.approx(6.0)
    assert effective_rank(torch.ones(6, 3)) == pytest.approx(1.0)


def test_unknown_dates_bind_nothing() -> None:
    open_facts = incidence(AlignGraph.build((), [("a", "p", "b", -OPEN, OPEN), ("a", "p", "c", 0, OPEN)]))
    _, _, intervals = tensors(open_facts, open_facts)
    signs = dates(intervals, 4, torch.Generator().manual_seed(1)).signs
    unknown = int(np.flatnonzero(intervals[:, 0] == -OPEN)[0])
    assert not signs[:, unknown].any()
    assert signs[0, 1 - unknown].abs().tolist() == [1.0] * 4
    assert not signs[1:, 1 - unknown].any()


def test_parts_keep_anchors_together_and_are_balanced() -> None:
    side = league("x")
    anchors = np.arange(0, side.size, 2)
    left, right = partition(side, side, (anchors, anchors), 4)
    assert (left[anchors] == right[anchors]).all()
    assert np.bincount(left, minlength=4).max() < 0.5 * side.size
    assert not partition(side, side, (anchors, anchors), 1)[0].any()


def clubs(prefix: str) -> AlignGraph:
    facts = [(f"{prefix}p{n}", "plays", f"{prefix}c{n % 9}", n % 7 * YEAR, (n % 7 + 2) * YEAR) for n in range(120)]
    return AlignGraph.build((), facts)


SWITCHES = pytest.mark.parametrize("switch", [{"network": True}, {"message_passing": True}])


@SWITCHES
def test_either_neighbourhood_is_a_feature_where_seeds_can_weigh_it(
    switch: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint, "_MANY_SEEDS", 90)
    seeds = [(f"lp{n}", f"rp{n}") for n in range(100)]
    problem, _ = make_problem(clubs("l"), clubs("r"), seeds, None, None, "1:1")
    config = AlignConfig(dimensions=16, **switch)
    pairs, _, weights = joint.score_pairs(problem, config, 13, lambda _: None)
    assert pairs.neighbourhood.any()
    assert weights["neighbourhood"] != 0.0


@SWITCHES
def test_no_neighbourhood_is_computed_that_would_have_no_weight(switch: dict[str, bool]) -> None:
    told: list[str] = []
    problem, _ = make_problem(clubs("l"), clubs("r"), [("lp1", "rp1")], None, None, "1:1")
    pairs, _, weights = joint.score_pairs(problem, AlignConfig(**switch), 13, told.append)
    assert not pairs.neighbourhood.any()
    assert weights["neighbourhood"] == 0.0
    assert any("not trained" in line for line in told) == ("network" in switch)
