from __future__ import annotations

import numpy as np

from alignment.graph import AlignNode
from alignment.literals import LiteralSide, literal_sides
from alignment.scoring import marginals
from alignment.series import next_editions, offsets
from alignment.sparse import Floats, Ints
from alignment.templates import profiles, votes
from alignment.translation import translate


def sides(left: list[str], right: list[str]) -> tuple[LiteralSide, LiteralSide]:
    lists = [[AlignNode(id=f"{n}", names=(name,)) for n, name in enumerate(names)] for names in (left, right)]
    return literal_sides(lists[0], lists[1])


def links(*pairs: tuple[int, int]) -> tuple[Ints, Ints, Floats]:
    array = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    return array[:, 0], array[:, 1], np.ones(len(pairs))


LEFT = ["Xirtam Cup 1990", "Xirtam Cup 1991", "Xirtam Cup 1992", "Alone"]
RIGHT = ["Matrix Bowl (1990)", "Matrix Bowl (1991)", "Matrix Bowl (1992)", "Matrix Film (1992)"]


def similarity(left: LiteralSide, right: LiteralSide, taught: tuple[Ints, Ints, Floats], i: int, j: int) -> float:
    return float((translate(left, right, *taught)[i] @ right.words[j].T).toarray()[0, 0])


def test_words_are_translated_by_other_links_only() -> None:
    left, right = sides(LEFT, RIGHT)
    assert similarity(left, right, links(), 2, 2) == 0.0
    assert similarity(left, right, links((2, 2)), 2, 2) == 0.0
    assert similarity(left, right, links((0, 0), (1, 1)), 2, 2) > 0.8
    assert similarity(left, right, links((0, 0), (1, 1)), 3, 2) == 0.0


def test_votes_of_a_series_leave_out_the_node_itself() -> None:
    left, right = sides(LEFT, RIGHT)
    i, j = np.array([2, 2]), np.array([2, 3])
    assert votes(left, right, links((2, 2)), i, j).tolist() == np.zeros((2, 4)).tolist()
    known = votes(left, right, links((0, 0), (1, 1), (2, 2)), i, j)
    assert known[0].tolist() == [1.0, np.log1p(2), 0.0, 1.0]
    assert known[1].tolist() == [0.0, 0.0, np.log1p(2), 0.0]


def test_two_series_with_members_at_the_same_times() -> None:
    left, right = sides(LEFT, RIGHT)
    found = profiles(left, right, np.array([2, 2]), np.array([2, 3]))
    assert found[0].tolist() == [np.log1p(2), 1.0, 1.0]
    assert found[1].tolist() == [0.0, 0.0, 0.0]


def test_editions_are_as_far_apart_as_linked_ones() -> None:
    left, right = sides(
        ["1994 Xirtam Awards", "1995 Xirtam Awards", "1996 Xirtam Awards"],
        ["36th Matrix Prize", "37th Matrix Prize", "38th Matrix Prize"],
    )
    taught = links((0, 0), (1, 1))
    i, j = next_editions(left, right, taught)
    assert (2, 2) in set(zip(i.tolist(), j.tolist(), strict=True))
    assert (2, 1) not in set(zip(i.tolist(), j.tolist(), strict=True))
    assert offsets(left, right, taught, np.array([2, 2]), np.array([2, 1])).tolist() == [
        [np.log1p(2), 0.0],
        [0.0, np.log1p(2)],
    ]
    alone = next_editions(left, right, links((0, 0)))
    assert list(zip(*(x.tolist() for x in alone), strict=True)) == [(1, 1), (2, 2)]


def test_marginals_move_what_a_rival_takes() -> None:
    i, j = np.array([0, 0, 1]), np.array([0, 1, 0])
    found = marginals(i, j, np.array([0.6, 0.5, 0.99]))
    assert found[2] > 0.95
    assert found[0] < 0.1 < found[1]
    assert len(marginals(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))) == 0
