"""Sparse matrices: TF-IDF over token lists, products that keep only the best of each row, row-wise dots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix = sparse.csr_matrix[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_CHUNK = 512


def tf_idf(*sides: Sequence[Sequence[str]]) -> list[Matrix]:
    """One matrix a side over a shared vocabulary; rows of length 1, or 0 for empty texts.

    Counts are sublinear, the inverse document frequency is smoothed and counted over all sides together. Columns are
    sorted by term, so that nothing depends on the order of rows.
    """
    rows = [Counter(text) for side in sides for text in side]
    frequency = Counter(term for row in rows for term in row)
    columns = {term: i for i, term in enumerate(sorted(frequency))}
    idf = np.log((1 + len(rows)) / (1 + np.array([frequency[t] for t in columns], dtype=np.float64))) + 1
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.fromiter((columns[t] for row in rows for t in row), dtype=np.int64, count=int(indptr[-1]))
    counts = np.fromiter((n for row in rows for n in row.values()), dtype=np.float64, count=int(indptr[-1]))
    values = (1 + np.log(counts)) * idf[indices] if len(indices) else counts
    matrix = sparse.csr_matrix((values, indices, indptr), shape=(len(rows), max(len(columns), 1)))
    matrix.sort_indices()
    matrix = unit_rows(matrix)
    result, low = [], 0
    for side in sides:
        result.append(sparse.csr_matrix(matrix[low : low + len(side)]))
        low += len(side)
    return result


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
    rows, columns, values = [], [], []
    for i in range(product.shape[0]):
        a, b = product.indptr[i], product.indptr[i + 1]
        data, where = product.data[a:b], product.indices[a:b]
        if b - a > 4 * k:
            # Cheap cut first; equal values at its edge are all kept, so that ties are broken below and not here.
            keep = data >= np.partition(data, b - a - k)[b - a - k] - 1e-6
            data, where = data[keep], where[keep]
        data = np.round(data.astype(np.float64), 6)
        order = np.lexsort((where, -data))[:k]
        order = order[data[order] > threshold]
        rows.append(np.full(len(order), offset + i, dtype=np.int64))
        columns.append(where[order].astype(np.int64))
        values.append(data[order])
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


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
