"""One query or one graph to read, as it travels to whoever runs it, and the reply."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

import msgspec
import pyoxigraph as ox

from ekg.errors import EkgError, NotFoundError, QueryError
from ekg.io import serialize_capped, serialize_triples
from ekg.server.errors import RequestError, error_body
from ekg.server.negotiate import GRAPHS, ROWS, choose, content_type
from ekg.store.base import QueryResult
from ekg.store.guard import check_query
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import PREFIXES

_LARGE = 100_000


class QueryJob(msgspec.Struct, frozen=True, kw_only=True, tag="query"):
    """A SPARQL query with the protocol's parameters.

    Args:
        text: the query.
        accept: the request's Accept header.
        default_graphs: IRIs of ``default-graph-uri``.
        named_graphs: IRIs of ``named-graph-uri``; if both are empty, the query or the store chooses the dataset.
        strict: whether the default graph holds its own triples only, and not the union of all graphs.
        max_rows: rows or triples in the result at most.
    """

    text: str
    accept: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    strict: bool = False
    max_rows: int


class GraphJob(msgspec.Struct, frozen=True, kw_only=True, tag="graph"):
    """One graph, whole: the named one, or the default graph if ``graph`` is None.

    Args:
        graph: its IRI.
        spool: file for a graph that is too large to be sent in one piece.
        accept: the request's Accept header.
        strict: whether the default graph holds its own triples only.
    """

    graph: str | None
    spool: str
    accept: str | None
    strict: bool = False


Job = QueryJob | GraphJob


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a job: a body (in the job's spool file if ``spooled``), or an error as ``error_body`` gives it."""

    status: int = 200
    media: str = "application/json"
    body: bytes = b""
    truncated: bool = False
    spooled: bool = False
    error: dict[str, Any] | None = None


def run_job(store: OxigraphStore, job: Job) -> Reply:
    """Run a job; errors that a user can act on become part of the reply."""
    try:
        return _query(store, job) if isinstance(job, QueryJob) else _graph(store, job)
    except EkgError as error:
        return Reply(status=error.http_status, error=error_body(error))


def _query(store: OxigraphStore, job: QueryJob) -> Reply:
    result = _evaluate(store, job)
    offers = GRAPHS if isinstance(result, ox.QueryTriples) else ROWS
    media = acceptable(job.accept, offers)
    try:
        body, truncated = serialize_capped(result, offers[media], job.max_rows)
    except OSError as error:
        raise QueryError(f"the query failed: {error}") from error
    return Reply(media=content_type(media), body=body, truncated=truncated)


def _evaluate(store: OxigraphStore, job: QueryJob) -> QueryResult:
    if not job.default_graphs and not job.named_graphs:
        return store.query(job.text, strict_dataset=job.strict)
    check_query(job.text)
    default, named = _nodes(job.default_graphs), _nodes(job.named_graphs)
    # Against an empty store this only parses; the error, if any, is worded there.
    OxigraphStore().query(job.text)
    try:
        return store.raw.query(job.text, prefixes=PREFIXES, default_graph=[*default], named_graphs=[*named])
    except OSError as error:
        raise QueryError(f"the query failed: {error}") from error


def _nodes(iris: tuple[str, ...]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise RequestError(400, f"not an absolute IRI: {error}", hint="give graphs as absolute IRIs") from error


def _graph(store: OxigraphStore, job: GraphJob) -> Reply:
    media = acceptable(job.accept, GRAPHS)
    graph: ox.NamedNode | ox.DefaultGraph | None = ox.DefaultGraph() if job.strict else None
    if job.graph is not None:
        (graph,) = _nodes((job.graph,))
        if not store.raw.contains_named_graph(graph):
            raise NotFoundError(f"no graph <{job.graph}>", hint="SELECT DISTINCT ?g { GRAPH ?g {} } lists them")
    triples = (quad.triple for quad in store.quads(graph=graph))
    head = list(islice(triples, _LARGE + 1))
    if len(head) > _LARGE and GRAPHS[media] in {"nt", "ttl"}:
        # N-Triples is Turtle too; prefixes and order are not worth holding millions of triples in memory.
        ox.serialize(chain(head, triples), job.spool, ox.RdfFormat.N_TRIPLES)
        return Reply(media=content_type(media), spooled=True)
    return Reply(media=content_type(media), body=serialize_triples(chain(head, triples), GRAPHS[media]))


def acceptable(accept: str | None, offers: dict[str, str]) -> str:
    """The media type to answer with.

    Raises:
        RequestError: 406, with the list of what there is.
    """
    media = choose(accept, offers)
    if media is None:
        raise RequestError(
            406, f"cannot answer as '{accept}'", hint=f"offered: {', '.join(offers)}", more={"offered": list(offers)}
        )
    return media
