"""Names of both graphs as matrices: one row a name, several rows for a node with aliases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from alignment.graph import OPEN, AlignNode
from alignment.meaning import Vectors, encoded_meanings
from alignment.names import NameParts, split_name
from alignment.scoring import folds_of
from alignment.sparse import Floats, Ints, Matrix, count, split_rows, tf_idf, weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralSide:
    """All names of one graph.

    Codes are numbers that are equal where the texts are equal, on either side.

    Args:
        node: position of the node of every name.
        texts: every whole name, folded.
        length: characters of each of these.
        begin: first second of the node's own time, else of the name's; ``-OPEN`` where unknown.
        end: second after the last; ``OPEN`` where unknown.
        text: code of the whole name.
        template: code of the template.
        core: code of the template's core.
        key: code of time and numbers; 0 without either.
        values: first year and first number of every name, each -1 where there is none.
        grams: character 2- to 4-grams of the whole name.
        words: words of the template.
        template_grams: character 2- to 4-grams of the template.
        numbers: numbers other than times.
        meaning: one vector a name by a sentence encoder; zeros without one.
    """

    node: Ints
    texts: list[str]
    length: Floats
    begin: Ints
    end: Ints
    text: Ints
    template: Ints
    core: Ints
    key: Ints
    values: Ints
    grams: Matrix
    words: Matrix
    template_grams: Matrix
    numbers: Matrix
    meaning: Vectors

    def __len__(self) -> int:
        return len(self.texts)

    def folds(self) -> Ints:
        """For every node the fold that its first name falls into; 0 for nodes without a name."""
        fold = np.zeros(int(self.node.max(initial=-1)) + 1, dtype=np.int64)
        fold[self.node[::-1]] = folds_of(self.texts)[::-1]
        return fold

    def first_names(self, nodes: Ints) -> Ints:
        """Row of the main name of each node; -1 for nodes without a name."""
        where = np.full(max(int(self.node.max(initial=-1)), int(nodes.max(initial=-1))) + 1, -1, dtype=np.int64)
        where[self.node[::-1]] = np.arange(len(self.node))[::-1]
        rows: Ints = where[nodes]
        return rows


def literal_sides(
    left: Sequence[AlignNode], right: Sequence[AlignNode], *, encoder: Path | None = None
) -> tuple[LiteralSide, LiteralSide]:
    """Matrices of the names of two lists of nodes, over shared columns; positions are those in the lists.

    Args:
        left: nodes of the left graph.
        right: nodes of the right graph.
        encoder: folder of a sentence encoder; without one names have no meaning.

    Raises:
        MissingError: there is no encoder in the folder.
    """
    nodes = [np.array([i for i, n in enumerate(side) for _ in n.names], dtype=np.int64) for side in (left, right)]
    sizes = [len(side) for side in nodes]
    every = [split_name(name) for side in (left, right) for node in side for name in node.names]
    parts = [every[: sizes[0]], every[sizes[0] :]]
    words = tf_idf(*([p.words for p in side] for side in parts))
    meaning: list[Vectors] = [np.zeros((size, 1), dtype=np.float32) for size in sizes]
    if encoder is not None:
        names = [name for side in (left, right) for node in side for name in node.names]
        meaning = np.split(encoded_meanings(encoder, names), [sizes[0]])
    numbers = tf_idf(*([p.numbers for p in side] for side in parts))
    text, key = (np.split(_codes([getattr(p, name) for p in every]), [sizes[0]]) for name in ("text", "key"))
    # One table for both, since a whole template is compared with a core.
    both = _codes([p.template for p in every] + [p.core for p in every])
    template, core = (np.split(half, [sizes[0]]) for half in np.split(both, 2))
    bounds = [_bounds(side, nodes[k], parts[k]) for k, side in enumerate((left, right))]
    values = [np.array([_values(p) for p in side], dtype=np.int64).reshape(len(side), 2) for side in parts]
    texts, templates = [[p.text for p in side] for side in parts], [p.template for p in every]
    # What names were taken apart into takes more room than all that is kept of it.
    del every, parts, both
    grams, template_grams = _gram_matrices(texts[0] + texts[1], templates, sizes)
    result = []
    for k in (0, 1):
        result.append(
            LiteralSide(
                node=nodes[k],
                texts=texts[k],
                length=np.array([len(name) for name in texts[k]], dtype=np.float64),
                begin=bounds[k][:, 0],
                end=bounds[k][:, 1],
                values=values[k],
                text=text[k],
                template=template[k],
                core=core[k],
                key=key[k],
                grams=grams[k],
                words=words[k],
                template_grams=template_grams[k],
                numbers=numbers[k],
                meaning=meaning[k],
            )
        )
    return result[0], result[1]


def char_grams(word: str) -> list[str]:
    """Character 2- to 4-grams of a word with a blank before and after it.

    >>> char_grams("ab")
    [' a', 'ab', 'b ', ' ab', 'ab ', ' ab ']
    """
    padded = f" {word} "
    return [padded[i : i + n] for n in (2, 3, 4) for i in range(len(padded) - n + 1)]


def _gram_matrices(texts: Sequence[str], templates: Sequence[str], sizes: Sequence[int]) -> list[list[Matrix]]:
    """Character grams of two lists of texts, by side; a word's grams are counted once, however many names have it."""
    vocabulary, words = count(text.split() for part in (texts, templates) for text in part)
    grams = count(char_grams(word) for word in vocabulary or [""])[1]
    sides = split_rows(words, [*sizes, *sizes])
    return [weigh(*(_sorted_product(side, grams) for side in part)) for part in (sides[:2], sides[2:])]


def _sorted_product(left: Matrix, right: Matrix) -> Matrix:
    product = sparse.csr_matrix(left @ right)
    product.sort_indices()
    return product


def _bounds(side: Sequence[AlignNode], nodes: Ints, parts: Sequence[NameParts]) -> Ints:
    """Begin and end of every name: the node's own, else what the name says."""
    rows = np.empty((len(parts), 2), dtype=np.int64)
    for n, (node, name) in enumerate(zip(nodes.tolist(), parts, strict=True)):
        begin, end = side[node].begin, side[node].end
        if (begin, end) == (-OPEN, OPEN):
            begin = -OPEN if name.begin is None else name.begin
            end = OPEN if name.end is None else name.end
        rows[n] = begin, end
    return rows


def _values(parts: NameParts) -> tuple[int, int]:
    year, number = re.match(r"\d{3,4}", parts.time), parts.numbers[0] if parts.numbers else ""
    return int(year[0]) if year else -1, int(number) if number and len(number) <= 3 else -1


def _codes(texts: Sequence[str]) -> Ints:
    """Position of every text among the sorted distinct ones, the empty text 0."""
    number = {text: n for n, text in enumerate(sorted({*texts, ""}))}
    return np.array([number[text] for text in texts], dtype=np.int64)
