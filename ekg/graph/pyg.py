"""The node level as torch-geometric ``HeteroData``."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ekg.graph.convert import iter_facts, iter_nodes
from ekg.graph.event_graph import EventGraph
from ekg.time import TimeInterval

if TYPE_CHECKING:
    from torch_geometric.data import HeteroData

UNKNOWN = -(1 << 62)
"""Stands for an unknown bound in the ``time`` tensors (int64 seconds since 1970-01-01T00:00Z)."""


def to_pyg(graph: EventGraph) -> HeteroData:
    """Convert a graph.

    Returns:
        ``HeteroData`` with node types ``event`` and ``entity``. Each has ``num_nodes``, ``node_id`` (IRIs, in the
        order of the node numbers), ``name`` (list) and ``type`` (int64, into the list ``type_names``); events also
        have ``time``, int64 of shape ``[n, 2]`` with begin and end in seconds, ``UNKNOWN`` where not known. Edge
        types are ``(source kind, role, target kind)`` with ``edge_index`` ``[2, m]`` and ``time`` ``[m, 2]``.
    """
    import torch
    from torch_geometric.data import HeteroData

    data = HeteroData()
    numbers: dict[str, tuple[str, int]] = {}
    rows: dict[str, list[tuple[str, str, str, tuple[int, int]]]] = {"event": [], "entity": []}
    for node in iter_nodes(graph):
        numbers[node.id] = (node.kind, len(rows[node.kind]))
        rows[node.kind].append((node.id, node.name, node.type, _bounds(node.begin, node.end)))
    for kind, items in rows.items():
        types = sorted({item[2] for item in items})
        data[kind].num_nodes = len(items)
        data[kind].node_id = [item[0] for item in items]
        data[kind].name = [item[1] for item in items]
        data[kind].type_names = types
        data[kind].type = torch.tensor([types.index(item[2]) for item in items], dtype=torch.int64)
    data["event"].time = torch.tensor([item[3] for item in rows["event"]], dtype=torch.int64).reshape(-1, 2)
    edges: dict[tuple[str, str, str], list[tuple[int, int, tuple[int, int]]]] = defaultdict(list)
    for fact in iter_facts(graph):
        (left, a), (right, b) = numbers[fact.subject], numbers[fact.object]
        edges[left, fact.predicate, right].append((a, b, _bounds(fact.begin, fact.end)))
    for key, found in sorted(edges.items()):
        data[key].edge_index = torch.tensor([[a for a, _, _ in found], [b for _, b, _ in found]], dtype=torch.int64)
        data[key].time = torch.tensor([t for _, _, t in found], dtype=torch.int64).reshape(-1, 2)
    return data


def _bounds(begin: str | None, end: str | None) -> tuple[int, int]:
    low, high = TimeInterval(begin=begin, end=end).bounds()
    return (UNKNOWN if low is None else low, UNKNOWN if high is None else high)
