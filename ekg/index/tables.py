"""The node level as whole tables, for conversions and exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from ekg.index.rows import EdgeRow, NodeRow


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

    def edge_numbers(self, unknown: int) -> list[tuple[str, int, int, int, int, int]]:
        """What :meth:`edges` gives, in no order: predicate, whether to an event, row numbers, bounds in seconds.

        Args:
            unknown: stands for a bound that is not known.
        """
        sql = (
            "SELECT r.role, 0, r.event, r.entity, coalesce(e.begin_at, ?1), coalesce(e.end_at, ?1) "
            "FROM participation r JOIN event e ON e.id = r.event WHERE r.entity NOT NULL UNION ALL "
            "SELECT 'place', 0, id, place, coalesce(begin_at, ?1), coalesce(end_at, ?1) FROM event "
            "WHERE place NOT NULL UNION ALL SELECT kind, 1, source, target, ?1, ?1 FROM relation"
        )
        return self._db.execute(sql, (unknown,)).fetchall()

    def nodes(self, kind: Literal["event", "entity"]) -> list[NodeRow]:
        """All events by IRI, or all entities, most mentioned first, without their other names."""
        sql = (
            "SELECT id, iri, type, label, begin, end, begin_at, end_at FROM event ORDER BY iri"
            if kind == "event"
            else "SELECT id, iri, type, name, NULL, NULL, NULL, NULL FROM entity ORDER BY mentions DESC, iri"
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
