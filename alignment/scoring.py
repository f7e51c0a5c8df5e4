"""From features to calibrated probabilities: learned on seeds by cross-fitting, or by a prior where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from alignment.sparse import Bools, Floats, Ints

FOLDS = 3
_FEW_SEEDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Competition:
    """How a pair stands among the other candidates of its two nodes.

    Args:
        left_rank: place among the candidates of the left node, from 0.
        right_rank: place among those of the right node.
        left_margin: score less the best other score of the left node.
        right_margin: the same for the right node.
    """

    left_rank: Ints
    right_rank: Ints
    left_margin: Floats
    right_margin: Floats

    def columns(self) -> Floats:
        """As four feature columns."""
        ranks = [1.0 / (1.0 + rank) for rank in (self.left_rank, self.right_rank)]
        return np.column_stack([*ranks, self.left_margin, self.right_margin])


def compete(i: Ints, j: Ints, score: Floats) -> Competition:
    """Ranks and margins of every pair on both sides; ties share the better rank."""
    ranks, margins = [], []
    for mine in (i, j):
        order = np.lexsort((-score, mine))
        sorted_mine, sorted_score = mine[order], score[order]
        starts = np.searchsorted(sorted_mine, sorted_mine)
        position = np.arange(len(order))
        tied = np.r_[True, (sorted_mine[1:] != sorted_mine[:-1]) | (sorted_score[1:] != sorted_score[:-1])]
        first_of_tie = np.maximum.accumulate(np.where(tied, position, 0)) if len(order) else position
        best = sorted_score[starts] if len(order) else sorted_score
        following = np.minimum(starts + 1, max(len(order) - 1, 0))
        second = (
            np.where((following > starts) & (sorted_mine[following] == sorted_mine), sorted_score[following], 0.0)
            if len(order)
            else sorted_score
        )
        margin = sorted_score - np.where(position == starts, second, best)
        rank_out, margin_out = np.empty(len(order), dtype=np.int64), np.empty(len(order))
        rank_out[order], margin_out[order] = first_of_tie - starts, np.round(margin, 5)
        ranks.append(rank_out)
        margins.append(margin_out)
    return Competition(left_rank=ranks[0], right_rank=ranks[1], left_margin=margins[0], right_margin=margins[1])


def folds_of(keys: Sequence[str]) -> Ints:
    """Fold of every seed, by a hash of its content, so that neither order nor ids decide."""
    import zlib

    return np.array([zlib.crc32(key.encode("utf-8", "surrogatepass")) % FOLDS for key in keys], dtype=np.int64)


def cross_fit(features: Floats, labels: Bools, fold: Ints, *, seed: int) -> Floats:
    """Probability of every pair from models that never saw its label.

    Args:
        features: one row a pair.
        labels: whether the pair is a link; only looked at where ``fold`` is not negative.
        fold: fold of the pair's seed; -1 for pairs of nodes without a seed, which get the mean of all models.
        seed: random seed of the learner.

    Returns:
        Probabilities.
    """
    logits = np.zeros(len(features))
    free = fold < 0
    for f in range(FOLDS):
        train, test = (fold >= 0) & (fold != f), fold == f
        model = _fit(features[train], labels[train], seed)
        logits[test] = _logit(model, features[test])
        logits[free] += _logit(model, features[free]) / FOLDS
    probability: Floats = 1.0 / (1.0 + np.exp(-logits))
    return probability


def _fit(features: Floats, labels: Bools, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=90,
        learning_rate=0.13,
        max_leaf_nodes=24,
        l2_regularization=1.0,
        random_state=seed,
        early_stopping=False,
    ).fit(features, labels)


def _logit(model: Any, features: Floats) -> Floats:
    return np.asarray(model.decision_function(features), dtype=np.float64) if len(features) else np.zeros(0)
