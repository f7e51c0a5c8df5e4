"""Texts and graphs for people: excerpts for a terminal, and HTML for notebooks that is capped at one page of rows."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ekg.graph.event_graph import EventGraph
    from ekg.graph.views import EventList, EventView

CAP = 20
"""Rows shown at most."""
_WORD = re.compile(r"\w+")
_WORD_LONG = 30
"""A cut goes to the next space within this many characters, and through a word that is longer."""


def excerpt(text: str, *focus: str, width: int = 320) -> str:
    """A long text cut to the stretch that says most of what it is shown for, with an ellipsis where it was cut.

    Args:
        text: any text; its white space becomes single spaces.
        focus: what it is shown for, the most important first (the answer, then the question): each counts less than
            the one before it.
        width: characters that are kept at most, ellipses not counted; cuts are made between words.

    >>> excerpt("one two three four five six", "five", width=10)
    '… five …'
    >>> excerpt("short", "five", width=10)
    'short'
    """
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    weights: dict[str, float] = {}
    for rank, phrase in enumerate(focus):
        for word in _WORD.findall(phrase.casefold()):
            if len(word) > 2 or word.isdigit():
                weights.setdefault(word, 0.25**rank)
    hits = [(m.start(), m.end(), m[0].casefold()) for m in _WORD.finditer(text) if m[0].casefold() in weights]
    first, last = _best_stretch(hits, weights, width)
    low = max(0, min(first - (width - (last - first)) // 2, len(text) - width))
    high = low + width
    if low:
        low = text.find(" ", low, min(first, low + _WORD_LONG)) + 1 or low
    if high < len(text):
        at = text.rfind(" ", max(last, high - _WORD_LONG), high + 1)
        high = at if at > low else high
    return ("… " if low else "") + text[low:high].strip() + (" …" if high < len(text) else "")


def _best_stretch(hits: list[tuple[int, int, str]], weights: dict[str, float], width: int) -> tuple[int, int]:
    """The stretch of at most ``width`` characters whose different words weigh most, the first of the best."""
    best, found = 0.0, (0, 0)
    for i, (low, high, _) in enumerate(hits):
        inside = [hit for hit in hits[i:] if hit[1] - low <= width] or [(low, min(high, low + width), hits[i][2])]
        weight = round(sum(weights[word] for word in {hit[2] for hit in inside}), 4)
        if weight > best:
            best, found = weight, (low, inside[-1][1])
    return found


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
