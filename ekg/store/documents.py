"""Documents, their revisions and extraction records in SQLite, and the links between merged graphs."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ekg.errors import KgError, NotFoundError
from ekg.model import Document, Extraction, Link, decode_extraction, encode_extraction
from ekg.store.files import unshare

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  id TEXT PRIMARY KEY, part TEXT NOT NULL, source TEXT NOT NULL, recorded TEXT, revision TEXT NOT NULL,
  key TEXT NOT NULL, document BLOB NOT NULL, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revisions (
  id TEXT NOT NULL, revision TEXT NOT NULL, recorded TEXT, PRIMARY KEY (id, revision)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rendered (id TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resolved_from (id TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resolutions (part TEXT PRIMARY KEY, key TEXT NOT NULL, nodes BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (
  run TEXT NOT NULL, left_id TEXT NOT NULL, right_id TEXT NOT NULL, score REAL NOT NULL, zone TEXT NOT NULL,
  evidence BLOB NOT NULL, PRIMARY KEY (run, left_id, right_id)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A stored document.

    Args:
        id: the document's id.
        part: name of the graph that it came from; "" in a graph that was built here.
        source: path it was read from, as given.
        recorded: ISO date at which its statements count as recorded.
        revision: hash of the content.
        key: hash of content, configuration and code version that the record was made with.
    """

    id: str
    part: str
    source: str
    recorded: str | None
    revision: str
    key: str


