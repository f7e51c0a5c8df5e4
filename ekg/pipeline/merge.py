"""Merging graphs along the links of an alignment, and taking a merge back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import DataError, KgError, NotFoundError
from ekg.ids import digest
from ekg.model import Document, Extraction, Link
from ekg.pipeline.publish import Published, publish
from ekg.store import DocumentRow, DocumentStore, kg_lock, read_manifest, write_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import GRAPH_RESOLVED, document_of


def run_id(links: Sequence[Link]) -> str:
    """Id of a run: a hash of its links, so that the same links are the same run."""
    rows = [f"{k.left}\t{k.right}\t{k.score:.4f}\t{k.zone}" for k in links]
    return digest("run", *sorted(rows))[:12]


def merge(graphs: Sequence[Path], links: Sequence[Link], out: Path) -> tuple[str, Published]:
    """Put graphs together in a new one and join the nodes that links of zone ``merge`` name.

    Each graph stays a part of its own: without the links its nodes are exactly those it had.

    Args:
        graphs: directories of two or more graphs.
        links: links between their nodes.
        out: directory of the new graph, which must not exist.

    Returns:
        The run's id, for :func:`unmerge`, and what was published.

    Raises:
        KgError: ``out`` exists, or a graph is not one.
        DataError: two graphs have different documents of one id, or a link names an unknown node.
    """
    if out.exists():
        raise KgError(f"{out}: exists already", hint="choose another name, or remove it first")
    manifests = [read_manifest(graph) for graph in graphs]
    run = run_id(links)
    building = out.with_name(f".{out.name}.merging")
    shutil.rmtree(building, ignore_errors=True)
    try:
        with kg_lock(building):
            database = DocumentStore(building / "documents.sqlite")
            try:
                imports = _copy_parts(graphs, database, building)
                database.set_meta("imports", imports)
                database.put_links(run, links)
                published = publish(building, database, dict(manifests[0].config))
            finally:
                database.close()
        os.replace(building, out)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return run, published


def _copy_parts(graphs: Sequence[Path], database: DocumentStore, building: Path) -> str:
    """Copy documents, links and imported quads; returns the digest of what was imported."""
    owner: dict[str, tuple[str, Path]] = {}
    imports: list[str] = []
    store = OxigraphStore(building / "quads")
    try:
        for number, graph in enumerate(graphs):
            source = DocumentStore(graph / "documents.sqlite", read_only=True)
            rows: list[tuple[DocumentRow, Document, Extraction]] = []
            for row in source.rows():
                if row.id in owner:
                    if owner[row.id][0] != row.key:
                        raise DataError(
                            f"document '{row.id}' differs between {owner[row.id][1]} and {graph}",
                            hint="rebuild one of them with other ids, or remove it from one with `ekg rm`",
                        )
                    continue
                owner[row.id] = (row.key, graph)
                part = f"{number}/{row.part}" if row.part else str(number)
                rows.append((replace(row, part=part), source.document(row.id), source.record(row.id)))
            database.put(rows)
            for run, links in source.links().items():
                database.put_links(run, links)
            imports.append(source.get_meta("imports") or "")
            source.close()
            _copy_imports(OxigraphStore(graph / "quads", read_only=True), store)
    finally:
        store.close()
    return digest("imports", *imports) if any(imports) else ""


def _copy_imports(source: OxigraphStore, target: OxigraphStore) -> None:
    """Copy the quads that do not follow from documents: those a user imported."""
    names: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph()]
    for name in source.graphs():
        ours = name == GRAPH_RESOLVED or name.startswith("urn:ekg:graph:run:") or document_of(name) is not None
        if not ours:
            names.append(ox.NamedNode(name))
    for graph in names:
        target.add(source.quads(graph=graph))
    source.close()


def unmerge(kg: Path, run: str) -> Published:
    """Take back what a run's links joined; the nodes are those that the parts had before.

    Raises:
        NotFoundError: no such run; the message lists those there are.
    """
    manifest = read_manifest(kg)
    with kg_lock(kg):
        database = DocumentStore(kg / "documents.sqlite")
        try:
            if not database.remove_links(run):
                known = ", ".join(database.links()) or "none"
                raise NotFoundError(f"{kg}: no run '{run}'", hint=f"runs: {known}")
            write_manifest(kg, replace(manifest, state="building"))
            return publish(kg, database, manifest.config)
        finally:
            database.close()
