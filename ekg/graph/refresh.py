"""Giving a snapshot the index that it does not have yet: after an update, the quads are there first.

Whoever holds the lock on a graph's file indexing does this: a server while it runs, otherwise whoever opens the
graph. So an index is built once, and a reader does not wait while a server is about to build it.
"""

from __future__ import annotations

import fcntl
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from ekg.index import build_index, update_index
from ekg.store import DocumentStore, read_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import Snapshot, newest, pin_newest, touched_since


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
            generation = read_manifest(folder).generation
            path = folder / "index.sqlite"
            if not _update(kg, pin.snapshot, path, store, documents, generation):
                build_index(path, store, documents, generation)
    return True


def _update(
    kg: Path, snapshot: Snapshot, path: Path, store: OxigraphStore, documents: DocumentStore, generation: str
) -> bool:
    """Bring the last index in line with what was touched since; False if that is not known."""
    earlier = pin_newest(kg, indexed=True)
    if earlier is None:
        return False
    with closing(earlier):
        touched = touched_since(snapshot, earlier.snapshot)
        if touched is None:
            return False
        update_index(earlier.snapshot.path / "index.sqlite", path, store, documents, generation, touched=touched)
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
