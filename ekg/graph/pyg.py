"""The node level as torch-geometric ``HeteroData``."""

from __future__ import annotations

from collections import defaultdict
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
    for kind, rows in (("event", graph.index.nodes("event")), ("entity", graph.index.nodes("entity"))):
        places[kind] = np.zeros(max((row.id for row in rows), default=0) + 1, dtype=np.int64)
        places[kind][[row.id for row in rows]] = np.arange(len(rows))
        types = sorted({row.type for row in rows})
        rank = {name: number for number, name in enumerate(types)}
        data[kind].num_nodes = len(rows)
        data[kind].node_id = [row.iri for row in rows]
        data[kind].name = [row.name for row in rows]
        data[kind].type_names = types
        data[kind].type = torch.tensor([rank[row.type] for row in rows], dtype=torch.int64)
        if kind == "event":
            data[kind].time = _times([row[-2:] for row in rows])
    edges: dict[tuple[str, str, str], list[tuple[int | None, ...]]] = defaultdict(list)
    for predicate, to_event, *rest in graph.index.edge_numbers():
        edges["event", predicate, "event" if to_event else "entity"].append(tuple(rest))
    for key, found in sorted(edges.items()):
        ends = np.array([edge[:2] for edge in found], dtype=np.int64)
        source, target = places["event"][ends[:, 0]], places[key[2]][ends[:, 1]]
        order = np.lexsort((target, source))
        data[key].edge_index = torch.from_numpy(np.stack((source[order], target[order])))
        data[key].time = _times([edge[2:] for edge in found])[torch.from_numpy(order)]
    return data


def _times(bounds: Sequence[tuple[int | None, ...]]) -> Tensor:
    import torch

    return torch.tensor(
        [UNKNOWN if bound is None else bound for pair in bounds for bound in pair], dtype=torch.int64
    ).reshape(-1, 2)
