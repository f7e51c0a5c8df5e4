"""A pair's probability by its names where no seeds teach it: log-odds set by hand."""

from __future__ import annotations

import numpy as np

from alignment.feature_table import Table, in_slices, unpacked
from alignment.features import LITERAL_FEATURES
from alignment.scoring import compete
from alignment.sparse import Bools, Floats, Ints

PRIOR = {
    "intercept": -5.2, "characters": 5.0, "words": 1.0, "translated": 2.0, "template": 1.5, "template_known": 1.0,
    "same_name": 1.5, "covers_left": 0.8, "covers_right": 0.4, "time_equal": 1.0, "time_nested": 0.0,
    "time_conflict": -4.0, "time_left_only": -0.3, "time_right_only": -0.3, "numbers": 0.8, "numbers_conflict": -2.5,
    "numbers_left_only": -0.8, "numbers_right_only": -0.8, "same_type": 0.3, "type_conflict": -0.3,
}  # fmt: skip


def prior_probability(features: Table | Floats) -> Floats:
    """Probability of pairs with features as in :data:`alignment.features.LITERAL_FEATURES`, packed or not."""
    weights = np.array([PRIOR.get(name, 0.0) for name in LITERAL_FEATURES])
    logits = np.zeros(len(features))
    for rows in in_slices(len(features)):
        logits[rows] = unpacked(features[rows]) @ weights + PRIOR["intercept"]
    probability: Floats = np.round(1.0 / (1.0 + np.exp(-logits)), 5)
    return probability


def with_competition(i: Ints, j: Ints, probability: Floats) -> Floats:
    """Lower a pair that has equals or betters among its node's other candidates."""
    standing = compete(i, j, probability)
    margin = np.minimum(standing.left_margin, standing.right_margin)
    logit = np.log(probability.clip(1e-5, 1 - 1e-5) / (1 - probability).clip(1e-5, 1))
    lowered: Floats = 1.0 / (1.0 + np.exp(-(logit + 3.0 * np.minimum(margin, 0.0) - 1.0 * (margin <= 0))))
    return lowered


def mutual(i: Ints, j: Ints, score: Floats, least: float) -> Bools:
    """Pairs that are the best of both their nodes without an equal, and score at least so much."""
    standing = compete(i, j, score)
    best: Bools = (
        (standing.left_rank == 0)
        & (standing.right_rank == 0)
        & (standing.left_margin > 0)
        & (standing.right_margin > 0)
        & (score >= least)
    )
    return best
