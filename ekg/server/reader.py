"""The newest snapshot of a graph, opened for reading."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ekg.errors import KgError
from ekg.index import Index
from ekg.store import read_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import Pin, pin_newest


class Reader:
    """The newest snapshot of a graph, opened; another one when asked for a newer one.

    Args:
        kg: directory of the graph.
        memory_quads: quads of a graph that is copied into memory, where a join takes a quarter of the time; larger
            ones are read from disk.
    """

    def __init__(self, kg: Path, memory_quads: int = 0) -> None:
        self._kg = kg
        self._memory_quads = memory_quads
        self._pin: Pin | None = None
        self._store: OxigraphStore | None = None
        self._index: Index | None = None
        self._number = self._asked = -1

    def store(self, number: int) -> OxigraphStore:
        """The store of the newest snapshot, unless the one that is open has this number, or was opened for it.

        Raises:
            KgError: it cannot be opened.
        """
        if self._store is None or self.opened(number) is None:
            self.close()
            self._pin = pin_newest(self._kg)
            # A graph that an older version built has no snapshots.
            folder = self._kg if self._pin is None else self._pin.snapshot.path
            self._store = self._opened(folder)
            self._index = _index(folder)
            self._store.windows = None if self._index is None else self._index.iris_between
            self._number = 0 if self._pin is None else self._pin.snapshot.number
            self._asked = self._number if number < 0 else number
        return self._store

    def _opened(self, folder: Path) -> OxigraphStore:
        disk = OxigraphStore(folder / "quads", read_only=True)
        if not 0 < read_manifest(folder).counts.get("quads", 0) <= self._memory_quads:
            return disk
        memory = OxigraphStore()
        memory.bulk_add(disk.quads())
        for graph in disk.graphs():
            memory.raw.add_graph(ox.NamedNode(graph))  # one may be empty
        disk.close()
        return memory

    def opened(self, number: int) -> OxigraphStore | None:
        """The store if it is open and of the snapshot with this number, or was opened for it."""
        return self._store if number in (self._number, self._asked) else None

    def close(self) -> None:
        """Let go of the snapshot."""
        if self._store is not None:
            self._store.close()
            self._store = None
        if self._index is not None:
            self._index.close()
            self._index = None
        if self._pin is not None:
            self._pin.close()
            self._pin = None


def _index(folder: Path) -> Index | None:
    """The index of a snapshot, if it is there yet."""
    path = folder / "index.sqlite"
    try:
        return Index(path, generation=read_manifest(folder).generation) if path.exists() else None
    except KgError:
        return None
