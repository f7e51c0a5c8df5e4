"""Checking a graph: quads, documents, index and manifest against one another."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import KgError, LockedError
from ekg.index import Index, build_index
from ekg.index.compare import index_differences
from ekg.pipeline.build import content_hash
from ekg.pipeline.links import render_run
from ekg.pipeline.own_types import KEY, stored_types
from ekg.pipeline.part_nodes import sources_of
from ekg.pipeline.publish import generation_of
from ekg.pipeline.render import render_document
from ekg.pipeline.resolve import resolve_sources
from ekg.pipeline.types import ontology_quads, types_of
from ekg.store import DocumentStore, Manifest, kg_lock, read_manifest
from ekg.store.manifest import full_generation
from ekg.store.oxigraph import OxigraphStore
from ekg.store.shapes import violations
from ekg.store.snapshots import newest, pin_newest
from ekg.vocab import GRAPH_ONTOLOGY, GRAPH_RESOLVED, document_iri, document_of, run_graph_iri


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a graph, opened."""

    manifest: Manifest
    store: OxigraphStore
    documents: DocumentStore
    index: Path


def verify(kg: Path) -> list[str]:
    """Compare the parts of a graph with one another; returns the problems found, none if all is well.

    The quads of every document, of every run and of the resolved graph are derived again and compared one by one, the
    index is built again and compared row by row, every document's text is compared with its hash, and the shapes of
    the vocabulary are asked. While another process writes, the newest snapshot is checked instead.

    Raises:
        KgError: the graph cannot be opened at all.
    """
    read_manifest(kg)
    with ExitStack() as stack:
        try:
            stack.enter_context(kg_lock(kg))
            parts = _opened(kg, kg, stack)
        except LockedError:
            pin = pin_newest(kg)
            if pin is None:
                raise
            stack.callback(pin.close)
            parts = _opened(kg, pin.snapshot.path, stack)
        problems = list(_of_manifest(kg, parts))
        try:
            problems += _of_documents(parts)
            problems += _of_quads(parts)
            problems += _of_shapes(parts)
            problems += _of_index(parts)
        except (OSError, RuntimeError) as error:  # Oxigraph tells of damage by either
            problems.append(f"the quads cannot be read: {error} (restore a backup, or build again)")
    return problems


def _opened(kg: Path, folder: Path, stack: ExitStack) -> _Parts:
    """The graph's own files with the index that readers use, or those of a snapshot."""
    last = newest(kg)
    documents = stack.enter_context(closing(DocumentStore(folder / "documents.sqlite", read_only=True)))
    store = stack.enter_context(closing(OxigraphStore(folder / "quads", read_only=True)))
    index = (kg if last is None else last.path) / "index.sqlite"
    return _Parts(read_manifest(folder), store, documents, index)


def _of_manifest(kg: Path, parts: _Parts) -> Iterator[str]:
    manifest = parts.manifest
    if manifest.state != "complete":
        yield f"state is '{manifest.state}': a build was interrupted; run it again"
    rows, links = parts.documents.rows(), parts.documents.links()
    documents = generation_of(rows, links, parts.documents.get_meta("imports") or "")
    generation = full_generation(documents, manifest.updates)
    if generation != manifest.generation:
        yield f"manifest is of generation {manifest.generation}, the documents are of {generation}"
    last = newest(kg)
    if last is not None and (shown := read_manifest(last.path).generation) != manifest.generation:
        yield f"readers see generation {shown}, the graph is of {manifest.generation} (`ekg reindex KG` shows it)"
    for name, number in (("documents", len(rows)), ("quads", len(parts.store))):
        if manifest.counts.get(name, number) != number:
            yield f"the manifest counts {manifest.counts[name]} {name}, there are {number}"


def _of_documents(parts: _Parts) -> Iterator[str]:
    for row in parts.documents.rows():
        if content_hash(parts.documents.document(row.id)) != row.revision:
            yield f"document {row.id}: its content is not the one that its hash was made of"


def _of_quads(parts: _Parts) -> Iterator[str]:
    rows, links = parts.documents.rows(), parts.documents.links()
    config = parts.manifest.config
    wanted: dict[str, set[ox.Quad]] = {}
    sources = sources_of(parts.documents, rows)
    for source in sources:
        wanted[document_iri(source.document.id)] = set(render_document(source.document, source.record, source.recorded))
    for run, found in links.items():
        wanted[run_graph_iri(run)] = set(render_run(run, found))
    every = [link for found in links.values() for link in found]
    with stored_types(config.get(KEY, "")):
        wanted[GRAPH_RESOLVED] = set(resolve_sources(sources, every).quads)
    wanted[GRAPH_ONTOLOGY] = set(ontology_quads(config.get(KEY, ""), types_of(wanted[GRAPH_RESOLVED])))
    for name, expected in sorted(wanted.items()):
        present = set(parts.store.quads(graph=ox.NamedNode(name)))
        if present != expected:
            missing, extra = len(expected - present), len(present - expected)
            yield f"graph {name}: {missing} quads missing, {extra} too many"
    for name in parts.store.graphs():
        if name not in wanted and (document_of(name) is not None or name.startswith("urn:ekg:graph:run:")):
            yield f"graph {name}: belongs to no document or run"


def _of_shapes(parts: _Parts) -> Iterator[str]:
    for found in violations(parts.store):
        yield f"{found.focus} {found.part}: {found.message}"


def _of_index(parts: _Parts) -> Iterator[str]:
    generation = parts.manifest.generation
    try:
        Index(parts.index, generation=generation).close()
        with tempfile.TemporaryDirectory(prefix="ekg-verify-") as folder:
            fresh = Path(folder) / "index.sqlite"
            build_index(fresh, parts.store, parts.documents, generation)
            for problem in index_differences(parts.index, fresh):
                yield f"index, table {problem} (`ekg reindex KG` rebuilds it)"
    except KgError as error:
        yield str(error)
    except sqlite3.DatabaseError as error:
        yield f"{parts.index}: damaged: {error} (`ekg reindex KG` rebuilds it)"
