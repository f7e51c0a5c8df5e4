"""Links between several graphs into clusters that can be merged, and what forbids it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from alignment.clustering import UnionFind
from ekg.errors import DataError
from ekg.model import Link

Node = tuple[str, str]
Edge = tuple[float, Node, Node]

WEAK_BRIDGE = 0.75
"""A cluster over more than two nodes that hangs together by a link of a lower score is worth a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Nodes of several graphs that are to become one.

    Args:
        members: ``(graph, id)``, sorted.
        bridge: score of the weakest link without which the component falls apart; 1 where there is none, because
            every link has another way round.
        ends: the two nodes that this link joins; None where there is none.
    """

    members: tuple[Node, ...]
    bridge: float
    ends: tuple[Node, Node] | None = None

    @property
    def weak(self) -> bool:
        """Whether more than two nodes hang together by a link below :data:`WEAK_BRIDGE`."""
        return len(self.members) > 2 and self.bridge < WEAK_BRIDGE


def merge_components(
    links: Iterable[Link],
    *,
    graphs: tuple[str, str] = ("left", "right"),
    zones: frozenset[str] = frozenset({"merge"}),
    cannot_link: Iterable[tuple[str, str]] = (),
    one_to_one: bool = True,
) -> list[Component]:
    """Clusters of the nodes that links of some zones join.

    Args:
        links: between two graphs.
        graphs: names of the two graphs.
        zones: which links to follow.
        cannot_link: pairs ``(left, right)`` that must not end in one cluster.
        one_to_one: whether two nodes of one graph in a cluster are an error.

    Raises:
        DataError: a cluster would join two nodes of one graph under 1:1, or a forbidden pair.

    >>> merge_components([Link(left="a", right="b", score=0.9, zone="merge")])[0].members
    (('left', 'a'), ('right', 'b'))
    """
    return cluster_graphs(
        {graphs: [link for link in links if link.zone in zones]},
        cannot_link=[((graphs[0], a), (graphs[1], b)) for a, b in cannot_link],
        one_each=None if one_to_one else (),
    )


def cluster_graphs(
    links: Mapping[tuple[str, str], Iterable[Link]],
    *,
    cannot_link: Iterable[tuple[Node, Node]] = (),
    one_each: Collection[str] | None = None,
) -> list[Component]:
    """Clusters over two or more graphs.

    Args:
        links: by names of the left and the right graph.
        cannot_link: pairs of nodes that must not end in one cluster.
        one_each: the graphs of which a cluster may have one node only; None is all of them.

    Returns:
        Components of two or more nodes, by their first member.

    Raises:
        DataError: see :func:`merge_components`; the message names the two nodes and the chain that joins them.
    """
    edges = sorted(
        (-link.score, (left, link.left), (right, link.right))
        for (left, right), found in links.items()
        for link in found
    )
    nodes = sorted({node for _, a, b in edges for node in (a, b)})
    index = {node: i for i, node in enumerate(nodes)}
    sets = UnionFind(len(nodes))
    for _, a, b in edges:
        sets.union(index[a], index[b])
    inside: dict[int, list[Edge]] = {}
    for negative, a, b in edges:
        if a != b:
            inside.setdefault(sets.find(index[a]), []).append((-negative, a, b))
    components = []
    for group in sets.groups():
        if len(group) > 1:
            members = tuple(nodes[i] for i in group)
            found = inside[group[0]]
            _check_one_each(members, found, one_each)
            score, ends = _weakest_bridge(found)
            components.append(Component(members=members, bridge=score, ends=ends))
    for a, b in cannot_link:
        if a in index and b in index and sets.find(index[a]) == sets.find(index[b]):
            raise DataError(
                f"'{a[1]}' ({a[0]}) and '{b[1]}' ({b[0]}) must not be joined, but links join them: "
                f"{_chain(inside[sets.find(index[a])])}",
                hint="reject one of these links",
            )
    return components


def _weakest_bridge(edges: list[Edge]) -> tuple[float, tuple[Node, Node] | None]:
    """The link with the lowest score among those without another way round, ties by its ends."""
    best: dict[tuple[Node, Node], float] = {}
    for score, a, b in edges:
        ends = (min(a, b), max(a, b))
        best[ends] = max(score, best.get(ends, 0.0))
    nodes = {node: n for n, node in enumerate(sorted({node for ends in best for node in ends}))}
    for ends, score in sorted(best.items(), key=lambda item: (item[1], item[0])):
        others = UnionFind(len(nodes))
        for x, y in best:
            if (x, y) != ends:
                others.union(nodes[x], nodes[y])
        if others.find(nodes[ends[0]]) != others.find(nodes[ends[1]]):
            return round(score, 4), ends
    return 1.0, None


def _check_one_each(members: tuple[Node, ...], edges: list[Edge], one_each: Collection[str] | None) -> None:
    first: dict[str, str] = {}
    for graph, key in members:
        if one_each is not None and graph not in one_each:
            continue
        if graph in first:
            raise DataError(
                f"'{first[graph]}' and '{key}' of the {graph} graph would become one node, through {_chain(edges)}",
                hint="reject one of these links, or merge with another cardinality than 1:1",
            )
        first[graph] = key


def _chain(edges: list[Edge]) -> str:
    shown = ", ".join(f"{a[1]}–{b[1]} ({score:.2f})" for score, a, b in edges[:8])
    return f"{shown}, … ({len(edges)} links)" if len(edges) > 8 else shown
