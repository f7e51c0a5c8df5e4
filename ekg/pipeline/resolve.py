"""The second pass over a graph: mentions of all documents resolved into nodes, and these rendered."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from ekg.model import Link
from ekg.pipeline.nodes import EntityMember, EventMember, NodeRenderer, Nodes, event_phrase
from ekg.pipeline.part_nodes import Source, in_order, join_parts, resolve_part
from ekg.pipeline.render import relation_mention_iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Node of every entity and event mention, and the quads of the resolved graph."""

    entities: dict[str, str]
    events: dict[str, str]
    quads: list[ox.Quad]


def resolve_sources(sources: Sequence[Source], links: Iterable[Link] = ()) -> Resolved:
    """Resolve mentions into nodes and render the nodes, all of them.

    Args:
        sources: all documents of the graph, in any order.
        links: links of alignment runs; those of zone ``merge`` join nodes. Ends are ids or IRIs of nodes or mentions.

    Raises:
        DataError: a link's end is not in the graph, or it joins an event with an entity.
    """
    parts = {part: resolve_part([s for s in sources if s.part == part]) for part in {s.part for s in sources}}
    joined = join_parts(parts, links)
    quads = render_nodes(sources, joined.entities, joined.events)
    return Resolved(entities=joined.entities, events=joined.events, quads=quads)


def render_nodes(
    sources: Sequence[Source],
    entity_node: Mapping[str, str],
    event_node: Mapping[str, str],
    only: Container[str] | None = None,
) -> list[ox.Quad]:
    """Quads of the resolved graph.

    Args:
        sources: documents with all mentions of the nodes that are asked for, in any order.
        entity_node: node of every entity of the graph.
        event_node: node of every event mention of the graph.
        only: the nodes that are asked for; relations are rendered if one end is among them. All by default.
    """
    nodes = collect_nodes(in_order(sources), entity_node, event_node, only)
    return list(NodeRenderer(nodes, entity_node, event_node).quads())


def collect_nodes(
    ordered: Sequence[Source],
    entity_node: Mapping[str, str],
    event_node: Mapping[str, str],
    only: Container[str] | None = None,
) -> Nodes:
    """Members of every node, given the node of each mention; documents in the order of date and id."""
    nodes = Nodes()
    for source in ordered:
        document = source.document
        for entity in sorted(source.record.entities, key=lambda e: (e.mentions, e.id)):
            node = entity_node[entity.id]
            if only is None or node in only:
                nodes.entities.setdefault(node, []).append(EntityMember(entity=entity, doc=document.id))
        for event in sorted(source.record.events, key=lambda e: (e.trigger.span, e.id)):
            node = event_node[event.id]
            if only is None or node in only:
                nodes.events.setdefault(node, []).append(
                    EventMember(
                        event=event,
                        doc=document.id,
                        published=document.published,
                        recorded=source.recorded,
                        phrase=event_phrase(document, event),
                    )
                )
        for relation in source.record.relations:
            ends = event_node.get(relation.source, ""), event_node.get(relation.target, "")
            if only is None or ends[0] in only or ends[1] in only:
                mention = relation_mention_iri(relation)
                nodes.relations.append((relation.kind, relation.source, relation.target, relation.confidence, mention))
    return nodes
