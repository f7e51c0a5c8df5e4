"""What known links teach about names: which words of one graph stand for which of the other.

IBM model 1 (Brown et al. 1993), trained by expectation maximisation on the names of linked nodes; a word that is
spelled alike on both sides starts with an advantage, and a word that was never seen stands for itself. The name of a
linked node is translated by what the other links teach, so that no pair teaches itself.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from alignment.literals import LiteralSide
from alignment.sparse import Floats, Ints, Matrix, from_triples, unit_rows

_ROUNDS = 5
_KEEP = 0.04
# How many times a word counts as having been seen standing for itself before any link is read.
_SELF = 0.25


def translate(left: LiteralSide, right: LiteralSide, i: Ints, j: Ints, weight: Floats | None = None) -> Matrix:
    """Words of all left names in the words of the right side; rows of length 1.

    Args:
        left: names to translate.
        right: names of the other side.
        i: left rows of the links that teach, each at most once.
        j: right rows of the links.
        weight: how far each link is believed; 1 by default.

    Returns:
        Left names × words.
    """
    if not len(i):
        return left.words
    links = _posteriors(left.words, right.words, i, j, np.ones(len(i)) if weight is None else weight)
    pair, source, target, share = links
    size = left.words.shape[1]
    seen = from_triples(share, source, target, (size, size))
    total = np.asarray(seen.sum(axis=1)).ravel()
    table = sparse.csr_matrix(seen + _SELF * sparse.identity(size))
    rare = table.data < _KEEP * np.repeat(total + _SELF, np.diff(table.indptr))
    table.data[rare] = 0.0
    scale = 1.0 / (total + _SELF)
    translated = sparse.csr_matrix(left.words @ sparse.diags(scale) @ table)

    # Names of the links themselves, without their own part in the counts.
    shape = (len(i), size)
    own = from_triples(share, pair, source, shape)
    words = sparse.csr_matrix(left.words[i])
    row, column = np.repeat(np.arange(len(i)), np.diff(words.indptr)), words.indices.astype(np.int64)
    names = from_triples(words.data / (total[column] - _entries(own, row, column) + _SELF), row, column, shape)
    mine = from_triples(share * _entries(names, pair, source), pair, target, shape)
    without = sparse.csr_matrix(names @ table) - mine
    without.data = np.where(without.data > 1e-6, without.data, 0.0)
    return unit_rows(_replace_rows(translated, i, sparse.csr_matrix(without)))


def _entries(matrix: Matrix, rows: Ints, columns: Ints) -> Floats:
    found: Floats = np.asarray(matrix[rows, columns], dtype=np.float64).ravel()
    return found


def _replace_rows(matrix: Matrix, rows: Ints, by: Matrix) -> Matrix:
    order = np.arange(matrix.shape[0])
    order[rows] = matrix.shape[0] + np.arange(len(rows))
    result = sparse.csr_matrix(sparse.vstack([matrix, by], format="csr")[order])
    result.eliminate_zeros()
    result.sort_indices()
    return result


def _posteriors(left: Matrix, right: Matrix, i: Ints, j: Ints, weight: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    """All (link, left word, right word) triples with the share of the right word that the left one accounts for."""
    size = left.shape[1]
    a, b = left[i], right[j]
    counts_b = np.diff(b.indptr)
    pair_of_left = np.repeat(np.arange(len(i)), np.diff(a.indptr))
    repeats = counts_b[pair_of_left]
    source = np.repeat(a.indices, repeats).astype(np.int64)
    pair = np.repeat(pair_of_left, repeats)
    starts = np.repeat(b.indptr[:-1][pair_of_left], repeats)
    within = np.arange(len(source)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    target = b.indices[starts + within].astype(np.int64)
    key, inverse = np.unique(source * size + target, return_inverse=True)
    sources = key // size
    probability = np.where(sources == key % size, 4.0, 1.0)
    _, slots = np.unique(pair * size + target, return_inverse=True)
    share = np.zeros(len(source))
    for _ in range(_ROUNDS):
        share = probability[inverse]
        share = weight[pair] * share / np.bincount(slots, share)[slots]
        counts = np.bincount(inverse, share, minlength=len(key))
        total = np.bincount(sources, counts, minlength=size)
        # A little mass stays outside, so that a word seen once is not believed without doubt.
        probability = (counts + 1e-9) / (total[sources] + 0.2)
    return pair, source, target, share
