"""Alignment of names that seeds teach."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from alignment import AlignGraph, AlignNode, align
from alignment.blocking import literal_channels
from alignment.literals import literal_sides
from alignment.templates import Links
from ekg.bench.align_blocking import synthetic
from ekg.errors import DataError
from ekg.model import Alignment


@lru_cache(maxsize=1)
def names() -> tuple[tuple[str, str], ...]:
    task = synthetic(320, 5)
    sides = [{node.id: node.names[0] for node in graph.nodes} for graph in (task.left, task.right)]
    # Half of the right names say it in words that have no letter in common with the left ones.
    return tuple(
        (sides[0][a], sides[1][b].replace("Battle", "Qwex").replace("Cup", "Zyx")) for a, b in sorted(task.test)
    )


def aligned(prefix: str, step: int) -> Alignment:
    pairs = names()
    order = [n * step % len(pairs) for n in range(len(pairs))]
    left = AlignGraph.build(AlignNode(id=f"{prefix}l{n}", names=(pairs[n][0],)) for n in order)
    right = AlignGraph.build(AlignNode(id=f"{prefix}r{n}", names=(pairs[n][1],)) for n in reversed(order))
    return align(left, right, seeds=[(f"{prefix}l{n}", f"{prefix}r{n}") for n in range(240)])


def test_seeds_teach_and_neither_ids_nor_row_order_matter() -> None:
    first, second = aligned("a", 1), aligned("zz", 7)
    links = [
        sorted((k.left.lstrip("az"), k.right.lstrip("az"), k.score, k.zone) for k in found.links)
        for found in (first, second)
    ]
    assert links[0] == links[1]
    free = [(a, b) for a, b, _, _ in links[0] if int(a[1:]) >= 240]
    assert sum(a[1:] == b[1:] for a, b in free) >= 0.9 * 80


def graph(*texts: str) -> AlignGraph:
    return AlignGraph.build(AlignNode(id=f"n{n}", names=(text,) if text else ()) for n, text in enumerate(texts))


def test_namesakes_are_candidates() -> None:
    nodes = [list(graph(*texts).nodes) for texts in (("Rose", "Rose 1998"), ("Rose (film)", "Rose", "Red Rose"))]
    left, right = literal_sides(nodes[0], nodes[1])
    i, j = literal_channels(left, right, left.words, none(), top_k=1)["namesakes"]
    names = {(left.texts[a], right.texts[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)}
    assert names == {("rose", "rose film"), ("rose", "rose")}


def none() -> Links:
    rows = np.zeros(0, dtype=np.int64)
    return rows, rows, np.zeros(0)


def test_namesakes_are_linked_one_to_one() -> None:
    found = align(graph("Rose", "Rose", "Rose"), graph("Rose", "Rose (film)"))
    assert len(found.links) == 2
    assert len({link.left for link in found.links}) == len({link.right for link in found.links}) == 2
    assert all(link.zone != "merge" for link in found.links)


@pytest.mark.parametrize(
    ("left", "right"),
    [(("Arlen",), ("Arlen",)), (("",), ("Arlen",)), (("", ""), ("",)), ((), ("Arlen",)), (("…",), ("!",))],
)
def test_one_node_no_node_and_no_names(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    found = align(graph(*left), graph(*right))
    assert len(found.links) + len(found.unmatched) == len(left)
    assert all(link.left == link.right == "n0" and left[0] for link in found.links)


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ([("n0", "n9")], "there is no 'n9' in the right graph"),
        ([("n9", "n0")], "there is no 'n9' in the left graph"),
        ([("n0", "n0"), ("n0", "n1")], "'n0' is linked with both 'n0' and 'n1'"),
        ([("n0", "n0"), ("n1", "n0")], "'n0' is linked with both 'n0' and 'n1'"),
    ],
)
def test_seeds_that_name_nothing_or_contradict_each_other(seeds: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        align(graph("Arlen", "Bromvik"), graph("Arlen", "Bromvik"), seeds=seeds)


def test_nan_is_a_name_like_any_other() -> None:
    found = align(graph("NaN", "inf", "Arlen"), graph("nan", "Arlen"))
    assert {(link.left, link.right) for link in found.links if link.zone == "merge"} >= {("n2", "n1")}
    assert all(0.0 <= link.score <= 1.0 for link in found.links)
