"""Series of events: what is known about one edition tells about the others.

Two templates ("#t eredivisie" and "#t dutch football league") are alike when links join their members, and when they
have members at the same times. Both are counted over all nodes; what a node itself contributes is taken out of its
own features, so that no pair speaks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.literals import LiteralSide
from alignment.sparse import Floats, Ints, from_triples, row_dots

Links = tuple[Ints, Ints, Floats]
"""Left rows, right rows, and how far each link is believed."""

VOTE_FEATURES = ("template_known", "template_evidence", "template_other", "template_back")
PROFILE_FEATURES = ("profile_shared", "profile_left", "profile_right")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of weights by integer key."""

    keys: Ints
    sums: Floats

    @classmethod
    def of(cls, keys: Ints, weight: Floats) -> Sums:
        """Sum the weights of equal keys; asking for keys that never occurred gives 0."""
        unique, inverse = np.unique(keys, return_inverse=True)
        return cls(unique, np.bincount(inverse, weight, minlength=len(unique)).astype(np.float64))

    def __getitem__(self, keys: Ints) -> Floats:
        if not len(self.keys):
            return np.zeros(len(keys))
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found: Floats = np.where(self.keys[at] == keys, self.sums[at], 0.0)
        return found


def votes(left: LiteralSide, right: LiteralSide, links: Links, i: Ints, j: Ints) -> Floats:
    """What links between other members say about two templates, columns as in :data:`VOTE_FEATURES`.

    Args:
        left: names of the left graph.
        right: names of the right graph.
        links: left rows, right rows and how far each link is believed.
        i: left rows of the pairs.
        j: right rows of the pairs.

    Returns:
        Share of the left template's links that go to the right one, logarithms of the sum that does and of the sum
        that goes elsewhere, share of the right template's links that come from the left one.
    """
    a, b, weight = links
    width = int(max(left.template.max(initial=0), right.template.max(initial=0))) + 1
    here = Sums.of(left.template[a] * width + right.template[b], weight)
    from_left, to_right = Sums.of(left.template[a], weight), Sums.of(right.template[b], weight)
    own, own_here = Sums.of(a, weight), Sums.of(a * width + right.template[b], weight)
    mine = own_here[i * width + right.template[j]]
    count = (here[left.template[i] * width + right.template[j]] - mine).clip(0)
    total = (from_left[left.template[i]] - own[i]).clip(0)
    back = (to_right[right.template[j]] - mine).clip(0)
    return np.column_stack(
        [
            count / np.maximum(total, 1e-9) * (total > 1e-6),
            np.log1p(count),
            np.log1p((total - count).clip(0)),
            count / np.maximum(back, 1e-9) * (back > 1e-6),
        ]
    )


def profiles(left: LiteralSide, right: LiteralSide, i: Ints, j: Ints) -> Floats:
    """At how many times two templates both have members, columns as in :data:`PROFILE_FEATURES`.

    Returns:
        Logarithm of the number of times, and their share of the left and of the right template's times; the pair's own
        time is not counted.
    """
    templates = int(max(side.template.max(initial=0) for side in (left, right))) + 1
    keys = int(max(side.key.max(initial=0) for side in (left, right))) + 1
    tables = [from_triples(np.ones(len(side)), side.template, side.key, (templates, keys)) for side in (left, right)]
    for table in tables:
        table.data = np.ones_like(table.data)
    pair, inverse = np.unique(left.template[i] * templates + right.template[j], return_inverse=True)
    shared = row_dots(tables[0], tables[1], pair // templates, pair % templates)[inverse]
    sizes = [np.diff(table.indptr) for table in tables]
    shared = shared - (left.key[i] == right.key[j])
    size_left = sizes[0][left.template[i]] - 1
    size_right = sizes[1][right.template[j]] - 1
    return np.column_stack([np.log1p(shared), shared / np.maximum(size_left, 1), shared / np.maximum(size_right, 1)])
