"""Which documents tell of the same things: similarity of their texts and names, and groups of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from alignment.clustering import average_linkage
from alignment.sparse import Floats, Ints, Matrix, row_dots, tf_idf, top_products

# Cosine from which documents count as telling of the same thing.
_ALIKE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Similarities of documents, by number.

    Args:
        similarity: documents × documents, cosine of their words, only the nearest of each.
        names: for the same pairs, cosine of their names and numbers.
        best: cosine with the nearest other document.
        group: group of documents that are alike.
    """

    similarity: Matrix
    names: Matrix
    best: Floats
    group: Ints

    def of_pairs(self, d: Ints, e: Ints) -> tuple[Floats, Floats]:
        """Similarity of names, and of words relative to each one's nearest; 1 for a document with itself."""
        if not len(d):
            return np.zeros(0), np.zeros(0)
        words, names = (np.asarray(m[d, e], dtype=np.float64).ravel() for m in (self.similarity, self.names))
        rank = np.minimum(words / np.maximum(np.sqrt(self.best[d] * self.best[e]), 1e-6), 1.0)
        return np.where(d == e, 1.0, names), np.where(d == e, 1.0, rank)

    def alike(self) -> Matrix:
        """Documents × documents, 1 for different ones that tell of the same thing."""
        other = sparse.csr_matrix(sparse.triu(self.similarity, 1) + sparse.tril(self.similarity, -1))
        return sparse.csr_matrix((other >= _ALIKE).astype(np.float64))


def compare_documents(words: Sequence[Sequence[str]], names: Sequence[Sequence[str]], *, neighbours: int) -> Documents:
    """Compare documents by TF-IDF.

    Args:
        words: content words of each document.
        names: its names and numbers.
        neighbours: how many to keep for each, itself included.
    """
    count = len(words)
    rows, named = tf_idf(words)[0], tf_idf(names)[0]
    i, j, values = top_products(rows, rows, neighbours)
    nearest = sparse.csr_matrix((values, (i, j)), shape=(count, count))
    similarity = sparse.csr_matrix(nearest.maximum(nearest.T))
    pairs = similarity.tocoo()
    left, right = pairs.row.astype(np.int64), pairs.col.astype(np.int64)
    alike = np.round(row_dots(named, named, left, right), 6)
    other = left != right
    best = np.zeros(count)
    np.maximum.at(best, left[other], pairs.data[other])
    above = left < right
    edges = zip(left[above].tolist(), right[above].tolist(), np.round(pairs.data[above], 6).tolist(), strict=True)
    group = average_linkage(count, edges, threshold=_ALIKE, allowed=lambda a, b: True, unscored=1.0)
    return Documents(
        similarity=similarity,
        names=sparse.csr_matrix((alike, (left, right)), shape=(count, count)),
        best=best,
        group=np.array(group, dtype=np.int64),
    )


def share_among_alike(documents: Documents, document: Ints, stems: Sequence[str]) -> tuple[Floats, Floats]:
    """How common each mention's stem is among the documents like its own, and how far it is confined to them.

    What a story is about is named in most of its documents and seldom elsewhere; "say" is everywhere.

    Returns:
        By mention, the share of alike documents that have the stem, and the share of the documents with the stem that
        are alike.
    """
    having: dict[str, set[int]] = defaultdict(set)
    for d, name in zip(document.tolist(), stems, strict=True):
        having[name].add(d)
    columns = {name: n for n, name in enumerate(sorted(having))}
    places = [(d, columns[name]) for name in sorted(having) for d in sorted(having[name])]
    count = documents.similarity.shape[0]
    held = sparse.csr_matrix(
        (np.ones(len(places)), ([d for d, _ in places], [c for _, c in places])), shape=(count, max(len(columns), 1))
    )
    alike = documents.alike()
    around = sparse.csr_matrix(alike @ held)
    column = np.array([columns[name] for name in stems], dtype=np.int64)
    if not len(column):
        return np.zeros(0), np.zeros(0)
    near = np.asarray(around[document, column], dtype=np.float64).ravel()
    size = np.asarray(alike.sum(axis=1), dtype=np.float64).ravel()[document]
    frequency = np.array([len(having[name]) for name in stems], dtype=np.float64)
    return near / np.maximum(size, 1.0), (near + 1.0) / frequency
