"""Candidate pairs of nodes with the features of their best names, on the way from graphs to scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.blocking import literal_channels, second_look, union
from alignment.features import LITERAL_FEATURES, TAUGHT_FEATURES, own_features, taught_features
from alignment.literals import LiteralSide, literal_sides
from alignment.prior import mutual, prior_probability, with_competition
from alignment.problem import Problem
from alignment.scoring import compete
from alignment.sparse import Floats, Ints
from alignment.teaching import NamePairs, learn_scores
from alignment.templates import Links
from alignment.translation import translate

MANY_SEEDS = 200
_PSEUDO = 0.9
# Candidates that are scored of each left and of each right node.
_KEEP_LEFT, _KEEP_RIGHT = 14, 4


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
    nodes = [problem.left.nodes[i] for i in chosen[0]], [problem.right.nodes[j] for j in chosen[1]]
    left, right = literal_sides(*nodes)
    if not len(left) or not len(right):
        return no_literals()
    position = [np.full(len(g), -1, dtype=np.int64) for g in (problem.left, problem.right)]
    for where, some in zip(position, chosen, strict=True):
        where[some] = np.arange(len(some))
    seeds = position[0][problem.seeds[0]], position[1][problem.seeds[1]]
    lesson = _lesson(left, right, *seeds)
    translated = translate(left, right, *lesson)

    def describe(i: Ints, j: Ints) -> Floats:
        own = own_features(left, right, nodes, i, j)
        return np.column_stack([own, taught_features(left, right, translated, lesson, i, j)])

    rows_i, rows_j = union(literal_channels(left, right, translated, lesson, top_k=block_k), len(right))
    features = describe(rows_i, rows_j)
    open_rows = _without_certain(left, right, rows_i, rows_j, features)
    if len(open_rows[0]) and len(open_rows[1]):
        more = union(second_look(left, right, translated, open_rows, top_k=block_k), len(right))
        new = ~np.isin(more[0] * len(right) + more[1], rows_i * len(right) + rows_j)
        more = more[0][new], more[1][new]
        rows_i, rows_j = np.concatenate([rows_i, more[0]]), np.concatenate([rows_j, more[1]])
        features = np.concatenate([features, describe(*more)])
    keep = _worth_scoring(left.node[rows_i], right.node[rows_j], prior_probability(features))
    rows_i, rows_j, features = rows_i[keep], rows_j[keep], features[keep]
    pairs = NamePairs(left=left, right=right, i=rows_i, j=rows_j)
    if learn and len(lesson[0]) >= MANY_SEEDS:
        features, probability = learn_scores(pairs, features, lesson, seed=seed)
    else:
        features, probability = _prior_scores(pairs, features, lesson)
    return LiteralPairs(
        left=chosen[0][left.node[rows_i]],
        right=chosen[1][right.node[rows_j]],
        features=features,
        probability=np.round(probability, 4),
    )


def score_one(problem: Problem, i: int, j: int) -> LiteralPairs:
    """One pair by its names alone, as if there were no other candidate; empty where one has no name."""
    nodes = [problem.left.nodes[i]], [problem.right.nodes[j]]
    left, right = literal_sides(*nodes)
    rows = [(a, b) for a in range(len(left)) for b in range(len(right))]
    if not rows:
        return no_literals()
    a, b = np.array(rows, dtype=np.int64).T
    none = np.zeros(0, dtype=np.int64)
    taught = taught_features(left, right, left.words, (none, none, np.zeros(0)), a, b)
    features = np.column_stack([own_features(left, right, nodes, a, b), taught])
    probability = prior_probability(features)
    best = int(np.argmax(probability))
    return LiteralPairs(
        left=np.array([i]), right=np.array([j]), features=features[[best]], probability=probability[[best]]
    )


def _prior_scores(pairs: NamePairs, features: Floats, lesson: Links) -> tuple[Floats, Floats]:
    """By the prior; what is nearly certain then teaches words and series, as seeds do."""
    left, right, i, j = pairs.left, pairs.right, pairs.i, pairs.j
    nodes = left.node[i], right.node[j]
    probability = with_competition(*nodes, prior_probability(features))
    certain = mutual(*nodes, np.round(probability, 5), _PSEUDO) & ~np.isin(i, lesson[0])
    lesson = (
        np.concatenate([lesson[0], i[certain]]),
        np.concatenate([lesson[1], j[certain]]),
        np.concatenate([lesson[2], probability[certain]]),
    )
    taught = taught_features(left, right, translate(left, right, *lesson), lesson, i, j)
    features = np.column_stack([features[:, : -len(TAUGHT_FEATURES)], taught])
    return features, with_competition(*nodes, prior_probability(features))


def _lesson(left: LiteralSide, right: LiteralSide, a: Ints, b: Ints) -> Links:
    """Seeds as rows of main names, fully believed; nodes without a name teach nothing."""
    rows = left.first_names(a), right.first_names(b)
    named = (rows[0] >= 0) & (rows[1] >= 0)
    return rows[0][named], rows[1][named], np.ones(int(named.sum()))


def _without_certain(left: LiteralSide, right: LiteralSide, i: Ints, j: Ints, features: Floats) -> tuple[Ints, Ints]:
    """Rows of names of nodes for which the prior knows no nearly certain partner."""
    nodes = left.node[i], right.node[j]
    certain = mutual(*nodes, prior_probability(features), _PSEUDO)
    return (
        np.flatnonzero(~np.isin(left.node, nodes[0][certain])),
        np.flatnonzero(~np.isin(right.node, nodes[1][certain])),
    )


def _worth_scoring(i: Ints, j: Ints, score: Floats) -> Ints:
    """The best pair of names of each pair of nodes, as far as it is among the best few of either node."""
    key = i * (int(j.max(initial=0)) + 1) + j
    order = np.lexsort((np.arange(len(key)), -score, key))
    first = np.r_[True, key[order][1:] != key[order][:-1]] if len(key) else np.zeros(0, dtype=bool)
    best = np.sort(order[first])
    standing = compete(i[best], j[best], score[best])
    kept: Ints = best[(standing.left_rank < _KEEP_LEFT) | (standing.right_rank < _KEEP_RIGHT)]
    return kept
