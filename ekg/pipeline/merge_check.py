"""What has to hold before graphs are merged: every end is known, and no link joins what must stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from alignment.components import Component, Node, cluster_graphs
from alignment.config import Cardinality
from ekg.errors import ConfigError, DataError
from ekg.model import Link
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, GRAPH_RESOLVED, node_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRules:
    """What a merge may join.

    Args:
        cardinality: under ``1:1`` no two nodes of one graph become one; under ``1:n`` no two of the first graph.
        cannot_link: pairs of ids that must not become one node, in either order.
    """

    cardinality: Cardinality = "1:1"
    cannot_link: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.cardinality not in ("1:1", "1:n", "n:m"):
            raise ConfigError(f"cardinality '{self.cardinality}' is unknown", hint="use 1:1, 1:n or n:m")


def nodes_of(store: OxigraphStore) -> dict[str, str]:
    """Node of every mention of a graph, as its resolved graph has them."""
    refers = store.quads(None, ox.NamedNode(EKG + "refersTo"), None, ox.NamedNode(GRAPH_RESOLVED))
    return {
        node_id(q.subject.value): node_id(q.object.value)
        for q in refers
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
    }


def read_nodes(graphs: Sequence[Path]) -> dict[str, dict[str, str]]:
    """:func:`nodes_of` every graph, by the graph's path."""
    found: dict[str, dict[str, str]] = {}
    for graph in graphs:
        store = OxigraphStore(graph / "quads", read_only=True)
        try:
            found[str(graph)] = nodes_of(store)
        finally:
            store.close()
    return found


def check_merge(graphs: Mapping[str, Mapping[str, str]], links: Iterable[Link], rules: MergeRules) -> list[Component]:
    """Check links of zone ``merge`` against the rules.

    Args:
        graphs: node of every mention, by the graph's name, in the order of the merge.
        links: of all runs that are to be merged.
        rules: what may be joined.

    Returns:
        The clusters that are going to be one node each.

    Raises:
        DataError: an end is in none of the graphs, a link joins an event with an entity, or the rules forbid a cluster.
    """
    names = list(graphs)
    by_graphs: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        if link.zone != "merge":
            continue
        left = _end(link, link.left, graphs, names)
        right = _end(link, link.right, graphs, names[::-1])
        if {left[1][:3], right[1][:3]} == {"ev_", "en_"}:
            raise DataError(f"link {link.left} – {link.right} joins an event with an entity", hint="remove the line")
        by_graphs.setdefault((left[0], right[0]), []).append(replace(link, left=left[1], right=right[1]))
    apart: list[tuple[Node, Node]] = []
    for pair in rules.cannot_link:
        for a, b in (pair, pair[::-1]):
            apart += [(x, y) for x in _places(a, graphs) for y in _places(b, graphs) if x != y]
    one_each = {"1:1": None, "1:n": names[:1], "n:m": ()}[rules.cardinality]
    return cluster_graphs(by_graphs, cannot_link=apart, one_each=one_each)


def _end(link: Link, end: str, graphs: Mapping[str, Mapping[str, str]], names: Sequence[str]) -> Node:
    """Graph and node of a link's end; a node that was imported as RDF belongs to no document."""
    key = node_id(end)
    for name in names:
        if key in graphs[name]:
            return name, graphs[name][key]
    if key.startswith(("ev_", "en_")):
        raise DataError(f"link {link.left} – {link.right}: '{key}' is not in the graphs", hint="align them again")
    return names[0], key


def _places(end: str, graphs: Mapping[str, Mapping[str, str]]) -> list[Node]:
    key = node_id(end)
    return [(name, nodes[key]) for name, nodes in graphs.items() if key in nodes] or [(name, key) for name in graphs]
