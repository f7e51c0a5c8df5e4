"""Links whose ends left the graph: documents are removed and corrected, and links must not break with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ekg.model import Link
from ekg.pipeline.merge_check import nodes_of
from ekg.pipeline.resolve import Source
from ekg.store import DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import node_id, node_iri


def mend_links(database: DocumentStore, store: OxigraphStore, sources: Sequence[Source]) -> dict[str, list[Link]]:
    """Links of all runs, after those with an end that is gone were moved to another mention of its node, or dropped.

    What became of a mention that is gone is read from the resolved graph as it was published last. An end that is
    unknown there too is left for resolution to complain about.

    Args:
        database: documents and links; changed links are stored.
        store: quads of the graph as it was published last.
        sources: the documents of the graph as it is to be.
    """
    runs = database.links()
    if not runs:
        return runs
    part = {entity.id: source.part for source in sources for entity in source.record.entities}
    part |= {event.id: source.part for source in sources for event in source.record.events}
    nodes = nodes_of(store)
    members: dict[str, list[str]] = {}
    for mention, node in sorted(nodes.items()):
        members.setdefault(node, []).append(mention)
    for run, links in list(runs.items()):
        mended = _unique(k for link in links if (k := _mended(link, part, nodes, members)) is not None)
        if mended != links:
            database.put_links(run, mended)
    return database.links()


def _mended(link: Link, part: dict[str, str], nodes: dict[str, str], members: dict[str, list[str]]) -> Link | None:
    left, right = node_id(link.left), node_id(link.right)
    if left not in part and left in nodes:
        left = _survivor(left, right, part, nodes, members)
    if right not in part and right in nodes:
        right = _survivor(right, left, part, nodes, members)
    if not left or not right:
        return None
    if (left, right) == (node_id(link.left), node_id(link.right)):
        return link
    return replace(link, left=node_iri(left), right=node_iri(right))


def _survivor(end: str, other: str, part: dict[str, str], nodes: dict[str, str], members: dict[str, list[str]]) -> str:
    """A mention of the same node that is still there and not of the other end's part; empty if there is none."""
    there = part.get(other)
    return next((m for m in members[nodes[end]] if m in part and m != other and part[m] != there), "")


def _unique(links: Iterable[Link]) -> list[Link]:
    found: dict[tuple[str, str], Link] = {}
    for link in sorted(links, key=lambda k: (k.left, k.right, -k.score, k.zone)):
        found.setdefault((link.left, link.right), link)
    return list(found.values())
