"""The node level of a graph in other shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ekg.graph.event_graph import EventGraph, FactRow, NodeRow
from ekg.store.endpoint import Endpoint
from ekg.store.remote import RemoteStore

if TYPE_CHECKING:
    import networkx
    import rdflib


def iter_nodes(graph: EventGraph) -> Iterator[NodeRow]:
    """See :meth:`EventGraph.iter_nodes`."""
    for row in graph.index.nodes("event"):
        yield NodeRow(id=row.iri, kind="event", type=row.type, name=row.name, aliases=(), begin=row.begin, end=row.end)
    names = graph.index.other_names()
    for row in graph.index.nodes("entity"):
        aliases = names.get(row.iri, ())
        yield NodeRow(id=row.iri, kind="entity", type=row.type, name=row.name, aliases=aliases, begin=None, end=None)


def iter_facts(graph: EventGraph) -> Iterator[FactRow]:
    """See :meth:`EventGraph.iter_facts`."""
    for row in graph.index.edges():
        yield FactRow(subject=row.source, predicate=row.predicate, object=row.target, begin=row.begin, end=row.end)


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


def _remote_view(endpoint: Endpoint) -> rdflib.store.Store:
    """rdflib's own client of an endpoint."""
    from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

    options: Any = {"method": "POST_FORM", "headers": dict(endpoint.headers)}
    if endpoint.update is None:
        return SPARQLStore(endpoint.query, **options)
    return SPARQLUpdateStore(endpoint.query, endpoint.update, **options)


def to_rdflib(graph: EventGraph) -> rdflib.Dataset:
    """See :meth:`EventGraph.to_rdflib`."""
    import oxrdflib
    import rdflib

    from ekg.vocab import PREFIXES

    store = graph.store
    if isinstance(store, RemoteStore):
        # Otherwise rdflib names a default graph of its own, which no other engine has.
        dataset = rdflib.Dataset(store=_remote_view(store.endpoint), default_union=True)
    else:
        dataset = rdflib.Dataset(store=oxrdflib.OxigraphStore(store=graph.local_store.raw))
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset
