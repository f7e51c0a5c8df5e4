"""Nodes without a counterpart: how many there are, and seeds in the same straits to learn from.

Every seed has its partner, so a scorer that is fitted on seeds alone believes that every node has one. How far the best
candidate of a node is alike tells how many have none: among seeds with their partners, among seeds whose partners are
left out, and among the nodes in question, whose mean lies between the two. Then as large a share of the seeds loses
one end before anything is fitted.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from alignment.sparse import Bools, Floats, Ints

# A smaller share than this is not told from none.
_LEAST = 0.08
_MOST = 0.8


def share_without_partner(node: Ints, likeness: Floats, label: Bools, known: Bools, size: int) -> float:
    """Estimated share of the nodes without a seed that have no counterpart.

    Args:
        node: the node of every pair, on the side that is asked about.
        likeness: how alike the pair is, by a measure that knows nothing of the node's other pairs.
        label: whether the pair is a seed.
        known: whether the pair's node has a seed.
        size: number of nodes.

    Returns:
        A share; 0 where it is small or there is nothing to estimate it from.
    """
    with_partner, without, asked = (_best(node[part], likeness[part], size) for part in (known, known & ~label, ~known))
    seeded, free = np.bincount(node[known], minlength=size) > 0, np.bincount(node[~known], minlength=size) > 0
    if not seeded.any() or not free.any():
        return 0.0
    high, low, mean = with_partner[seeded].mean(), without[seeded].mean(), asked[free].mean()
    share = (high - mean) / (high - low) if high > low else 0.0
    return float(min(share, _MOST)) if share >= _LEAST else 0.0


def hide(shares: tuple[float, float], keys: Sequence[str]) -> tuple[Bools, Bools]:
    """Which seeds lose their right node, and which of the others their left node.

    Args:
        shares: of left and of right nodes that are to be without a partner.
        keys: one text a seed, which alone decides.
    """
    of_left, of_right = shares
    lose_left = of_right * (1 - of_left) / (1 - of_left * of_right)
    lose_right = of_left * (1 - lose_left)
    draw = np.array([zlib.crc32(b"dangling " + key.encode("utf-8", "surrogatepass")) / 2**32 for key in keys])
    without_right: Bools = draw < lose_right
    without_left: Bools = (draw >= lose_right) & (draw < lose_right + lose_left)
    return without_right, without_left


def _best(node: Ints, likeness: Floats, size: int) -> Floats:
    best = np.zeros(size)
    np.maximum.at(best, node, likeness)
    return best
