"""The names of a problem, and the pairs of them that are worth scoring."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from alignment.blocking import Channels, literal_channels, second_look, union
from alignment.feature_table import Table, packed
from alignment.features import LITERAL_FEATURES, own_features, taught_features
from alignment.graph import AlignNode
from alignment.literals import LiteralSide, literal_sides
from alignment.prior import mutual
from alignment.problem import Problem
from alignment.scoring import compete
from alignment.shortlist import MANY_SEEDS, Shortlist
from alignment.sparse import Floats, Ints, Matrix
from alignment.templates import Links
from alignment.translation import translate

_CERTAIN = 0.9
# Pairs that are described at once: features of all pairs that blocking finds would fill the memory.
_AT_ONCE = 200_000


@dataclass(frozen=True)
class NamedProblem:
    """The names of the nodes that may be linked; node positions of the sides are those in ``nodes``.

    Args:
        chosen: position in its graph of every node in ``nodes``.
        nodes: left and right nodes.
        left: names of the left nodes.
        right: names of the right nodes.
        lesson: seeds as rows of main names, fully believed.
    """

    chosen: tuple[Ints, Ints]
    nodes: tuple[list[AlignNode], list[AlignNode]]
    left: LiteralSide
    right: LiteralSide
    lesson: Links

    @classmethod
    def of(cls, problem: Problem, *, encoder: Path | None = None) -> NamedProblem:
        """Sources, candidates and seeds of a problem; nodes without a name stay out.

        Raises:
            MissingError: there is no encoder in the folder.
        """
        chosen = np.flatnonzero(problem.rows), np.flatnonzero(problem.columns)
        nodes = [problem.left.nodes[i] for i in chosen[0]], [problem.right.nodes[j] for j in chosen[1]]
        left, right = literal_sides(*nodes, encoder=encoder)
        seeds = []
        for side, graph, some, ends in zip(
            (left, right), (problem.left, problem.right), chosen, problem.seeds, strict=True
        ):
            position = np.full(len(graph), -1, dtype=np.int64)
            position[some] = np.arange(len(some))
            seeds.append(side.first_names(position[ends]))
        named = (seeds[0] >= 0) & (seeds[1] >= 0)
        lesson = seeds[0][named], seeds[1][named], np.ones(int(named.sum()))
        return cls(chosen=chosen, nodes=nodes, left=left, right=right, lesson=lesson)

    def partners(self) -> Ints:
        """For every left node the right node that a seed says it is, or -1."""
        partner = np.full(int(self.left.node.max(initial=-1)) + 1, -1, dtype=np.int64)
        partner[self.left.node[self.lesson[0]]] = self.right.node[self.lesson[1]]
        return partner

    @cached_property
    def translated(self) -> Matrix:
        """Words of the left names in words of the right side, as the seeds teach them."""
        return translate(self.left, self.right, *self.lesson)


@dataclass(slots=True)
class _Described:
    """Pairs of rows of names with the probability that the shortlist gives them; their features lie in blocks."""

    i: Ints
    j: Ints
    probability: Floats
    blocks: list[Table]

    def __add__(self, other: _Described) -> _Described:
        mine, others = (self.i, self.j, self.probability), (other.i, other.j, other.probability)
        i, j, probability = (np.concatenate(both) for both in zip(mine, others, strict=True))
        return _Described(i, j, probability, self.blocks + other.blocks)


def find_pairs(named: NamedProblem, *, block_k: int) -> tuple[Ints, Ints, Table]:
    """Rows of names that may belong together, one pair of rows a pair of nodes, with their features.

    Args:
        named: names and seeds.
        block_k: candidates that each channel of similarity keeps of a name.

    Returns:
        Left rows, right rows, and features as in :data:`alignment.features.LITERAL_FEATURES`, packed.
    """
    i, j = union(name_channels(named, block_k=block_k), len(named.right))
    shortlist = _shortlist(named, i, j)
    first = _describe(named, i, j, shortlist)
    rows = _uncertain(named, first)
    channels = second_look(named.left, named.right, named.translated, rows, top_k=block_k)
    i, j = union(channels, len(named.right))
    known = first.i * len(named.right) + first.j
    at = np.searchsorted(known, i * len(named.right) + j)
    new = np.r_[known, -1][at] != i * len(named.right) + j
    second = _describe(named, i[new], j[new], shortlist)
    found = first + second
    del first, second, known, at, new
    keep = _worth_scoring(named, found.i, found.j, found.probability, shortlist)
    return found.i[keep], found.j[keep], _rows_of(found.blocks, keep)


def _rows_of(blocks: list[Table], rows: Ints) -> Table:
    """Some rows, in order, of blocks that follow one another; each block is given up as soon as it was copied."""
    table = np.empty((len(rows), len(LITERAL_FEATURES)), dtype=np.float32)
    start = low = 0
    blocks.reverse()
    while blocks:
        block = blocks.pop()
        high = int(np.searchsorted(rows, start + len(block)))
        table[low:high] = block[rows[low:high] - start]
        start, low = start + len(block), high
    return table


def name_channels(named: NamedProblem, *, block_k: int) -> Channels:
    """Pairs of rows that each channel finds at first."""
    return literal_channels(named.left, named.right, named.translated, named.lesson, top_k=block_k)


def describe(named: NamedProblem, i: Ints, j: Ints) -> Floats:
    """Features of pairs of rows, with what the seeds teach."""
    own = own_features(named.left, named.right, named.nodes, i, j)
    return np.column_stack([own, taught_features(named.left, named.right, named.translated, named.lesson, i, j)])


def _shortlist(named: NamedProblem, i: Ints, j: Ints) -> Shortlist:
    """By the pairs of the seeds' left nodes where there are many seeds, by the prior otherwise."""
    if len(named.lesson[0]) < MANY_SEEDS:
        return Shortlist.by_prior()
    seeded = np.isin(named.left.node[i], named.left.node[named.lesson[0]])
    i, j = i[seeded], j[seeded]
    partner = named.partners()
    node = named.left.node[i]
    label = partner[node] == named.right.node[j]
    return Shortlist.learned(named.left.folds(), partner, node, label, describe(named, i, j))


