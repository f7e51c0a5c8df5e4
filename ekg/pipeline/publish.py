"""From the documents and links of a graph to its quads, its index and a complete manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ekg.ids import digest
from ekg.model import Link
from ekg.pipeline.changes import Changes
from ekg.pipeline.links import render_run
from ekg.pipeline.mend_links import mend_links
from ekg.pipeline.merge_check import nodes_of
from ekg.pipeline.own_types import KEY, stored_types
from ekg.pipeline.part_nodes import Joined, join_parts, part_nodes
from ekg.pipeline.render import render_document
from ekg.pipeline.resolved_graph import write_resolved
from ekg.pipeline.types import ontology_quads, types_in
from ekg.store import DocumentRow, DocumentStore, Manifest, read_manifest, write_manifest
from ekg.store.manifest import full_generation
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import UNPUBLISHED, publish_snapshot
from ekg.vocab import GRAPH_ONTOLOGY, document_iri, document_of, node_iri, run_graph_iri

WAIT_SECONDS = 2.0
"""How long a writer waits for its turn: a server with updates lets others have theirs that often."""
_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Counts of the finished graph and the generation that all its files carry."""

    counts: dict[str, int]
    generation: str


def generation_of(rows: list[DocumentRow], links: dict[str, list[Link]], imports: str) -> str:
    """Hash of all that the content of a graph depends on, but for updates."""
    parts = [f"{row.id}\t{row.part}\t{row.recorded}\t{row.key}" for row in rows]
    for run, found in links.items():
        parts.extend(f"{run}\t{link.left}\t{link.right}\t{link.score}\t{link.zone}" for link in found)
    return digest("generation", *parts, imports)


def publish(
    kg: Path, database: DocumentStore, config: dict[str, str], *, first: Callable[[Changes], None] | None = None
) -> Published:
    """Bring quads and index in line with the document database, then write the manifest, which completes the graph.

    The caller holds the writer's lock. Every step can be repeated, so a killed publish is mended by the next one. Parts
    whose documents are the same are not resolved again, and nodes that nothing changes for are not written again.

    Args:
        kg: the graph's directory.
        database: its documents and links.
        config: what it is built with.
        first: writes what does not come from documents, before all else.
    """
    rows = database.rows()
    parts = part_nodes(database, rows)
    before = read_manifest(kg).generation if (kg / "manifest.json").exists() else ""
    # A mark that is there already is of somebody who was killed, or changed more than is done here.
    behind = (kg / UNPUBLISHED).exists()
    (kg / UNPUBLISHED).touch()
    store = OxigraphStore(kg / "quads")
    changes = Changes(store, all_known=not behind)
    try:
        if first is not None:
            first(changes)
        known = nodes_of(store)
        links = mend_links(database, known, parts)
        documents = generation_of(rows, links, database.get_meta("imports") or "")
        updates = read_manifest(kg).updates if (kg / "manifest.json").exists() else ""
        generation = full_generation(documents, updates)
        _write_documents(changes, database, rows)
        _write_runs(changes, links)
        joined = join_parts(parts, [link for found in links.values() for link in found])
        _note_redirects(kg, known, joined)
        own_types = config.get(KEY, "")
        with stored_types(own_types):
            settings = own_types, updates
            write_resolved(changes, database, rows, joined, known, settings=settings, trusted=not behind)
        types = ontology_quads(own_types, types_in(store))
        changes.replace_graph(ox.NamedNode(GRAPH_ONTOLOGY), types)
        store.flush()
        changes.index(kg, database, before, generation)
        counts = {
            "documents": len(rows),
            "quads": len(store),
            "events": len(set(joined.events.values())),
            "event_mentions": len(joined.events),
            "entities": len(set(joined.entities.values())),
        }
        database.set_meta("generation", documents)
        database.freeze()
        manifest = Manifest(generation=generation, config=config, counts=counts, updates=updates)
        publish_snapshot(kg, store, manifest, indexed=True)
    finally:
        store.close()
    write_manifest(kg, manifest)
    (kg / UNPUBLISHED).unlink(missing_ok=True)
    return Published(counts=counts, generation=generation)


def _write_documents(changes: Changes, database: DocumentStore, rows: list[DocumentRow]) -> None:
    """Write the graphs of documents whose record changed since they were written, and drop those of removed ones."""
    store = changes.store
    rendered = database.rendered()
    present = {doc for name in store.graphs() if (doc := document_of(name)) is not None}
    for doc in sorted(present - {row.id for row in rows}):
        changes.remove_document(ox.NamedNode(document_iri(doc)))
        changes.documents.add(doc)
    stale = [row for row in rows if rendered.get(row.id) != _stamp(row) or row.id not in present]
    for start in range(0, len(stale), _BATCH):
        batch = stale[start : start + _BATCH]
        fresh: list[ox.Quad] = []
        for row in batch:
            quads = render_document(database.document(row.id), database.record(row.id), row.recorded)
            if row.id in present:
                changes.replace_document(ox.NamedNode(document_iri(row.id)), quads)
            else:
                fresh.extend(quads)
        changes.add_documents(fresh)
        changes.documents.update(row.id for row in batch)
        database.set_rendered({row.id: _stamp(row) for row in batch})


def _stamp(row: DocumentRow) -> str:
    """All that the quads of a document depend on."""
    return f"{row.key} {row.recorded or ''}"


def _write_runs(changes: Changes, links: dict[str, list[Link]]) -> None:
    wanted = {run_graph_iri(run): render_run(run, found) for run, found in links.items()}
    for name in changes.store.graphs():
        if name.startswith("urn:ekg:graph:run:") and name not in wanted:
            changes.remove_graph(ox.NamedNode(name))
    for name, quads in wanted.items():
        changes.replace_graph(ox.NamedNode(name), quads)


def _note_redirects(kg: Path, known: Mapping[str, str], joined: Joined) -> None:
    """Keep where ids of vanished nodes lead to now; history, so it lies beside the run records."""
    now = {**joined.entities, **joined.events}
    gone = sorted(set(known.values()) - set(now.values()))
    moved = [(node_iri(name), node_iri(now[name])) for name in gone if name in now]
    if moved:
        (kg / "runs").mkdir(exist_ok=True)
        with (kg / "runs" / "redirects.tsv").open("a", encoding="utf-8") as file:
            file.writelines(f"{left}\t{right}\n" for left, right in moved)
