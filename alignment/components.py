"""Links between several graphs into clusters that can be merged, and what forbids it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alignment.clustering import UnionFind
from ekg.errors import DataError
from ekg.model import Link

Node = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Nodes of several graphs that are to become one.

    Args:
        members: ``(graph, id)``, sorted.
        bridge: score of the weakest link without which the component falls apart; 1 for a single node.
    """

    members: tuple[Node, ...]
    bridge: float


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
        one_to_one=one_to_one,
    )


def cluster_graphs(
    links: Mapping[tuple[str, str], Iterable[Link]],
    *,
    cannot_link: Iterable[tuple[Node, Node]] = (),
    one_to_one: bool = True,
) -> list[Component]:
    """Clusters over two or more graphs.

    Args:
        links: by names of the left and the right graph.
        cannot_link: pairs of nodes that must not end in one cluster.
        one_to_one: whether two nodes of one graph in a cluster are an error.

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
    bridge = [1.0] * len(nodes)
    # Strongest first, so that the edges that join (a maximum spanning forest) include the weakest bridge.
    for negative, a, b in edges:
        i, j = sets.find(index[a]), sets.find(index[b])
        if i != j:
            weakest = min(bridge[i], bridge[j], -negative)
            sets.union(i, j)
            bridge[sets.find(i)] = weakest
    components = [
        Component(members=tuple(nodes[i] for i in group), bridge=round(bridge[group[0]], 4))
        for group in sets.groups()
        if len(group) > 1
    ]
    if one_to_one:
        for component in components:
            _check_one_each(component, edges)
    for a, b in cannot_link:
        if a in index and b in index and sets.find(index[a]) == sets.find(index[b]):
            raise DataError(
                f"'{a[1]}' ({a[0]}) and '{b[1]}' ({b[0]}) must not be joined, but links join them",
                hint="reject one of the links between them",
            )
    return components


def _check_one_each(component: Component, edges: list[tuple[float, Node, Node]]) -> None:
    first: dict[str, str] = {}
    for graph, key in component.members:
        if graph in first:
            chain = [f"{a[1]}–{b[1]} ({-n:.2f})" for n, a, b in edges if a in component.members]
            raise DataError(
                f"'{first[graph]}' and '{key}' of the {graph} graph would become one node, through {', '.join(chain)}",
                hint="reject one of these links, or merge with another cardinality than 1:1",
            )
        first[graph] = key
