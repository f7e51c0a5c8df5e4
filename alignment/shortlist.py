"""Which of the pairs that blocking finds are worth the scorer's time: a quick score, learned where there are seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alignment.prior import prior_probability
from alignment.scoring import FOLDS, fit_linear
from alignment.sparse import Bools, Floats, Ints

MANY_SEEDS = 200
"""Seeds that are enough to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """A quick score of pairs, and how many of the best are kept.

    Args:
        of_left: pairs to keep of each left node.
        of_right: pairs to keep of each right node.
        fold: for every left node the model that never saw its label; -1 for nodes whose partner nobody knows.
        models: from features to log-odds, one a fold; none for the prior.
    """

    of_left: int
    of_right: int
    fold: Ints
    models: tuple[Callable[[Floats], Floats], ...] = ()

    @classmethod
    def by_prior(cls) -> Shortlist:
        """By log-odds set by hand; they rank worse, so that more are kept."""
        return cls(of_left=14, of_right=4, fold=np.zeros(0, dtype=np.int64))

    @classmethod
    def learned(cls, fold: Ints, partner: Ints, node: Ints, label: Bools, features: Floats) -> Shortlist:
        """By logistic regression on the pairs of seeds.

        Args:
            fold: of every left node.
            partner: right node of every left node with a seed, -1 for the others.
            node: left node of every pair.
            label: whether the pair is a seed.
            features: of every pair.
        """
        seen = [fold[node] != f for f in range(FOLDS)]
        models = tuple(fit_linear(features[rows], label[rows]) for rows in seen)
        return cls(of_left=8, of_right=3, fold=np.where(partner >= 0, fold, -1), models=models)

    def probability(self, node: Ints, features: Floats) -> Floats:
        """Of pairs of these left nodes, five decimals; a node without a seed by the mean of all models' log-odds."""
        if not self.models:
            return prior_probability(features)
        fold = self.fold[node]
        odds = np.column_stack([model(features) for model in self.models])
        chosen = np.where(fold >= 0, odds[np.arange(len(fold)), np.maximum(fold, 0)], odds.mean(axis=1))
        probability: Floats = np.round(1.0 / (1.0 + np.exp(-chosen)), 5)
        return probability
