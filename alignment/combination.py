"""One probability from names and structure, with what each feature contributes to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from alignment.scoring import compete
from alignment.sparse import Bools, Floats, Ints

COMBINED_FEATURES = (
    "names", "no_names", "structure", "no_structure", "neighbourhood",
    "left_rank", "right_rank", "left_margin", "right_margin",
)  # fmt: skip
_ENOUGH = 30

# Log-odds set by hand, for graphs without enough seeds to fit. "names" is the log-odds that the names give.
PRIOR = {
    "intercept": -2.4, "names": 1.0, "no_names": -0.6, "structure": 9.0, "no_structure": 1.6, "neighbourhood": 0.0,
    "left_rank": 0.6, "right_rank": 0.6, "left_margin": 4.0, "right_margin": 4.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Candidate pairs of nodes with everything that is known about each."""

    left: Ints
    right: Ints
    names: Floats
    has_names: Bools
    structure: Floats
    has_structure: Bools
    neighbourhood: Floats

    def features(self) -> Floats:
        """Columns as in :data:`COMBINED_FEATURES`."""
        p = self.names.clip(1e-4, 1 - 1e-4)
        logit = np.where(self.has_names, np.log(p / (1 - p)), 0.0)
        standing = compete(self.left, self.right, self.strength())
        own = [logit, ~self.has_names, self.structure, ~self.has_structure, self.neighbourhood]
        table: Floats = np.column_stack([*own, standing.columns()]).astype(np.float64)
        return np.round(table, 5)

    def strength(self) -> Floats:
        """A plain sum by which pairs of one node are ordered before anything is learned."""
        total: Floats = np.round(self.names + self.structure, 4)
        return total


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
    """Probability of every pair, four decimals."""
    logits = contributions(features, weights).sum(axis=1)
    result: Floats = np.round(1.0 / (1.0 + np.exp(-logits)), 4)
    return result
