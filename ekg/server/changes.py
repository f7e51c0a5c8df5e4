"""Running a writing job against a store; each is one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox
from msgspec import structs

from ekg.errors import DataError, EkgError, EvaluationError, NotFoundError, QueryError
from ekg.io.datecheck import DateChecker
from ekg.server.errors import RequestError
from ekg.server.evaluate import graph_node
from ekg.server.jobs import DeleteGraphJob, PutGraphJob, Reply, UpdateJob, WriteJob, refusal
from ekg.store.guard import tokens
from ekg.store.oxigraph import OxigraphStore
from ekg.store.terms import triple_text
from ekg.store.touched import touched_by, touched_by_update

_WARNINGS = 5
_FEW = 1000
_PLACE = re.compile(r"^Parser error (?:at|between) .*?: ")


def apply_job(store: OxigraphStore, job: WriteJob) -> Reply:
    """Run a job. Errors that a user can act on are replies, and leave the store as it was.

    Raises:
        OSError: the disk is full, for instance.
    """
    try:
        if isinstance(job, UpdateJob):
            return _update(store, job)
        if isinstance(job, PutGraphJob):
            return _put(store, job)
        return _delete(store, job)
    except EvaluationError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from error
        return refusal(error)
    except EkgError as error:
        return refusal(error)


def _update(store: OxigraphStore, job: UpdateJob) -> Reply:
    text = job.text
    if job.using_graphs or job.using_named_graphs:
        text = with_using(text, job.using_graphs, job.using_named_graphs)
    store.update(text, base=job.base)
    return Reply(status=204)


def with_using(update: str, graphs: tuple[str, ...], named: tuple[str, ...]) -> str:
    """An update in which every pattern is matched against a dataset (SPARQL 1.1 Protocol, section 2.2.3).

    Raises:
        RequestError: 400, the update chooses a dataset itself.
        QueryError: it has an operation that cannot be told its dataset.

    >>> with_using("DELETE { ?s ?p 1 } WHERE { ?s ?p 2 }", ("urn:a",), ())
    'DELETE { ?s ?p 1 } USING <urn:a> WHERE { ?s ?p 2 }'
    """
    clause = "".join(f"USING {graph_node(iri)} " for iri in graphs)
    clause += "".join(f"USING NAMED {graph_node(iri)} " for iri in named)
    out: list[str] = []
    last, depth = "", 0
    for kind, piece, _ in tokens(update):
        word = piece.upper() if kind == "word" and depth == 0 else ""
        if word in {"USING", "WITH"}:
            raise RequestError(400, f"{word} in an update with using-graph-uri", hint="choose the dataset in one place")
        if word == "WHERE":
            if last == "DELETE":
                raise QueryError("DELETE WHERE cannot be given a dataset", hint="write DELETE { … } WHERE { … }")
            out.append(clause)
        depth += (piece == "{") - (piece == "}") if kind == "other" else 0
        if kind not in {"space", "comment"}:
            last = word
        out.append(piece)
    return "".join(out)


def parse_triples(data: bytes, media: str, base: str | None) -> list[ox.Triple]:
    """Triples of a body.

    Raises:
        RequestError: 415, the type is no RDF format's.
        DataError: the body is malformed; with line and column.
    """
    format = ox.RdfFormat.from_media_type(media)
    if format is None:
        raise RequestError(415, f"cannot read triples of type '{media}'", hint="send text/turtle, for instance")
    try:
        return [quad.triple for quad in ox.parse(data, format, base_iri=base, without_named_graphs=True)]
    except SyntaxError as error:
        raise DataError(
            f"malformed {format.name}: {_PLACE.sub('', error.msg or str(error))}",
            line=error.lineno,
            column=error.offset,
            hint="a remote @context is never fetched" if "LoadDocumentCallback" in str(error) else None,
        ) from error
    except ValueError as error:
        raise DataError(f"malformed {format.name}: {error}") from error


def _put(store: OxigraphStore, job: PutGraphJob) -> Reply:
    graph = None if job.graph is None else graph_node(job.graph)
    triples = parse_triples(job.data, job.media, job.base)
    lines = " ".join(f"{triple_text(triple)} ." for triple in triples)
    known = graph is None or store.raw.contains_named_graph(graph)
    # One update is one transaction.
    steps = [f"CLEAR SILENT {'DEFAULT' if graph is None else f'GRAPH {graph}'}"] if job.replace else []
    if graph is None:
        steps.append(f"INSERT DATA {{ {lines} }}")
    else:
        steps += [f"CREATE SILENT GRAPH {graph}", f"INSERT DATA {{ GRAPH {graph} {{ {lines} }} }}"]
    store.raw.update(";\n".join(steps))
    name = graph or ox.DefaultGraph()
    return Reply(
        status=204 if known else 201,
        warnings=_odd_dates(ox.Quad(t.subject, t.predicate, t.object, name) for t in triples),
    )


def _odd_dates(quads: Iterable[ox.Quad]) -> tuple[str, ...]:
    """The first dates that cannot be right."""
    found: list[str] = []
    checker = DateChecker(lambda kind, message: found.append(message))
    for quad in quads:
        checker.check(quad)
        if len(found) == _WARNINGS:
            break
    return tuple(found)


def with_warnings(store: OxigraphStore, job: WriteJob, reply: Reply, touched: set[str] | None) -> Reply:
    """The reply of an update with a word on odd dates of the nodes that it touched, where these are known and few."""
    if not isinstance(job, UpdateJob) or reply.error is not None or touched is None or len(touched) > _FEW:
        return reply
    nodes = [ox.NamedNode(iri) for iri in sorted(touched)]
    return structs.replace(reply, warnings=_odd_dates(quad for node in nodes for quad in store.quads(node)))


def _delete(store: OxigraphStore, job: DeleteGraphJob) -> Reply:
    graph = None if job.graph is None else graph_node(job.graph)
    if graph is None:
        store.raw.clear_graph(ox.DefaultGraph())
    elif store.raw.contains_named_graph(graph):
        store.raw.remove_graph(graph)
    else:
        raise NotFoundError(f"no graph <{job.graph}>", hint="SELECT DISTINCT ?g { GRAPH ?g {} } lists them")
    return Reply(status=204)


def touched_by_job(store: OxigraphStore, job: WriteJob) -> set[str] | None:
    """IRIs that a job would touch, asked before it is run; None where that cannot be told."""
    if isinstance(job, UpdateJob):
        if job.using_graphs or job.using_named_graphs:
            return None
        return touched_by_update(store, job.text, base=job.base)
    try:
        new = set(parse_triples(job.data, job.media, job.base)) if isinstance(job, PutGraphJob) else set()
        if isinstance(job, PutGraphJob) and not job.replace:
            return touched_by(new)
        graph = ox.DefaultGraph() if job.graph is None else graph_node(job.graph)
        return touched_by(new.symmetric_difference(quad.triple for quad in store.quads(graph=graph)))
    except EkgError:
        return None  # running it will say what is wrong with it
