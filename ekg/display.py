"""HTML for notebooks: capped, and never more than one page of rows is fetched."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ekg.graph.event_graph import EventGraph
    from ekg.graph.views import EventList, EventView

CAP = 20
"""Rows shown at most."""


def event_html(event: EventView) -> str:
    """An event as a small definition table."""
    rows = [("type", event.type), ("time", when(event)), ("place", event.place or "")]
    rows += [(p.role, p.name) for p in event.participants[:CAP]]
    rows += [("evidence", e.quote or "") for e in event.evidence(1)]
    cells = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows if b)
    return f"<table><caption>{escape(event.label)}</caption>{cells}</table>"


def when(event: EventView) -> str:
    """An event's time for people: a day alone where it is one day, else an EDTF-like interval."""
    row = event.row
    if row.begin is None and row.end is None:
        return ""
    if row.granularity == "day" and row.begin:
        return row.begin
    return f"{row.begin or '..'}/{row.end or '..'}"


def events_html(events: EventList) -> str:
    """A list of events as a table, with how many there are in all."""
    total = len(events)
    rows = "".join(
        f"<tr><td>{escape(when(e))}</td><td>{escape(e.type)}</td><td>{escape(e.label)}</td></tr>" for e in events[:CAP]
    )
    more = f"<tr><td colspan=3>… {total - CAP} more</td></tr>" if total > CAP else ""
    return f"<table><caption>{total} events</caption>{rows}{more}</table>"


def graph_html(graph: EventGraph) -> str:
    """A graph as its counts."""
    counts = "".join(f"<tr><th>{escape(k)}</th><td>{v:,}</td></tr>" for k, v in graph.index.counts().items())
    return f"<table><caption>{escape(str(graph.path or 'memory'))}</caption>{counts}</table>"
