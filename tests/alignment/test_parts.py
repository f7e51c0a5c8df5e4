from __future__ import annotations

import numpy as np
import pytest

from alignment import cluster_graphs, merge_components
from alignment.assignment import assign
from alignment.clustering import average_linkage
from alignment.features import VERDICTS, time_verdicts
from alignment.graph import OPEN
from alignment.names import split_name
from alignment.scoring import compete
from alignment.sparse import tf_idf, top_products
from ekg.errors import DataError
from ekg.model import Link


def link(left: str, right: str, score: float = 0.9) -> Link:
    return Link(left=left, right=right, score=score, zone="merge")


@pytest.mark.parametrize(
    ("name", "template", "time", "numbers"),
    [
        ("1998–99 Bundesliga", "#t bundesliga", "1998 1999", ()),
        ("Bundesliga 1999/2000", "bundesliga #t", "1999 2000", ()),
        ("3 May 1808 uprising", "#t uprising", "1808-05-03", ()),
        ("Deuxième guerre", "#n guerre", "", ("2",)),
        ("Battle of X (82 BC)", "battle of x #t", "-81", ()),
        ("Apollo 11", "apollo #n", "", ("11",)),
        ("May Day", "may day", "", ()),
        ("", "", "", ()),
    ],
)
def test_names_are_taken_apart(name: str, template: str, time: str, numbers: tuple[str, ...]) -> None:
    parts = split_name(name)
    assert (parts.template, parts.time, parts.numbers) == (template, time, numbers)


def test_time_verdicts() -> None:
    cases = [
        ((0, 10), (0, 10), "equal"), ((0, 10), (2, 5), "contains"), ((2, 5), (0, 10), "within"),
        ((0, 10), (5, 15), "overlaps"), ((0, 10), (10, 20), "conflict"), ((-OPEN, OPEN), (0, 1), "unknown"),
        ((0, OPEN), (5, 9), "overlaps"), ((0, OPEN), (-9, -5), "conflict"),
    ]  # fmt: skip
    a, b, c, d = (np.array(x) for x in zip(*((*x, *y) for x, y, _ in cases), strict=True))
    assert [VERDICTS[v] for v in time_verdicts(a, b, c, d)] == [v for _, _, v in cases]


def test_assignment_is_the_best_as_a_whole_and_one_to_one() -> None:
    rng = np.random.default_rng(1)
    i, j = np.repeat(np.arange(6), 5), np.tile(np.arange(5), 6)
    score = rng.random(30)
    chosen = assign(i, j, score)
    assert len(set(i[chosen])) == len(set(j[chosen])) == chosen.sum() == 5
    from scipy.optimize import linear_sum_assignment

    gain = (np.maximum(score, 0.0201) - 0.02).reshape(6, 5)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    assert gain[i[chosen], j[chosen]].sum() == pytest.approx(gain[rows, columns].sum())
    assert not len(assign(i[:0], j[:0], score[:0]))


def test_competition_knows_ranks_and_margins() -> None:
    standing = compete(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.9, 0.5, 0.5]))
    assert standing.left_rank.tolist() == [0, 1, 0]
    assert standing.right_rank.tolist() == [0, 0, 0]
    assert standing.left_margin.tolist() == pytest.approx([0.4, -0.4, 0.5])


def test_products_keep_the_best_and_break_ties_by_column() -> None:
    left, right = tf_idf([["a"], ["b", "c"]], [["a"], ["a"], ["c", "b"], ["b"]])
    i, j, score = top_products(left, right, 1)
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == [(0, 0), (1, 2)]
    assert score.tolist() == pytest.approx([1.0, 1.0])


def test_average_linkage_respects_constraints_and_needs_the_mean() -> None:
    edges = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.1), (3, 4, 0.8)]
    assert average_linkage(5, edges, threshold=0.6, allowed=lambda a, b: True) == [0, 0, 2, 3, 3]
    apart = average_linkage(5, edges, threshold=0.6, allowed=lambda a, b: {3, 4} != {*a, *b})
    assert apart[3] != apart[4]


def test_components_of_links() -> None:
    (found,) = merge_components([link("a", "x"), Link(left="b", right="y", score=0.4, zone="review")])
    assert found.members == (("left", "a"), ("right", "x"))
    with pytest.raises(DataError, match="'a' and 'b' of the left graph would become one"):
        merge_components([link("a", "x"), link("b", "x")])
    assert len(merge_components([link("a", "x"), link("b", "x")], one_to_one=False)) == 1
    with pytest.raises(DataError, match="must not be joined"):
        merge_components([link("a", "x")], cannot_link=[("a", "x")])


def test_clusters_over_three_graphs_name_cycles_and_the_weakest_bridge() -> None:
    (found,) = cluster_graphs({("A", "B"): [link("a", "b", 0.9)], ("B", "C"): [link("b", "c", 0.6)]})
    assert [g for g, _ in found.members] == ["A", "B", "C"]
    assert found.bridge == 0.6
    with pytest.raises(DataError, match="of the A graph would become one node"):
        cluster_graphs({
            ("A", "B"): [link("a", "b")], ("B", "C"): [link("b", "c")], ("A", "C"): [link("other", "c")],
        })  # fmt: skip
