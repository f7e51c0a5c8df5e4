"""Candidate pairs of nodes with the features of their best names, on the way from graphs to scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.blocking import literal_candidates, translated_candidates, union
from alignment.features import LITERAL_FEATURES, literal_features
from alignment.literals import LiteralSide, literal_sides
from alignment.problem import Problem
from alignment.scoring import FOLDS, compete, cross_fit
from alignment.sparse import Bools, Floats, Ints
from alignment.translation import learn_translation

MANY_SEEDS = 200
_PSEUDO = 0.9
_TURNS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralPairs:
    """Pairs of nodes with the probability that their names, types and times give, and the features behind it."""

    left: Ints
    right: Ints
    features: Floats
    probability: Floats


def no_literals() -> LiteralPairs:
    """No pairs at all: where names do not count or there are none."""
    none = np.zeros(0, dtype=np.int64)
    return LiteralPairs(left=none, right=none, features=np.zeros((0, len(LITERAL_FEATURES))), probability=np.zeros(0))


def score_literals(problem: Problem, *, block_k: int, learn: bool, seed: int) -> LiteralPairs:
    """Candidates by names, with probabilities: learned from seeds where there are many, by a prior otherwise."""
    chosen = [np.flatnonzero(problem.rows), np.flatnonzero(problem.columns)]
    lists = (
        [problem.left.nodes[i] for i in chosen[0]],
        [problem.right.nodes[j] for j in chosen[1]],
    )
    left, right = literal_sides(*lists)
    if not len(left) or not len(right):
        return no_literals()
    position = [np.full(len(g), -1, dtype=np.int64) for g in (problem.left, problem.right)]
    for where, nodes in zip(position, chosen, strict=True):
        where[nodes] = np.arange(len(nodes))
    seeds = position[0][problem.seeds[0]], position[1][problem.seeds[1]]
    fold = problem.seed_folds()[chosen[0]]
    seed_of = np.full(len(lists[0]), -1, dtype=np.int64)
    seed_of[seeds[0]] = seeds[1]
    learned = learn and len(seeds[0]) >= MANY_SEEDS

    taught = _name_rows(left, right, *seeds)
    pseudo = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    channels: dict[str, tuple[Ints, Ints]] = {}
    features, probability = np.zeros((0, len(LITERAL_FEATURES))), np.zeros(0)
    i, j = pseudo
    for turn in range(_TURNS):
        # What is nearly certain teaches words and templates too: many series have no seed of their own.
        lesson = np.concatenate([taught[0], pseudo[0]]), np.concatenate([taught[1], pseudo[1]])
        translation = learn_translation(left, right, *lesson) if len(lesson[0]) else None
        if turn == 0:
            channels = literal_candidates(left, right, top_k=block_k)
        if translation is not None:
            channels |= translated_candidates(left, right, translation, top_k=block_k)
        rows_i, rows_j = union(channels, len(right))
        features = literal_features(left, right, lists, rows_i, rows_j, translation)
        keep = _best_rows(left.node[rows_i] * len(lists[1]) + right.node[rows_j], prior_probability(features))
        rows_i, rows_j, features = rows_i[keep], rows_j[keep], features[keep]
        i, j = left.node[rows_i], right.node[rows_j]
        own = fold[i]
        for f in range(FOLDS if learned else 0):
            known, mask = fold[left.node[lesson[0]]] != f, own == f
            table = learn_translation(left, right, lesson[0][known], lesson[1][known])
            features[mask] = literal_features(left, right, lists, rows_i[mask], rows_j[mask], table)
        probability = prior_probability(features)
        if learned:
            labels = seed_of[i] == j
            for _ in range(2 if turn == _TURNS - 1 else 1):
                standing = compete(i, j, np.round(probability, 5)).columns()
                probability = cross_fit(np.column_stack([features, standing, probability]), labels, own, seed=seed)
        else:
            probability = _with_competition(i, j, probability)
        confident = _mutual(i, j, np.round(probability, 5), _PSEUDO) & (seed_of[i] < 0)
        pseudo = rows_i[confident], rows_j[confident]
    return LiteralPairs(left=chosen[0][i], right=chosen[1][j], features=features, probability=np.round(probability, 4))


def score_one(problem: Problem, i: int, j: int) -> LiteralPairs:
    """One pair by its names alone, as if there were no other candidate; empty where one has no name."""
    lists = [problem.left.nodes[i]], [problem.right.nodes[j]]
    left, right = literal_sides(*lists)
    rows = [(a, b) for a in range(len(left)) for b in range(len(right))]
    if not rows:
        return no_literals()
    a, b = np.array(rows, dtype=np.int64).T
    features = literal_features(left, right, lists, a, b, None)
    probability = prior_probability(features)
    best = int(np.argmax(probability))
    return LiteralPairs(
        left=np.array([i]), right=np.array([j]), features=features[[best]], probability=probability[[best]]
    )


# Log-odds of a pair by its literal features, set by hand: without seeds nothing can be fitted.
PRIOR = {
    "intercept": -5.2, "characters": 5.0, "words": 1.0, "translated": 2.0, "template": 1.5, "template_known": 1.0,
    "same_name": 1.5, "covers_left": 0.8, "covers_right": 0.4, "time_equal": 1.0, "time_nested": 0.0,
    "time_conflict": -4.0, "time_one_sided": -0.3, "numbers": 0.8, "numbers_conflict": -2.5,
    "numbers_one_sided": -0.8, "same_type": 0.3, "type_conflict": -0.3,
}  # fmt: skip


def prior_probability(features: Floats) -> Floats:
    """Probability by the hand-set prior."""
    weights = np.array([PRIOR.get(name, 0.0) for name in LITERAL_FEATURES])
    probability: Floats = np.round(1.0 / (1.0 + np.exp(-(features @ weights + PRIOR["intercept"]))), 5)
    return probability


def _with_competition(i: Ints, j: Ints, probability: Floats) -> Floats:
    """Lower a pair that has equals or betters among its node's other candidates."""
    standing = compete(i, j, probability)
    margin = np.minimum(standing.left_margin, standing.right_margin)
    logit = np.log(probability.clip(1e-5, 1 - 1e-5) / (1 - probability).clip(1e-5, 1))
    lowered: Floats = 1.0 / (1.0 + np.exp(-(logit + 3.0 * np.minimum(margin, 0.0) - 1.0 * (margin <= 0))))
    return lowered


def _mutual(i: Ints, j: Ints, score: Floats, least: float) -> Bools:
    standing = compete(i, j, score)
    best: Bools = (
        (standing.left_rank == 0)
        & (standing.right_rank == 0)
        & (standing.left_margin > 0)
        & (standing.right_margin > 0)
        & (score >= least)
    )
    return best


def _best_rows(key: Ints, score: Floats) -> Ints:
    order = np.lexsort((np.arange(len(key)), -score, key))
    first = np.r_[True, key[order][1:] != key[order][:-1]] if len(key) else np.zeros(0, dtype=bool)
    return np.sort(order[first])


def _name_rows(left: LiteralSide, right: LiteralSide, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Main names of linked nodes; nodes without a name have none."""
    first = [np.full(int(side.node.max(initial=-1)) + 2, -1, dtype=np.int64) for side in (left, right)]
    for where, side in zip(first, (left, right), strict=True):
        where[side.node[::-1]] = np.arange(len(side.node))[::-1]
    rows = [where[np.minimum(nodes, len(where) - 1)] for where, nodes in zip(first, (a, b), strict=True)]
    named = (rows[0] >= 0) & (rows[1] >= 0)
    return rows[0][named], rows[1][named]
