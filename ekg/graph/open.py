"""Opening a graph by a descriptor."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ekg.errors import ConfigError, KgError
from ekg.graph.event_graph import EventGraph
from ekg.index import Index, build_index
from ekg.store import DocumentStore, Manifest, read_manifest
from ekg.store.oxigraph import OxigraphStore


def open_graph(descriptor: str | Path = "memory:") -> EventGraph:
    """Open a knowledge graph for reading.

    Args:
        descriptor: a directory made by ``ekg build`` or ``ekg import``, or ``memory:`` for an empty graph in memory.

    Raises:
        KgError: not a knowledge graph, damaged, being built, or of a newer schema.
        ConfigError: a descriptor of an unknown kind.
    """
    text = str(descriptor)
    if text == "memory:":
        return memory_graph(OxigraphStore(), DocumentStore())
    if text.startswith("sparql+"):
        raise ConfigError("remote graphs cannot be opened by this version", hint="open a directory made by `ekg build`")
    path = Path(text)
    manifest = read_manifest(path)
    if manifest.state != "complete":
        raise KgError(
            f"{path}: a build of it is under way or was interrupted", hint="run the same `ekg build` again to finish it"
        )
    index = Index(path / "index.sqlite", generation=manifest.generation)
    documents = DocumentStore(path / "documents.sqlite", read_only=True)
    return EventGraph(OxigraphStore(path / "quads", read_only=True), documents, index, manifest, path)


def memory_graph(store: OxigraphStore, documents: DocumentStore) -> EventGraph:
    """A graph over a store and documents in memory, with an index built for it."""
    connection = build_index(None, store, documents, "memory")
    assert isinstance(connection, sqlite3.Connection)
    return EventGraph(store, documents, Index(connection), Manifest(generation="memory"))
