"""The node level as torch-geometric ``HeteroData``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekg.graph.event_graph import EventGraph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor
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
    import numpy as np
    import torch
    from torch_geometric.data import HeteroData

    data = HeteroData()
    places: dict[str, NDArray[np.int64]] = {}
    for kind, nodes in (("event", graph.index.nodes("event")), ("entity", graph.index.nodes("entity"))):
        places[kind] = np.zeros(max((row.id for row in nodes), default=0) + 1, dtype=np.int64)
        places[kind][[row.id for row in nodes]] = np.arange(len(nodes))
        types = sorted({row.type for row in nodes})
        rank = {name: number for number, name in enumerate(types)}
        data[kind].num_nodes = len(nodes)
        data[kind].node_id = [row.iri for row in nodes]
        data[kind].name = [row.name for row in nodes]
        data[kind].type_names = types
        data[kind].type = torch.tensor([rank[row.type] for row in nodes], dtype=torch.int64)
        if kind == "event":
            data[kind].time = _times([row[-2:] for row in nodes])
    rows = graph.index.edge_numbers(UNKNOWN)
    kinds = sorted({row[:2] for row in rows})
    rank_of = {kind: number for number, kind in enumerate(kinds)}
    table = np.array([(rank_of[row[:2]], *row[2:]) for row in rows], dtype=np.int64).reshape(-1, 5)
    source = places["event"][table[:, 1]]
    to_event = np.array([kind[1] for kind in kinds], dtype=bool)[table[:, 0]] if kinds else np.zeros(0, dtype=bool)
    target = np.zeros_like(source)
    for mask, kind in ((to_event, "event"), (~to_event, "entity")):
        target[mask] = places[kind][table[mask, 2]]
    order = np.lexsort((target, source, table[:, 0]))
    ends = torch.from_numpy(np.stack((source, target))[:, order])
    times = torch.from_numpy(table[order, 3:])
    cuts = np.searchsorted(table[order, 0], np.arange(len(kinds) + 1))
    for number, (predicate, is_event) in enumerate(kinds):
        edges = data["event", predicate, "event" if is_event else "entity"]
        edges.edge_index = ends[:, cuts[number] : cuts[number + 1]].contiguous()
        edges.time = times[cuts[number] : cuts[number + 1]]
    return data


def _times(bounds: Sequence[tuple[int | None, ...]]) -> Tensor:
    import torch

    return torch.tensor(
        [UNKNOWN if bound is None else bound for pair in bounds for bound in pair], dtype=torch.int64
    ).reshape(-1, 2)