class DocumentStore:
    """``documents.sqlite`` of a knowledge graph.

    Args:
        path: the file, created if absent unless ``read_only``; None keeps it in memory.
        read_only: refuse to write.

    Raises:
        KgError: the file is absent (read-only) or not a database.
    """

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        try:
            if path is None:
                self._db = sqlite3.connect(":memory:", check_same_thread=False)
            elif read_only:
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            else:
                unshare(path)
                self._db = sqlite3.connect(path, check_same_thread=False)
            if not read_only:
                self._db.executescript(_SCHEMA)
            else:
                self._db.execute("SELECT count(*) FROM meta").fetchone()
        except sqlite3.DatabaseError as error:
            raise KgError(f"{path}: the document database cannot be opened: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def freeze(self) -> None:
        """Refuse every later write, so that the file can be shared with a snapshot."""
        self._db.execute("PRAGMA query_only = ON")

    def get_meta(self, key: str) -> str | None:
        """A value of the database's own table of facts."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Set such a value."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM documents").fetchone()[0])

    def rows(self) -> list[DocumentRow]:
        """All documents without their text, by id."""
        found = self._db.execute("SELECT id, part, source, recorded, revision, key FROM documents ORDER BY id")
        return [
            DocumentRow(id=i, part=p, source=s, recorded=r, revision=v, key=k) for i, p, s, r, v, k in found.fetchall()
        ]

    def put(self, rows: Iterable[tuple[DocumentRow, Document, Extraction]]) -> None:
        """Add or replace documents in one transaction; a changed text becomes a new revision."""
        with self._db:
            for row, document, record in rows:
                self._db.execute(
                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        row.id,
                        row.part,
                        row.source,
                        row.recorded,
                        row.revision,
                        row.key,
                        msgspec.json.encode(document),
                        encode_extraction(record),
                    ),
                )
                self._db.execute(
                    "INSERT OR IGNORE INTO revisions VALUES (?, ?, ?)", (row.id, row.revision, row.recorded)
                )

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents and all that was extracted from them, in one transaction.

        Raises:
            NotFoundError: an id is unknown; nothing is removed then.
        """
        with self._db:
            for doc in ids:
                if not self._db.execute("DELETE FROM documents WHERE id = ?", (doc,)).rowcount:
                    raise NotFoundError(
                        f"no document '{doc}' in the graph", hint="`ekg info KG --documents` lists them"
                    )
                self._db.execute("DELETE FROM revisions WHERE id = ?", (doc,))
                self._db.execute("DELETE FROM rendered WHERE id = ?", (doc,))

    def move(self, ids: Iterable[str], part: str) -> None:
        """Make documents those of another part, in one transaction."""
        with self._db:
            self._db.executemany("UPDATE documents SET part = ? WHERE id = ?", [(part, doc) for doc in sorted(ids)])

    def document(self, doc: str) -> Document:
        """One document with its text.

        Raises:
            NotFoundError: the id is unknown.
        """
        row = self._db.execute("SELECT document FROM documents WHERE id = ?", (doc,)).fetchone()
        if row is None:
            raise NotFoundError(f"no document '{doc}' in the graph")
        return msgspec.json.decode(row[0], type=Document)

    def record(self, doc: str) -> Extraction:
        """One document's extraction record.

        Raises:
            NotFoundError: the id is unknown.
        """
        row = self._db.execute("SELECT record FROM documents WHERE id = ?", (doc,)).fetchone()
        if row is None:
            raise NotFoundError(f"no document '{doc}' in the graph")
        return decode_extraction(row[0])

    def record_hash(self, doc: str) -> str:
        """A hash of a document's extraction record as it is stored; empty without such a document."""
        row = self._db.execute("SELECT record FROM documents WHERE id = ?", (doc,)).fetchone()
        return "" if row is None else hashlib.sha256(row[0]).hexdigest()

    def documents(self) -> Iterator[Document]:
        """All documents by id."""
        for (data,) in self._db.execute("SELECT document FROM documents ORDER BY id"):
            yield msgspec.json.decode(data, type=Document)

    def records(self, part: str | None = None) -> Iterator[Extraction]:
        """All records by document id, of one part only if it is given."""
        sql = "SELECT record FROM documents WHERE ?1 IS NULL OR part = ?1 ORDER BY id"
        for (data,) in self._db.execute(sql, (part,)):
            yield decode_extraction(data)

    def rendered(self) -> dict[str, str]:
        """Key of the record that each document's quads were last written from."""
        return dict(self._db.execute("SELECT id, key FROM rendered"))

    def set_rendered(self, keys: Mapping[str, str]) -> None:
        """Note that documents' quads were written, after they were."""
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO rendered VALUES (?, ?)", sorted(keys.items()))

    def resolved_from(self) -> dict[str, str]:
        """By document what the resolved graph was last written from."""
        return dict(self._db.execute("SELECT id, key FROM resolved_from"))

    def set_resolved_from(self, keys: Mapping[str, str]) -> None:
        """Note what the resolved graph was written from, after it was: these documents and no others."""
        with self._db:
            self._db.execute("DELETE FROM resolved_from")
            self._db.executemany("INSERT INTO resolved_from VALUES (?, ?)", sorted(keys.items()))

    def resolutions(self) -> dict[str, tuple[str, bytes]]:
        """By part the nodes of its mentions, encoded, and the key of what they were resolved from."""
        try:
            found = self._db.execute("SELECT part, key, nodes FROM resolutions").fetchall()
        except sqlite3.OperationalError:  # written by a version without the table, and opened to be read
            return {}
        return {part: (key, nodes) for part, key, nodes in found}

    def put_resolution(self, part: str, key: str, nodes: bytes) -> None:
        """Store the nodes of a part's mentions."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO resolutions VALUES (?, ?, ?)", (part, key, nodes))

    def keep_resolutions(self, parts: Collection[str]) -> None:
        """Remove the nodes of all other parts."""
        gone = [(part,) for (part,) in self._db.execute("SELECT part FROM resolutions") if part not in parts]
        with self._db:
            self._db.executemany("DELETE FROM resolutions WHERE part = ?", gone)

    def put_links(self, run: str, links: Iterable[Link]) -> None:
        """Store the links of a run in one transaction, replacing what the run had."""
        with self._db:
            self._db.execute("DELETE FROM links WHERE run = ?", (run,))
            self._db.executemany(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)",
                [(run, k.left, k.right, k.score, k.zone, msgspec.json.encode(k.evidence)) for k in links],
            )

    def links(self) -> dict[str, list[Link]]:
        """All links by run, both sorted."""
        found: dict[str, list[Link]] = {}
        for run, left, right, score, zone, evidence in self._db.execute("SELECT * FROM links ORDER BY 1, 2, 3"):
            link = Link(left=left, right=right, score=score, zone=zone, evidence=msgspec.json.decode(evidence))
            found.setdefault(run, []).append(link)
        return found

    def remove_links(self, run: str) -> int:
        """Remove a run's links; returns how many there were."""
        with self._db:
            return self._db.execute("DELETE FROM links WHERE run = ?", (run,)).rowcount
