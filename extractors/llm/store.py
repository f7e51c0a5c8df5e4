"""Replies kept on disk, and the ledger of what a build has spent, in one SQLite file that workers share."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ekg.errors import ConfigError

RUN = "EKG_RUN"
"""Variable with the id of the running build; worker processes inherit it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (run TEXT PRIMARY KEY, requests INTEGER NOT NULL, tokens INTEGER NOT NULL,
  begun REAL NOT NULL) WITHOUT ROWID;
"""
_KEPT = 7 * 86_400
_POLL = 0.02


class ReplyStore:
    """The file ``llm/replies.sqlite`` below the cache folder.

    Args:
        cache: the cache folder; made if it is absent, readable by its owner only.

    Raises:
        ConfigError: the folder cannot be written, or the file is damaged.
    """

    def __init__(self, cache: Path) -> None:
        self.folder = cache / "llm"
        self._path = self.folder / "replies.sqlite"
        self._run = os.environ.get(RUN) or f"{os.getpid()}-{time.time_ns()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigError(
                f"{self.folder}: cannot be made: {error.strerror}", hint="set 'cache' to a folder that can be written"
            ) from error
        with self._open() as database:
            database.executescript(_SCHEMA)
            database.execute("DELETE FROM spent WHERE begun < ?", (time.time() - _KEPT,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=60)) as database, database:
                yield database
        except sqlite3.DatabaseError as error:
            raise ConfigError(
                f"{self._path}: cannot be used: {error}", hint="delete the file; it holds stored replies only"
            ) from error

    def get(self, key: str) -> str | None:
        """A stored reply."""
        with self._open() as database:
            row = database.execute("SELECT content FROM replies WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, content: str) -> None:
        """Store a reply; the first one of a key stays, so that all readers see the same."""
        with self._open() as database:
            database.execute("INSERT OR IGNORE INTO replies VALUES (?, ?)", (key, content))

    def reserve(self, max_requests: int, max_tokens: int) -> bool:
        """Count one more request of this build; False, uncounted, where a budget is used up (0: none is set)."""
        with self._open() as database:
            database.execute("INSERT OR IGNORE INTO spent VALUES (?, 0, 0, ?)", (self._run, time.time()))
            done = database.execute(
                "UPDATE spent SET requests = requests + 1 WHERE run = ? AND (? = 0 OR requests < ?)"
                " AND (? = 0 OR tokens < ?)",
                (self._run, max_requests, max_requests, max_tokens, max_tokens),
            )
            return done.rowcount == 1

    def spend(self, tokens: int) -> None:
        """Count tokens of this build."""
        with self._open() as database:
            database.execute("UPDATE spent SET tokens = tokens + ? WHERE run = ?", (tokens, self._run))

    def spent(self) -> tuple[int, int]:
        """Requests and tokens of this build so far."""
        with self._open() as database:
            row = database.execute("SELECT requests, tokens FROM spent WHERE run = ?", (self._run,)).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    @contextmanager
    def slot(self, count: int) -> Iterator[None]:
        """Wait for one of ``count`` places, over all threads and processes that share the folder."""
        while True:
            for number in range(count):
                with (self.folder / f"slot-{number}").open("w") as stream:
                    if _locked(stream.fileno()):
                        yield
                        return
            time.sleep(_POLL)


def _locked(descriptor: int) -> bool:
    """Whether this open file now holds its lock, which goes with its closing."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
