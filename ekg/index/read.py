"""Reading the index."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from ekg.errors import KgError
from ekg.ids import IRI, normal_name
from ekg.index.rows import (
    DocumentInfoRow,
    EntityRow,
    EventFilter,
    EventRow,
    MentionRow,
    ParticipantRow,
    PassageRow,
    RelationRow,
)
from ekg.index.schema import FIRST, LAST, LONG, VERSION
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


_NEAR = 75.0
"""Likeness of two names, of 100, from which one is suggested for the other."""


class Index(Tables):
    """``index.sqlite``, opened for reading.

    Args:
        source: the file, or an open connection of an index in memory.
        generation: what the index must be an index of; None accepts any.

    Raises:
        KgError: the file is absent, damaged or of another generation; ``ekg reindex`` mends it.
    """

    def __init__(self, source: Path | sqlite3.Connection, *, generation: str | None = None) -> None:
        try:
            if isinstance(source, Path):
                # A finished index is replaced and never changed, so SQLite need not lock it or look whether it was.
                uri = f"{source.absolute().as_uri()}?mode=ro&immutable=1"
                self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            else:
                self._db = source
            meta: dict[str, str] = dict(self._db.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as error:
            raise KgError(
                f"{source}: the index cannot be read: {error}", hint="`ekg reindex KG` rebuilds it"
            ) from error
        if meta.get("version") != VERSION:
            raise KgError(f"{source}: the index was made by another version", hint="`ekg reindex KG` rebuilds it")
        if generation is not None and meta.get("generation") != generation:
            raise KgError(f"{source}: the index is of another generation", hint="`ekg reindex KG` rebuilds it")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # -- events ------------------------------------------------------------------------------------------------------

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

    # -- entities ----------------------------------------------------------------------------------------------------

    def entity(self, iri: str) -> EntityRow | None:
        """An entity by IRI."""
        row = self._db.execute("SELECT id, iri, type, name, mentions FROM entity WHERE iri = ?", (iri,)).fetchone()
        return self._entity(row) if row else None

    def _entity(self, row: Sequence[object], score: float = 1.0) -> EntityRow:
        number, iri, kind, name, mentions = row
        names = self._db.execute("SELECT name FROM alias WHERE entity = ? AND name != ? ORDER BY name", (number, name))
        return EntityRow(
            id=int(str(number)),
            iri=IRI(str(iri)),
            type=str(kind),
            name=str(name),
            aliases=tuple(n for (n,) in names),
            mentions=int(str(mentions)),
            score=score,
        )

    def find_entities(self, name: str, *, limit: int = 10, exact: bool = False) -> list[EntityRow]:
        """Entities by name: those with exactly this (normalised) name first, then those whose name holds all its words.

        Among equals the one with more mentions comes first.
        """
        norm = normal_name(name)
        sql = (
            "SELECT DISTINCT n.id, n.iri, n.type, n.name, n.mentions FROM alias a JOIN entity n ON n.id = a.entity "
            "WHERE a.norm = ? ORDER BY n.mentions DESC, n.iri LIMIT ?"
        )
        found = [self._entity(row) for row in self._db.execute(sql, (norm, limit))]
        query = fts_query(norm, any_word=False)
        if exact or query is None or len(found) >= limit:
            return found
        seen = {row.id for row in found}
        sql = (
            "SELECT n.id, n.iri, n.type, n.name, n.mentions FROM entity_text x JOIN entity n ON n.id = x.rowid "
            "WHERE entity_text MATCH ? ORDER BY n.mentions DESC, n.iri LIMIT ?"
        )
        for row in self._db.execute(sql, (query, limit + len(found))):
            if row[0] not in seen:
                longest = max((len(str(row[3])), 1))
                found.append(self._entity(row, score=round(min(0.99, len(norm) / longest), 4)))
        return found[:limit]

    def near_names(self, name: str, *, limit: int = 3) -> list[str]:
        """Names of entities like one that none has: those spelt much like it, then those that share a word with it."""
        from rapidfuzz import fuzz, process

        known = dict(self._db.execute("SELECT norm, max(entity) FROM alias GROUP BY norm ORDER BY norm"))
        close = process.extract(
            normal_name(name), list(known), scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR, limit=8 * limit
        )
        spelt = [known[norm] for norm, _, _ in sorted(close, key=lambda found: (-found[1], found[0]))]
        sql = (
            "SELECT n.id FROM entity_text x JOIN entity n ON n.id = x.rowid "
            "WHERE entity_text MATCH ? ORDER BY n.mentions DESC, n.iri LIMIT ?"
        )
        shared = [number for (number,) in self._db.execute(sql, (fts_query(name) or '""', 2 * limit))]
        rows = (self._db.execute("SELECT name FROM entity WHERE id = ?", (number,)) for number in (*spelt, *shared))
        return list(dict.fromkeys(str(text) for row in rows for (text,) in row))[:limit]

    def containers(self, name: str) -> list[str]:
        """IRIs of countries, regions and continents of a name in which places of the graph lie, sorted."""
        sql = "SELECT DISTINCT place FROM located WHERE norm = ? AND NOT itself ORDER BY place"
        return [iri for (iri,) in self._db.execute(sql, (normal_name(name),))]

    def entities(self, *, type: str | None = None, limit: int = -1, offset: int = 0) -> list[EntityRow]:
        """Entities, most mentioned first."""
        sql = (
            "SELECT id, iri, type, name, mentions FROM entity WHERE ?1 IS NULL OR type = ?1 "
            "ORDER BY mentions DESC, iri LIMIT ?2 OFFSET ?3"
        )
        return [self._entity(row) for row in self._db.execute(sql, (type, limit, offset)).fetchall()]

    def entities_in(self, document: str, start: int, end: int) -> list[tuple[EntityRow, tuple[int, int]]]:
        """Entities named inside a span of a document, with the span of each mention, in text order."""
        sql = (
            "SELECT n.id, n.iri, n.type, n.name, n.mentions, m.start, m.end FROM entity_mention m "
            "JOIN document d ON d.id = m.document JOIN entity n ON n.id = m.entity "
            "WHERE d.name = ? AND m.start >= ? AND m.end <= ? ORDER BY m.start, n.iri"
        )
        rows = self._db.execute(sql, (document, start, end)).fetchall()
        return [(self._entity(row[:5]), (row[5], row[6])) for row in rows]

    def aliases(self) -> list[tuple[str, str]]:
        """All (normalised name, entity IRI) pairs, sorted; for gazetteer lookups over a question."""
        sql = "SELECT a.norm, n.iri FROM alias a JOIN entity n ON n.id = a.entity ORDER BY 1, 2"
        return [(norm, iri) for norm, iri in self._db.execute(sql)]

    # -- text --------------------------------------------------------------------------------------------------------

    def search_passages(
        self,
        words: str,
        *,
        limit: int = 10,
        begin: int | None = None,
        end: int | None = None,
        kind: str | None = None,
    ) -> list[PassageRow]:
        """Passages that hold some of the words, by BM25 (the document's title counts, less than the text).

        Args:
            words: free text.
            limit: how many at most.
            begin: documents published at or after this instant (seconds since 1970).
            end: documents published before it.
            kind: ``article`` or ``video``.
        """
        query = fts_query(words)
        if query is None:
            return []
        sql = (
            "SELECT p.id, d.name, d.kind, d.title, d.published, p.start, p.end, p.media_start, p.media_end, "
            "-bm25(passage_text, 1.0, 0.3) FROM passage_text JOIN passage p ON p.id = passage_text.rowid "
            "JOIN document d ON d.id = p.document WHERE passage_text MATCH ? AND (?2 IS NULL OR d.published_at >= ?2) "
            "AND (?3 IS NULL OR d.published_at < ?3) AND (?4 IS NULL OR d.kind = ?4) "
            "ORDER BY bm25(passage_text, 1.0, 0.3), d.name, p.start LIMIT ?5"
        )
        return [
            PassageRow(
                id=i,
                document=n,
                kind=k,
                title=t,
                published=p,
                span=(a, b),
                media=None if u is None else (u, v),
                score=round(s, 4),
            )
            for i, n, k, t, p, a, b, u, v, s in self._db.execute(sql, (query, begin, end, kind, limit))
        ]

    def search_documents(
        self, words: str, *, limit: int = 10, begin: int | None = None, end: int | None = None, kind: str | None = None
    ) -> list[DocumentInfoRow]:
        """Documents by the words of title and description, with BM25."""
        query = fts_query(words)
        if query is None:
            return []
        sql = (
            "SELECT d.name, d.kind, d.title, d.published, d.publisher, d.url, d.lead, -bm25(document_text) "
            "FROM document_text JOIN document d ON d.id = document_text.rowid WHERE document_text MATCH ? "
            "AND (?2 IS NULL OR d.published_at >= ?2) AND (?3 IS NULL OR d.published_at < ?3) "
            "AND (?4 IS NULL OR d.kind = ?4) ORDER BY bm25(document_text), d.name LIMIT ?5"
        )
        return [_document(row) for row in self._db.execute(sql, (query, begin, end, kind, limit))]

    def document_info(self, name: str) -> DocumentInfoRow | None:
        """A document's metadata by its id."""
        sql = "SELECT name, kind, title, published, publisher, url, lead, 0.0 FROM document WHERE name = ?"
        row = self._db.execute(sql, (name,)).fetchone()
        return _document(row) if row else None

    def counts(self) -> dict[str, int]:
        """Number of documents, events, entities, passages …"""
        tables = ("document", "event", "entity", "mention", "relation", "passage")
        return {t: int(self._db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) for t in tables}

    def span_of_time(self) -> tuple[str | None, str | None]:
        """Earliest begin and latest end of all events."""
        first = self._db.execute("SELECT begin FROM event WHERE begin_at NOT NULL ORDER BY begin_at LIMIT 1").fetchone()
        last = self._db.execute("SELECT end FROM event WHERE end_at NOT NULL ORDER BY end_at DESC LIMIT 1").fetchone()
        return first[0] if first else None, last[0] if last else None

    def has_type(self, name: str) -> bool:
        """Whether any event has a type of exactly this name."""
        return self._db.execute("SELECT 1 FROM event WHERE type = ? LIMIT 1", (name,)).fetchone() is not None

    def type_counts(self) -> list[tuple[str, int]]:
        """Event types by frequency."""
        return list(self._db.execute("SELECT type, count(*) FROM event GROUP BY type ORDER BY 2 DESC, 1"))

    def year_counts(self) -> list[tuple[str, int | None, int]]:
        """Events by type and year of their begin (None where it is not known), sorted, those without a year first."""
        return list(self._db.execute("SELECT type, year, events FROM type_year ORDER BY type, year"))


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


def _document(row: Sequence[object]) -> DocumentInfoRow:
    name, kind, title, published, publisher, url, lead, score = row
    texts = [None if v is None else str(v) for v in (title, published, publisher, url, lead)]
    return DocumentInfoRow(
        name=str(name),
        kind=str(kind),
        title=texts[0],
        published=texts[1],
        publisher=texts[2],
        url=texts[3],
        lead=texts[4],
        score=round(float(str(score)), 4),
    )
