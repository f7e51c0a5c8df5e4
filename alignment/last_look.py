"""A last look among the nodes that a one-to-one assignment would leave alone.

When all that is probable has found its partner, few nodes are left on either side, and what is left of one series, of
one year or of one sport is soon told apart: so names that have little in common are compared too, and elimination
speaks for a pair. How much, the seeds say: scored as if they had no label, some of them are left over as well.
"""

from __future__ import annotations

import numpy as np

from alignment.assignment import assign
from alignment.blocking import leftover_channels, union
from alignment.combination import log_odds
from alignment.feature_table import Table, packed, unpacked
from alignment.name_pairs import NamedProblem, best_names, describe
from alignment.scoring import FOLDS, marginals
from alignment.shortlist import Shortlist
from alignment.sparse import Bools, Floats, Ints

# A link that is less probable than this leaves its nodes free.
_LEAST = 0.05
_TOP = 20
# Where more names are left, they have no partner, or nothing is known of them.
_MOST = 5_000
# What the quick score says of a pair is worth less among nodes for which nothing better was found.
_WORTH = 0.3


def last_look(
    named: NamedProblem, i: Ints, j: Ints, features: Table, probability: Floats
) -> tuple[Ints, Ints, Table, Floats]:
    """All pairs with those of the last look, and new probabilities for the pairs of nodes that are left.

    Args:
        named: names and seeds.
        i: left rows of names, one pair of rows a pair of nodes.
        j: right rows.
        features: of every pair, packed.
        probability: of every pair, those of seeds by models that never saw them.
    """
    left, right = named.left.node, named.right.node
    linked = assign(left[i], right[j], probability) & (probability >= _LEAST)
    free = ~np.isin(left, left[i[linked]]), ~np.isin(right, right[j[linked]])
    rows = np.flatnonzero(free[0]), np.flatnonzero(free[1])
    if not all(0 < len(some) <= _MOST for some in rows):
        return i, j, features, probability
    partner, fold = named.partners(), named.left.folds()

    def learned(node: Ints, other: Ints, table: Floats) -> Shortlist:
        asked = partner[node] >= 0
        return Shortlist.learned(fold, partner, node[asked], (partner[node] == other)[asked], table[asked])

    seeded = partner[left[i]] >= 0
    quick = learned(left[i[seeded]], right[j[seeded]], unpacked(features[seeded]))
    old = np.flatnonzero(free[0][i] & free[1][j])
    channels = leftover_channels(named.left, named.right, named.translated, rows, top_k=_TOP)
    x, y = union(channels | {"known": (i[old], j[old])}, len(right))
    described = describe(named, x, y)
    score = quick.probability(left[x], described)
    width = int(right.max()) + 1
    best = best_names(left[x] * width + right[y], score)
    x, y, described, score = x[best], y[best], described[best], score[best]
    a, b = left[x], right[y]
    at, known = _places(left[i[old]] * width + right[j[old]], a * width + b)
    before = np.where(known, probability[old[at]] if len(old) else 0.0, 0.0)
    rivalry, visible = _rivalry(a, b, _WORTH * score, partner, fold)
    table = np.column_stack([log_odds(score), log_odds(rivalry), log_odds(before), known])
    found = learned(a[visible], b[visible], table[visible]).probability(a, table)

    probability = probability.copy()
    again, new = visible & known, visible & ~known
    probability[old[at[again]]] = found[again]
    return (
        np.concatenate([i, x[new]]),
        np.concatenate([j, y[new]]),
        np.concatenate([features, packed(described[new])]),
        np.concatenate([probability, found[new]]),
    )


def _places(keys: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    """Where each wanted key is among the distinct keys, and whether it is there."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    order = np.argsort(keys)
    at = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    return at, keys[at] == wanted


def _rivalry(a: Ints, b: Ints, score: Floats, partner: Ints, fold: Ints) -> tuple[Floats, Bools]:
    """What is left of each score when no node may have two partners, and which pairs are possible.

    Each fold of the seeds is looked at together with the nodes in question, as if its labels did not exist and the
    ends of all other seeds were taken; the nodes in question are looked at by themselves. Else the right node of a seed
    would have fewer rivals than others, which gives the label away.
    """
    taken = np.full(int(b.max(initial=-1)) + 1 + int(partner.max(initial=-1)) + 1, -1, dtype=np.int64)
    taken[partner[partner >= 0]] = fold[partner >= 0]
    group = np.where(partner[a] >= 0, fold[a], -1)
    result, visible = np.zeros(len(a)), np.zeros(len(a), dtype=bool)
    for f in (*range(FOLDS), -1):
        view = np.flatnonzero(np.isin(group, (-1, f)) & np.isin(taken[b], (-1, f)))
        share = marginals(a[view], b[view], score[view])
        mine = group[view] == f
        result[view[mine]], visible[view[mine]] = share[mine], True
    return result, visible
