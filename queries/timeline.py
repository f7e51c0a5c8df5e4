"""The events of somebody or something, or about some words, in time order."""

from __future__ import annotations

from typing import Any

from ekg.errors import NotFoundError
from ekg.graph import EventGraph, EventView

_FOUND = 400


def timeline(graph: EventGraph, name: str, *, k: int | None = None, maximum: int | None = None) -> dict[str, Any]:
    """The dated events of an entity; of the words, if no entity has that name.

    Args:
        graph: the graph.
        name: an entity's name or IRI, or words.
        k: only the ``k`` most important ones (mentions × confidence), still in time order.
        maximum: never more than this many; the most important ones are kept.

    Returns:
        ``{"name", "entity", "total", "events": [event as in `ekg events --json`]}``; ``entity`` is null where the
        events were found by words.

    Raises:
        NotFoundError: neither an entity nor an event fits.
    """
    entity: dict[str, Any] | None = None
    try:
        found = graph.timeline(name)
        entity = graph.entity(name).to_dict()
    except NotFoundError:
        rows = [row for row, _ in graph.index.search_events(name, limit=_FOUND) if row.begin or row.end]
        found = [EventView(graph, row) for row in rows]
        if not found:
            raise
    keep = min((n for n in (k, maximum) if n is not None), default=len(found))
    total = len(found)
    if keep < total:
        ranked = sorted(found, key=lambda e: (-e.row.mentions * e.row.confidence, e.row.iri))
        chosen = {event.iri for event in ranked[:keep]}
        found = [event for event in found if event.iri in chosen]
    found.sort(key=lambda e: (e.row.begin or e.row.end or "", e.row.end or "", e.row.iri))
    return {"name": name, "entity": entity, "total": total, "events": [event.to_dict() for event in found]}
