"""Running a reading job against a store: the reply first, then the pieces of a long body."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import pyoxigraph as ox

from ekg.errors import EkgError, NotFoundError, QueryError
from ekg.io import serialize_capped, serialize_triples
from ekg.server.errors import RequestError
from ekg.server.jobs import GraphJob, QueryJob, ReadJob, Reply, refusal
from ekg.server.negotiate import GRAPHS, ROWS, choose, content_type
from ekg.store.base import QueryResult
from ekg.store.guard import check_query
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import PREFIXES

_LARGE = 100_000
_PIECE = 1 << 17
_BATCH = 1000


def run_job(store: OxigraphStore, job: ReadJob) -> tuple[Reply, Iterator[bytes]]:
    """Run a job: its reply, and what follows if ``reply.more``. Errors that a user can act on are replies."""
    try:
        return _query(store, job) if isinstance(job, QueryJob) else _graph(store, job)
    except EkgError as error:
        return refusal(error), iter(())


def _query(store: OxigraphStore, job: QueryJob) -> tuple[Reply, Iterator[bytes]]:
    result = _evaluate(store, job)
    offers = GRAPHS if isinstance(result, ox.QueryTriples) else ROWS
    media = acceptable(job.accept, offers)
    try:
        body, truncated = serialize_capped(result, offers[media], job.max_rows)
    except OSError as error:
        raise QueryError(f"the query failed: {error}") from error
    more = len(body) > _PIECE
    reply = Reply(media=content_type(media), body=body[:_PIECE], more=more, truncated=truncated)
    return reply, (body[start : start + _PIECE] for start in range(_PIECE, len(body), _PIECE))


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


def _graph(store: OxigraphStore, job: GraphJob) -> tuple[Reply, Iterator[bytes]]:
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
        return Reply(media=content_type(media), more=True), _n_triples(chain(head, triples))
    return Reply(media=content_type(media), body=serialize_triples(chain(head, triples), GRAPHS[media])), iter(())


def _n_triples(triples: Iterator[ox.Triple]) -> Iterator[bytes]:
    while batch := list(islice(triples, _BATCH)):
        yield b"".join(f"{triple} .\n".encode() for triple in batch)


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
