"""The node level of a graph in other shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ekg.graph.event_graph import EventGraph, FactRow, NodeRow
from ekg.index import EventFilter

if TYPE_CHECKING:
    import networkx
    import rdflib


def iter_nodes(graph: EventGraph) -> Iterator[NodeRow]:
    """See :meth:`EventGraph.iter_nodes`."""
    for event in graph.index.events(EventFilter(), order="id"):
        yield NodeRow(
            id=event.iri,
            kind="event",
            type=event.type,
            name=event.label,
            aliases=(),
            begin=event.begin,
            end=event.end,
        )
    for entity in graph.index.entities():
        yield NodeRow(
            id=entity.iri,
            kind="entity",
            type=entity.type,
            name=entity.name,
            aliases=entity.aliases,
            begin=None,
            end=None,
        )


def iter_facts(graph: EventGraph) -> Iterator[FactRow]:
    """See :meth:`EventGraph.iter_facts`."""
    for event in graph.index.events(EventFilter(), order="id"):
        for participant in graph.index.participants(event.id):
            if participant.entity is not None:
                yield FactRow(
                    subject=event.iri,
                    predicate=participant.role,
                    object=participant.entity,
                    begin=event.begin,
                    end=event.end,
                )
        if event.place is not None:
            yield FactRow(subject=event.iri, predicate="place", object=event.place, begin=event.begin, end=event.end)
        for relation in graph.index.relations(event.id):
            if relation.source == event.iri:
                yield FactRow(subject=event.iri, predicate=relation.kind, object=relation.target, begin=None, end=None)


def to_networkx(graph: EventGraph) -> networkx.MultiDiGraph[str]:
    """See :meth:`EventGraph.to_networkx`."""
    import networkx as nx

    result: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in iter_nodes(graph):
        result.add_node(
            node.id, kind=node.kind, type=node.type, label=node.name, begin=node.begin or "", end=node.end or ""
        )
    for fact in iter_facts(graph):
        result.add_edge(
            fact.subject,
            fact.object,
            key=fact.predicate,
            role=fact.predicate,
            begin=fact.begin or "",
            end=fact.end or "",
        )
    return result


def to_rdflib(graph: EventGraph) -> rdflib.Dataset:
    """See :meth:`EventGraph.to_rdflib`."""
    import oxrdflib
    import rdflib

    from ekg.vocab import PREFIXES

    dataset = rdflib.Dataset(store=oxrdflib.OxigraphStore(store=graph.store.raw))
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset
