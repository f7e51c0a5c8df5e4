"""``/sparql`` (SPARQL 1.1 Protocol), ``/graphs`` (Graph Store Protocol, reading) and ``/update`` (refused)."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ekg.io import serialize_triples
from ekg.server.body import media_type, parse_parameters, read_body, read_text
from ekg.server.errors import RequestError
from ekg.server.evaluate import acceptable
from ekg.server.jobs import GraphJob, QueryJob
from ekg.server.negotiate import GRAPHS, content_type
from ekg.server.pool import Answer
from ekg.vocab import RDF

if TYPE_CHECKING:
    from ekg.server.state import State

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


async def sparql(request: Request) -> Response:
    """A query, in any of the protocol's three ways; the service's description where there is none."""
    state: State = request.app.state.ekg
    parameters = parse_parameters(request.scope["query_string"])
    text: str | None = None
    if request.method == "POST":
        kind = media_type(request)
        if kind == QUERY:
            if any(name == "query" for name, _ in parameters):
                raise RequestError(400, "a query in the URL and in the body", hint="send one of them")
            text = await read_text(request)
        elif kind == FORM:
            parameters += parse_parameters(await read_body(request))
            if not any(name == "query" for name, _ in parameters):
                hint = "updates go to /update" if any(name == "update" for name, _ in parameters) else None
                raise RequestError(400, "the form has no 'query'", hint=hint)
        else:
            raise RequestError(415, f"cannot read a body of type '{kind or '(none)'}'", hint=f"use {FORM} or {QUERY}")
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) > 1:
        raise RequestError(400, f"{len(queries)} values of 'query'", hint="send one")
    if text is None:
        if not queries:
            return _description(request, state)
        text = queries[0]
    job = QueryJob(
        text=text,
        accept=request.headers.get("accept"),
        default_graphs=tuple(value for name, value in parameters if name == "default-graph-uri"),
        named_graphs=tuple(value for name, value in parameters if name == "named-graph-uri"),
        strict=state.strict_dataset,
        max_rows=state.max_rows,
    )
    return respond(await state.stream(job))


def respond(answer: Answer) -> Response:
    """HTTP response of a job's answer."""
    reply = answer.reply
    if reply.error is not None:
        headers = {"Retry-After": "1"} if reply.status == 503 else None
        return JSONResponse(reply.error, status_code=reply.status, headers=headers)
    headers = {"Vary": "Accept"}
    if reply.truncated:
        headers["X-Ekg-Truncated"] = "true"
    if reply.more:
        return StreamingResponse(_pieces(answer), media_type=reply.media, headers=headers)
    return Response(reply.body, media_type=reply.media, headers=headers)


async def _pieces(answer: Answer) -> AsyncIterator[bytes]:
    async with aclosing(answer.chunks) as chunks:
        yield answer.reply.body
        async for chunk in chunks:
            yield chunk


SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip


def _description(request: Request, state: State) -> Response:
    """SPARQL 1.1 Service Description."""
    media = acceptable(request.headers.get("accept"), GRAPHS)
    endpoint = ox.NamedNode(str(request.url.replace(query="")))
    dataset = ox.NamedNode(f"{endpoint.value}#dataset")
    graph = ox.NamedNode(f"{endpoint.value}#default-graph")

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(SD + name)

    kind = ox.NamedNode(RDF + "type")
    triples = [
        ox.Triple(endpoint, kind, sd("Service")),
        ox.Triple(endpoint, sd("endpoint"), endpoint),
        ox.Triple(endpoint, sd("supportedLanguage"), sd("SPARQL11Query")),
        *(ox.Triple(endpoint, sd("resultFormat"), ox.NamedNode(FORMATS + name)) for name in _RESULT_FORMATS),
        ox.Triple(endpoint, sd("defaultDataset"), dataset),
        ox.Triple(dataset, kind, sd("Dataset")),
        ox.Triple(dataset, sd("defaultGraph"), graph),
        ox.Triple(graph, kind, sd("Graph")),
    ]
    if not state.strict_dataset:
        triples.insert(3, ox.Triple(endpoint, sd("feature"), sd("UnionDefaultGraph")))
    body = serialize_triples(triples, GRAPHS[media])
    return Response(body, media_type=content_type(media), headers={"Vary": "Accept"})


async def graphs(request: Request) -> Response:
    """A graph, whole. The default graph is the union of all graphs unless the server follows datasets strictly."""
    state: State = request.app.state.ekg
    if request.method not in {"GET", "HEAD"}:
        refuse_write(request, state.update_token)
    parameters = parse_parameters(request.scope["query_string"])
    default = [name for name, _ in parameters if name == "default"]
    named = [value for name, value in parameters if name == "graph"]
    if len(default) + len(named) != 1:
        raise RequestError(400, "name one graph", hint="/graphs?default or /graphs?graph=IRI")
    job = GraphJob(graph=named[0] if named else None, accept=request.headers.get("accept"), strict=state.strict_dataset)
    return respond(await state.stream(job))


async def update(request: Request) -> Response:
    """Refused: the graph is open for reading."""
    state: State = request.app.state.ekg
    refuse_write(request, state.update_token)
    raise AssertionError("unreachable")


def refuse_write(request: Request, token: str | None) -> None:
    """Refuse a write.

    Raises:
        RequestError: always. 403 if the server has no token, or the client's is wrong, or is right (this version
            serves graphs for reading only); 401 if the client has none.
    """
    if token is None:
        raise RequestError(
            403, "this server does not accept updates", hint="change the graph with `ekg add`, `ekg rm` or `ekg import`"
        )
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise RequestError(
            401,
            "updates need a token",
            hint="send 'Authorization: Bearer TOKEN'",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise RequestError(403, "the token is wrong")
    raise RequestError(
        403,
        "this version serves graphs for reading only",
        hint="change the graph with `ekg add`, `ekg rm` or `ekg import` and start the server again",
    )
