"""A graph as one file, canonical: the same content gives the same bytes."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyoxigraph as ox

from ekg.errors import DataError
from ekg.io.eventkg import eventkg_quads
from ekg.io.formats import EVENTKG_ENDING, EXPORT_EXTENSIONS, NODE_EXTENSIONS, extension
from ekg.io.rdf import NOT_XML, jsonld_bytes, rdfxml_bytes, sort_key, turtle_bytes, written
from ekg.io.tabular import facts_tsv, names_tsv, parquet_bytes
from ekg.store.base import Store

DEFAULT_GRAPH = "default"
"""Stands for the default graph in ``graphs``."""


@runtime_checkable
class HasNodes(Protocol):
    """A graph over a store, such as :class:`ekg.graph.EventGraph`."""

    @property
    def store(self) -> Any:
        """The quads."""
        ...

    def to_networkx(self) -> Any:
        """The node level."""
        ...


def export(source: Store | HasNodes, path: Path, *, graphs: Collection[str] | None = None) -> dict[str, Any]:
    """Write a graph to a file, whose extension says the format; an existing file is replaced when all is written.

    ``.nq`` and ``.nt`` are sorted lines; ``.ttl .trig .jsonld .rdf`` are grouped by subject with prefixes;
    ``.graphml`` is the node level (events and entities with the roles between them), ``.parquet`` the table of events,
    ``facts.tsv`` the facts, with ``names.tsv`` beside it. ``.eventkg.nq`` has the terms of EventKG's schema alone.
    ``.nt .ttl .rdf`` know no named graphs: they get the union of all graphs, a triple that stands in several only once.
    ``.gz`` compresses.

    Args:
        source: a store, or a graph (``.graphml .tsv .parquet`` need one).
        path: file to write.
        graphs: IRIs of the graphs to write (``default`` is the default graph); None writes all.

    Returns:
        ``{"path", "format", "quads", "bytes"}``; for the node level ``nodes`` and ``edges``, or ``rows``, in place of
        ``quads``.

    Raises:
        DataError: an unknown extension or graph, content the format cannot hold, or a path that cannot be written.
        MissingError: Parquet without pyarrow.
    """
    suffix, compressed = extension(path)
    if suffix not in EXPORT_EXTENSIONS:
        raise DataError(
            f"cannot export to '{suffix or path.name}'",
            path=path,
            hint=f"known: {' '.join(EXPORT_EXTENSIONS)}, each also with .gz",
        )
    counts: dict[str, Any]
    if suffix in NODE_EXTENSIONS:
        if not isinstance(source, HasNodes) or graphs is not None:
            raise DataError(f"{suffix} is the node level of a whole graph", hint="leave out the choice of graphs")
        data, counts = _nodes(source, suffix)
        if suffix == ".tsv":
            _write_names(source, path, compressed)
    else:
        store: Store = source.store if isinstance(source, HasNodes) else source
        eventkg = path.name.lower().removesuffix(".gz").endswith(EVENTKG_ENDING)
        quads = eventkg_quads(store) if eventkg and graphs is None else _quads(store, graphs)
        data, count = _rdf(quads, suffix)
        counts = {"quads": count}
    if compressed:
        data = gzip.compress(data, mtime=0)
    write_atomically(path, data)
    return {"path": str(path), "format": suffix[1:], **counts, "bytes": len(data)}


def _quads(store: Store, graphs: Collection[str] | None) -> Iterator[ox.Quad]:
    if graphs is None:
        return store.quads()
    known = store.graphs()
    names: list[ox.NamedNode | ox.DefaultGraph] = []
    for name in sorted(set(graphs)):
        if name != DEFAULT_GRAPH and name not in known:
            raise DataError(f"no graph <{name}> in the store", hint=f"there are {len(known)} named graphs")
        names.append(ox.DefaultGraph() if name == DEFAULT_GRAPH else ox.NamedNode(name))
    return chain.from_iterable(store.quads(graph=name) for name in names)


def _rdf(quads: Iterator[ox.Quad], suffix: str) -> tuple[bytes, int]:
    if suffix in {".nt", ".nq"}:
        # Line feeds inside literals are escaped, so a line is a statement.
        text = (
            written((quad.triple for quad in quads), ox.RdfFormat.N_TRIPLES)
            if suffix == ".nt"
            else written(quads, ox.RdfFormat.N_QUADS)
        )
        lines = sorted(set(text.split(b"\n")[:-1]))
        return b"".join(line + b"\n" for line in lines), len(lines)
    if suffix in {".ttl", ".rdf"}:
        quads = (ox.Quad(*triple) for triple in {quad.triple for quad in quads})
    found = sorted(quads, key=sort_key)
    if suffix == ".jsonld":
        return jsonld_bytes(found), len(found)
    if suffix == ".rdf":
        return rdfxml_bytes(found), len(found)
    return turtle_bytes(found, ox.RdfFormat.TURTLE if suffix == ".ttl" else ox.RdfFormat.TRIG), len(found)


def _nodes(source: HasNodes, suffix: str) -> tuple[bytes, dict[str, Any]]:
    if suffix == ".graphml":
        return _graphml(source)
    data, rows = facts_tsv(source) if suffix == ".tsv" else parquet_bytes(source)
    return data, {"rows": rows}


def _write_names(source: HasNodes, path: Path, compressed: bool) -> None:
    """The names of the nodes, beside the facts."""
    beside = path.with_name("names.tsv.gz" if compressed else "names.tsv")
    if beside == path:
        raise DataError("names.tsv is written beside the facts", path=path, hint="give facts.tsv")
    data, _ = names_tsv(source)
    write_atomically(beside, gzip.compress(data, mtime=0) if compressed else data)


def _graphml(source: HasNodes) -> tuple[bytes, dict[str, Any]]:
    import networkx as nx

    graph = source.to_networkx()
    for _, values in graph.nodes(data=True):
        values["label"] = NOT_XML.sub("�", values["label"])
    out = io.BytesIO()
    nx.write_graphml(graph, out, named_key_ids=True)
    return out.getvalue() + b"\n", {"nodes": graph.number_of_nodes(), "edges": graph.number_of_edges()}


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there when it is complete.

    Raises:
        DataError: the folder is missing or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(name, 0o666 & ~umask)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise DataError(f"cannot be written: {error.strerror or error}", path=path) from error
