"""Facts of two graphs side by side, joined where their neighbours are taken to be the same.

A bond is a node together with one anchored neighbour; it has one or more facts, since a player may play for a club
twice. Everything here is arrays: a pair of nodes is expanded to its bonds, a pair of bonds to its facts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.sparse import Bools, Ints
from alignment.structure import Incidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """The bonds of one graph, sorted by node and anchor, with their facts.

    Args:
        node: by bond.
        anchor: number of the anchor pair that its neighbour belongs to, by bond.
        relation: the first relation of its facts, by bond.
        first: position of its first fact, by bond.
        count: how many facts it has, by bond.
        fact_relation: relation, by fact.
        begin: by fact.
        end: by fact.
        start: position of the first bond, by node.
        degree: how many bonds, by node.
        anchors: how many anchor pairs there are.
    """

    node: Ints
    anchor: Ints
    relation: Ints
    first: Ints
    count: Ints
    fact_relation: Ints
    begin: Ints
    end: Ints
    start: Ints
    degree: Ints
    anchors: int

    @property
    def fact_bond(self) -> Ints:
        """Bond of every fact."""
        return np.repeat(np.arange(len(self.node)), self.count)

    @property
    def keys(self) -> Ints:
        """Node and anchor as one number, sorted."""
        return self.node * self.anchors + self.anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class BondMatches:
    """Bonds of pairs of nodes.

    Args:
        pair: position of the pair of nodes, by match.
        left: bond of its left node, by match.
        right: bond of its right node with the same anchor, by match.
        left_only: pair and bond of left nodes whose right node lacks the anchor, as two arrays.
        right_only: the same the other way round.
    """

    pair: Ints
    left: Ints
    right: Ints
    left_only: tuple[Ints, Ints]
    right_only: tuple[Ints, Ints]


def bonds(side: Incidence, anchors: Ints) -> Bonds:
    """Bonds of one graph with the nodes of ``anchors``, whose positions number the anchor pairs."""
    code = np.full(side.size, -1, dtype=np.int64)
    code[anchors] = np.arange(len(anchors))
    rows = np.flatnonzero(code[side.neighbour] >= 0) if len(side.node) else np.zeros(0, dtype=np.int64)
    rows = rows[
        np.lexsort((side.end[rows], side.begin[rows], side.relation[rows], code[side.neighbour[rows]], side.node[rows]))
    ]
    anchor = code[side.neighbour[rows]]
    key = side.node[rows] * max(len(anchors), 1) + anchor
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, dtype=np.int64)
    node = side.node[rows[first]]
    degree = np.bincount(node, minlength=side.size)
    return Bonds(
        node=node,
        anchor=anchor[first],
        relation=side.relation[rows[first]],
        first=first,
        count=np.diff(np.r_[first, len(key)]),
        fact_relation=side.relation[rows],
        begin=side.begin[rows],
        end=side.end[rows],
        start=np.cumsum(degree) - degree,
        degree=degree,
        anchors=max(len(anchors), 1),
    )


def match_bonds(left: Bonds, right: Bonds, i: Ints, j: Ints) -> BondMatches:
    """Bonds that the nodes ``i`` of the left and ``j`` of the right graph share and do not share, pair by pair."""
    pair, bond = expand(left.start[i], left.degree[i])
    at, shared = _find(right.keys, j[pair] * right.anchors + left.anchor[bond])
    back_pair, back_bond = expand(right.start[j], right.degree[j])
    _, known = _find(left.keys, i[back_pair] * left.anchors + right.anchor[back_bond])
    return BondMatches(
        pair=pair[shared],
        left=bond[shared],
        right=at[shared],
        left_only=(pair[~shared], bond[~shared]),
        right_only=(back_pair[~known], back_bond[~known]),
    )


def match_facts(left: Bonds, right: Bonds, matches: BondMatches) -> tuple[Ints, Ints, Ints]:
    """Every left fact of a match with every right one: match, left fact, right fact."""
    outer, fact = expand(left.first[matches.left], left.count[matches.left])
    bond = matches.right[outer]
    inner, other = expand(right.first[bond], right.count[bond])
    return outer[inner], fact[inner], other


def expand(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Ranges one after another: number of the range, and member.

    >>> [x.tolist() for x in expand(np.array([5, 9]), np.array([2, 1]))]
    [[0, 0, 1], [5, 6, 9]]
    """
    owner = np.repeat(np.arange(len(count)), count)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return owner, start[owner] + offset


def _find(keys: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    """Position of every wanted number among sorted ones, and whether it is there."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted
