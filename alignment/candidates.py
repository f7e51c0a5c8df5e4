"""Candidate pairs of nodes with the features of their best names, on the way from graphs to scores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from alignment.feature_table import Table, in_slices, packed
from alignment.features import LITERAL_FEATURES, TAUGHT_FEATURES, taught_features
from alignment.last_look import last_look
from alignment.name_pairs import NamedProblem, describe, find_pairs
from alignment.prior import mutual, prior_probability, with_competition
from alignment.problem import Problem
from alignment.scoring import marginals
from alignment.shortlist import MANY_SEEDS
from alignment.sparse import Floats, Ints
from alignment.teaching import NamePairs, learn_scores
from alignment.templates import Links
from alignment.translation import translate

_PSEUDO = 0.9
# Pairs that are taught at once; each time the sums over all links are made again.
_TAUGHT_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralPairs:
    """Pairs of nodes with the probability that their names, types and times give, and the packed features behind it."""

    left: Ints
    right: Ints
    features: Table
    probability: Floats


def no_literals() -> LiteralPairs:
    """No pairs at all: where names do not count or there are none."""
    none = np.zeros(0, dtype=np.int64)
    return LiteralPairs(left=none, right=none, features=_table(0), probability=np.zeros(0))


def _table(size: int) -> Table:
    return np.zeros((size, len(LITERAL_FEATURES)), dtype=np.float32)


def score_literals(
    problem: Problem, *, block_k: int, learn: bool, seed: int, encoder: Path | None = None
) -> LiteralPairs:
    """Candidates by names, with probabilities: learned from seeds where there are many, by a prior otherwise.

    Args:
        problem: what is to be aligned.
        block_k: candidates that each channel of blocking keeps of a name.
        learn: whether seeds teach a scorer.
        seed: random seed of the scorer.
        encoder: folder of a sentence encoder.

    Raises:
        MissingError: there is no encoder in the folder.
    """
    named = NamedProblem.of(problem, encoder=encoder)
    if not len(named.left) or not len(named.right):
        return no_literals()
    i, j, features = find_pairs(named, block_k=block_k)
    pairs = NamePairs(left=named.left, right=named.right, i=i, j=j)
    if learn and len(named.lesson[0]) >= MANY_SEEDS:
        features, probability, complete = learn_scores(pairs, features, named.lesson, seed=seed)
        if complete and problem.one_to_one:
            i, j, features, probability = last_look(named, i, j, features, np.round(probability, 4))
    else:
        features, probability = _prior_scores(pairs, features, named.lesson)
        if problem.one_to_one:
            probability = marginals(*pairs.nodes, probability)
    return LiteralPairs(
        left=named.chosen[0][named.left.node[i]],
        right=named.chosen[1][named.right.node[j]],
        features=features,
        probability=np.round(probability, 4),
    )


def score_one(problem: Problem, i: int, j: int) -> LiteralPairs:
    """One pair by its names alone, as if there were no other candidate; empty where one has no name."""
    alone = Problem(
        left=problem.left,
        right=problem.right,
        seeds=(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)),
        rows=np.arange(len(problem.left)) == i,
        columns=np.arange(len(problem.right)) == j,
    )
    named = NamedProblem.of(alone)
    rows = [(a, b) for a in range(len(named.left)) for b in range(len(named.right))]
    if not rows:
        return no_literals()
    a, b = np.array(rows, dtype=np.int64).T
    features = describe(named, a, b)
    probability = prior_probability(features)
    best = int(np.argmax(probability))
    return LiteralPairs(
        left=np.array([i]), right=np.array([j]), features=packed(features[[best]]), probability=probability[[best]]
    )


def _prior_scores(pairs: NamePairs, features: Table, lesson: Links) -> tuple[Table, Floats]:
    """By the prior; what is nearly certain then teaches words and series, as seeds do. The table is changed."""
    left, right, i, j = pairs.left, pairs.right, pairs.i, pairs.j
    nodes = left.node[i], right.node[j]
    probability = with_competition(*nodes, prior_probability(features))
    certain = mutual(*nodes, np.round(probability, 5), _PSEUDO) & ~np.isin(i, lesson[0])
    lesson = (
        np.concatenate([lesson[0], i[certain]]),
        np.concatenate([lesson[1], j[certain]]),
        np.concatenate([lesson[2], probability[certain]]),
    )
    translated = translate(left, right, *lesson)
    for rows in in_slices(len(i), _TAUGHT_AT_ONCE):
        taught = taught_features(left, right, translated, lesson, i[rows], j[rows])
        features[rows, -len(TAUGHT_FEATURES) :] = packed(taught)
    return features, with_competition(*nodes, prior_probability(features))
