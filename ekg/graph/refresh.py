"""Giving a snapshot the index that it does not have yet: after an update, the quads are there first.

Whoever holds the lock on a graph's file indexing does this: a server while it runs, otherwise whoever opens the
graph. So an index is built once, and a reader does not wait while a server is about to build it.
"""

from __future__ import annotations

import fcntl
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from ekg.index import build_index
from ekg.store import DocumentStore, read_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import newest, pin_newest


def take_indexing(kg: Path) -> BinaryIO | None:
    """Become the one who indexes a graph's snapshots, until the file is closed; None if another one is, or may be.

    A directory that cannot be written to is left as it is.
    """
    try:
        file = (kg / "indexing").open("ab")
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def index_newest(kg: Path) -> bool:
    """Build the index of the newest snapshot, which appears in it by a rename; the caller holds ``indexing``.

    Returns:
        Whether there was anything to do.

    Raises:
        OSError: the disk is full, for instance; sqlite3.Error likewise. The snapshot stays without an index.
    """
    pin = pin_newest(kg)
    if pin is None:
        return False
    with closing(pin):
        folder = pin.snapshot.path
        if pin.snapshot.indexed:
            return False
        with (
            closing(OxigraphStore(folder / "quads", read_only=True)) as store,
            closing(DocumentStore(folder / "documents.sqlite", read_only=True)) as documents,
        ):
            build_index(folder / "index.sqlite", store, documents, read_manifest(folder).generation)
    return True


def index_if_left(kg: Path) -> None:
    """Index the newest snapshot if it has no index and nobody is going to build one: its server has ended."""
    found = newest(kg)
    if found is None or found.indexed:
        return
    mine = take_indexing(kg)
    if mine is not None:
        with mine:
            index_newest(kg)
