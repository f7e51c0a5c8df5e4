"""The events of somebody or something, or about some words, in time order."""

from __future__ import annotations

from typing import Any

from ekg.errors import NotFoundError
from ekg.graph import EventGraph, EventView
from queries.words import stop_words, tokenize

_FOUND = 400


def timeline(graph: EventGraph, name: str, *, k: int | None = None, maximum: int | None = None) -> dict[str, Any]:
    """The dated events of an entity; if no entity has that name, those that hold all words of a
    phrase ("dock strike").

    Args:
        graph: the graph.
        name: an entity's name or IRI, or words.
        k: only the ``k`` most important ones (mentions × confidence), still in time order.
        maximum: never more than this many; the most important ones are kept.

    Returns:
        ``{"name", "entity", "total", "events": [event as in `ekg events --json`]}``; ``entity`` is null where the
        events were found by words.

    Raises:
        NotFoundError: neither an entity nor an event fits; the message suggests names that are near.
    """
    entity: dict[str, Any] | None = None
    try:
        found = graph.timeline(name)
        entity = graph.entity(name).to_dict()
    except NotFoundError:
        # All words, not some, and no words of a name: the events of any Helena are no timeline of a Helena Nobody.
        words = [t for t in tokenize(name) if t.word and t.lower not in stop_words()]
        if len(words) > 1 and all(t.capital for t in words):
            raise
        rows = graph.index.search_events(" ".join(t.text for t in words), limit=_FOUND, any_word=False)
        found = [EventView(graph, row) for row, _ in rows if row.begin or row.end]
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
