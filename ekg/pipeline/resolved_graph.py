"""The resolved graph brought in line with documents and links, by writing only the nodes that changed.

For every document it is kept what its nodes were rendered from. Where that is known, nodes are rendered again whose
mentions are others now, or are in another document's new text, and events that name an entity whose node is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from ekg.ids import digest
from ekg.pipeline.changes import Changes
from ekg.pipeline.code_hash import code_hash
from ekg.pipeline.part_nodes import Joined, sources_of
from ekg.pipeline.resolve import render_nodes
from ekg.store import DocumentRow, DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, GRAPH_RESOLVED, RDF, RDFS, SCHEMA, SEM, node_id, node_iri

_CODE = (
    "ekg/pipeline/*.py", "ekg/vocab/*.py", "ekg/store/*.py", "ekg/time/*.py", "ekg/model/*.py",
    "ekg/ids.py", "extractors/completeness.py", "extractors/event_place.py", "extractors/events/labels.py",
    "extractors/coreference/words.py", "extractors/ontology/*",
)  # fmt: skip
_KEY = "resolved"
_MOST = 0.4
"""Share of all nodes from which on all are written: one pass over the graph is faster then."""

_GRAPH = ox.NamedNode(GRAPH_RESOLVED)
_TYPE, _EVENT = ox.NamedNode(RDF + "type"), ox.NamedNode(SEM + "Event")
_REFERS, _SUB_EVENT = ox.NamedNode(EKG + "refersTo"), ox.NamedNode(SEM + "hasSubEvent")
_SUBJECT, _OBJECT = ox.NamedNode(RDF + "subject"), ox.NamedNode(RDF + "object")
_WITHIN, _LABEL = ox.NamedNode(SCHEMA + "containedInPlace"), ox.NamedNode(RDFS + "label")


def write_resolved(
    changes: Changes,
    database: DocumentStore,
    rows: Sequence[DocumentRow],
    joined: Joined,
    before: Mapping[str, str],
    *,
    settings: Sequence[str],
    trusted: bool,
) -> None:
    """Make the resolved graph that of the documents and links.

    Args:
        changes: writes to the store.
        database: the documents; what the graph was written from is noted there.
        rows: all documents.
        joined: nodes of all mentions.
        before: node of every mention as the resolved graph has them.
        settings: what else nodes are rendered by.
        trusted: whether nothing else has changed the store since it was written last.
    """
    state = digest(_KEY, code_hash(*_CODE), *settings)
    known = database.resolved_from() if trusted and before and database.get_meta(_KEY) == state else None
    # Without a key a record may be another although the document is the same.
    now = {row.id: f"{row.revision} {row.key} {row.recorded or ''}" if row.key else "" for row in rows}
    touched = None if known is None else _touched(database, joined, before, known, now)
    # Whoever is killed from here on leaves a graph of which nothing is known.
    database.set_meta(_KEY, "")
    total = len(set(joined.entities.values())) + len(set(joined.events.values()))
    if touched is None or len(touched) > _MOST * total:
        quads = render_nodes(sources_of(database, rows), joined.entities, joined.events)
        if before:
            changes.replace_graph(_GRAPH, quads)
        else:
            changes.bulk_add(quads)
    elif touched:
        _rewrite(changes, database, rows, joined, touched)
    changes.store.flush()
    database.set_resolved_from(now)
    database.set_meta(_KEY, state)


def _touched(
    database: DocumentStore, joined: Joined, before: Mapping[str, str], known: Mapping[str, str], now: Mapping[str, str]
) -> set[str]:
    """Nodes, old and new ones, whose quads may be others now."""
    moved = {mention for mention, node in before.items() if joined.node(mention) != node}
    moved.update(mention for mention in joined.document if mention not in before)
    changed = {doc for doc, mark in now.items() if not mark or known.get(doc) != mark}
    found = {before[mention] for mention in moved if mention in before}
    for mention, doc in joined.document.items():
        if mention in moved or doc in changed:
            found.add(joined.node(mention) or "")
    # Events name the nodes of their participants and places, which are entities of the same document.
    for doc in sorted({joined.document[m] for m in moved if m in joined.entities} - changed):
        for event in database.record(doc).events:
            names = {argument.entity for argument in event.arguments} | {event.place.entity if event.place else None}
            if not moved.isdisjoint(name for name in names if name):
                found.add(joined.events[event.id])
    return found


def _rewrite(
    changes: Changes, database: DocumentStore, rows: Sequence[DocumentRow], joined: Joined, touched: set[str]
) -> None:
    """Replace the quads of some nodes."""
    store = changes.store
    gone = _quads_of(store, touched)
    # What a place lies in has a label, which the nodes of all places in it state.
    while shared := _unclear_containers(store, gone, touched):
        touched = touched | shared
        gone = _quads_of(store, touched)
    docs = {
        joined.document[mention]
        for nodes in (joined.entities, joined.events)
        for mention, node in nodes.items()
        if node in touched
    }
    sources = sources_of(database, [row for row in rows if row.id in docs])
    new = set(render_nodes(sources, joined.entities, joined.events, touched))
    changes.exchange(_GRAPH, gone - new, new - gone)


def _quads_of(store: OxigraphStore, nodes: Iterable[str]) -> set[ox.Quad]:
    """All quads of the resolved graph that only these nodes state."""
    found: set[ox.Quad] = set()
    for node in nodes:
        iri = ox.NamedNode(node_iri(node))
        found.update(store.quads(iri, graph=_GRAPH))
        found.update(store.quads(None, _REFERS, iri, _GRAPH))
        ends = [store.quads(None, _SUBJECT, iri, _GRAPH)]
        if next(store.quads(iri, _TYPE, _EVENT, _GRAPH), None) is not None:
            # Only relations have an event as object; what has an entity is the participation of an event.
            ends.append(store.quads(None, _OBJECT, iri, _GRAPH))
            found.update(store.quads(None, _SUB_EVENT, iri, _GRAPH))
        for statement in {quad.subject for end in ends for quad in end if isinstance(quad.subject, ox.NamedNode)}:
            found.update(store.quads(statement, graph=_GRAPH))
    for container in _containers(found):
        if not _others_within(store, container, nodes):
            found.update(store.quads(container, _LABEL, None, _GRAPH))
    return found


def _containers(quads: Iterable[ox.Quad]) -> set[ox.NamedNode]:
    return {q.object for q in quads if q.predicate == _WITHIN and isinstance(q.object, ox.NamedNode)}


def _others_within(store: OxigraphStore, container: ox.NamedNode, nodes: Iterable[str]) -> set[str]:
    inside = store.quads(None, _WITHIN, container, _GRAPH)
    return {node_id(q.subject.value) for q in inside if isinstance(q.subject, ox.NamedNode)}.difference(nodes)


def _unclear_containers(store: OxigraphStore, gone: set[ox.Quad], touched: set[str]) -> set[str]:
    """Other nodes within a container that has several labels, so that nobody knows which node states which."""
    found: set[str] = set()
    for container in _containers(gone):
        if len(list(store.quads(container, _LABEL, None, _GRAPH))) > 1:
            found |= _others_within(store, container, touched)
    return found
