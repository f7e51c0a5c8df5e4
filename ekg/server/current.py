"""The newest complete graph, opened again when a newer one is published."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ekg.graph import EventGraph, open_graph
from ekg.graph.open import memory_graph
from ekg.store.snapshots import SNAPSHOTS, newest

_LOOK_SECONDS = 0.02
_RELIST_SECONDS = 1.0
_EPOCH = 1 << 40
"""More than all numbers of snapshots."""


class Watch:
    """Numbers of a graph's newest snapshots, for a few microseconds a question.

    Args:
        kg: directory of the graph.
    """

    def __init__(self, kg: Path) -> None:
        self._kg = kg
        self._folder = str(kg / SNAPSHOTS)
        self._changed = -1
        self._looked = self._listed = 0.0
        self._number = self._epoch = 0
        self._identity: tuple[int, ...] = (0,)

    def number(self) -> int:
        """Number of the newest snapshot, as it was a moment ago at the earliest; 0 if there is none.

        A graph that is deleted and made anew has the same numbers once more. Where that is seen, a larger one is told:
        it stands for another state than any number before.
        """
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return self._number
        self._looked = now
        try:
            changed = os.stat(self._folder).st_mtime_ns
        except FileNotFoundError:
            changed = 0
        # Two changes within a tick of the file system's clock look like one, hence the second reason to look.
        if changed != self._changed or now - self._listed > _RELIST_SECONDS:
            found = newest(self._kg)
            identity = (0,) if found is None else found.identity
            if identity != self._identity and identity[0] <= self._identity[0]:
                self._epoch += _EPOCH
            self._identity = identity
            self._number = self._epoch + identity[0]
            self._changed, self._listed = changed, now
        return self._number

    def look(self) -> None:
        """Look again at the next question, at once and whatever the directory's time says."""
        self._looked = self._listed = 0.0


class Current:
    """The graph behind the JSON API; safe to use from many threads.

    Args:
        graph: open for reading; where it is on disk, a newer snapshot that has its index takes its place.
        owned: whether ``graph`` is closed when it is no longer needed.
    """

    def __init__(self, graph: EventGraph, *, owned: bool) -> None:
        self._lock = threading.Lock()
        self._graph = graph
        self._kept = None if owned else graph
        self._users: dict[EventGraph, int] = {}
        self._changes = 0
        self._closed = False
        self._state = self._newest(graph.path)

    @staticmethod
    def _newest(path: Path | None) -> tuple[int, ...]:
        found = None if path is None else newest(path, indexed=True)
        return (0,) if found is None else found.identity

    def generation(self) -> str:
        """Generation of the graph."""
        return self._graph.manifest.generation

    def is_newest(self) -> bool:
        """Whether the next lease is of the graph whose generation is told now."""
        path = self._graph.path
        return self._state == ((self._changes,) if path is None else self._newest(path))

    @contextmanager
    def lease(self) -> Iterator[EventGraph]:
        """The newest graph, which stays open until the block ends."""
        with self._lock:
            self._renew()
            graph = self._graph
            self._users[graph] = self._users.get(graph, 0) + 1
        try:
            yield graph
        finally:
            with self._lock:
                self._users[graph] -= 1
                self._release(graph)

    def changed(self) -> None:
        """Index a graph in memory again at the next lease, since its quads have changed."""
        self._changes += 1

    def _renew(self) -> None:
        path = self._graph.path
        if path is None and (self._changes,) != self._state:
            old = self._graph
            self._state = (self._changes,)
            self._graph = memory_graph(old.local_store, old.documents, generation=f"memory {self._changes}")
            self._release(old)
            return
        if path is None or (state := self._newest(path)) == self._state:
            return
        old, self._graph = self._graph, open_graph(path)
        self._state = state
        self._release(old)

    def _release(self, graph: EventGraph) -> None:
        """Close a graph that nobody uses and that has been replaced, or is the last one."""
        if not self._users.get(graph):
            self._users.pop(graph, None)
            if graph is not self._kept and (self._closed or graph is not self._graph):
                # The graphs of one store in memory differ in their index alone.
                last = self._kept is None and graph is self._graph
                graph.close() if graph.path or last else graph.index.close()

    def close(self) -> None:
        """Close the graph once nobody uses it."""
        with self._lock:
            self._closed = True
            self._release(self._graph)
