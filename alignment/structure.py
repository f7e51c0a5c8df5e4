"""Candidates by structure and time: which nodes share neighbours that are known to be the same, at the same times.

A node's facts become keys: (neighbour's anchor, begin, end) and coarser ones, down to the begin or the end alone. Two
nodes are as alike as the inverse frequency of the keys that they share, so that a player of an aligned club in
1998–2001 weighs much and a player of some club little. Keys of time alone need no anchor at all. Mutually best pairs
become anchors of the next round (bootstrapping, as in Sun et al., BootEA, IJCAI 2018, but with nothing to train).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from alignment.graph import OPEN, AlignGraph
from alignment.scoring import compete
from alignment.sparse import Bools, Floats, Ints, Matrix, top_products

# Weight of a key by what it consists of: a = the neighbour's anchor, b = begin, e = end.
KEY_WEIGHTS = {"abe": 1.0, "ab": 0.5, "ae": 0.5, "a": 0.5, "be": 0.5, "b": 0.2, "e": 0.2}
# A key that only one graph has says a little less against a pair than a shared one says for it.
_UNSHARED = 0.6
# Keys that would pair more nodes than this are left out of the product: they tell nothing and cost most.
_MOST_PAIRS = 4_000_000
_SMOOTHING = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidence:
    """Both directions of every fact: arrays of equal length."""

    node: Ints
    neighbour: Ints
    relation: Ints
    begin: Ints
    end: Ints
    size: int


def incidence(graph: AlignGraph) -> Incidence:
    """Facts as seen from their subjects and, as inverse relations, from their objects."""
    facts = graph.fact_array
    count = len(graph.predicates)
    return Incidence(
        node=np.concatenate([facts[:, 0], facts[:, 2]]),
        neighbour=np.concatenate([facts[:, 2], facts[:, 0]]),
        relation=np.concatenate([facts[:, 1], facts[:, 1] + count]),
        begin=np.concatenate([facts[:, 3], facts[:, 3]]),
        end=np.concatenate([facts[:, 4], facts[:, 4]]),
        size=len(graph),
    )


def similar_by_keys(
    left: Incidence, right: Incidence, anchors: tuple[Ints, Ints], *, top_k: int, rows: Bools, columns: Bools
) -> tuple[Ints, Ints, Floats]:
    """The most similar right nodes of every left node, by shared keys.

    Args:
        left: facts of the left graph.
        right: facts of the right graph.
        anchors: positions of nodes that are taken to be the same.
        top_k: how many to keep.
        rows: left nodes to search for.
        columns: right nodes to find.

    Returns:
        Left, right and similarity: shared weight over the geometric mean of all weight.
    """
    codes = [np.full(side.size, -1, dtype=np.int64) for side in (left, right)]
    for code, nodes in zip(codes, anchors, strict=True):
        code[nodes] = np.arange(len(nodes))
    times = np.unique(np.concatenate([left.begin, left.end, right.begin, right.end]))
    blocks: list[list[Matrix]] = [[], []]
    totals = [np.zeros(left.size), np.zeros(right.size)]
    for kind, weight in KEY_WEIGHTS.items():
        (i, key_i), (j, key_j) = (
            _keys(side, code, times, kind) for side, code in ((left, codes[0]), (right, codes[1]))
        )
        unique, inverse = np.unique(np.concatenate([key_i, key_j]), return_inverse=True)
        if not len(unique):
            continue
        pair = [
            _binary(i, inverse[: len(i)], (left.size, len(unique))),
            _binary(j, inverse[len(i) :], (right.size, len(unique))),
        ]
        counts = [np.bincount(m.indices, minlength=len(unique)) for m in pair]
        shared = (counts[0] > 0) & (counts[1] > 0)
        rarity = weight * np.log(1 + (left.size + right.size) / (1 + counts[0] + counts[1]))
        mass = np.where(shared, rarity, _UNSHARED * rarity)
        used = shared & (counts[0].astype(np.float64) * counts[1] < _MOST_PAIRS)
        scale = sparse.diags(np.sqrt(rarity[used]))
        for side in (0, 1):
            totals[side] += pair[side] @ mass
            blocks[side].append(sparse.csr_matrix(pair[side][:, np.flatnonzero(used)] @ scale))
    if not blocks[0]:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    chosen = [np.flatnonzero(rows), np.flatnonzero(columns)]
    scaled = []
    for side in (0, 1):
        matrix = sparse.csr_matrix(sparse.hstack(blocks[side]))[chosen[side]]
        norm = sparse.diags(1 / np.sqrt(totals[side][chosen[side]] + _SMOOTHING))
        scaled.append(sparse.csr_matrix((norm @ matrix).astype(np.float32)))
    i, j, score = top_products(scaled[0], scaled[1], top_k)
    return chosen[0][i], chosen[1][j], np.round(score, 4)


def key_anchors(
    left: Incidence,
    right: Incidence,
    seeds: tuple[Ints, Ints],
    *,
    literal: tuple[Ints, Ints, Floats],
    rounds: int,
    top_k: int,
) -> tuple[Ints, Ints]:
    """First anchors, seeds among them: mutually best, clear pairs of a round are anchors in the next.

    Args:
        left: facts of the left graph.
        right: facts of the right graph.
        seeds: anchors that are certain.
        literal: pairs with the probability that their names give; they join in choosing anchors.
        rounds: at most so many; stops when fewer than two in a hundred anchors change.
        top_k: candidates to keep of each left node.
    """
    rows, columns = np.ones(left.size, dtype=bool), np.ones(right.size, dtype=bool)
    rows[seeds[0]] = False
    columns[seeds[1]] = False
    anchors, _ = with_seeds(seeds, _clear_pairs(*literal, _LITERAL_ANCHOR, 0.05))
    previous = np.zeros(0, dtype=np.int64)
    for _ in range(rounds):
        i, j, score = similar_by_keys(left, right, anchors, top_k=top_k, rows=rows, columns=columns)
        a, b, combined = combine(i, j, score, *literal, width=right.size)
        free = rows[a] & columns[b]
        anchors, _ = with_seeds(seeds, _clear_pairs(a[free], b[free], combined[free], _ANCHOR_SCORE, _ANCHOR_MARGIN))
        current = anchors[0] * right.size + anchors[1]
        if len(np.setxor1d(current, previous)) <= 0.02 * len(current):
            break
        previous = current
    return anchors


_LITERAL_ANCHOR = 0.8
_ANCHOR_SCORE = 0.12
_ANCHOR_MARGIN = 0.02


def combine(
    i: Ints, j: Ints, score: Floats, li: Ints, lj: Ints, probability: Floats, *, width: int
) -> tuple[Ints, Ints, Floats]:
    """Union of structural and literal pairs; the sum of what both say, without names or without facts what one says."""
    keys = np.unique(np.concatenate([i * width + j, li * width + lj]))
    total = np.zeros(len(keys))
    total[np.searchsorted(keys, i * width + j)] += score
    total[np.searchsorted(keys, li * width + lj)] += probability
    return keys // width, keys % width, np.round(total, 4)


def _clear_pairs(i: Ints, j: Ints, score: Floats, least: float, margin: float) -> tuple[Ints, Ints]:
    """Pairs that are the best of both their nodes, by a margin, which also makes them one-to-one."""
    standing = compete(i, j, score)
    clear = (
        (standing.left_rank == 0)
        & (standing.right_rank == 0)
        & (standing.left_margin > margin)
        & (standing.right_margin > margin)
        & (score > least)
    )
    return i[clear], j[clear]


def with_seeds(seeds: tuple[Ints, Ints], found: tuple[Ints, Ints]) -> tuple[tuple[Ints, Ints], Bools]:
    """Seeds, then the found pairs of other nodes; and which of the found pairs those are."""
    free = ~(np.isin(found[0], seeds[0]) | np.isin(found[1], seeds[1]))
    pairs = np.concatenate([seeds[0], found[0][free]]), np.concatenate([seeds[1], found[1][free]])
    return pairs, free


def _keys(side: Incidence, anchor: Ints, times: Ints, kind: str) -> tuple[Ints, Ints]:
    """Node and key of every fact that has all parts of one kind of key."""
    known = np.ones(len(side.node), dtype=bool)
    key = np.zeros(len(side.node), dtype=np.int64)
    base = len(times) + 1
    for part, value in (
        ("a", anchor[side.neighbour] if len(side.node) else side.node),
        ("b", np.where(side.begin == -OPEN, -1, np.searchsorted(times, side.begin))),
        ("e", np.where(side.end == OPEN, -1, np.searchsorted(times, side.end))),
    ):
        if part in kind:
            known &= value >= 0
            key = key * base + value
    return side.node[known], key[known]


def _binary(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Matrix:
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.data[:] = 1.0
    return matrix
