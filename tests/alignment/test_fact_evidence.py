from __future__ import annotations

import numpy as np
import pytest

from alignment import AlignConfig, AlignGraph, AlignNode, align
from alignment.competing import competing_probability
from alignment.fact_evidence import FactEvidence
from alignment.fact_join import bonds, match_bonds, match_facts
from alignment.graph import OPEN, Fact
from alignment.structure import incidence
from ekg.errors import ConfigError

DAY = 86_400


def clubs(prefix: str, count: int = 30) -> list[Fact]:
    """Players of clubs of ten; each player has an interval of his own in his club, and some have played twice."""
    facts: list[Fact] = []
    for n in range(count):
        club = f"{prefix}c{n // 10}"
        facts.append((f"{prefix}p{n}", "plays", club, n * DAY, (n + 9) * DAY))
        if n % 3 == 0:
            facts.append((f"{prefix}p{n}", "plays", club, (n + 20) * DAY, (n + 29) * DAY))
        facts.append((club, "in", f"{prefix}town{n // 10}", -OPEN, OPEN))
    return facts


def evidence(left: AlignGraph, right: AlignGraph, pairs: list[tuple[str, str]], weight: float = 1.0) -> FactEvidence:
    anchors = (
        np.array([left.index[a] for a, _ in pairs], dtype=np.int64),
        np.array([right.index[b] for _, b in pairs], dtype=np.int64),
    )
    sure = np.ones(len(pairs), dtype=bool)
    return FactEvidence.count(incidence(left), incidence(right), anchors, np.full(len(pairs), weight), sure)


def odds(found: FactEvidence, left: AlignGraph, right: AlignGraph, *pairs: tuple[str, str]) -> list[float]:
    i = np.array([left.index[a] for a, _ in pairs], dtype=np.int64)
    j = np.array([right.index[b] for _, b in pairs], dtype=np.int64)
    result: list[float] = found.log_odds(i, j).tolist()
    return result


LEFT, RIGHT = AlignGraph.build((), clubs("a")), AlignGraph.build((), clubs("b"))
SAME = [(f"ac{n}", f"bc{n}") for n in range(3)] + [(f"ap{n}", f"bp{n}") for n in range(20)]


def test_bonds_group_the_facts_of_a_node_and_one_neighbour() -> None:
    anchors = np.array([LEFT.index["ac0"]]), np.array([RIGHT.index["bc0"]])
    left, right = bonds(incidence(LEFT), anchors[0]), bonds(incidence(RIGHT), anchors[1])
    first = LEFT.index["ap0"]
    assert left.degree[first] == 1
    assert left.count[left.start[first]] == 2
    i, j = np.array([first, first, LEFT.index["atown0"]]), np.array([RIGHT.index[b] for b in ("bp1", "bp11", "btown1")])
    matches = match_bonds(left, right, i, j)
    assert matches.pair.tolist() == [0]
    assert matches.left_only[0].tolist() == [1, 2]
    assert matches.right_only[0].tolist() == []
    match, a, b = match_facts(left, right, matches)
    assert (match.tolist(), len(set(a.tolist())), len(set(b.tolist()))) == ([0, 0], 2, 1)


def test_equal_dates_speak_for_a_pair_and_a_missing_neighbour_against_it() -> None:
    found = evidence(LEFT, RIGHT, SAME)
    same, other_player, other_club = odds(found, LEFT, RIGHT, ("ap25", "bp25"), ("ap25", "bp26"), ("ap25", "bp5"))
    assert same > other_player > other_club
    assert other_club < 0 < same


def test_an_unlikely_anchor_is_a_weak_witness() -> None:
    strong, weak, none = (
        odds(evidence(LEFT, RIGHT, SAME, weight), LEFT, RIGHT, ("ap25", "bp25"))[0] for weight in (1.0, 0.01, 0.0)
    )
    assert strong > weak > none == 0.0


def test_no_anchors_and_no_facts_give_no_evidence() -> None:
    assert odds(evidence(LEFT, RIGHT, []), LEFT, RIGHT, ("ap25", "bp25")) == [0.0]
    bare = AlignGraph.build([AlignNode(id="x")])
    assert odds(evidence(bare, bare, [("x", "x")]), bare, bare, ("x", "x")) == [0.0]


def test_a_node_leans_to_what_its_rivals_leave() -> None:
    i, j = np.array([0, 1, 1]), np.array([0, 0, 1])
    alone = competing_probability(i[1:], j[1:], np.array([5.0, 5.0]), alone=0.0)
    beside = competing_probability(i, j, np.array([9.0, 5.0, 5.0]), alone=0.0)
    assert alone[0] == pytest.approx(alone[1])
    assert beside[2] > 0.8 > alone[1] > 0.2 > beside[1]
    assert not len(competing_probability(i[:0], j[:0], np.zeros(0), alone=0.0))


def test_probabilities_of_a_node_sum_to_one_at_most() -> None:
    rng = np.random.default_rng(3)
    i, j = np.repeat(np.arange(40), 8), rng.integers(0, 60, 320)
    i, j = np.unique(np.stack([i, j], axis=1), axis=0).T
    found = competing_probability(i, j, rng.normal(3, 4, len(i)), alone=1.0)
    for side in (i, j):
        assert np.bincount(side, weights=found).max() <= 1.01


@pytest.mark.parametrize("seeds", [None, [("ac0", "bc0"), ("ap3", "bp3")]])
def test_graphs_without_names_are_aligned_by_their_facts(seeds: list[tuple[str, str]] | None) -> None:
    found = align(LEFT, RIGHT, seeds=seeds)
    links = {link.left: link.right for link in found.links}
    players = [key for key in LEFT.index if key.startswith("ap")]
    assert sum(links.get(key) == "b" + key[1:] for key in players) >= 28


def test_the_order_of_rows_changes_nothing() -> None:
    again = align(AlignGraph.build((), clubs("a")[::-1]), AlignGraph.build((), clubs("b")[::-1]))
    assert again.links == align(LEFT, RIGHT).links


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (AlignGraph.build([AlignNode(id="a")]), RIGHT),
        (AlignGraph.build([AlignNode(id="a", names=("Arlen",), begin=0, end=DAY)]), RIGHT),
        (AlignGraph.build((), [("a", "near", "a", -OPEN, OPEN)]), RIGHT),
        (AlignGraph.build((), [("a", "near", "b", -OPEN, OPEN)]), AlignGraph.build((), [("x", "of", "y", 0, DAY)])),
        (AlignGraph.build(()), AlignGraph.build(())),
    ],
    ids=["no fact", "attributes only", "itself", "nothing shared", "empty"],
)
def test_poor_graphs_are_no_error(left: AlignGraph, right: AlignGraph) -> None:
    found = align(left, right)
    assert {link.left for link in found.links} | set(found.unmatched) == set(left.index)
    assert all(0.0 <= link.score <= 1.0 for link in found.links)


def test_settings_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ConfigError, match="review must lie"):
        AlignConfig(review=float("nan"))
