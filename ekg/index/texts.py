"""Rows of documents and their passages."""

from __future__ import annotations

import sqlite3

from ekg.index.derive import seconds
from ekg.index.passages import passages
from ekg.model import Document


def put_document(db: sqlite3.Connection, document: Document) -> None:
    """Write a document's rows, in place of those that it has; its number stays."""
    row = db.execute("SELECT id FROM document WHERE name = ?", (document.id,)).fetchone()
    number: int | None = None if row is None else int(row[0])
    if number is not None:
        _remove(db, number)
    number = db.execute(
        "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
        (
            number,
            document.id,
            document.kind,
            document.title,
            document.published,
            seconds(document.published),
            document.publisher,
            document.url,
            document.lead,
        ),
    ).lastrowid
    title = document.title or ""
    db.execute("INSERT INTO document_text (rowid, title, lead) VALUES (?, ?, ?)", (number, title, document.lead or ""))
    for start, end in passages(document):
        media = document.media_at(start, end) or (None, None)
        cursor = db.execute("INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, ?)", (number, start, end, *media))
        db.execute(
            "INSERT INTO passage_text (rowid, text, title) VALUES (?, ?, ?)",
            (cursor.lastrowid, document.text[start:end], title),
        )


def remove_document(db: sqlite3.Connection, doc: str) -> None:
    """Remove a document's rows, if it has any."""
    row = db.execute("SELECT id FROM document WHERE name = ?", (doc,)).fetchone()
    if row is not None:
        _remove(db, int(row[0]))


def _remove(db: sqlite3.Connection, number: int) -> None:
    db.execute("DELETE FROM passage_text WHERE rowid IN (SELECT id FROM passage WHERE document = ?)", (number,))
    db.execute("DELETE FROM passage WHERE document = ?", (number,))
    db.execute("DELETE FROM document_text WHERE rowid = ?", (number,))
    db.execute("DELETE FROM document WHERE id = ?", (number,))
