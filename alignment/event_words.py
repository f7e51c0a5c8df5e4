"""Vectors of single English words, to see that two different triggers can name the same thing.

The table has one row a word: the word alone through all-MiniLM-L6-v2 (Apache-2.0), centred, cut to its main directions
and kept as 8-bit integers. It belongs to no extractor, so that it stays as it is when the event model is replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from alignment.words import stem

Rows = npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, int], dict[str, int], npt.NDArray[np.int8]]:
    folder = files("alignment") / "weights"
    words = (folder / "event_words.txt").read_text(encoding="utf-8").split()
    with (folder / "event_words.npy").open("rb") as stream:
        rows: npt.NDArray[np.int8] = np.load(stream, allow_pickle=False)
    by_stem: dict[str, int] = {}
    for row, word in enumerate(words):
        # The shortest form of a stem stands for forms that the table lacks.
        known = by_stem.get(stem(word))
        if known is None or len(word) < len(words[known]):
            by_stem[stem(word)] = row
    return {word: row for row, word in enumerate(words)}, by_stem, rows


def word_vectors(words: Sequence[str]) -> Rows:
    """One row of length 1 a word, zeros where the table has neither the word nor a form of it.

    >>> kill, murder, walk = word_vectors(["kill", "murder", "walk"])
    >>> bool(kill @ murder > 0.5 > kill @ walk)
    True
    """
    index, by_stem, table = _table()
    found = [index.get(word.casefold(), by_stem.get(stem(word), -1)) for word in words]
    rows: Rows = np.zeros((len(words), table.shape[1]), dtype=np.float32)
    known = [n for n, row in enumerate(found) if row >= 0]
    if known:
        chosen = table[[found[n] for n in known]].astype(np.float32)
        rows[known] = chosen / np.linalg.norm(chosen, axis=1, keepdims=True)
    return rows
