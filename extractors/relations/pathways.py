"""Between two events of a sentence: the way through the tree, and the words that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from extractors.relations.occurrence import Occurrence
from extractors.tree import ancestors, label

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

ARCS = (
    "advcl", "acl", "obl", "nmod", "conj", "ccomp", "xcomp", "nsubj", "obj", "compound", "parataxis", "amod", "appos",
)  # fmt: skip
PATH = ("path", "up", "down", "first above", "second above", *(f"path {arc}" for arc in ARCS))
"""Columns of `tree_paths`."""
_APART = (12.0, 6.0, 6.0, 0.0, 0.0, *(0.0 for _ in ARCS))
_ARC_AT = {arc: place for place, arc in enumerate(ARCS, start=5)}

BETWEEN = (
    "because", "after", "before", "when", "while", "as", "since", "until", "for", "following", "by", "from", "to",
    "with", "in", "of", "over", "on", "and", "but", "that", "who", "which", "if", "so", "during", "amid", "despite",
    "lead", "cause", "result", "trigger", "force", "leave", "due", "say", ",", '"', "had", "was", "will",
)  # fmt: skip
"""Forms or lemmas that `between_words` looks for."""


def tree_paths(
    events: Sequence[Occurrence], left: NDArray[np.int64], right: NDArray[np.int64], same: NDArray[np.int64]
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Length and arcs of the way between two heads, ``[pairs, len(PATH)]``, and the columns' names.

    Args:
        events: in text order.
        left: index of the first event, one a pair.
        right: index of the second.
        same: numbers of the pairs that share a sentence; the others get the values of a long way.
    """
    chains: dict[int, tuple[list[int], list[str]]] = {}

    def chain(event: int) -> tuple[list[int], list[str]]:
        if event not in chains:
            tokens = [events[event].head, *ancestors(events[event].head)]
            chains[event] = [token.i for token in tokens], [label(token) for token in tokens]
        return chains[event]

    table = np.tile(np.asarray(_APART, dtype=np.float32), (len(left), 1))
    for pair in same.tolist():
        (one, labels_one), (two, labels_two) = chain(int(left[pair])), chain(int(right[pair]))
        height = {token: place for place, token in enumerate(one)}
        down = next((place for place, token in enumerate(two) if token in height), None)
        if down is None:
            continue
        up = height[two[down]]
        row = [
            float(min(12, up + down)),
            float(up),
            float(down),
            float(up == 0),
            float(down == 0),
            *(0.0 for _ in ARCS),
        ]
        for arc in (*labels_one[:up], *labels_two[:down]):
            if arc in _ARC_AT:
                row[_ARC_AT[arc]] += 1.0
        table[pair] = row
    return table, PATH


@cache
def _column(form: str) -> int:
    return BETWEEN.index(form) if form in BETWEEN else -1


def between_words(
    doc: Doc,
    events: Sequence[Occurrence],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    same: NDArray[np.int64],
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Whether each of `BETWEEN` stands between the events of a sentence, ``[pairs, len(BETWEEN)]``, with names.

    Args:
        doc: the parsed document.
        events: in text order.
        left: index of the first event, one a pair.
        right: index of the second.
        same: numbers of the pairs that share a sentence.
    """
    strings = doc.vocab.strings
    wanted = {strings[form]: _column(form) for form in BETWEEN}
    seen = np.zeros((len(doc) + 1, len(BETWEEN)), dtype=np.int32)
    for attribute in ("LOWER", "LEMMA"):
        keys = doc.to_array(attribute)
        for key, column in wanted.items():
            seen[1:][keys == key, column] = 1
    seen = seen.cumsum(axis=0)
    start = np.asarray([event.start for event in events], dtype=np.int64)
    end = np.asarray([event.end for event in events], dtype=np.int64)
    table = np.zeros((len(left), len(BETWEEN)), dtype=np.float32)
    low, high = end[left[same]], np.maximum(end[left[same]], start[right[same]])
    table[same] = seen[high] > seen[low]
    return table, tuple(f"between {form}" for form in BETWEEN)
