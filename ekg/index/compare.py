"""Comparing an index with one that was built afresh."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def index_differences(found: Path, wanted: Path) -> list[str]:
    """The tables in which two indexes differ, with the numbers of rows that are missing from the first and too many.

    Raises:
        sqlite3.DatabaseError: one of them is damaged.
    """
    with closing(sqlite3.connect(f"{wanted.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.execute("ATTACH ? AS found", (f"{found.absolute().as_uri()}?mode=ro",))
        problems = []
        for table, virtual in _tables(db):
            columns = "rowid, *" if virtual else "*"
            ours, theirs = (f"SELECT {columns} FROM {place}.{table}" for place in ("main", "found"))
            missing = _count(db, f"{ours} EXCEPT {theirs}")
            extra = _count(db, f"{theirs} EXCEPT {ours}")
            if missing or extra:
                problems.append(f"{table}: {missing} rows missing, {extra} too many")
        return problems


def _tables(db: sqlite3.Connection) -> list[tuple[str, bool]]:
    """All tables with content, and whether they are virtual: full-text search shows what its shadow tables hold."""
    rows = db.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    virtual = tuple(name for name, sql in rows if sql.upper().startswith("CREATE VIRTUAL"))
    hidden = ("sqlite_", *(f"{name}_" for name in virtual))
    return [(name, name in virtual) for name, _ in rows if name != "meta" and not name.startswith(hidden)]


def _count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])
