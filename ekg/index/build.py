"""Building the index from the quads and the documents; a new file replaces the old one when it is complete."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ekg.index.derive import Deriver
from ekg.index.facts import Facts, is_mention
from ekg.index.schema import INDEXES, SCHEMA, VERSION, YEARS
from ekg.index.texts import put_document
from ekg.store import DocumentStore, Store


def build_index(
    path: Path | None, store: Store, documents: DocumentStore, generation: str, *, facts: Facts | None = None
) -> sqlite3.Connection | None:
    """Build the index and put it in place atomically.

    Args:
        path: where ``index.sqlite`` shall lie; None builds it in memory and returns the connection.
        store: the quads.
        documents: the documents, for passages.
        generation: what the index is an index of; kept in its ``meta`` table.
        facts: what the index needs of the quads, where it was gathered while they were loaded; None reads the store.
    """
    temporary = None if path is None else path.with_name(f".{path.name}.tmp")
    if temporary is not None:
        temporary.unlink(missing_ok=True)
    if facts is None:
        facts = Facts()
        facts.read(store)
    db = sqlite3.connect(":memory:" if temporary is None else temporary, check_same_thread=False)
    try:
        db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;" + SCHEMA
        )
        for document in documents.documents():
            put_document(db, document)
        Deriver(db, facts).write(facts.events, entities_of(facts), facts.statements)
        db.executescript(INDEXES)
        db.execute(f"INSERT INTO type_year {YEARS} GROUP BY 1, 2 ORDER BY 1, 2")
        db.executemany("INSERT INTO meta VALUES (?, ?)", [("generation", generation), ("version", VERSION)])
        db.commit()
    except BaseException:
        db.close()
        raise
    if path is None or temporary is None:
        return db
    db.execute("PRAGMA optimize")
    db.close()
    put_in_place(temporary, path)
    return None


def entities_of(facts: Facts) -> set[str]:
    """Nodes that their type makes entities, and those that an event has as participant or place."""
    named = {iri for event in facts.events for slot in ("actor", "place") for iri in facts.of(event).iris(slot)}
    return {*facts.entities, *(iri for iri in named if not is_mention(iri))}


def put_in_place(temporary: Path, path: Path) -> None:
    """Make a finished file the index, so that a crash leaves the old one or the new one."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
