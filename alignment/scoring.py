"""From features to calibrated probabilities: learned on seeds by cross-fitting, or by a prior where there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from alignment.sparse import Bools, Floats, Ints

FOLDS = 3


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
    (left_rank, left_margin), (right_rank, right_margin) = _standing(i, score), _standing(j, score)
    return Competition(left_rank=left_rank, right_rank=right_rank, left_margin=left_margin, right_margin=right_margin)


def _standing(mine: Ints, score: Floats) -> tuple[Ints, Floats]:
    """Rank and margin of every pair among those of its own node."""
    rank_out, margin_out = np.empty(len(mine), dtype=np.int64), np.empty(len(mine))
    if not len(mine):
        return rank_out, margin_out
    # Small integers, and no array longer than it is needed: there may be millions of pairs.
    order = np.lexsort((-score, mine)).astype(np.int32)
    first = np.r_[True, np.diff(mine[order]) != 0]
    score = score[order]
    position = np.arange(len(order), dtype=np.int32)
    starts = np.maximum.accumulate(np.where(first, position, 0))
    tied = first | np.r_[True, score[1:] != score[:-1]]
    rank_out[order] = np.maximum.accumulate(np.where(tied, position, 0)) - starts
    rival = np.where(first, np.minimum(position + 1, len(order) - 1), starts)
    alone = first & (first[rival] | (rival == position))
    margin_out[order] = np.round(score - np.where(alone, 0.0, score[rival]), 5)
    return rank_out, margin_out


def marginals(i: Ints, j: Ints, probability: Floats, *, rounds: int = 8) -> Floats:
    """Probability of every pair once no node may have two partners, by belief propagation.

    The pairs are the edges of a graph in which every matching, perfect or not, weighs the product of its pairs' odds;
    the Bethe approximation of a pair's share of that weight (Bayati et al. 2008 for the messages).

    Args:
        i: left nodes.
        j: right nodes.
        probability: of every pair by itself.
        rounds: of messages, both ways.

    >>> i, j = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> marginals(i, j, np.array([0.9, 0.5, 0.9])).round(2).tolist()
    [0.31, 0.34, 0.62]
    """
    p = probability.clip(1e-4, 1 - 1e-4)
    odds = p / (1 - p)
    from_right = np.ones(len(i))
    from_left = np.ones(len(i))
    for _ in range(rounds):
        pull = odds * from_right
        from_left = 1.0 / (1.0 + np.bincount(i, pull)[i] - pull)
        pull = odds * from_left
        from_right = 1.0 / (1.0 + np.bincount(j, pull)[j] - pull)
    weight = odds * from_left * from_right
    result: Floats = np.round(weight / (1.0 + weight), 5)
    return result


def folds_of(keys: Sequence[str]) -> Ints:
    """Fold of every seed, by a hash of its content, so that neither order nor ids decide."""
    import zlib

    return np.array([zlib.crc32(key.encode("utf-8", "surrogatepass")) % FOLDS for key in keys], dtype=np.int64)


def cross_fit(features: Floats, labels: Bools, fold: Ints, known: Bools, *, seed: int) -> Floats:
    """Probability of every pair from models that never saw its label.

    Args:
        features: one row a pair.
        labels: whether the pair is a link; only looked at where ``known``.
        fold: fold of the pair's left node.
        known: whether the pair's left node has a seed; the others get the mean of all models' log-odds.
        seed: random seed of the learner.

    Returns:
        Probabilities.
    """
    logits = np.zeros(len(features))
    for f in range(FOLDS):
        train, test = known & (fold != f), known & (fold == f)
        log_odds = fit(features[train], labels[train], seed=seed)
        logits[test] = log_odds(features[test])
        logits[~known] += log_odds(features[~known]) / FOLDS
    probability: Floats = 1.0 / (1.0 + np.exp(-logits))
    return probability


def fit(
    features: Floats, labels: Bools, *, seed: int, rounds: int = 200, rate: float = 0.08, leaves: int = 12
) -> Callable[[Floats], Floats]:
    """Boosted trees on labelled pairs, as a function from features to log-odds.

    Args:
        features: one row a pair.
        labels: whether the pair is a link.
        seed: random seed of the learner; every split looks at some of the features only.
        rounds: number of trees.
        rate: weight of every tree.
        leaves: of every tree, at most.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    if labels.all() or not labels.any():
        return _constant(labels)
    model: Any = HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        l2_regularization=1.0,
        max_features=0.3,
        random_state=seed,
        early_stopping=False,
    ).fit(features, labels)

    def log_odds(rows: Floats) -> Floats:
        return np.asarray(model.decision_function(rows), dtype=np.float64) if len(rows) else np.zeros(0)

    return log_odds


def fit_linear(features: Floats, labels: Bools) -> Callable[[Floats], Floats]:
    """Logistic regression on labelled pairs, as a function from features to log-odds: worse than trees, and quick."""
    from sklearn.linear_model import LogisticRegression

    if labels.all() or not labels.any():
        return _constant(labels)
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 1e-9)
    model: Any = LogisticRegression(max_iter=200).fit((features - mean) * scale, labels)
    weights = model.coef_[0] * scale
    intercept = float(model.intercept_[0]) - float(mean @ weights)

    def log_odds(rows: Floats) -> Floats:
        found: Floats = rows @ weights + intercept
        return found

    return log_odds


def _constant(labels: Bools) -> Callable[[Floats], Floats]:
    """What can be learned from labels that are all alike."""
    odds = np.log((labels.sum() + 1.0) / ((~labels).sum() + 1.0))
    return lambda rows: np.full(len(rows), odds)
