"""``/graphs``: SPARQL 1.1 Graph Store HTTP Protocol, graphs named by parameter or by their own address."""

from __future__ import annotations

import asyncio
import secrets
from email.parser import BytesParser
from email.policy import HTTP

import pyoxigraph as ox

from ekg.server.access import check_token
from ekg.server.call import Call, Response
from ekg.server.changes import parse_triples
from ekg.server.errors import RequestError
from ekg.server.jobs import DeleteGraphJob, GraphJob, PutGraphJob
from ekg.server.sparql import done, respond
from ekg.server.state import State

ROOT = "/graphs"
_PARTS = "multipart/form-data"


async def graphs(call: Call, state: State) -> Response:
    """Read, replace, extend or remove a graph, or add triples to a new one."""
    if call.method not in {"GET", "HEAD"}:
        check_token(call, state.update_token)
    new, graph = _graph(call)
    if call.method in {"GET", "HEAD"}:
        job = GraphJob(graph=graph, accept=call.accept, strict=state.strict_dataset, gzip=call.takes_gzip)
        return respond(await state.stream(job, call.client))
    if call.method == "DELETE":
        return done(await state.write(DeleteGraphJob(graph=graph)))
    base = graph or f"{call.root}{ROOT}"
    media = call.media_type
    if not media:
        raise RequestError(415, "the body has no type", hint="send Content-Type: text/turtle, for instance")
    data = await call.body()
    if media == _PARTS:
        kind = call.header(b"content-type") or ""
        data, media = await asyncio.to_thread(join_parts, kind, data, base), "application/n-triples"
    put = PutGraphJob(graph=graph, data=data, media=media, base=base, replace=call.method == "PUT")
    return done(await state.write(put), {"Location": base} if new else None)


def _graph(call: Call) -> tuple[bool, str | None]:
    """Whether the request is for a new graph, and the graph's IRI; None is the default graph.

    Raises:
        RequestError: 400, it names no graph, or more than one.
    """
    if call.path.rstrip("/") != ROOT:
        path = call.scope.get("raw_path") or call.path.encode()
        if call.query_string:
            raise RequestError(400, "a graph named by its address and by parameters", hint="use one of them")
        return False, call.root + path.partition(b"?")[0].decode("latin-1")
    parameters = call.parameters
    named = [value for name, value in parameters if name == "graph"]
    default = sum(name == "default" for name, _ in parameters)
    if call.method == "POST" and not parameters:
        return True, f"{call.root}{ROOT}/{secrets.token_hex(8)}"
    if len(named) + default != 1:
        raise RequestError(400, "name one graph", hint=f"{ROOT}?default or {ROOT}?graph=IRI")
    return False, named[0] if named else None


def join_parts(content_type: str, data: bytes, base: str) -> bytes:
    """The triples of all parts of a form, as N-Triples.

    Raises:
        RequestError: 400 or 415, no form, or a part that is no RDF.
        DataError: a malformed part.
    """
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + data
    )
    if not message.is_multipart():
        raise RequestError(400, "the form has no parts", hint="a boundary must be given in Content-Type")
    triples: list[ox.Triple] = []
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        triples += parse_triples(content if isinstance(content, bytes) else b"", part.get_content_type(), base)
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
