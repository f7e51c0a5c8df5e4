"""Opening a graph by a descriptor."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from ekg.errors import KgError
from ekg.graph.event_graph import EventGraph
from ekg.graph.refresh import index_if_left
from ekg.index import Index, build_index
from ekg.store import DocumentStore, Manifest, read_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import Pin, pin_newest


def open_graph(descriptor: str | Path = "memory:") -> EventGraph:
    """Open a knowledge graph for reading: its last complete state, whatever is being written beside.

    Args:
        descriptor: a directory made by ``ekg build`` or ``ekg import``, ``memory:`` for an empty graph in memory, or
            ``sparql+https://host/query`` for one in another engine (see :meth:`ekg.store.endpoint.Endpoint.parse`).

    Raises:
        KgError: not a knowledge graph, damaged, being built for the first time, or of a newer schema.
        ConfigError: the descriptor of an endpoint is malformed.
    """
    text = str(descriptor)
    if text == "memory:":
        return memory_graph(OxigraphStore(), DocumentStore())
    if text.startswith("sparql+"):
        return remote_graph(text)
    path = Path(text)
    manifest = read_manifest(path)
    index_if_left(path)
    pin = pin_newest(path, indexed=True)
    if pin is not None:
        return _opened(path, pin.snapshot.path, pin)
    if manifest.state != "complete":
        raise KgError(
            f"{path}: a build of it is under way or was interrupted", hint="run the same `ekg build` again to finish it"
        )
    return _opened(path, path, None)


def _opened(path: Path, folder: Path, pin: Pin | None) -> EventGraph:
    """A graph of which a directory holds the files: its own, or a snapshot's."""
    with ExitStack() as stack:
        if pin is not None:
            stack.callback(pin.close)
        manifest = read_manifest(folder)
        index = stack.enter_context(closing(Index(folder / "index.sqlite", generation=manifest.generation)))
        documents = stack.enter_context(closing(DocumentStore(folder / "documents.sqlite", read_only=True)))
        store = OxigraphStore(folder / "quads", read_only=True)
        store.windows = index.iris_between
        stack.pop_all()
    return EventGraph(store, documents, index, manifest, path, pin)


def remote_graph(descriptor: str) -> EventGraph:
    """A graph in another engine. Its index is made in memory, of what the engine tells, when it is first asked.

    The token in the variable ``EKG_SPARQL_TOKEN`` is sent with every request.

    Raises:
        ConfigError: the descriptor is malformed.
        KgError: ``documents`` in it is no graph.
    """
    from ekg.store.endpoint import Endpoint
    from ekg.store.remote import RemoteStore

    # A command's argument is a path, which has lost one of two slashes wherever there were two.
    url = re.sub(r"\b(https?:)/+", r"\1//", descriptor)
    store = RemoteStore(Endpoint.parse(url, token=os.environ.get("EKG_SPARQL_TOKEN")))
    documents, pin = _texts(store.endpoint.documents)

    def index() -> Index:
        connection = build_index(None, store, documents, "remote")
        assert isinstance(connection, sqlite3.Connection)
        return Index(connection)

    address, texts = f"sparql+{store.endpoint.query}", store.endpoint.documents is not None
    return EventGraph(
        store, documents, index, Manifest(generation="remote"), None, pin, address=address, texts=texts
    )  # fmt: skip


def _texts(kg: str | None) -> tuple[DocumentStore, Pin | None]:
    """The documents of a graph on this machine, whose snapshot is held; none if there is no such graph."""
    if kg is None:
        return DocumentStore(), None
    read_manifest(Path(kg))
    pin = pin_newest(Path(kg))
    folder = Path(kg) if pin is None else pin.snapshot.path
    return DocumentStore(folder / "documents.sqlite", read_only=True), pin


def memory_graph(store: OxigraphStore, documents: DocumentStore, *, generation: str = "memory") -> EventGraph:
    """A graph over a store and documents in memory, with an index built for it."""
    connection = build_index(None, store, documents, generation)
    assert isinstance(connection, sqlite3.Connection)
    return EventGraph(store, documents, Index(connection), Manifest(generation=generation))
