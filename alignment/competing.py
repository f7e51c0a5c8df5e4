"""Probabilities of pairs that compete: every node has at most one partner, and may have none."""

from __future__ import annotations

import numpy as np

from alignment.sparse import Floats, Ints

_STEPS = 20


def competing_probability(i: Ints, j: Ints, log_odds: Floats, *, alone: float) -> Floats:
    """Scale pairs by what their two nodes have besides them, until both sides agree.

    Sinkhorn's scaling (Sinkhorn and Knopp 1967) over the candidates only, in logarithms, with a dustbin for every node
    (as in Sarlin et al., SuperGlue, CVPR 2020): a node whose rivals are all claimed by others leans to what is left.

    Args:
        i: left nodes.
        j: right nodes.
        log_odds: how much speaks for each pair.
        alone: log-odds at which a node would rather stay alone.

    Returns:
        By pair a number from 0 to 1; those of a node sum to no more than about 1.

    >>> i, j = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> competing_probability(i, j, np.array([9.0, 8.0, 9.0]), alone=0.0).round(2).tolist()
    [0.09, 0.86, 0.9]
    """
    _, a = np.unique(i, return_inverse=True)
    _, b = np.unique(j, return_inverse=True)
    size = int(a.max(initial=-1)) + 1, int(b.max(initial=-1)) + 1
    left, right = np.zeros(size[0]), np.zeros(size[1])
    for _ in range(_STEPS):
        left = _log_sum(a, log_odds - right[b], alone, size[0])
        right = _log_sum(b, log_odds - left[a], alone, size[1])
    result: Floats = np.exp(np.minimum(log_odds - left[a] - right[b], 0.0))
    return result


def _log_sum(group: Ints, value: Floats, alone: float, size: int) -> Floats:
    """Logarithm of the sum of exponentials by group, the dustbin's included."""
    most = np.full(size, alone)
    np.maximum.at(most, group, value)
    total = np.bincount(group, weights=np.exp(value - most[group]), minlength=size) + np.exp(alone - most)
    result: Floats = most + np.log(total)
    return result
