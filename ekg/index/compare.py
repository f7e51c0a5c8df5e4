"""The rows of an index in a form that does not depend on row numbers, to compare two of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

Rows = list[tuple[Any, ...]]

_QUERIES = {
    "event": (
        "SELECT e.iri, e.type, e.label, e.begin_at, e.begin, e.end, e.granularity, e.recorded, p.iri, e.polarity, "
        "e.modality, e.confidence, e.mentions FROM event e LEFT JOIN entity p ON p.id = e.place"
    ),
    "event_text": "SELECT e.iri, t.text FROM event_text t JOIN event e ON e.id = t.rowid",
    "entity": "SELECT iri, type, name, mentions, begin, end FROM entity",
    "entity_text": "SELECT e.iri, t.name FROM entity_text t JOIN entity e ON e.id = t.rowid",
    "alias": "SELECT e.iri, a.norm, a.name FROM alias a JOIN entity e ON e.id = a.entity",
    "located": "SELECT e.iri, l.place, l.norm, l.itself FROM located l JOIN entity e ON e.id = l.entity",
    "participation": (
        "SELECT e.iri, n.iri, p.role, p.text, p.confidence, p.statement FROM participation p "
        "JOIN event e ON e.id = p.event LEFT JOIN entity n ON n.id = p.entity"
    ),
    "role_status": "SELECT e.iri, r.role, r.status FROM role_status r JOIN event e ON e.id = r.event",
    "relation": (
        "SELECT s.iri, r.kind, t.iri, r.confidence, r.statement FROM relation r JOIN event s ON s.id = r.source "
        "JOIN event t ON t.id = r.target"
    ),
    "mention": (
        "SELECT e.iri, m.iri, d.name, m.start, m.end, m.text, m.media_start, m.media_end FROM mention m "
        "JOIN event e ON e.id = m.event JOIN document d ON d.id = m.document"
    ),
    "argument": (
        "SELECT e.iri, a.mention, d.name, a.role, n.iri, a.start, a.end, a.text, a.confidence, a.statement "
        "FROM argument a JOIN event e ON e.id = a.event JOIN document d ON d.id = a.document "
        "LEFT JOIN entity n ON n.id = a.entity"
    ),
    "document": "SELECT name, kind, title, published, published_at, publisher, url, recorded, lead FROM document",
    "document_text": "SELECT d.name, t.title, t.lead FROM document_text t JOIN document d ON d.id = t.rowid",
    "entity_mention": (
        "SELECT e.iri, d.name, m.start, m.end FROM entity_mention m JOIN entity e ON e.id = m.entity "
        "JOIN document d ON d.id = m.document"
    ),
    "passage": (
        "SELECT d.name, p.start, p.end, p.media_start, p.media_end, t.text, t.title FROM passage p "
        "JOIN document d ON d.id = p.document JOIN passage_text t ON t.rowid = p.id"
    ),
    "type_year": "SELECT type, year, events FROM type_year",
}


def index_rows(db: sqlite3.Connection) -> dict[str, Rows]:
    """Sorted rows by table; under ``dangling`` how many rows of each point to a node or document that is not there.

    Raises:
        sqlite3.DatabaseError: the index is damaged.
    """
    found = {table: sorted(db.execute(sql), key=_order) for table, sql in _QUERIES.items()}
    # The order of an event's words is of no account.
    found["event_text"] = [(iri, " ".join(sorted(str(text).split()))) for iri, text in found["event_text"]]
    counts = {table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in found}
    found["dangling"] = [(table, n - len(found[table])) for table, n in counts.items() if n > len(found[table])]
    return found


def _order(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is not None, value) for value in row]


def index_differences(found: Path, wanted: Path) -> list[str]:
    """The tables in which two indexes differ, with the numbers of rows that are missing from the first and too many.

    Raises:
        sqlite3.DatabaseError: one of them is damaged.
    """
    ours, theirs = (_rows_of(path) for path in (found, wanted))
    problems = []
    for table in theirs:
        here, there = Counter(ours[table]), Counter(theirs[table])
        missing, extra = (there - here).total(), (here - there).total()
        if missing or extra:
            problems.append(f"{table}: {missing} rows missing, {extra} too many")
    return problems


def _rows_of(path: Path) -> dict[str, Rows]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return index_rows(db)
