"""Sparse matrices: TF-IDF over token lists, products that keep only the best of each row, row-wise dots."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix = sparse.csr_matrix[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_CHUNK = 512


def count(rows: Sequence[Sequence[str]]) -> tuple[list[str], Matrix]:
    """Sorted vocabulary of token lists, and how often every list has every token."""
    columns = {term: n for n, term in enumerate(sorted({term for row in rows for term in row}))}
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((columns[t] for row in rows for t in row), dtype=np.int64, count=int(indptr[-1]))
    shape = (len(rows), max(len(columns), 1))
    matrix = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=shape)
    matrix.sum_duplicates()
    return list(columns), matrix


def weigh(counts: Matrix) -> Matrix:
    """TF-IDF of counts: sublinear in the count, smoothed inverse document frequency, rows of length 1 or 0."""
    matrix = counts.copy()
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log((1 + matrix.shape[0]) / (1 + frequency)) + 1
    matrix.data = (1 + np.log(matrix.data)) * idf[matrix.indices]
    return unit_rows(matrix)


def split_rows(matrix: Matrix, sizes: Sequence[int]) -> list[Matrix]:
    """The first ``sizes[0]`` rows, the next ``sizes[1]``, and so on."""
    bounds = np.cumsum([0, *sizes]).tolist()
    return [sparse.csr_matrix(matrix[low:high]) for low, high in pairwise(bounds)]


def tf_idf(*sides: Sequence[Sequence[str]]) -> list[Matrix]:
    """One matrix a side over a shared vocabulary, weighed over all sides together as by :func:`weigh`.

    Columns are sorted by term, so that nothing depends on the order of rows.
    """
    return split_rows(weigh(count([text for side in sides for text in side])[1]), [len(side) for side in sides])


def from_triples(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> Matrix:
    """A matrix of values at places; values at one place are added up."""
    return sparse.csr_matrix(sparse.coo_matrix((values, (rows, columns)), shape=shape))


def unit_rows(matrix: Matrix) -> Matrix:
    """Rows scaled to Euclidean length 1; empty rows stay empty."""
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel())
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return sparse.csr_matrix(sparse.diags(scale) @ matrix)


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
    for low in range(0, len(i), 65_536):
        part = slice(low, low + 65_536)
        product = left[i[part]].multiply(right[j[part]])
        result[part] = np.asarray(product.sum(axis=1), dtype=np.float64).ravel()
    return result


def limit_columns(matrix: Matrix, keep: Bools) -> Matrix:
    """The matrix with only some of its columns."""
    return sparse.csr_matrix(matrix[:, np.flatnonzero(keep)])
