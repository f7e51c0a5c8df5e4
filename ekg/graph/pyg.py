"""The node level as torch-geometric ``HeteroData``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from ekg.graph.event_graph import EventGraph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch_geometric.data import HeteroData

    Numbers = NDArray[np.int64]
    Order = Numbers | slice

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

    columns = graph.index.columns
    bounds = (f"coalesce(begin_at, {UNKNOWN})", f"coalesce(end_at, {UNKNOWN})")
    texts, numbers = columns("event", texts=("iri", "label", "type"), numbers=("id", *bounds, "coalesce(place, 0)"))
    order = _by_iri(texts[0])
    events, begins, ends, places = (column[order] for column in numbers)
    times = np.stack((begins, ends), axis=1)
    parts: dict[Any, dict[str, Any]] = {"event": {**_nodes(texts, order), "time": torch.from_numpy(times)}}
    texts, (entities, mentions) = columns("entity", texts=("iri", "name", "type"), numbers=("id", "mentions"))
    order = np.arange(len(entities))[_by_iri(texts[0])]
    order = order[np.argsort(-mentions[order], kind="stable")]
    parts["entity"] = _nodes(texts, order)

    (roles,), (owners, fillers) = columns(
        "participation", texts=("role",), numbers=("event", "entity"), where="entity NOT NULL"
    )
    (kinds,), (lefts, rights) = columns("relation", texts=("kind",), numbers=("source", "target"))
    placed = np.flatnonzero(places)
    roles += ["place"] * len(placed)
    event_at, entity_at = _positions(events), _positions(entities[order])
    sources = np.concatenate((event_at[owners], placed, event_at[lefts]))
    targets = np.concatenate((entity_at[fillers], entity_at[places[placed]], event_at[rights]))
    edge_times = times[sources]
    edge_times[len(roles) :] = UNKNOWN
    return HeteroData.from_dict(parts | _edges(roles, kinds, sources, targets, edge_times))


def _nodes(texts: Sequence[list[str]], order: Order) -> dict[str, Any]:
    """What the nodes of a kind have, from columns with IRI, name and type."""
    import torch

    iris, names, types = (
        column[order] if isinstance(order, slice) else [column[place] for place in order.tolist()] for column in texts
    )
    distinct = sorted(set(types))
    codes = torch.from_numpy(_codes((types, _ranks(distinct))))
    return {"num_nodes": len(iris), "node_id": iris, "name": names, "type_names": distinct, "type": codes}


def _edges(
    to_entities: list[str], to_events: list[str], sources: Numbers, targets: Numbers, times: Numbers
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Edges by type, each by source and target.

    Args:
        to_entities: roles of the edges that lead to entities, which come first in the arrays.
        to_events: those of the rest.
        sources: numbers of the events from which they lead.
        targets: numbers of the nodes.
        times: their bounds.
    """
    import numpy as np
    import torch

    types = sorted({*((name, "entity") for name in set(to_entities)), *((name, "event") for name in set(to_events))})
    ranks = [{name: n for n, (name, kind) in enumerate(types) if kind == wanted} for wanted in ("entity", "event")]
    codes = _codes((to_entities, ranks[0]), (to_events, ranks[1]))
    order = np.argsort(sources * (int(targets.max(initial=0)) + 1) + targets)
    # Numbers of 16 bits are sorted digit by digit.
    order = order[np.argsort(codes[order].astype(np.min_scalar_type(len(types))), kind="stable")]
    codes = codes[order]
    cuts = np.searchsorted(codes, np.arange(len(types) + 1))
    # The sources of a type and then its targets lie together, so that what it gets is a view of one piece.
    ends, places = np.empty(2 * len(order), dtype=np.int64), np.arange(len(order))
    ends[places + cuts[codes]] = sources[order]
    ends[places + cuts[codes + 1]] = targets[order]
    sizes = np.diff(cuts)
    pieces = zip(
        types,
        torch.split(torch.from_numpy(ends), (2 * sizes).tolist()),
        torch.split(torch.from_numpy(times[order]), sizes.tolist()),
        strict=True,
    )
    return {
        ("event", name, kind): {"edge_index": pair.view(2, -1), "time": time} for (name, kind), pair, time in pieces
    }


def _by_iri(iris: list[str]) -> Order:
    """The order of rows by IRI; after a full build of the index that is the one in which they lie."""
    import numpy as np

    if sorted(iris) == iris:
        return slice(None)
    return np.array(sorted(range(len(iris)), key=iris.__getitem__), dtype=np.int64)


def _ranks(names: list[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _codes(*parts: tuple[list[str], dict[str, int]]) -> Numbers:
    """For each name its number."""
    import numpy as np

    found = chain.from_iterable(map(ranks.__getitem__, names) for names, ranks in parts)
    return np.fromiter(found, dtype=np.int64, count=sum(len(names) for names, _ in parts))


def _positions(numbers: Numbers) -> Numbers:
    """For each row number the place of its node."""
    import numpy as np

    places = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    return places
