"""Parts of two graphs that keep anchors and most facts together, for training on what fits."""

from __future__ import annotations

import numpy as np

from alignment.sparse import Bools, Floats, Ints
from alignment.structure import Incidence

_ROUNDS = 8


def partition(left: Incidence, right: Incidence, anchors: tuple[Ints, Ints], parts: int) -> tuple[Ints, Ints]:
    """Number of the part of every node, of the left and of the right graph; both ends of an anchor are in one part.

    Nodes take the part of most of their neighbours, less for parts that are too large (label propagation with balance,
    Ugander and Backstrom, WSDM 2013); those of the right graph start from their anchors.
    """
    first = np.arange(left.size, dtype=np.int64) % parts
    if parts == 1:
        return first, np.zeros(right.size, dtype=np.int64)
    free = np.ones(left.size, dtype=bool)
    for turn in range(_ROUNDS):
        # Every second node at a time, or two halves of a graph would swap for ever.
        moving = free & (np.arange(left.size) % 2 == turn % 2)
        first = _moved(left, first, moving, parts)
    second = np.arange(right.size, dtype=np.int64) % parts
    second[anchors[1]] = first[anchors[0]]
    free = np.ones(right.size, dtype=bool)
    free[anchors[1]] = False
    for _ in range(2):
        second = _moved(right, second, free, parts)
    return first, second


def _moved(side: Incidence, label: Ints, moving: Bools, parts: int) -> Ints:
    votes: Floats = np.bincount(side.node * parts + label[side.neighbour], minlength=side.size * parts).astype(
        np.float64
    )
    table = votes.reshape(side.size, parts)
    table /= np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    crowd = np.bincount(label, minlength=parts) / max(len(label) / parts, 1.0)
    best = np.argmax(np.round(table - 0.5 * (crowd - 1.0), 6), axis=1)
    return np.where(moving, best, label)
