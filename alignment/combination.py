"""One probability from names and structure, with what each feature contributes to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from alignment.feature_table import in_slices
from alignment.scoring import compete
from alignment.sparse import Bools, Floats, Ints

COMBINED_FEATURES = (
    "names", "no_names", "structure", "no_structure", "competition", "neighbourhood",
    "left_rank", "right_rank", "left_margin", "right_margin",
)  # fmt: skip
_ENOUGH = 30
_LEAST = 1e-4

# Log-odds for graphs without enough seeds to fit: what names, facts and competition say, as it stands.
PRIOR = {
    "intercept": 0.0, "names": 1.0, "no_names": 0.0, "structure": 1.0, "no_structure": 0.0, "competition": 1.0,
    "neighbourhood": 0.0, "left_rank": 0.0, "right_rank": 0.0, "left_margin": 0.0, "right_margin": 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Candidate pairs of nodes with everything that is known about each.

    Args:
        left: left nodes.
        right: right nodes.
        names: probability that the names give.
        has_names: whether both have names.
        structure: log-odds that the facts give.
        has_structure: whether both have facts.
        competition: what the other candidates of the two nodes change of the log-odds.
        neighbourhood: similarity of the propagated neighbourhoods.
    """

    left: Ints
    right: Ints
    names: Floats
    has_names: Bools
    structure: Floats
    has_structure: Bools
    competition: Floats
    neighbourhood: Floats

    def features(self) -> Floats:
        """Columns as in :data:`COMBINED_FEATURES`."""
        names = np.where(self.has_names, log_odds(self.names), 0.0)
        total = names + self.structure + self.competition
        standing = compete(self.left, self.right, np.round(1.0 / (1.0 + np.exp(-total)), 4))
        own = [names, ~self.has_names, self.structure, ~self.has_structure, self.competition, self.neighbourhood]
        table = np.empty((len(names), len(COMBINED_FEATURES)))
        for column, values in enumerate(own):
            table[:, column] = values
        table[:, len(own) :] = standing.columns()
        return np.round(table, 5, out=table)


def log_odds(probability: Floats) -> Floats:
    """Log-odds of probabilities, those of 0 and 1 bounded."""
    p = probability.clip(_LEAST, 1 - _LEAST)
    odds: Floats = np.log(p / (1 - p))
    return odds


def fit_combination(features: Floats, labels: Bools) -> dict[str, float] | None:
    """Logistic regression as coefficients by feature; None where there are too few examples of either kind."""
    if labels.sum() < _ENOUGH or (~labels).sum() < _ENOUGH:
        return None
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=30.0, max_iter=2000).fit(features, labels)
    names = zip(COMBINED_FEATURES, model.coef_[0].tolist(), strict=True)
    return {"intercept": float(model.intercept_[0])} | dict(names)


def contributions(features: Floats, weights: dict[str, float]) -> Floats:
    """Summands of the log-odds: the intercept, then one column a feature."""
    coefficients = np.array([weights.get(name, 0.0) for name in COMBINED_FEATURES])
    return np.column_stack([np.full(len(features), weights["intercept"]), features * coefficients])


def probability(features: Floats, weights: dict[str, float]) -> Floats:
    """Probability of every pair, six decimals."""
    logits = np.zeros(len(features))
    for rows in in_slices(len(features)):
        logits[rows] = contributions(features[rows], weights).sum(axis=1)
    result: Floats = np.round(1.0 / (1.0 + np.exp(-logits)), 6)
    return result
