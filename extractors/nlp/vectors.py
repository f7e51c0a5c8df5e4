"""Static vectors for any word, made of word pieces: spaCy looks a form up, this spells it in pieces and averages.

`PieceVectors` has what spaCy asks of a table of vectors, without being a subclass of spaCy's own: that keeps only keys
of whole words, and forgets on disk that these are lower-cased.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.strings import StringStore

_LONGEST_WORD = 40
"""Longer forms (addresses, noise) have no vector."""


class PieceVectors:
    """Vectors of lower-cased forms: the row of a whole word, else the mean over its pieces, else zeros.

    Args:
        strings: the vocabulary's strings, to spell out keys.
        pieces: whole words, and continuations marked ``##``.
        rows: one row of 8-bit integers a piece.
        scale: what a step of the integers stands for.
    """

    name = "minilm_pieces"
    mode = "pieces"

    def __init__(self, *, strings: StringStore, pieces: Sequence[str], rows: NDArray[np.int8], scale: float) -> None:
        self.strings = strings
        # The token attribute that keys stand for; symbols are their own hashes.
        self.attr = strings["LOWER"]
        self.pieces = list(pieces)
        self.rows = rows
        self.scale = scale
        self._row_of = {piece: index for index, piece in enumerate(self.pieces)}
        self._known: dict[int, NDArray[np.float32]] = {}

    def __len__(self) -> int:
        return len(self.pieces)

    def __contains__(self, key: int) -> bool:
        return bool(self[key].any())

    def __getitem__(self, key: int) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.get_batch([key])[0]
        return row

    @property
    def shape(self) -> tuple[int, int]:
        """Pieces and dimensions."""
        return self.rows.shape[0], self.rows.shape[1]

    @property
    def vectors_length(self) -> int:
        """Dimensions."""
        return self.shape[1]

    @property
    def size(self) -> int:
        """Numbers in the table."""
        return self.rows.size

    @property
    def n_keys(self) -> int:
        """Pieces, as spaCy's description of a pipeline wants to know."""
        return len(self)

    def is_full(self) -> bool:
        """No form can be added."""
        return True

    def to_ops(self, ops: object) -> None:
        """The table stays in main memory."""

    def to_disk(self, path: Path, **options: object) -> None:
        """Written by `write`, not with the vocabulary."""

    def from_disk(self, path: Path, **options: object) -> None:
        """Read by `read`, not with the vocabulary."""

    def spell(self, form: str) -> list[int]:
        """Rows of the pieces of a form, longest match first as in BERT; none where a part has no piece.

        Accents are dropped, as the table's own model does.
        """
        plain = "".join(c for c in unicodedata.normalize("NFD", form.lower()) if unicodedata.category(c) != "Mn")
        found: list[int] = []
        start = 0
        while start < len(plain) <= _LONGEST_WORD:
            prefix = "##" if start else ""
            end = next((e for e in range(len(plain), start, -1) if prefix + plain[start:e] in self._row_of), None)
            if end is None:
                return []
            found.append(self._row_of[prefix + plain[start:end]])
            start = end
        return found

    def get_batch(self, keys: Any) -> NDArray[np.float32]:
        """Vectors of many keys (hashes of lower-cased forms), shape ``(keys, dimensions)``."""
        result = np.zeros((len(keys), self.rows.shape[1]), dtype=np.float32)
        for at, key in enumerate(int(key) for key in keys):
            vector = self._known.get(key)
            if vector is None:
                spelt = self.spell(self.strings[key]) if key else []
                total = self.rows[spelt].astype(np.float32).mean(axis=0) if spelt else np.zeros(self.shape[1])
                vector = (total * self.scale).astype(np.float32)
                self._known[key] = vector
            result[at] = vector
        return result

    def write(self, folder: Path) -> None:
        """Write the table beside a model."""
        np.save(folder / "pieces.npy", self.rows, allow_pickle=False)
        described = {"scale": self.scale, "pieces": self.pieces}
        (folder / "pieces.json").write_text(json.dumps(described, ensure_ascii=False, indent=0) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path, strings: StringStore) -> PieceVectors:
        """The table that `write` wrote."""
        described = json.loads((folder / "pieces.json").read_text(encoding="utf-8"))
        rows = np.load(folder / "pieces.npy", allow_pickle=False)
        return cls(strings=strings, pieces=described["pieces"], rows=rows, scale=described["scale"])