def _describe(named: NamedProblem, i: Ints, j: Ints, shortlist: Shortlist) -> _Described:
    """Pairs sorted by left row, described part by part; the best of each node in a part are kept."""
    parts = [(i[:0], j[:0], np.zeros(0))]
    blocks: list[Table] = []
    node = named.left.node[i]
    low = 0
    while low < len(i):
        # A part ends with the last pair of a left node.
        high = int(np.searchsorted(node, node[min(low + _AT_ONCE, len(i)) - 1], side="right"))
        a, b = i[low:high], j[low:high]
        features = describe(named, a, b)
        probability = shortlist.probability(named.left.node[a], features)
        keep = _worth_scoring(named, a, b, probability, shortlist)
        parts.append((a[keep], b[keep], probability[keep]))
        blocks.append(packed(features[keep]))
        low = high
    first, second, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Described(first, second, scores, blocks)


def _worth_scoring(named: NamedProblem, a: Ints, b: Ints, score: Floats, shortlist: Shortlist) -> Ints:
    """The best pair of names of each pair of nodes, as far as it is among the best few of either node."""
    i, j = named.left.node[a], named.right.node[b]
    best = best_names(i * (int(j.max(initial=0)) + 1) + j, score)
    standing = compete(i[best], j[best], score[best])
    kept: Ints = best[(standing.left_rank < shortlist.of_left) | (standing.right_rank < shortlist.of_right)]
    return kept


def best_names(key: Ints, score: Floats) -> Ints:
    """Rows with the best score of each key, the first of equals; sorted."""
    order = np.lexsort((-score, key))
    key = key[order]
    first = np.r_[True, key[1:] != key[:-1]] if len(key) else np.zeros(0, dtype=bool)
    return np.sort(order[first])


def _uncertain(named: NamedProblem, found: _Described) -> tuple[Ints, Ints]:
    """Rows of names of nodes for which the shortlist knows no nearly certain partner."""
    left, right = named.left.node[found.i], named.right.node[found.j]
    certain = mutual(left, right, found.probability, _CERTAIN)
    return (
        np.flatnonzero(~np.isin(named.left.node, left[certain])),
        np.flatnonzero(~np.isin(named.right.node, right[certain])),
    )
