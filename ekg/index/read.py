"""Reading the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ekg.errors import KgError
from ekg.ids import IRI, normal_name
from ekg.index.events import Events, fts_query
from ekg.index.rows import DocumentInfoRow, EntityRow, PassageRow
from ekg.index.schema import VERSION

_NEAR = 75.0
"""Likeness of two names, of 100, from which one is suggested for the other."""


class Index(Events):
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
            problem = self._problem(generation)
        except sqlite3.DatabaseError as error:
            problem = f"cannot be read: {error}"
        if problem is not None:
            if isinstance(source, Path) and hasattr(self, "_db"):
                self._db.close()
            raise KgError(f"{source}: the index {problem}", hint="`ekg reindex KG` rebuilds it")

    def _problem(self, generation: str | None) -> str | None:
        """What keeps the index from being used; None if nothing does."""
        meta: dict[str, str] = dict(self._db.execute("SELECT key, value FROM meta"))
        if meta.get("version") != VERSION:
            return "was made by another version"
        if generation is not None and meta.get("generation") != generation:
            return "is of another generation"
        return None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

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

    def regions_of(self, iri: str) -> frozenset[str]:
        """Normalised names of the countries, regions and continents that a place lies in."""
        sql = "SELECT l.norm FROM located l JOIN entity n ON n.id = l.entity WHERE n.iri = ? AND NOT l.itself"
        return frozenset(norm for (norm,) in self._db.execute(sql, (iri,)))

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
