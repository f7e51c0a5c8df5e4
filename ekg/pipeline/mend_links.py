"""Links whose ends left the graph: documents are removed and corrected, and links must not break with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ekg.model import Link
from ekg.pipeline.part_nodes import PartNodes
from ekg.store import DocumentStore
from ekg.vocab import node_id, node_iri


def mend_links(
    database: DocumentStore, nodes: Mapping[str, str], parts: Mapping[str, PartNodes]
) -> dict[str, list[Link]]:
    """Links of all runs, after those with an end that is gone were moved to another mention of its node, or dropped.

    An end that is unknown to the graph as it was published last, too, is left for resolution to complain about.

    Args:
        database: documents and links; changed links are stored.
        nodes: node of every mention in the graph as it was published last.
        parts: the mentions of the graph as it is to be.
    """
    runs = database.links()
    if not runs:
        return runs
    part = {
        mention: name
        for name, found in parts.items()
        for doc in found.documents
        for mention in (*doc.entities, *doc.events)
    }
    members: dict[str, list[str]] = {}
    for mention, node in sorted(nodes.items()):
        members.setdefault(node, []).append(mention)
    for run, links in list(runs.items()):
        mended = _unique(k for link in links if (k := _mended(link, part, nodes, members)) is not None)
        if mended != links:
            database.put_links(run, mended)
    return database.links()


def _mended(
    link: Link, part: Mapping[str, str], nodes: Mapping[str, str], members: Mapping[str, list[str]]
) -> Link | None:
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


def _survivor(
    end: str, other: str, part: Mapping[str, str], nodes: Mapping[str, str], members: Mapping[str, list[str]]
) -> str:
    """A mention of the same node that is still there and not of the other end's part; empty if there is none."""
    there = part.get(other)
    return next((m for m in members[nodes[end]] if m in part and m != other and part[m] != there), "")


def _unique(links: Iterable[Link]) -> list[Link]:
    found: dict[tuple[str, str], Link] = {}
    for link in sorted(links, key=lambda k: (k.left, k.right, -k.score, k.zone)):
        found.setdefault((link.left, link.right), link)
    return list(found.values())
