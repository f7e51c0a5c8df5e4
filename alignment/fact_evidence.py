"""How much the facts of two nodes speak for their being the same: log-likelihood ratios counted on anchors.

Every anchored neighbour is a witness. One that both nodes have speaks for them by the rarity of such a neighbour with
that relation, by how often the two relations go together, and by how well the times agree; one that only one of them
has speaks against them by how seldom that happens to anchors. Nothing is trained: all rates are counted on the anchor
pairs of the round, with a little prior mass. The model is that of record linkage (Fellegi and Sunter, JASA 1969) with
the rarity of values of Winkler 1989; neighbours that are the same with probability p, and relation pairs counted from
matches, are from PARIS (Suchanek, Abiteboul and Senellart, VLDB 2011). Times as witnesses are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.fact_join import BondMatches, Bonds, bonds, match_bonds, match_facts
from alignment.graph import OPEN
from alignment.sparse import Bools, Floats, Ints
from alignment.structure import Incidence

# Time classes of two facts: 3 · begin + end, where 0 is unknown on a side, 1 equal and 2 different.
_CLASSES = 9
# The better the class, the more of two dates agree and the fewer differ.
_GOODNESS = np.array([2.0, 4.0, 1.0, 4.0, 6.0, 2.5, 1.0, 2.5, 0.0])
# Prior mass of the counts: bonds of an average rate, relation pairs as frequent as in general, and every time class.
_RATE_MASS, _PAIR_MASS, _CLASS_MASS = 5.0, 2.0, 1.0
# Without any anchor to count on, half of all bonds are shared.
_AVERAGE_MASS = 2.0
_LARGEST = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactModel:
    """Rates of two graphs, counted on anchors.

    Args:
        left_shared: by left relation, share of bonds that the right partner has too.
        right_shared: the same by right relation.
        relations: by left and right relation, how often a shared bond of the one is one of the other.
        classes: by what is known of the left dates (0 to 3) and time class, how often it occurs in shared bonds.
    """

    left_shared: Floats
    right_shared: Floats
    relations: Floats
    classes: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FactEvidence:
    """Facts of two graphs, anchors with the probability of each, and the rates counted on the surest of them."""

    left: Bonds
    right: Bonds
    weight: Floats
    model: FactModel
    rarity: tuple[Floats, Floats]

    @classmethod
    def count(
        cls, left: Incidence, right: Incidence, anchors: tuple[Ints, Ints], weight: Floats, sure: Bools
    ) -> FactEvidence:
        """Join the graphs over anchor pairs and count rates on those that are ``sure``."""
        sides = bonds(left, anchors[0]), bonds(right, anchors[1])
        relations = int(left.relation.max(initial=-1)) + 1, int(right.relation.max(initial=-1)) + 1
        matches = match_bonds(*sides, anchors[0][sure], anchors[1][sure])
        return cls(
            left=sides[0],
            right=sides[1],
            weight=weight,
            model=_count(*sides, matches, relations),
            rarity=_rarity(sides[1], right.size),
        )

    def log_odds(self, i: Ints, j: Ints) -> Floats:
        """Natural log-likelihood ratio of every pair of nodes, four decimals; 0 where there is no witness."""
        left, right, model = self.left, self.right, self.model
        matches = match_bonds(left, right, i, j)
        match, a, b = match_facts(left, right, matches)
        relation = np.log(
            model.left_shared[left.fact_relation[a]] * model.relations[left.fact_relation[a], right.fact_relation[b]]
        )
        witness = np.full(len(matches.pair), -np.inf)
        np.maximum.at(witness, match, relation + self.rarity[0][b])
        witness += self._times(match, a, b, len(matches.pair))
        p = self.weight[left.anchor[matches.left]]
        total = np.bincount(
            matches.pair, weights=np.log1p(p * np.expm1(np.minimum(witness, _LARGEST))), minlength=len(i)
        )
        for (pair, bond), side, rate in (
            (matches.left_only, left, model.left_shared),
            (matches.right_only, right, model.right_shared),
        ):
            against = np.log1p(-self.weight[side.anchor[bond]] * rate[side.relation[bond]])
            total = total + np.bincount(pair, weights=against, minlength=len(i))
        result: Floats = np.round(total, 4)
        return result

    def _times(self, match: Ints, a: Ints, b: Ints, size: int) -> Floats:
        """By match, what its dates say: each different interval of the left facts counts once, by its best class."""
        left, right = self.left, self.right
        known = _known(left.begin, left.end)
        dated = known[a] > 0
        match, a, b = match[dated], a[dated], b[dated]
        kind = _time_class(left.begin[a], left.end[a], right.begin[b], right.end[b])
        ratio = np.log(self.model.classes[known[a], kind]) + self.rarity[1][b, kind]
        order = np.lexsort((-ratio, -_GOODNESS[kind], left.end[a], left.begin[a], match))
        match, a = match[order], a[order]
        same = (
            (match[1:] == match[:-1])
            & (left.begin[a[1:]] == left.begin[a[:-1]])
            & (left.end[a[1:]] == left.end[a[:-1]])
        )
        best = np.r_[True, ~same][: len(match)]
        result: Floats = np.bincount(match[best], weights=ratio[order][best], minlength=size).astype(np.float64)
        return result


def _known(begin: Ints, end: Ints) -> Ints:
    """0: no date is known, 1: the end, 2: the begin, 3: both."""
    return (np.abs(begin) < OPEN).astype(np.int64) * 2 + (np.abs(end) < OPEN)


def _time_class(begin: Ints, end: Ints, other_begin: Ints, other_end: Ints) -> Ints:
    def compare(x: Ints, y: Ints) -> Ints:
        unknown = (np.abs(x) >= OPEN) | (np.abs(y) >= OPEN)
        return np.where(unknown, 0, np.where(x == y, 1, 2))

    return compare(begin, other_begin) * 3 + compare(end, other_end)


def _count(left: Bonds, right: Bonds, matches: BondMatches, relations: tuple[int, int]) -> FactModel:
    shared = [
        _rates(np.bincount(side.relation[own], minlength=n), np.bincount(side.relation[alone], minlength=n))
        for side, own, alone, n in (
            (left, matches.left, matches.left_only[1], relations[0]),
            (right, matches.right, matches.right_only[1], relations[1]),
        )
    ]
    match, a, b = match_facts(left, right, matches)
    together = np.bincount(
        left.fact_relation[a] * relations[1] + right.fact_relation[b], minlength=relations[0] * relations[1]
    ).reshape(relations)
    general = (together.sum(axis=0) + 1) / (together.sum() + max(relations[1], 1))
    pairs = (together + _PAIR_MASS * general) / (together.sum(axis=1, keepdims=True) + _PAIR_MASS)
    kind = _time_class(left.begin[a], left.end[a], right.begin[b], right.end[b])
    order = np.lexsort((-_GOODNESS[kind], a, match))
    first = np.r_[True, (a[order][1:] != a[order][:-1]) | (match[order][1:] != match[order][:-1])][: len(order)]
    best = order[first]
    known = _known(left.begin, left.end)
    table = np.bincount(known[a[best]] * _CLASSES + kind[best], minlength=4 * _CLASSES).reshape(4, _CLASSES)
    classes = (table + _CLASS_MASS) / (table.sum(axis=1, keepdims=True) + _CLASS_MASS * _CLASSES)
    return FactModel(left_shared=shared[0], right_shared=shared[1], relations=pairs, classes=classes)


def _rates(shared: Ints, alone: Ints) -> Floats:
    """Share of shared bonds by relation, drawn towards the average."""
    average = (shared.sum() + _AVERAGE_MASS / 2) / (shared.sum() + alone.sum() + _AVERAGE_MASS)
    rates: Floats = (shared + _RATE_MASS * average) / (shared + alone + _RATE_MASS)
    # A bond that is missing must not make a pair impossible.
    return np.minimum(rates, 0.999)


def _rarity(side: Bonds, size: int) -> tuple[Floats, Floats]:
    """How rare it is by chance, by fact: to have its neighbour with its relation; to have its dates, by time class."""
    owner, anchor = side.node[side.fact_bond], side.anchor[side.fact_bond]
    neighbours = np.bincount(side.anchor, minlength=side.anchors)[anchor].astype(np.float64)

    def nodes(*parts: Ints) -> Floats:
        """How many nodes have the same."""
        key = anchor
        for part in parts:
            _, number = np.unique(part, return_inverse=True)
            key = key * (number.max(initial=0) + 1) + number
        _, number = np.unique(key, return_inverse=True)
        holders = np.unique(number * size + owner) // size
        return np.bincount(holders)[number].astype(np.float64) if len(number) else np.zeros(0)

    dates = np.zeros((len(owner), _CLASSES))
    with_begin, with_end, with_both = nodes(side.begin), nodes(side.end), nodes(side.begin, side.end)
    for kind in range(_CLASSES):
        having = with_both if kind == 4 else with_begin if kind // 3 == 1 else with_end if kind % 3 == 1 else neighbours
        dates[:, kind] = np.log(neighbours / having)
    return np.log(size / nodes(side.fact_relation)), dates
