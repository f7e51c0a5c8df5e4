"""Word pieces of tokens, as BERT's uncased tokenizer makes them (Devlin et al. 2019), without a dependency."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MAX_WORD = 60
"""Longer tokens (addresses, keys) are one unknown piece."""


class WordPieces:
    """Greedy longest-match pieces over a vocabulary.

    Args:
        vocabulary: pieces in the order of the embedding's rows; continuing pieces start with ``##``.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.ids = {piece: row for row, piece in enumerate(vocabulary)}
        self.unknown = self.ids["[UNK]"]
        self.first = self.ids["[CLS]"]
        self.last = self.ids["[SEP]"]
        self._cache: dict[str, tuple[int, ...]] = {}

    def __call__(self, token: str) -> tuple[int, ...]:
        """Rows of a token's pieces; at least one.

        >>> WordPieces(["[UNK]", "[CLS]", "[SEP]", "re", "##mark"])("Remark")
        (3, 4)
        """
        found = self._cache.get(token)
        if found is None:
            found = tuple(self._split(token)) or (self.unknown,)
            if len(self._cache) > 100_000:
                self._cache.clear()
            self._cache[token] = found
        return found

    def _split(self, token: str) -> Iterable[int]:
        folded = "".join(c for c in unicodedata.normalize("NFD", token.lower()) if unicodedata.category(c) != "Mn")
        for run in _runs(folded):
            yield from self._greedy(run)

    def _greedy(self, word: str) -> list[int]:
        if len(word) > MAX_WORD:
            return [self.unknown]
        rows = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                row = self.ids.get(("##" if start else "") + word[start:end])
                if row is not None:
                    rows.append(row)
                    start = end
                    break
            else:
                return [self.unknown]
        return rows


def _runs(text: str) -> Iterable[str]:
    """Words and single punctuation marks."""
    word = ""
    for char in text:
        if char.isspace() or _is_mark(char):
            if word:
                yield word
            word = ""
            if not char.isspace():
                yield char
        else:
            word += char
    if word:
        yield word


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("P") or char in "$+<=>^`|~"
