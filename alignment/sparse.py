"""Sparse matrices: TF-IDF over token lists, products that keep only the best of each row, row-wise dots."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix = sparse.csr_matrix[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_CHUNK = 512
# Rows of two matrices that are copied at once to be multiplied.
_ROWS = 16_384


def count(rows: Iterable[Sequence[str]]) -> tuple[list[str], Matrix]:
    """Sorted vocabulary of token lists, and how often every list has every token; the lists are read once."""
    number: dict[str, int] = {}
    indices, ends = array("i"), array("q", [0])
    for row in rows:
        indices.extend([number.setdefault(term, len(number)) for term in row])
        ends.append(len(indices))
    columns = sorted(number)
    place = np.zeros(len(columns), dtype=np.int32)
    place[[number[term] for term in columns]] = np.arange(len(columns), dtype=np.int32)
    shape = (len(ends) - 1, max(len(columns), 1))
    where = place[np.frombuffer(indices, dtype=np.intc)]
    matrix = sparse.csr_matrix((np.ones(len(where)), where, np.array(ends, dtype=np.int64)), shape=shape)
    matrix.sum_duplicates()
    return columns, matrix


def weigh(*sides: Matrix) -> list[Matrix]:
    """TF-IDF of counts: sublinear in the count, smoothed inverse document frequency, rows of length 1 or 0.

    Sides have the same columns, and frequencies are those of all sides together.
    """
    width, size = sides[0].shape[1], sum(side.shape[0] for side in sides)
    frequency = sum(np.bincount(side.indices, minlength=width) for side in sides)
    idf = np.log((1 + size) / (1 + frequency)) + 1
    return [unit_rows(_with_data(side, (1 + np.log(side.data)) * idf[side.indices])) for side in sides]


def split_rows(matrix: Matrix, sizes: Sequence[int]) -> list[Matrix]:
    """The first ``sizes[0]`` rows, the next ``sizes[1]``, and so on."""
    bounds = np.cumsum([0, *sizes]).tolist()
    return [sparse.csr_matrix(matrix[low:high]) for low, high in pairwise(bounds)]


def tf_idf(*sides: Sequence[Sequence[str]]) -> list[Matrix]:
    """One matrix a side over a shared vocabulary, weighed over all sides together as by :func:`weigh`.

    Columns are sorted by term, so that nothing depends on the order of rows.
    """
    return weigh(*split_rows(count(chain.from_iterable(sides))[1], [len(side) for side in sides]))


def from_triples(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> Matrix:
    """A matrix of values at places; values at one place are added up."""
    return sparse.csr_matrix(sparse.coo_matrix((values, (rows, columns)), shape=shape))


def unit_rows(matrix: Matrix) -> Matrix:
    """Rows scaled to Euclidean length 1; empty rows stay empty."""
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    norms = np.sqrt(np.bincount(row, matrix.data**2, minlength=matrix.shape[0]))
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return _with_data(matrix, matrix.data * scale[row])


def _with_data(matrix: Matrix, data: Floats) -> Matrix:
    """The same places with other values; the places are shared."""
    return sparse.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def top_products(left: Matrix, right: Matrix, k: int, *, threshold: float = 0.0) -> tuple[Ints, Ints, Floats]:
    """The k largest entries of every row of ``left @ right.T``, without ever holding the whole product.

    Args:
        left: rows to search for.
        right: rows to search in.
        k: how many to keep of each row.
        threshold: the least value to keep.
    """
    transposed = sparse.csr_matrix(right.T)
    parts: list[tuple[Ints, Ints, Floats]] = []
    for low in range(0, left.shape[0], _CHUNK):
        product = sparse.csr_matrix(left[low : low + _CHUNK] @ transposed)
        parts.append(_largest(product, k, threshold, low))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    return rows, columns, values


def _largest(product: Matrix, k: int, threshold: float, offset: int) -> tuple[Ints, Ints, Floats]:
    """The k largest of every row; equal values by column."""
    keep = np.zeros(product.nnz, dtype=bool)
    for a, b in zip(product.indptr[:-1].tolist(), product.indptr[1:].tolist(), strict=True):
        if b - a > k:
            # Equal values at the edge are all kept here, so that ties are broken below.
            data = product.data[a:b]
            keep[a:b] = data >= np.partition(data, b - a - k)[b - a - k] - 1e-6
        else:
            keep[a:b] = True
    kept = np.flatnonzero(keep)
    rows = np.searchsorted(product.indptr, kept, side="right") - 1
    columns = product.indices[kept].astype(np.int64)
    values: Floats = np.asarray(product.data[kept], dtype=np.float64)
    values = np.round(values, 6)
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    best = (place < k) & (values > threshold)
    return rows[best].astype(np.int64) + offset, columns[best], values[best]


def row_dots(left: Matrix, right: Matrix, i: Ints, j: Ints) -> Floats:
    """``left[i] · right[j]`` for every pair."""
    result = np.zeros(len(i))
    for low in range(0, len(i), _ROWS):
        part = slice(low, low + _ROWS)
        product = left[i[part]].multiply(right[j[part]])
        result[part] = np.asarray(product.sum(axis=1), dtype=np.float64).ravel()
    return result


def limit_columns(matrix: Matrix, keep: Bools) -> Matrix:
    """The matrix with only some of its columns."""
    return sparse.csr_matrix(matrix[:, np.flatnonzero(keep)])
