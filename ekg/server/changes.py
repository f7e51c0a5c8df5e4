"""Running a writing job against a store; each is one transaction."""

from __future__ import annotations

import pyoxigraph as ox

from ekg.errors import DataError, EkgError, NotFoundError
from ekg.server.errors import RequestError
from ekg.server.jobs import DeleteGraphJob, PutGraphJob, Reply, UpdateJob, WriteJob, refusal
from ekg.store.oxigraph import OxigraphStore


def apply_job(store: OxigraphStore, job: WriteJob) -> Reply:
    """Run a job. Errors that a user can act on are replies, and leave the store as it was."""
    try:
        if isinstance(job, UpdateJob):
            return _update(store, job)
        if isinstance(job, PutGraphJob):
            return _put(store, job)
        return _delete(store, job)
    except EkgError as error:
        return refusal(error)


def _update(store: OxigraphStore, job: UpdateJob) -> Reply:
    if job.using_graphs or job.using_named_graphs:
        raise RequestError(400, "using-graph-uri is not supported", hint="write USING <…> into the update")
    store.update(job.text)
    return Reply(status=204)


def _node(iri: str | None) -> ox.NamedNode | ox.DefaultGraph:
    try:
        return ox.DefaultGraph() if iri is None else ox.NamedNode(iri)
    except ValueError as error:
        raise RequestError(400, f"not an absolute IRI: {error}", hint="give graphs as absolute IRIs") from error


def _put(store: OxigraphStore, job: PutGraphJob) -> Reply:
    graph = _node(job.graph)
    format = ox.RdfFormat.from_media_type(job.media)
    if format is None:
        raise RequestError(415, f"cannot read triples of type '{job.media}'", hint="send text/turtle, for instance")
    try:
        triples = list(ox.parse(job.data, format, base_iri=job.base, without_named_graphs=True))
    except (SyntaxError, ValueError) as error:
        raise DataError(f"malformed {job.media}: {error}") from error
    lines = " ".join(f"{t.subject} {t.predicate} {t.object} ." for t in triples)
    named = isinstance(graph, ox.NamedNode)
    known = not named or store.raw.contains_named_graph(graph)
    # One update is one transaction.
    steps = [f"CLEAR SILENT {f'GRAPH {graph}' if named else 'DEFAULT'}"] if job.replace else []
    steps += [f"CREATE SILENT GRAPH {graph}", f"INSERT DATA {{ GRAPH {graph} {{ {lines} }} }}"] if named else []
    steps += [] if named else [f"INSERT DATA {{ {lines} }}"]
    store.raw.update(";\n".join(steps))
    return Reply(status=204 if known else 201)


def _delete(store: OxigraphStore, job: DeleteGraphJob) -> Reply:
    graph = _node(job.graph)
    if isinstance(graph, ox.DefaultGraph):
        store.raw.clear_graph(graph)
    elif store.raw.contains_named_graph(graph):
        store.raw.remove_graph(graph)
    else:
        raise NotFoundError(f"no graph <{job.graph}>", hint="SELECT DISTINCT ?g { GRAPH ?g {} } lists them")
    return Reply(status=204)
