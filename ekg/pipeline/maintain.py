"""Checking, re-indexing and copying a graph."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import KgError
from ekg.index import Index, build_index
from ekg.pipeline.links import render_run
from ekg.pipeline.own_types import KEY, stored_types
from ekg.pipeline.publish import generation_of, sources_of
from ekg.pipeline.render import render_document
from ekg.pipeline.resolve import resolve_sources
from ekg.pipeline.types import ontology_quads
from ekg.store import DocumentStore, kg_lock, read_manifest, write_manifest
from ekg.store.manifest import full_generation
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import GRAPH_ONTOLOGY, GRAPH_RESOLVED, document_iri, document_of, run_graph_iri


def verify(kg: Path) -> list[str]:
    """Compare quads, documents, index and manifest with one another; returns the problems found, none if all is well.

    The quads of every document, of every run and of the resolved graph are derived again and compared one by one.

    Raises:
        KgError: the graph cannot be opened at all.
    """
    manifest = read_manifest(kg)
    problems: list[str] = []
    if manifest.state != "complete":
        problems.append(f"state is '{manifest.state}': a build was interrupted; run it again")
    database = DocumentStore(kg / "documents.sqlite", read_only=True)
    store = OxigraphStore(kg / "quads", read_only=True)
    rows, links = database.rows(), database.links()
    documents = generation_of(rows, links, database.get_meta("imports") or "")
    generation = full_generation(documents, manifest.updates)
    if generation != manifest.generation:
        problems.append(f"manifest is of generation {manifest.generation}, the documents are of {generation}")
    try:
        Index(kg / "index.sqlite", generation=generation).close()
    except KgError as error:
        problems.append(str(error))
    wanted: dict[str, set[ox.Quad]] = {}
    sources = sources_of(database, rows)
    for source in sources:
        quads = render_document(source.document, source.record, source.recorded)
        wanted[document_iri(source.document.id)] = set(quads)
    for run, found in links.items():
        wanted[run_graph_iri(run)] = set(render_run(run, found))
    every = [link for found in links.values() for link in found]
    with stored_types(manifest.config.get(KEY, "")):
        wanted[GRAPH_RESOLVED] = set(resolve_sources(sources, every).quads)
    wanted[GRAPH_ONTOLOGY] = set(ontology_quads(manifest.config.get(KEY, ""), wanted[GRAPH_RESOLVED]))
    for name, expected in sorted(wanted.items()):
        present = set(store.quads(graph=ox.NamedNode(name)))
        if present != expected:
            missing, extra = len(expected - present), len(present - expected)
            problems.append(f"graph {name}: {missing} quads missing, {extra} too many")
    for name in store.graphs():
        if name not in wanted and (document_of(name) is not None or name.startswith("urn:ekg:graph:run:")):
            problems.append(f"graph {name}: belongs to no document or run")
    database.close()
    store.close()
    return problems


def reindex(kg: Path) -> None:
    """Drop the index and build it again from quads and documents."""
    manifest = read_manifest(kg)
    with kg_lock(kg):
        database = DocumentStore(kg / "documents.sqlite", read_only=True)
        store = OxigraphStore(kg / "quads", read_only=True)
        try:
            build_index(kg / "index.sqlite", store, database, manifest.generation)
        finally:
            store.close()
            database.close()
    write_manifest(kg, manifest)


def backup(kg: Path, target: Path) -> None:
    """Copy a graph to a directory that does not exist; the copy appears complete or not at all.

    Raises:
        KgError: the target exists.
    """
    manifest = read_manifest(kg)
    if target.exists():
        raise KgError(f"{target}: exists already", hint="choose another name")
    temporary = target.with_name(f".{target.name}.partial")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        with kg_lock(kg):
            store = OxigraphStore(kg / "quads")
            store.raw.backup(str(temporary / "quads"))
            store.close()
            for name in ("documents.sqlite", "index.sqlite"):
                with sqlite3.connect(kg / name) as source, sqlite3.connect(temporary / name) as copy:
                    source.backup(copy)
            if (kg / "runs").is_dir():
                shutil.copytree(kg / "runs", temporary / "runs")
            write_manifest(temporary, replace(manifest))
        os.replace(temporary, target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
