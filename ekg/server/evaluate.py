"""Running a reading job against a store, and sending its answer: whole if it is short, else piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from itertools import chain, islice

import pyoxigraph as ox

from ekg.errors import EkgError, EvaluationError, NotFoundError
from ekg.io import serialize, serialize_triples
from ekg.io.stream import PIECE, stream_rows
from ekg.server.errors import RequestError
from ekg.server.jobs import GraphJob, QueryJob, ReadJob, Reply, refusal
from ekg.server.negotiate import GRAPHS, ROWS, choose, content_type
from ekg.store.oxigraph import OxigraphStore

_LARGE = 20_000
"""Triples that are sorted and written with prefixes; larger graphs are sent as they come, one triple a line."""
_BATCH = 1000
_SMALL = 1024
_LEVEL = 4

Send = Callable[[Reply | bytes | None], None]
"""Takes a reply; if its ``more`` is set, then also pieces of its body and at last None."""


class BrokenError(Exception):
    """A job failed after its reply was sent: the rest of the body will never come.

    Args:
        error: why.
    """

    def __init__(self, error: EkgError) -> None:
        super().__init__(str(error))
        self.error = error


def run_job(store: OxigraphStore, job: ReadJob, send: Send) -> None:
    """Run a job. Errors that a user can act on are replies.

    Raises:
        BrokenError: it failed on the way.
    """
    answer = _Answer(send, gzip=job.gzip)
    try:
        if isinstance(job, QueryJob):
            _query(store, job, answer)
        else:
            _graph(store, job, answer)
    except EkgError as error:
        if answer.begun:
            raise BrokenError(error) from error
        send(refusal(error))


class _Answer:
    """Holds a piece back, so that an answer of one piece goes as a whole."""

    def __init__(self, send: Send, *, gzip: bool) -> None:
        self._send = send
        self._gzip = zlib.compressobj(_LEVEL, wbits=31) if gzip else None
        self._held = b""
        self.media = ""
        self.begun = False

    def piece(self, data: bytes, truncated: bool = False) -> None:
        """Take the next piece; ``truncated`` counts until the second one."""
        if self._held:
            self._pass(self._reply(more=True, truncated=truncated))
        self._held = data

    def end(self, truncated: bool = False) -> None:
        """Send what is left."""
        if not self.begun and len(self._held) < _SMALL:
            self._gzip = None
        if self._gzip is not None:
            self._held = self._gzip.compress(self._held) + self._gzip.flush()
        if self.begun:
            self._send(self._held)
            self._send(None)
        else:
            self._send(self._reply(body=self._held, truncated=truncated))

    def _pass(self, head: Reply) -> None:
        if not self.begun:
            self.begun = True
            self._send(head)
        self._send(self._held if self._gzip is None else self._gzip.compress(self._held))

    def _reply(self, *, body: bytes = b"", more: bool = False, truncated: bool = False) -> Reply:
        return Reply(
            media=content_type(self.media), body=body, more=more, truncated=truncated, gzip=self._gzip is not None
        )


def _query(store: OxigraphStore, job: QueryJob, answer: _Answer) -> None:
    result = store.query(
        job.text,
        strict_dataset=job.strict,
        base=job.base,
        default_graphs=[graph_node(iri) for iri in job.default_graphs],
        named_graphs=[graph_node(iri) for iri in job.named_graphs],
    )
    offers = GRAPHS if isinstance(result, ox.QueryTriples) else ROWS
    answer.media = acceptable(job.accept, offers)
    format = offers[answer.media]
    try:
        if isinstance(result, ox.QuerySolutions):
            cut = False

            def rows(piece: bytes, truncated: bool) -> None:
                nonlocal cut
                cut = truncated
                answer.piece(piece, truncated)

            stream_rows(result, format, job.max_rows, rows)
            answer.end(cut)
        elif isinstance(result, ox.QueryTriples):
            triples = islice(result, job.max_rows)
            _triples(triples, format, answer, lambda: next(iter(result), None) is not None)
        else:
            answer.piece(serialize(result, format))
            answer.end()
    except (OSError, RuntimeError) as error:
        raise EvaluationError(f"the query failed: {error}") from error


def _graph(store: OxigraphStore, job: GraphJob, answer: _Answer) -> None:
    answer.media = acceptable(job.accept, GRAPHS)
    graph: ox.NamedNode | ox.DefaultGraph | None = ox.DefaultGraph() if job.strict else None
    if job.graph is not None:
        graph = graph_node(job.graph)
        if not store.raw.contains_named_graph(graph):
            raise NotFoundError(f"no graph <{job.graph}>", hint="SELECT DISTINCT ?g { GRAPH ?g {} } lists them")
    _triples((quad.triple for quad in store.quads(graph=graph)), GRAPHS[answer.media], answer, lambda: False)


def _triples(triples: Iterator[ox.Triple], format: str, answer: _Answer, more: Callable[[], bool]) -> None:
    head = list(islice(triples, _LARGE + 1))
    if len(head) <= _LARGE or format not in {"nt", "ttl"}:
        data = serialize_triples(chain(head, triples), format)
        truncated = more()
        for at in range(0, len(data), PIECE):
            answer.piece(data[at : at + PIECE], truncated)
        answer.end(truncated)
        return
    # N-Triples is Turtle too; prefixes and order are not worth holding millions of triples in memory.
    every = chain(head, triples)
    while batch := list(islice(every, _BATCH)):
        answer.piece(ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES) or b"")
    if more():
        answer.piece(b"# truncated\n")
    answer.end()


def graph_node(iri: str) -> ox.NamedNode:
    """The name of a graph.

    Raises:
        RequestError: 400, it is no absolute IRI.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise RequestError(400, f"not an absolute IRI: {error}", hint="give graphs as absolute IRIs") from error


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
