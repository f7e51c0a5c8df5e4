"""A scorer of names that learns from seeds, and then from what it believes itself.

Seeds fall into thirds. For each third there is a view in which the labels of its seeds do not exist: a model fitted on
the other seeds scores all pairs, what it believes of nodes without a known partner teaches words and series, and the
features of the third's own pairs are computed from that, their standing among rivals too. In a last view, that of the
nodes in question, all seeds are known. So a seed's features are made exactly as those of a node whose partner nobody
knows, and the model that is fitted on them is not deceived. What that model says must not become a feature once more:
by it a right node that is a seed's looks free in the view of that seed alone, which gives the label away. Where many
nodes seem to have no counterpart, as many seeds lose theirs first (:mod:`alignment.dangling`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.dangling import hide, share_without_partner
from alignment.feature_table import Table, packed, unpacked
from alignment.features import TAUGHT_FEATURES, taught_features
from alignment.literals import LiteralSide
from alignment.prior import mutual, prior_probability
from alignment.scoring import FOLDS, compete, cross_fit, fit, fit_linear, marginals
from alignment.sparse import Bools, Floats, Ints
from alignment.templates import Links
from alignment.translation import translate

_BELIEVED = 0.7
_VOTES = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePairs:
    """Pairs of rows of names, one a pair of nodes."""

    left: LiteralSide
    right: LiteralSide
    i: Ints
    j: Ints

    @property
    def nodes(self) -> tuple[Ints, Ints]:
        """Left and right node of every pair."""
        return self.left.node[self.i], self.right.node[self.j]


def learn_scores(pairs: NamePairs, features: Table, seeds: Links, *, seed: int) -> tuple[Table, Floats, bool]:
    """Features and probability of every pair, learned by cross-fitting, and whether all nodes seem to have partners.

    Args:
        pairs: candidates.
        features: as in :data:`alignment.features.LITERAL_FEATURES`, packed; the taught ones are replaced in place.
        seeds: known links of rows of names.
        seed: random seed of the learner.
    """
    likeness = prior_probability(features)
    gone = _gone(pairs, likeness, seeds)
    if not gone.any():
        return features, _learn(pairs, features, seeds, seed), True
    # Pairs of seeds that lost an end are not learned; they keep what the prior says.
    kept = NamePairs(left=pairs.left, right=pairs.right, i=pairs.i[~gone], j=pairs.j[~gone])
    learned = features[~gone]
    likeness[~gone] = _learn(kept, learned, seeds, seed)
    features[~gone] = learned
    return features, likeness, False


def _gone(pairs: NamePairs, likeness: Floats, seeds: Links) -> Bools:
    """Pairs of the seeds' ends that are to be hidden."""
    ends = pairs.left.node[seeds[0]], pairs.right.node[seeds[1]]
    partner = np.full(int(pairs.left.node.max()) + 1, -1, dtype=np.int64)
    partner[ends[0]] = ends[1]
    a, b = pairs.nodes
    label = partner[a] == b
    shares = [
        share_without_partner(nodes, likeness, label, np.isin(nodes, seeded), int(side.node.max()) + 1)
        for nodes, seeded, side in zip((a, b), ends, (pairs.left, pairs.right), strict=True)
    ]
    keys = [pairs.left.texts[i] + "|" + pairs.right.texts[j] for i, j in zip(*seeds[:2], strict=True)]
    without_right, without_left = hide((shares[0], shares[1]), keys)
    gone: Bools = np.isin(a, ends[0][without_left]) | np.isin(b, ends[1][without_right])
    return gone


def _learn(pairs: NamePairs, table: Table, seeds: Links, seed: int) -> Floats:
    """Probability of every pair; the taught features of the table are replaced."""
    a, b = pairs.nodes
    own = unpacked(table[:, : -len(TAUGHT_FEATURES)])
    node_fold = pairs.left.folds()
    partner = np.full(len(node_fold), -1, dtype=np.int64)
    partner[pairs.left.node[seeds[0]]] = pairs.right.node[seeds[1]]
    label, known = partner[a] == b, partner[a] >= 0
    result = np.zeros((len(a), len(TAUGHT_FEATURES)))
    rivals = np.zeros((len(a), 6))
    for f in (*range(FOLDS), None):
        # The last view is that of the nodes in question: all seeds are told.
        mine = ~known if f is None else known & (node_fold[a] == f)
        if not mine.any():
            continue
        told = node_fold[pairs.left.node[seeds[0]]] != (-1 if f is None else f)
        links = seeds[0][told], seeds[1][told], seeds[2][told]
        view = _View(pairs, links, label, known & ~mine)
        belief = view.believe(own, seed)
        result[mine] = view.taught_by(belief, mine)
        rivals[mine] = standing(a, b, belief)[mine]
    table[:, -len(TAUGHT_FEATURES) :] = packed(result)
    features = np.column_stack([own, result, rivals])
    del own, result, rivals
    return cross_fit(features, label, node_fold[a], known, seed=seed)


@dataclass(frozen=True, slots=True)
class _View:
    """What is known while one third of the seeds is not.

    Args:
        pairs: candidates.
        links: the seeds that are known.
        label: whether a pair is a seed.
        told: whether the partner of a pair's left node is known.
    """

    pairs: NamePairs
    links: Links
    label: Bools
    told: Bools

    def believe(self, own: Floats, seed: int) -> Floats:
        """Probability of every pair: learned, or the label where it is known."""
        pairs = self.pairs
        translated = translate(pairs.left, pairs.right, *self.links)
        taught = taught_features(pairs.left, pairs.right, translated, self.links, pairs.i, pairs.j)
        features = np.column_stack([own, taught])
        quick = _probability(fit_linear(features[self.told], self.label[self.told])(features))
        features = np.column_stack([features, standing(*pairs.nodes, quick)])
        learned = fit(features[self.told], self.label[self.told], seed=seed, rounds=60, rate=0.15, leaves=16)
        belief: Floats = np.where(self.told, self.label, _probability(learned(features)))
        return belief

    def taught_by(self, belief: Floats, rows: Bools) -> Floats:
        """Taught features of some pairs when every other node's belief teaches."""
        pairs = self.pairs
        sure = mutual(*pairs.nodes, belief, _BELIEVED) & ~self.told
        lesson = (
            np.concatenate([self.links[0], pairs.i[sure]]),
            np.concatenate([self.links[1], pairs.j[sure]]),
            np.concatenate([self.links[2], belief[sure]]),
        )
        translated = translate(pairs.left, pairs.right, *_one_each(lesson))
        voting = (belief >= _VOTES) & ~self.told
        voters = (
            np.concatenate([self.links[0], pairs.i[voting]]),
            np.concatenate([self.links[1], pairs.j[voting]]),
            np.concatenate([self.links[2], belief[voting]]),
        )
        return taught_features(pairs.left, pairs.right, translated, voters, pairs.i[rows], pairs.j[rows])


def _probability(log_odds: Floats) -> Floats:
    probability: Floats = np.round(1.0 / (1.0 + np.exp(-log_odds)), 5)
    return probability


def _one_each(lesson: Links) -> Links:
    """The first link of each row of left names."""
    first = np.unique(lesson[0], return_index=True)[1]
    return lesson[0][first], lesson[1][first], lesson[2][first]


def standing(a: Ints, b: Ints, score: Floats) -> Floats:
    """The score among its rivals, and what is left of it when no node may have two partners."""
    return np.column_stack([compete(a, b, np.round(score, 5)).columns(), score, marginals(a, b, score)])
