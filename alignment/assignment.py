"""One-to-one assignment with a dustbin: the best matching as a whole, in which a node may stay alone."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from alignment.sparse import Bools, Floats, Ints

_TRIFLE = 1e-4


def assign(i: Ints, j: Ints, score: Floats, *, dustbin: float = 0.02) -> Bools:
    """Which pairs belong to the matching that has the most right links to expect: the greatest sum of probabilities.

    Exact (Jonker and Volgenant 1987, sparse), component by component; a node whose pairs all lose more to others than
    they gain stays in the dustbin, of which every left node has its own.

    Args:
        i: left nodes.
        j: right nodes.
        score: probabilities.
        dustbin: what staying alone counts. A worse pair is still worth a trifle more, and a trifle of its probability,
            so that a node stays alone only when others need all that it could have; zones, not the assignment, say
            what is good enough. The sum of probabilities was better than that of logarithms, of square roots and of
            log-odds on the train and valid links of both parts of EventEA.

    >>> i, j = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> assign(i, j, np.array([0.9, 0.8, 0.85])).tolist()
    [False, True, True]
    """
    if not len(i):
        return np.zeros(0, dtype=bool)
    lefts, a = np.unique(i, return_inverse=True)
    rights, b = np.unique(j, return_inverse=True)
    gain = np.where(score > dustbin, score - dustbin, 0.0) + _TRIFLE * np.maximum(score, _TRIFLE)
    n, m = len(lefts), len(rights)
    # Maximisation in which every left node has its own dustbin of gain 0; +1 because a stored 0 is no edge.
    top = float(gain.max())
    costs = sparse.csr_matrix(
        (
            np.concatenate([top - gain, np.full(n, top)]) + 1.0,
            (np.concatenate([a, np.arange(n)]), np.concatenate([b, m + np.arange(n)])),
        ),
        shape=(n, m + n),
    )
    rows, columns = csgraph.min_weight_full_bipartite_matching(costs)
    matched = columns < m
    keys = np.sort(rows[matched].astype(np.int64) * m + columns[matched])
    chosen: Bools = np.isin(a * m + b, keys)
    return chosen
