"""Candidate pairs of names: a union of cheap channels, each with its best few.

No channel compares all names with all names: products run over rare terms only, or within equal times and numbers.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from alignment.literals import LiteralSide
from alignment.meaning import nearest
from alignment.series import matches, next_editions
from alignment.sparse import Bools, Floats, Ints, Matrix, from_triples, limit_columns, top_products, unit_rows
from alignment.templates import Links

# Terms in more than these shares of names tell little and make products dense.
_FREQUENT_GRAM = 0.015
_FREQUENT_WORD = 0.03
_AT_LEAST = 50
_MOST_NAMESAKES = 40
_MOST_AT_ONCE = 100
_MOST_COMPARED = 20_000
# Series with at least so many members look for as many others that have members at the same times.
_EDITIONS, _ALIKE_SERIES = 2, 8

Channels = dict[str, tuple[Ints, Ints]]


def literal_channels(
    left: LiteralSide, right: LiteralSide, translated: Matrix, links: Links, *, top_k: int
) -> Channels:
    """Pairs of name rows by channel.

    ``grams``: rare character n-grams; ``words``: rare words, translated ones too; ``timed``: words within equal times
    and numbers; ``series``: editions that are as far apart as linked ones; ``namesakes``: a name without time and
    number, and all names that only add to it.

    Args:
        left: names of the left graph.
        right: names of the right graph.
        translated: words of the left names in words of the right side.
        links: known links of names, which teach series.
        top_k: pairs that the first three channels keep of a left name.
    """
    words = unit_rows(sparse.csr_matrix(left.words + translated))
    rows = np.arange(len(left)), np.arange(len(right))
    return _similar(left, right, words, *rows, top_k) | {
        "series": next_editions(left, right, links),
        "namesakes": _namesakes(left, right),
    }


def second_look(
    left: LiteralSide, right: LiteralSide, translated: Matrix, rows: tuple[Ints, Ints], *, top_k: int
) -> Channels:
    """The channels of similarity once more, among names for which nothing certain was found, and two more.

    ``editions``: names at one time of two series that have members at the same times, in whatever words; ``meaning``,
    with an encoder, compares every name with every other, so it is left out where there are very many.

    Args:
        left: names of the left graph.
        right: names of the right graph.
        translated: words of the left names in words of the right side.
        rows: left and right rows to search and to search in.
        top_k: pairs that a channel keeps of a left name.
    """
    found = _similar(left, right, unit_rows(sparse.csr_matrix(left.words + translated)), *rows, top_k)
    found["editions"] = _editions(left, right, *rows)
    if left.meaning.any() and max(len(rows[0]), len(rows[1])) <= _MOST_COMPARED:
        i, j = nearest(left.meaning[rows[0]], right.meaning[rows[1]], top_k)
        found["meaning"] = rows[0][i], rows[1][j]
    return found


def leftover_channels(
    left: LiteralSide, right: LiteralSide, translated: Matrix, rows: tuple[Ints, Ints], *, top_k: int
) -> Channels:
    """All that speaks for a pair, however common, among a few thousand names that are left over at the end.

    ``grams``, ``words`` and ``timed`` as at first, frequent ones too; ``editions`` as in the second look; ``at_once``:
    names at the same time.

    Args:
        left: names of the left graph.
        right: names of the right graph.
        translated: words of the left names in words of the right side.
        rows: left and right rows to search and to search in.
        top_k: pairs that the first three channels keep of a left name.
    """
    a, b = rows
    words = unit_rows(sparse.csr_matrix(left.words[a] + translated[a])), sparse.csr_matrix(right.words[b])
    order = np.argsort(right.key[b], kind="stable")
    dated = np.flatnonzero(left.key[a] > 0)
    at, row = matches(right.key[b][order], left.key[a][dated])
    near = at - np.searchsorted(right.key[b][order], left.key[a][dated])[row] < _MOST_AT_ONCE
    found = {
        "grams": top_products(sparse.csr_matrix(left.grams[a]), sparse.csr_matrix(right.grams[b]), top_k)[:2],
        "words": top_products(*words, top_k)[:2],
        "timed": top_products(*_keyed(*words, left.key[a], right.key[b]), top_k)[:2],
        "at_once": (dated[row[near]], order[at[near]]),
    }
    return {name: (a[i], b[j]) for name, (i, j) in found.items()} | {"editions": _editions(left, right, a, b)}


def _similar(left: LiteralSide, right: LiteralSide, words: Matrix, a: Ints, b: Ints, top_k: int) -> Channels:
    grams = sparse.csr_matrix(left.grams[a]), sparse.csr_matrix(right.grams[b])
    found = {
        "grams": _rare_products(*grams, _FREQUENT_GRAM, top_k),
        "words": _rare_products(words[a], right.words[b], _FREQUENT_WORD, top_k),
        "timed": top_products(*_keyed(words[a], right.words[b], left.key[a], right.key[b]), top_k)[:2],
    }
    return {name: (a[i], b[j]) for name, (i, j) in found.items()}


def _editions(left: LiteralSide, right: LiteralSide, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Members at the same time (or with the same number) of the templates that have most rare times in common."""
    a, b = a[left.key[a] > 0], b[right.key[b] > 0]
    templates = int(max(left.template.max(initial=0), right.template.max(initial=0))) + 1
    keys = int(max(left.key.max(initial=0), right.key.max(initial=0))) + 1
    when = [
        from_triples(np.ones(len(rows)), side.template[rows], side.key[rows], (templates, keys))
        for side, rows in ((left, a), (right, b))
    ]
    crowd = np.bincount(when[1].indices, minlength=keys)
    for table in when:
        table.data = 1.0 / np.sqrt(np.maximum(crowd[table.indices], 1))
    series = np.flatnonzero(np.diff(when[0].indptr) >= _EDITIONS)
    first, second, _ = top_products(unit_rows(when[0][series]), unit_rows(when[1]), _ALIKE_SERIES)
    order = np.argsort(left.template[a], kind="stable")
    at, pair = matches(left.template[a][order], series[first])
    rows = a[order[at]]
    key = right.template[b] * keys + right.key[b]
    order = np.argsort(key, kind="stable")
    at, query = matches(key[order], second[pair] * keys + left.key[rows])
    return rows[query], b[order[at]]


