"""What a build writes into the store, noted on the way for the index: all of it, or the nodes that it touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import ExitStack, closing
from pathlib import Path

import pyoxigraph as ox

from ekg.index import Facts, build_index, update_index
from ekg.store import DocumentStore, read_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import pin_newest, touched_since
from ekg.store.touched import touched_by
from ekg.vocab import EKG, OA

_SOURCE, _ARGUMENT = ox.NamedNode(OA + "hasSource"), ox.NamedNode(EKG + "hasArgument")


class Changes:
    """Writes to a store for one publication.

    Args:
        store: the quads. If it is empty, the index is made of what passes here; otherwise the earlier index is
            brought in line with it.
        all_known: whether nothing else has changed the store since the earlier index.
    """

    def __init__(self, store: OxigraphStore, *, all_known: bool = True) -> None:
        self.store = store
        self._all_known = all_known
        self.documents: set[str] = set()
        """Ids of documents that were added, changed or removed."""
        self._facts = Facts() if next(store.quads(), None) is None else None
        self._touched: set[str] = set()

    def _note(self, quads: Iterable[ox.Quad]) -> None:
        if self._facts is not None:
            self._facts.note_all(quads)
        else:
            self._touched |= touched_by(quads)

    def _note_document(self, quads: Iterable[ox.Quad]) -> None:
        """Note quads of a document's graph: rows depend on it by mentions and their arguments alone."""
        if self._facts is not None:
            self._facts.note_all(quads)
        else:
            for quad in quads:
                if quad.predicate == _SOURCE and isinstance(quad.subject, ox.NamedNode):
                    self._touched.add(quad.subject.value)
                elif quad.predicate == _ARGUMENT and isinstance(quad.object, ox.NamedNode):
                    self._touched.add(quad.object.value)

    def add(self, quads: list[ox.Quad]) -> None:
        """Add quads in one transaction."""
        self.store.add(quads)
        self._note(quads)

    def remove(self, quads: Collection[ox.Quad]) -> None:
        """Remove quads one by one."""
        for quad in quads:
            self.store.raw.remove(quad)
        self._note(quads)

    def add_documents(self, quads: list[ox.Quad]) -> None:
        """Add the graphs of documents in one transaction."""
        self.store.add(quads)
        self._note_document(quads)

    def replace_document(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Make the graph of a document hold exactly these quads."""
        self._note_document(self.store.replace_graph(graph, quads))

    def remove_document(self, graph: ox.NamedNode) -> None:
        """Remove the graph of a document."""
        self._note_document(self.store.quads(graph=graph))
        self._remove(graph)

    def bulk_add(self, quads: list[ox.Quad]) -> None:
        """Add many quads fast."""
        self.store.bulk_add(quads)
        self._note(quads)

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Make a graph hold exactly these quads."""
        self._note(self.store.replace_graph(graph, quads))

    def exchange(self, graph: ox.NamedNode, gone: set[ox.Quad], new: set[ox.Quad]) -> None:
        """Remove some quads of a graph and add others to it in one transaction."""
        self._note(self.store.exchange(graph, gone, new))

    def remove_graph(self, graph: ox.NamedNode) -> None:
        """Remove a graph."""
        self._note(self.store.quads(graph=graph))
        self._remove(graph)

    def _remove(self, graph: ox.NamedNode) -> None:
        if self._facts is not None:
            self._facts, self._all_known = None, False
        self.store.remove_graph(graph)

    def index(self, kg: Path, documents: DocumentStore, before: str, generation: str) -> None:
        """Make the index of the store as it is now.

        Args:
            kg: the graph's directory.
            documents: the documents as they are now.
            before: generation of the store before these changes, of which the earlier index must be.
            generation: generation of the store now.
        """
        path = kg / "index.sqlite"
        with ExitStack() as stack:
            earlier = _earlier(kg, before, stack) if self._facts is None and self._all_known else None
            if earlier is None:
                build_index(path, self.store, documents, generation, facts=self._facts)
                return
            old, touched = earlier
            touched |= self._touched
            update_index(old, path, self.store, documents, generation, touched=touched, changed=self.documents)


def _earlier(kg: Path, before: str, stack: ExitStack) -> tuple[Path, set[str]] | None:
    """The last index of a graph, with the IRIs that changes have touched since; None where they are not known.

    After updates by a server it lies in a snapshot, and may be of a state some updates ago.

    Args:
        kg: the graph's directory.
        before: generation of the state in which the graph is.
        stack: holds the snapshot until it is left.
    """
    if _is_of(kg / "index.sqlite", before):
        return kg / "index.sqlite", set()
    last, indexed = pin_newest(kg), pin_newest(kg, indexed=True)
    for pin in (last, indexed):
        if pin is not None:
            stack.callback(pin.close)
    if last is None or indexed is None or read_manifest(last.snapshot.path).generation != before:
        return None
    folder = indexed.snapshot.path
    if not _is_of(folder / "index.sqlite", read_manifest(folder).generation):
        return None
    touched = [] if last.snapshot == indexed.snapshot else touched_since(last.snapshot, indexed.snapshot)
    return None if touched is None else (folder / "index.sqlite", set(touched))


def _is_of(path: Path, generation: str) -> bool:
    """Whether an index is there and of a generation."""
    if not generation or not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(row) and row[0] == generation
