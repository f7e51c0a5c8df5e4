"""The node level as whole tables, for conversions and exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

from ekg.index.columns import read_columns
from ekg.index.rows import EdgeRow, NodeRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Tables:
    """The part of :class:`ekg.index.Index` that reads everything there is of a kind."""

    _db: sqlite3.Connection

    def edges(self) -> list[EdgeRow]:
        """Participations of entities, places and relations of all events, sorted by event, role and other end."""
        sql = (
            "SELECT e.iri, r.role, n.iri, e.begin, e.end FROM participation r "
            "JOIN event e ON e.id = r.event JOIN entity n ON n.id = r.entity UNION ALL "
            "SELECT e.iri, 'place', n.iri, e.begin, e.end FROM event e "
            "JOIN entity n ON n.id = e.place UNION ALL "
            "SELECT s.iri, r.kind, t.iri, NULL, NULL FROM relation r "
            "JOIN event s ON s.id = r.source JOIN event t ON t.id = r.target ORDER BY 1, 2, 3"
        )
        return list(map(EdgeRow._make, self._db.execute(sql)))

    def columns(
        self, table: str, *, texts: Sequence[str] = (), numbers: Sequence[str] = (), where: str = "1"
    ) -> tuple[list[list[str]], list[NDArray[np.int64]]]:
        """Whole columns of a table, see :func:`ekg.index.columns.read_columns`."""
        return read_columns(self._db, table, texts=texts, numbers=numbers, where=where)

    def nodes(self, kind: Literal["event", "entity"]) -> list[NodeRow]:
        """All events by IRI, or all entities, most mentioned first, without their other names."""
        sql = (
            "SELECT iri, type, label, begin, end FROM event ORDER BY iri"
            if kind == "event"
            else "SELECT iri, type, name, NULL, NULL FROM entity ORDER BY mentions DESC, iri"
        )
        return list(map(NodeRow._make, self._db.execute(sql)))

    def event_table(self) -> Iterator[tuple[dict[str, Any], list[tuple[Any, ...]]]]:
        """Every event by IRI, as values by name, with role, entity, name and confidence of its participants."""
        columns = "iri, type, label, begin, end, begin_at, end_at, granularity, recorded, place, place_name"
        names = [*columns.split(", "), "polarity", "modality", "confidence", "mentions"]
        fillers = self._db.execute(
            "SELECT v.iri, r.role, n.iri, coalesce(n.name, r.text, ''), r.confidence FROM participation r "
            "JOIN event v ON v.id = r.event LEFT JOIN entity n ON n.id = r.entity ORDER BY 1, 2, 4, 3"
        )
        by_event = {iri: [row[1:] for row in rows] for iri, rows in groupby(fillers, key=itemgetter(0))}
        events = self._db.execute(
            "SELECT e.iri, e.type, label, e.begin, e.end, begin_at, end_at, granularity, recorded, p.iri, p.name, "
            "polarity, modality, confidence, e.mentions FROM event e LEFT JOIN entity p ON p.id = e.place ORDER BY 1"
        )
        for row in events:
            yield dict(zip(names, row, strict=True)), by_event.get(row[0], [])

    def other_names(self) -> dict[str, tuple[str, ...]]:
        """The aliases of each entity that has some, sorted, by its IRI."""
        sql = "SELECT n.iri, a.name FROM alias a JOIN entity n ON n.id = a.entity WHERE a.name != n.name ORDER BY 1, 2"
        rows = groupby(self._db.execute(sql), key=itemgetter(0))
        return {iri: tuple(name for _, name in names) for iri, names in rows}
