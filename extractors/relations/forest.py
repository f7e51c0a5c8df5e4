"""Boosted trees and linear scores evaluated with numpy, from plain tables: what ships of a trained model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLIP = 5.0


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic regression on standardised, clipped features.

    Args:
        mean: by feature.
        scale: by feature.
        weights: by feature.
        bias: log-odds where all features have their mean.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of each row, ``[rows, features]``."""
        standard = np.clip((rows - self.mean) / self.scale, -_CLIP, _CLIP).astype(np.float64)
        # A sum over an axis, not a product of matrices: its result does not depend on how many rows there are.
        return sigmoid((standard * self.weights.astype(np.float64)).sum(axis=1) + self.bias)

    def tables(self, name: str) -> dict[str, NDArray[np.float32]]:
        """Arrays to store, by name."""
        bias = np.asarray([self.bias], dtype=np.float32)
        parts = {"mean": self.mean, "scale": self.scale, "weights": self.weights, "bias": bias}
        return {f"{name}.{part}": np.ascontiguousarray(value, dtype=np.float32) for part, value in parts.items()}

    @classmethod
    def from_tables(cls, tables: Mapping[str, NDArray[np.float32]], name: str) -> Linear:
        """What `tables` gave."""
        return cls(
            tables[f"{name}.mean"],
            tables[f"{name}.scale"],
            tables[f"{name}.weights"],
            float(tables[f"{name}.bias"][0]),
        )


@dataclass(frozen=True, slots=True)
class Forest:
    """Boosted trees; every array is ``[trees, nodes]``, padded with leaves of value 0.

    Args:
        feature: column that a node asks for; -1 in a leaf.
        threshold: rows at or below it go left.
        left: index of the left child in the tree.
        right: index of the right child.
        value: log-odds that a leaf adds.
        base: log-odds of all rows before any tree.
        depth: steps from a root to the deepest leaf.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    base: float
    depth: int

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of each row, ``[rows, features]``."""
        trees = np.arange(self.feature.shape[0])
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        number = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            asked = self.feature[trees, node]
            goes_left = rows[number, np.maximum(asked, 0)] <= self.threshold[trees, node]
            step = np.where(goes_left, self.left[trees, node], self.right[trees, node])
            node = np.where(asked < 0, node, step)
        return sigmoid(self.value[trees, node].astype(np.float64).sum(axis=1) + self.base)

    def tables(self, name: str) -> dict[str, NDArray[np.float32] | NDArray[np.int32]]:
        """Arrays to store, by name."""
        extent = np.asarray([self.base, self.depth], dtype=np.float32)
        return {
            f"{name}.feature": self.feature,
            f"{name}.threshold": self.threshold,
            f"{name}.left": self.left,
            f"{name}.right": self.right,
            f"{name}.value": self.value,
            f"{name}.extent": extent,
        }

    @classmethod
    def from_tables(cls, tables: Mapping[str, NDArray[np.float32]], name: str) -> Forest:
        """What `tables` gave."""
        base, depth = tables[f"{name}.extent"].tolist()
        return cls(
            tables[f"{name}.feature"].astype(np.int32),
            tables[f"{name}.threshold"],
            tables[f"{name}.left"].astype(np.int32),
            tables[f"{name}.right"].astype(np.int32),
            tables[f"{name}.value"],
            float(base),
            int(depth),
        )


def sigmoid(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of log-odds."""
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0)))
    return result
