"""What seeds teach about names: which words, and which whole templates, of one graph stand for which of the other.

Words by IBM model 1 (Brown et al. 1993), trained by expectation maximisation on the names of linked nodes; a word
that is spelled alike on both sides starts with an advantage. Templates by counting.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from alignment.literals import LiteralSide
from alignment.sparse import Ints, Matrix, unit_rows

_ROUNDS = 5
_KEEP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A learned dictionary between the names of two graphs.

    Args:
        words: left names × word columns, translated; rows of length 1.
        templates: left template → right template → how often linked.
    """

    words: Matrix
    templates: dict[str, dict[str, int]]


def learn_translation(left: LiteralSide, right: LiteralSide, i: Ints, j: Ints) -> Translation:
    """Learn from pairs of name rows that name the same things."""
    table = _word_table(left.words, right.words, i, j)
    templates: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in zip(i.tolist(), j.tolist(), strict=True):
        templates[left.parts[a].template][right.parts[b].template] += 1
    translated = unit_rows(sparse.csr_matrix(left.words @ table))
    return Translation(words=translated, templates={k: dict(v) for k, v in templates.items()})


def _word_table(left: Matrix, right: Matrix, i: Ints, j: Ints) -> Matrix:
    """Left word × right word, probabilities; words never seen in a link translate to themselves."""
    size = left.shape[1]
    # All (pair, left word, right word) triples.
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
    sources, targets = key // size, key % size
    probability = np.where(sources == targets, 4.0, 1.0)
    slot = pair * size + target
    _, slots = np.unique(slot, return_inverse=True)
    for _ in range(_ROUNDS):
        weight = probability[inverse]
        weight = weight / np.bincount(slots, weight)[slots]
        counts = np.bincount(inverse, weight, minlength=len(key))
        total = np.bincount(sources, counts, minlength=size)
        # A little mass stays outside, so that a word seen once is not believed without doubt.
        probability = counts / (total[sources] + 0.2)
    seen = np.zeros(size, dtype=bool)
    seen[source] = True
    unseen = np.flatnonzero(~seen)
    keep = probability >= _KEEP
    return sparse.csr_matrix(
        (
            np.concatenate([probability[keep], np.ones(len(unseen))]),
            (np.concatenate([sources[keep], unseen]), np.concatenate([targets[keep], unseen])),
        ),
        shape=(size, size),
    )