def _namesakes(left: LiteralSide, right: LiteralSide) -> tuple[Ints, Ints]:
    plain = np.flatnonzero(left.key == 0)
    order = np.argsort(right.core, kind="stable")
    at, row = matches(right.core[order], left.template[plain])
    near = at - np.searchsorted(right.core[order], left.template[plain])[row] < _MOST_NAMESAKES
    return plain[row[near]], order[at[near]]


def union(channels: Channels, width: int) -> tuple[Ints, Ints]:
    """All pairs of all channels, sorted, without repeats; ``width`` is the number of right rows."""
    keys = np.unique(np.concatenate([i * width + j for i, j in channels.values()]))
    return keys // width, keys % width


def _rare_products(left: Matrix, right: Matrix, share: float, k: int) -> tuple[Ints, Ints]:
    columns = _informative(left, right, share)
    i, j, _ = top_products(limit_columns(left, columns), limit_columns(right, columns), k)
    return i, j


def _informative(left: Matrix, right: Matrix, share: float) -> Bools:
    a, b = (np.bincount(side.indices, minlength=side.shape[1]) for side in (left, right))
    informative: Bools = (a + b <= max(share * (left.shape[0] + right.shape[0]), _AT_LEAST)) & (a > 0) & (b > 0)
    return informative


def _keyed(left: Matrix, right: Matrix, key_left: Ints, key_right: Ints) -> tuple[Matrix, Matrix]:
    """Columns split by the row's key, so that only rows of one key have any in common; rows without a key are empty."""
    width = int(max(key_left.max(initial=0), key_right.max(initial=0))) + 1
    columns: list[Ints] = []
    sides: list[tuple[Floats, Ints, int]] = []
    for matrix, key in ((left, key_left), (right, key_right)):
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        use = key[row] > 0
        row = row[use]
        columns.append(matrix.indices[use].astype(np.int64) * width + key[row])
        sides.append((matrix.data[use], row, matrix.shape[0]))
    shared = np.intersect1d(columns[0], columns[1])
    result = []
    for own, (data, row, size) in zip(columns, sides, strict=True):
        at = np.searchsorted(shared, own)
        known = (at < len(shared)) & (shared[np.minimum(at, len(shared) - 1)] == own) if len(shared) else at < 0
        shape = (size, max(len(shared), 1))
        result.append(from_triples(data[known], row[known], at[known], shape))
    return result[0], result[1]
