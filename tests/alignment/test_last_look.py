"""The shortlist, editions of series with other names, and the last look among what is left over."""

from __future__ import annotations

import numpy as np

from alignment import AlignGraph, AlignNode, align
from alignment.blocking import leftover_channels, second_look
from alignment.last_look import _rivalry
from alignment.literals import LiteralSide, literal_sides
from alignment.scoring import FOLDS, fit, fit_linear
from alignment.shortlist import Shortlist
from ekg.bench.align_blocking import synthetic


def sides(left: list[str], right: list[str]) -> tuple[LiteralSide, LiteralSide]:
    lists = [[AlignNode(id=f"{n}", names=(name,)) for n, name in enumerate(names)] for names in (left, right)]
    return literal_sides(lists[0], lists[1])


def test_series_with_members_at_the_same_times_are_candidates_without_a_word_in_common() -> None:
    left, right = sides(
        ["Vokul Open 1931", "Vokul Open 1935", "Vokul Open 1940", "Blim 1931"],
        ["1931 Zenthaf", "1935 Zenthaf", "1950 Zenthaf", "1931 Qurx", "1936 Qurx"],
    )
    rows = np.arange(len(left)), np.arange(len(right))
    i, j = second_look(left, right, left.words, rows, top_k=1)["editions"]
    found = set(zip(i.tolist(), j.tolist(), strict=True))
    assert {(0, 0), (1, 1)} <= found
    assert all(left.key[a] == right.key[b] for a, b in found)
    # One edition alone is no series.
    assert 3 not in i.tolist()
    i, j = leftover_channels(left, right, left.words, rows, top_k=1)["at_once"]
    assert {(3, 0), (3, 3)} <= set(zip(i.tolist(), j.tolist(), strict=True))


def test_a_seed_is_scored_by_models_that_did_not_see_it() -> None:
    # Whatever the first third says of its labels, the others say the opposite.
    fold = np.repeat(np.arange(FOLDS), 40)
    node = np.repeat(np.arange(len(fold)), 2)
    value = np.tile([0.0, 1.0], len(fold))
    label = np.where(fold[node] == 0, value == 0, value == 1)
    partner = np.where(np.arange(len(fold)) < len(fold) - 1, 1, -1)
    quick = Shortlist.learned(fold, partner, node, label, value[:, None])
    found = quick.probability(node, value[:, None])
    assert (found[(fold[node] == 0) & (value == 1)] > 0.9).all()
    assert (found[(fold[node] == 1) & (value == 1)] < 0.6).all()
    # The last node has no partner that is known, so all models are asked.
    assert found[(fold[node] == 1) & (value == 1)].max() < found[-1] < 0.9


def test_labels_that_are_all_alike_teach_how_rare_links_are() -> None:
    features, none = np.arange(20.0)[:, None], np.zeros(20, dtype=bool)
    for learned in (fit(features, none, seed=1), fit_linear(features, none)):
        odds = learned(features)
        assert len(set(odds.tolist())) == 1
        assert odds[0] < -2


def test_the_right_node_of_a_seed_has_no_fewer_rivals_than_others() -> None:
    # Left 0 and 1 are seeds of two folds, with right 0 and 1; left 2 and 3 are in question.
    a, b = np.repeat(np.arange(4), 4), np.tile(np.arange(4), 4)
    share, possible = _rivalry(a, b, np.full(16, 0.5), np.array([0, 1, -1, -1]), np.array([0, 1, 0, 1]))
    pairs = {(x, y): s for x, y, s, p in zip(a.tolist(), b.tolist(), share.tolist(), possible, strict=True) if p}
    # The end of another fold's seed is taken, and that of any seed for a node in question.
    assert sorted(pairs) == [(0, 0), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 2), (3, 3)]
    assert pairs[0, 0] == pairs[0, 2] == pairs[1, 1] == pairs[1, 3] < pairs[2, 2]


def test_elimination_links_names_that_share_a_number_and_no_letter() -> None:
    task = synthetic(300, 5)
    names = [{node.id: node.names[0] for node in graph.nodes} for graph in (task.left, task.right)]
    pairs = [(names[0][a], names[1][b]) for a, b in sorted(task.test)] + [("Hrx Qwpf XLI", "Jezsc Uy 41")]
    graphs = [AlignGraph.build(AlignNode(id=f"n{n}", names=(p[k],)) for n, p in enumerate(pairs)) for k in (0, 1)]
    found = align(*graphs, seeds=[(f"n{n}", f"n{n}") for n in range(250)])
    assert [link.right for link in found.links if link.left == "n300"] == ["n300"]
    assert sum(link.left == link.right for link in found.links) >= 296
