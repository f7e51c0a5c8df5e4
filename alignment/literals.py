"""Names of both graphs as matrices: one row a name, several rows for a node with aliases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alignment.graph import OPEN, AlignNode
from alignment.names import NameParts, split_name
from alignment.sparse import Ints, Matrix, tf_idf


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralSide:
    """All names of one graph.

    Args:
        node: position of the node of every name.
        parts: every name, taken apart.
        begin: first second of the node's own time, else of the name's; ``-OPEN`` where unknown.
        end: second after the last; ``OPEN`` where unknown.
        grams: character 2- to 4-grams of the whole name.
        words: words of the template.
        template: character 2- to 4-grams of the template.
        numbers: numbers other than times.
    """

    node: Ints
    parts: list[NameParts]
    begin: Ints
    end: Ints
    grams: Matrix
    words: Matrix
    template: Matrix
    numbers: Matrix

    def __len__(self) -> int:
        return len(self.parts)


def literal_sides(left: Sequence[AlignNode], right: Sequence[AlignNode]) -> tuple[LiteralSide, LiteralSide]:
    """Matrices of the names of two lists of nodes, over shared columns; positions are those in the lists."""
    nodes, parts = [], []
    for side in (left, right):
        rows = [(i, split_name(name)) for i, node in enumerate(side) for name in node.names]
        nodes.append(np.array([i for i, _ in rows], dtype=np.int64))
        parts.append([p for _, p in rows])
    grams = tf_idf(*([char_grams(p.text) for p in side] for side in parts))
    words = tf_idf(*([p.words for p in side] for side in parts))
    template = tf_idf(*([char_grams(p.template) for p in side] for side in parts))
    numbers = tf_idf(*([p.numbers for p in side] for side in parts))
    result = []
    for k, side in enumerate((left, right)):
        own = [(side[i].begin, side[i].end) for i in nodes[k]]
        bounds = [
            o if o != (-OPEN, OPEN) else (-OPEN if p.begin is None else p.begin, OPEN if p.end is None else p.end)
            for o, p in zip(own, parts[k], strict=True)
        ]
        result.append(
            LiteralSide(
                node=nodes[k],
                parts=parts[k],
                begin=np.array([b for b, _ in bounds], dtype=np.int64),
                end=np.array([e for _, e in bounds], dtype=np.int64),
                grams=grams[k],
                words=words[k],
                template=template[k],
                numbers=numbers[k],
            )
        )
    return result[0], result[1]


def char_grams(text: str) -> list[str]:
    """Character 2- to 4-grams of every word with a blank before and after it.

    >>> char_grams("ab")
    [' a', 'ab', 'b ', ' ab', 'ab ', ' ab ']
    """
    result = []
    for word in text.split():
        padded = f" {word} "
        for n in (2, 3, 4):
            result += [padded[i : i + n] for i in range(len(padded) - n + 1)]
    return result
