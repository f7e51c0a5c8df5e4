"""Candidate pairs of names: a union of cheap channels, each with its best few."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from alignment.literals import LiteralSide
from alignment.sparse import Bools, Ints, Matrix, limit_columns, tf_idf, top_products, unit_rows
from alignment.translation import Translation

# An n-gram or word in more than this share of names tells little and makes products dense.
_FREQUENT = 0.02


def literal_candidates(left: LiteralSide, right: LiteralSide, *, top_k: int) -> dict[str, tuple[Ints, Ints]]:
    """Pairs of name rows by channel: ``grams``, ``words``, ``time`` (words with equal times and numbers)."""
    grams, words = _informative(left.grams, right.grams), _informative(left.words, right.words)
    timed = tf_idf(*([_timed(p.words, p.time, p.numbers) for p in side.parts] for side in (left, right)))
    return {
        "grams": _products(left.grams, right.grams, grams, top_k),
        "words": _products(
            unit_rows(limit_columns(left.words, words)), unit_rows(limit_columns(right.words, words)), None, top_k
        ),
        "time": _products(timed[0], timed[1], None, top_k),
    }


def translated_candidates(
    left: LiteralSide, right: LiteralSide, translation: Translation, *, top_k: int
) -> dict[str, tuple[Ints, Ints]]:
    """Pairs of name rows by translated words: over all names, and among names with equal times and numbers."""
    times = _time_codes(left, right)
    return {
        "translated": _products(translation.words, right.words, _informative(translation.words, right.words), top_k),
        "translated time": _joined_products(translation.words, right.words, *times, top_k),
    }


def _products(left: Matrix, right: Matrix, columns: Bools | None, k: int) -> tuple[Ints, Ints]:
    if columns is not None:
        left, right = limit_columns(left, columns), limit_columns(right, columns)
    i, j, _ = top_products(left, right, k)
    return i, j


def union(channels: dict[str, tuple[Ints, Ints]], width: int) -> tuple[Ints, Ints]:
    """All pairs of all channels, sorted, without repeats; ``width`` is the number of right rows."""
    keys = np.unique(np.concatenate([i * width + j for i, j in channels.values()]))
    return keys // width, keys % width


def _informative(left: Matrix, right: Matrix) -> Bools:
    frequency = np.bincount(left.indices, minlength=left.shape[1]) + np.bincount(right.indices, minlength=left.shape[1])
    informative: Bools = (frequency <= max(_FREQUENT * (left.shape[0] + right.shape[0]), 50)) & (frequency > 1)
    return informative


def _timed(words: tuple[str, ...], time: str, numbers: tuple[str, ...]) -> list[str]:
    key = f"{time}|{' '.join(sorted(numbers))}"
    return [f"{word}|{key}" for word in words] + [f"|{key}"] if key != "|" else []


def _time_codes(left: LiteralSide, right: LiteralSide) -> tuple[Ints, Ints]:
    keys = [[f"{p.time}|{' '.join(sorted(p.numbers))}" for p in side.parts] for side in (left, right)]
    codes = {key: n for n, key in enumerate(sorted({k for side in keys for k in side}))}
    codes["|"] = -1
    first, second = (np.array([codes[k] for k in side], dtype=np.int64) for side in keys)
    return first, second


def _joined_products(a: Matrix, b: Matrix, times_a: Ints, times_b: Ints, k: int) -> tuple[Ints, Ints]:
    """Best products among rows with the same time and numbers."""
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    order_a, order_b = np.argsort(times_a, kind="stable"), np.argsort(times_b, kind="stable")
    codes = np.intersect1d(times_a, times_b)
    for code in codes[codes >= 0]:
        rows = order_a[np.searchsorted(times_a[order_a], code) : np.searchsorted(times_a[order_a], code, "right")]
        columns = order_b[np.searchsorted(times_b[order_b], code) : np.searchsorted(times_b[order_b], code, "right")]
        i, j, _ = top_products(sparse.csr_matrix(a[rows]), sparse.csr_matrix(b[columns]), k)
        left.append(rows[i])
        right.append(columns[j])
    return np.concatenate(left), np.concatenate(right)
