"""The second pass over a graph: mentions of all documents resolved into nodes.

Each part of a merged graph is resolved by itself, and only the links of an alignment run join nodes of different
parts, so that taking a run's links away gives back the graphs as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from ekg.errors import DataError
from ekg.model import Document, Extraction, Link
from ekg.pipeline.merge_parts import part_order
from ekg.pipeline.nodes import EntityMember, EventMember, NodeRenderer, Nodes, event_phrase
from ekg.pipeline.render import relation_mention_iri
from ekg.vocab import node_id

Order = tuple[tuple[int, ...], bool, str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document with its record, the part of the graph that it belongs to, and when it was recorded."""

    document: Document
    record: Extraction
    part: str = ""
    recorded: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Node of every entity and event mention, and the quads of the resolved graph."""

    entities: dict[str, str]
    events: dict[str, str]
    quads: list[ox.Quad]


class _Joins:
    """Union-find whose representative is the smallest member in a given order."""

    def __init__(self, order: dict[str, Order]) -> None:
        self.order = order
        self.parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        root = item
        while (above := self.parent.get(root, root)) != root:
            root = above
        while (above := self.parent.get(item, item)) != root:
            self.parent[item], item = root, above
        return root

    def join(self, left: str, right: str) -> None:
        a, b = self.find(left), self.find(right)
        if a != b:
            first, second = sorted((a, b), key=lambda name: (self.order[name], name))
            self.parent[second] = first


def resolve_sources(sources: Sequence[Source], links: Iterable[Link] = ()) -> Resolved:
    """Resolve mentions into nodes and render the nodes.

    Args:
        sources: all documents of the graph, in any order.
        links: links of alignment runs; those of zone ``merge`` join nodes. Ends are ids or IRIs of nodes or mentions.

    Raises:
        DataError: a link's end is not in the graph, or it joins an event with an entity.
    """
    from alignment import resolve

    ordered = sorted(sources, key=lambda s: (s.document.published is None, s.document.published or "", s.document.id))
    entity_order: dict[str, Order] = {}
    event_order: dict[str, Order] = {}
    for source in ordered:
        document = source.document
        # A part that is merged in later never takes the ids of nodes that were there before.
        head = (part_order(source.part), document.published is None, document.published or "", document.id)
        for entity in source.record.entities:
            spans = [*entity.mentions, *entity.references]
            entity_order[entity.id] = (*head, min((s[0] for s in spans), default=0))
        for event in source.record.events:
            event_order[event.id] = (*head, event.trigger.span[0])
    entities, events = _Joins(entity_order), _Joins(event_order)
    for part in sorted({s.part for s in ordered}):
        own = [s for s in ordered if s.part == part]
        found = resolve([s.record for s in own], texts={s.document.id: s.document.text for s in own})
        for mention, node in sorted(found.entities.items()):
            entities.join(mention, node)
        for mention, node in sorted(found.events.items()):
            events.join(mention, node)
    for link in links:
        if link.zone != "merge":
            continue
        left, right = node_id(link.left), node_id(link.right)
        if left in event_order and right in event_order:
            events.join(left, right)
        elif left in entity_order and right in entity_order:
            entities.join(left, right)
        else:
            _refuse(link, left, right, event_order, entity_order)
    entity_node = {mention: entities.find(mention) for mention in entity_order}
    event_node = {mention: events.find(mention) for mention in event_order}
    nodes = collect_nodes(ordered, entity_node, event_node)
    return Resolved(
        entities=entity_node,
        events=event_node,
        quads=list(NodeRenderer(nodes, entity_node, event_node).quads()),
    )


def _refuse(link: Link, left: str, right: str, events: dict[str, Order], entities: dict[str, Order]) -> None:
    """Complain about a link that cannot join two nodes; IRIs of imported nodes are joined by owl:sameAs alone."""
    for end in (left, right):
        if end not in events and end not in entities and end.startswith(("ev_", "en_")):
            raise DataError(f"link {link.left} – {link.right}: '{end}' is not in the graphs", hint="align them again")
    if (left in events and right in entities) or (left in entities and right in events):
        raise DataError(f"link {link.left} – {link.right} joins an event with an entity", hint="remove the line")


def collect_nodes(ordered: Sequence[Source], entity_node: dict[str, str], event_node: dict[str, str]) -> Nodes:
    """Members of every node, given the node of each mention; documents in the order of date and id."""
    nodes = Nodes()
    for source in ordered:
        document = source.document
        for entity in sorted(source.record.entities, key=lambda e: (e.mentions, e.id)):
            nodes.entities.setdefault(entity_node[entity.id], []).append(EntityMember(entity=entity, doc=document.id))
        for event in sorted(source.record.events, key=lambda e: (e.trigger.span, e.id)):
            nodes.events.setdefault(event_node[event.id], []).append(
                EventMember(
                    event=event,
                    doc=document.id,
                    published=document.published,
                    recorded=source.recorded,
                    phrase=event_phrase(document, event),
                )
            )
        for relation in source.record.relations:
            mention = relation_mention_iri(relation)
            nodes.relations.append((relation.kind, relation.source, relation.target, relation.confidence, mention))
    return nodes
