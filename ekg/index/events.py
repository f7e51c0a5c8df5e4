"""Reading events from the index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ekg.ids import IRI
from ekg.index.rows import EventFilter, EventRow, MentionRow, ParticipantRow, RelationRow
from ekg.index.schema import FIRST, LAST, LONG
from ekg.index.tables import Tables

_EVENT_COLUMNS = (
    "e.id, e.iri, e.type, e.label, e.begin, e.end, e.granularity, e.recorded, p.iri, p.name, "
    "e.polarity, e.modality, e.confidence, e.mentions"
)
_ORDERS = {
    "time": "e.begin_at IS NULL, e.begin_at, e.end_at, e.iri",
    "window": f"{FIRST} < ?, e.begin_at IS NULL, e.begin_at, e.end_at, e.iri",
    "-time": "e.begin_at IS NULL, e.begin_at DESC, e.end_at DESC, e.iri",
    "weight": "e.mentions * e.confidence DESC, e.iri",
    "iri": "e.iri",
}


def fts_query(words: str, *, any_word: bool = True) -> str | None:
    """An FTS5 expression of the words of a text, each quoted so that nothing in it is syntax; None without a word.

    >>> fts_query('say "no" AND go*')
    '"say" OR "no" OR "AND" OR "go"'
    """
    found = list(dict.fromkeys(re.findall(r"\w+", words)))
    return (" OR " if any_word else " AND ").join(f'"{word}"' for word in found) or None


class Events(Tables):
    """The part of :class:`ekg.index.Index` that reads events and what belongs to them."""

    def _where(self, wanted: EventFilter) -> tuple[str, list[object]]:
        parts: list[str] = ["1"]
        values: list[object] = []

        def clause(sql: str, *more: object) -> None:
            parts.append(sql)
            values.extend(more)

        if wanted.type is not None:
            clause("e.type = ?", wanted.type)
        if wanted.actors is not None:
            marks = ",".join("?" * len(wanted.actors))
            clause(
                f"e.id IN (SELECT event FROM participation JOIN entity n ON n.id = entity WHERE n.iri IN ({marks}) "
                f"UNION SELECT v.id FROM event v JOIN entity n ON n.id = v.place WHERE n.iri IN ({marks}))",
                *wanted.actors,
                *wanted.actors,
            )
        if wanted.place is not None:
            marks = ",".join("?" * len(wanted.place))
            # The place itself, places that lie in it, and places in the one on earth that it is.
            clause(
                f"e.place IN (SELECT id FROM entity WHERE iri IN ({marks}) "
                f"UNION SELECT entity FROM located WHERE place IN ({marks}) "
                "UNION SELECT inner_place.entity FROM located inner_place "
                "JOIN located outer_place ON outer_place.place = inner_place.place AND outer_place.itself "
                f"JOIN entity n ON n.id = outer_place.entity WHERE n.iri IN ({marks}))",
                *wanted.place,
                *wanted.place,
                *wanted.place,
            )
        # A bound that is not known is not taken as unlimited: such an event lies in a window by its known bound.
        if wanted.begin is not None and wanted.end is not None:
            clause(
                f"(({FIRST} > ? AND {FIRST} < ? AND {LAST} > ?) "
                f"OR ({LAST} - {FIRST} > {LONG} AND {FIRST} < ? AND {LAST} > ?))",
                wanted.begin - LONG,
                wanted.end,
                wanted.begin,
                wanted.end,
                wanted.begin,
            )
        elif wanted.begin is not None:
            clause(f"{LAST} > ?", wanted.begin)
        elif wanted.end is not None:
            clause(f"{FIRST} < ?", wanted.end)
        if wanted.text is not None:
            query = fts_query(wanted.text, any_word=False)
            clause(
                "e.id IN (SELECT rowid FROM event_text WHERE event_text MATCH ?)" if query else "0",
                *([query] if query else []),
            )
        if wanted.recorded_by is not None:
            clause("(e.recorded IS NULL OR e.recorded <= ?)", wanted.recorded_by)
        if wanted.document is not None:
            clause(
                "e.id IN (SELECT m.event FROM mention m JOIN document d ON d.id = m.document WHERE d.name = ?)",
                wanted.document,
            )
        if wanted.polarity is not None:
            clause("e.polarity = ?", wanted.polarity)
        if wanted.modality is not None:
            clause("e.modality = ?", wanted.modality)
        for role in wanted.missing:
            if role.lower() == "time":
                clause("e.begin_at IS NULL AND e.end_at IS NULL")
            elif role.lower() == "place":
                clause("e.place IS NULL")
            else:
                # A type has the roles of its template and, in imported graphs, those that other events of it have.
                clause(
                    "(e.id IN (SELECT event FROM role_status WHERE role = ? COLLATE NOCASE AND status = 'missing') "
                    "OR (e.type IN (SELECT v.type FROM participation r JOIN event v ON v.id = r.event "
                    "WHERE r.role = ? COLLATE NOCASE) AND e.id NOT IN "
                    "(SELECT event FROM participation WHERE role = ? COLLATE NOCASE)))",
                    role,
                    role,
                    role,
                )
        return " AND ".join(parts), values

    def count_events(self, wanted: EventFilter) -> int:
        """How many events there are."""
        where, values = self._where(wanted)
        return int(self._db.execute(f"SELECT count(*) FROM event e WHERE {where}", values).fetchone()[0])

    def events(self, wanted: EventFilter, *, order: str = "time", limit: int = -1, offset: int = 0) -> list[EventRow]:
        """Events in an order: ``time``, ``-time``, ``weight`` (mentions × confidence) or ``iri``.

        In a window, ``time`` puts those that began before it last: of most it is not known that they lasted into it.
        """
        where, values = self._where(wanted)
        if order == "time" and wanted.begin is not None:
            order = "window"
            values.append(wanted.begin)
        sql = (
            f"SELECT {_EVENT_COLUMNS} FROM event e LEFT JOIN entity p ON p.id = e.place WHERE {where} "
            f"ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"
        )
        return [_event(row) for row in self._db.execute(sql, [*values, limit, offset])]

    def iris_between(self, begin: int | None, end: int | None) -> list[str]:
        """IRIs of the dated events that overlap a half-open window in seconds; None is an open end."""
        where, values = self._where(EventFilter(begin=-(1 << 62) if begin is None else begin, end=end))
        return [iri for (iri,) in self._db.execute(f"SELECT e.iri FROM event e WHERE {where} ORDER BY 1", values)]

    def events_by_iri(self, iris: Iterable[str]) -> list[EventRow]:
        """Those of the IRIs that are events, in the order given."""
        sql = f"SELECT {_EVENT_COLUMNS} FROM event e LEFT JOIN entity p ON p.id = e.place WHERE e.iri = ?"
        found = (self._db.execute(sql, (iri,)).fetchone() for iri in iris)
        return [_event(row) for row in found if row is not None]

    def search_events(self, words: str, *, limit: int = 20, any_word: bool = True) -> list[tuple[EventRow, float]]:
        """Events whose label, participants or triggers have some (or all) of the words, with BM25, best first."""
        query = fts_query(words, any_word=any_word)
        if query is None:
            return []
        sql = (
            f"SELECT {_EVENT_COLUMNS}, -bm25(event_text) FROM event_text JOIN event e ON e.id = event_text.rowid "
            "LEFT JOIN entity p ON p.id = e.place WHERE event_text MATCH ? ORDER BY bm25(event_text), e.iri LIMIT ?"
        )
        return [(_event(row[:-1]), round(float(row[-1]), 4)) for row in self._db.execute(sql, (query, limit))]

    def participants(self, event: int) -> list[ParticipantRow]:
        """Fillers of an event's roles, entities first, by confidence."""
        sql = (
            "SELECT r.role, n.iri, coalesce(n.name, r.text, ''), r.confidence, r.statement FROM participation r "
            "LEFT JOIN entity n ON n.id = r.entity WHERE r.event = ? ORDER BY n.iri IS NULL, -r.confidence, r.role, 3"
        )
        return [
            ParticipantRow(role=r, entity=IRI(e) if e else None, name=n, confidence=c, statement=s)
            for r, e, n, c, s in self._db.execute(sql, (event,))
        ]

    def statuses(self, event: int) -> dict[str, str]:
        """Roles of an event, and ``time``, whose status is another than observed: ``missing``, ``inferred`` …"""
        sql = "SELECT role, status FROM role_status WHERE event = ? ORDER BY rowid"
        return dict(self._db.execute(sql, (event,)))

    def roles(self) -> list[str]:
        """All roles that events have or lack, sorted."""
        sql = "SELECT role FROM participation UNION SELECT role FROM role_status WHERE status = 'missing' ORDER BY 1"
        return [name for (name,) in self._db.execute(sql)]

    def mentions(self, event: int) -> list[MentionRow]:
        """Triggers of an event, earliest document first."""
        sql = (
            "SELECT d.name, d.title, d.published, m.start, m.end, m.text, m.media_start, m.media_end, m.iri "
            "FROM mention m JOIN document d ON d.id = m.document WHERE m.event = ? "
            "ORDER BY d.published IS NULL, d.published, d.name, m.start"
        )
        return [
            MentionRow(
                document=d, title=t, published=p, span=(a, b), text=x, media=None if u is None else (u, v), mention=i
            )
            for d, t, p, a, b, x, u, v, i in self._db.execute(sql, (event,))
        ]

    def arguments(self, event: int) -> list[MentionRow]:
        """Argument mentions of an event with role, entity node and statement, earliest document first."""
        sql = (
            "SELECT d.name, d.title, d.published, a.start, a.end, a.text, a.role, n.iri, a.statement, a.mention "
            "FROM argument a JOIN document d ON d.id = a.document LEFT JOIN entity n ON n.id = a.entity "
            "WHERE a.event = ? ORDER BY d.published IS NULL, d.published, d.name, a.start, a.role"
        )
        return [
            MentionRow(
                document=d,
                title=t,
                published=p,
                span=(a, b),
                text=x,
                role=r,
                entity=IRI(n) if n else None,
                statement=s,
                mention=i,
            )
            for d, t, p, a, b, x, r, n, s, i in self._db.execute(sql, (event,))
        ]

    def relations(self, event: int) -> list[RelationRow]:
        """Relations in which an event is source or target."""
        sql = (
            "SELECT r.kind, s.iri, t.iri, r.confidence, r.statement FROM relation r JOIN event s ON s.id = r.source "
            "JOIN event t ON t.id = r.target WHERE r.source = ?1 OR r.target = ?1 ORDER BY 1, 2, 3"
        )
        return [
            RelationRow(kind=k, source=IRI(s), target=IRI(t), confidence=c, statement=n)
            for k, s, t, c, n in self._db.execute(sql, (event,))
        ]

    def events_in(self, document: str, start: int, end: int) -> list[EventRow]:
        """Events with a trigger inside a span of a document, in text order."""
        sql = (
            f"SELECT DISTINCT {_EVENT_COLUMNS} FROM mention m JOIN document d ON d.id = m.document "
            "JOIN event e ON e.id = m.event LEFT JOIN entity p ON p.id = e.place "
            "WHERE d.name = ? AND m.start >= ? AND m.start < ? ORDER BY m.start, e.iri"
        )
        return [_event(row) for row in self._db.execute(sql, (document, start, end))]


def _event(row: Sequence[object]) -> EventRow:
    number, iri, kind, label, begin, end, unit, recorded, place, name, polarity, modality, confidence, mentions = row
    return EventRow(
        id=int(str(number)),
        iri=IRI(str(iri)),
        type=str(kind),
        label=str(label),
        begin=None if begin is None else str(begin),
        end=None if end is None else str(end),
        granularity=None if unit is None else str(unit),
        recorded=None if recorded is None else str(recorded),
        place=None if place is None else IRI(str(place)),
        place_name=None if name is None else str(name),
        polarity=str(polarity),
        modality=str(modality),
        confidence=float(str(confidence)),
        mentions=int(str(mentions)),
    )
