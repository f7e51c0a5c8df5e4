from __future__ import annotations

import numpy as np
import pytest

from alignment.dangling import hide, share_without_partner


def share(without: float, seeds: int = 200, free: int = 400) -> float:
    """Nodes with their partner, alike .9, and one stranger, alike .3; free ones lack the partner with this share."""
    nodes = np.arange(seeds + free)
    lacks = (nodes >= seeds) & ((nodes - seeds) < without * free)
    node = np.concatenate([nodes, nodes[~lacks]])
    likeness = np.concatenate([np.full(len(nodes), 0.3), np.full(int((~lacks).sum()), 0.9)])
    label = (np.arange(len(node)) >= len(nodes)) & (node < seeds)
    return share_without_partner(node, likeness, label, node < seeds, seeds + free)


@pytest.mark.parametrize("without", [0.25, 0.5])
def test_the_share_of_nodes_without_a_partner(without: float) -> None:
    assert share(without) == pytest.approx(without, abs=0.01)


def test_a_small_share_is_none() -> None:
    assert share(0.0) == share(0.05) == 0.0
    assert share(0.5, seeds=0) == share(0.5, free=0) == 0.0


def test_as_many_seeds_lose_an_end() -> None:
    keys = [f"name {n}" for n in range(4000)]
    without_right, without_left = hide((0.38, 0.3), keys)
    assert not (without_right & without_left).any()
    assert without_right.sum() / (~without_left).sum() == pytest.approx(0.38, abs=0.03)
    assert without_left.sum() / (~without_right).sum() == pytest.approx(0.3, abs=0.03)
    again = hide((0.38, 0.3), keys[::-1])
    assert again[0][::-1].tolist() == without_right.tolist()
    assert not hide((0.0, 0.0), keys)[0].any()
