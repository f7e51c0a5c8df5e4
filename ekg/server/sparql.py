"""``/sparql`` and ``/update``: SPARQL 1.1 Protocol."""

from __future__ import annotations

from ekg.server.access import check_token
from ekg.server.call import Call, Parameters, Response, encoded, parse_parameters, told, values_of
from ekg.server.description import describe
from ekg.server.errors import RequestError
from ekg.server.jobs import QueryJob, Reply, UpdateJob
from ekg.server.pool import Answer
from ekg.server.state import State

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_ELSEWHERE = {"query": "updates go to /update", "update": "queries go to /sparql"}


async def sparql(call: Call, state: State) -> Response:
    """A query, in any of the protocol's three ways; the service's description where there is none."""
    parameters = call.parameters
    text = await _operation(call, parameters, "query", QUERY)
    if text is None:
        if values_of(parameters, "update"):
            raise RequestError(400, "an update by GET", hint="POST it to /update")
        return describe(call, state)
    base = f"{call.root}/sparql"
    completed = await _completed(text, state, update=False, base=base)
    if isinstance(completed, Response):
        return completed
    job = QueryJob(
        text=completed,
        accept=call.accept,
        default_graphs=values_of(parameters, "default-graph-uri"),
        named_graphs=values_of(parameters, "named-graph-uri"),
        strict=state.strict_dataset,
        max_rows=state.max_rows,
        base=base,
        gzip=call.takes_gzip,
    )
    return respond(await state.stream(job, call.client, anew=call.wants_anew))


async def update(call: Call, state: State) -> Response:
    """An update, in any of the protocol's two ways."""
    check_token(call, state.update_token)
    parameters = call.parameters
    if values_of(parameters, "update"):
        raise RequestError(400, "an update in the URL", hint="send it in the body")
    text = await _operation(call, parameters, "update", UPDATE)
    if text is None:
        raise RequestError(400, "no update", hint=f"send 'update' in a form, or the update itself as {UPDATE}")
    base = f"{call.root}/update"
    completed = await _completed(text, state, update=True, base=base)
    if isinstance(completed, Response):
        return completed
    job = UpdateJob(
        text=completed,
        using_graphs=values_of(parameters, "using-graph-uri"),
        using_named_graphs=values_of(parameters, "using-named-graph-uri"),
        base=base,
    )
    return done(await state.write(job))


async def _completed(text: str, state: State, *, update: bool, base: str) -> str | Response:
    """The text with what it asks of other machines in place; a response if that cannot be had."""
    if state.outside is None:
        return text
    reply = await state.outside.complete(text, update=update, base=base)
    return reply.body.decode() if reply.error is None else refused(reply)


async def _operation(call: Call, parameters: Parameters, name: str, media: str) -> str | None:
    """Text of the query or update, None if there is none. A form's parameters are added to those of the URL."""
    text: str | None = None
    if call.method == "POST":
        kind = call.media_type
        if kind == media:
            text = await call.text()
        elif kind == FORM:
            parameters += parse_parameters(await call.body())
            if not values_of(parameters, name):
                raise RequestError(400, f"the form has no '{name}'", hint=_ELSEWHERE[name])
        else:
            raise RequestError(415, f"cannot read a body of type '{kind or '(none)'}'", hint=f"use {FORM} or {media}")
    given = values_of(parameters, name)
    if len(given) + (text is not None) > 1:
        raise RequestError(400, f"more than one {name}", hint="send one")
    return given[0] if given else text


def respond(answer: Answer) -> Response:
    """Response of a reading job's answer."""
    reply = answer.reply
    if reply.error is not None:
        return refused(reply)
    headers = [(b"content-type", reply.media.encode()), (b"vary", b"Accept, Accept-Encoding")]
    if reply.gzip:
        headers.append((b"content-encoding", b"gzip"))
    if reply.truncated:
        headers.append((b"x-ekg-truncated", b"true"))
    if answer.kept:
        headers.append((b"cache-status", b"ekg; hit"))
    return Response(reply.status, headers, reply.body, answer.chunks if reply.more else None)


def done(reply: Reply, headers: dict[str, str] | None = None) -> Response:
    """Response of a writing job's reply."""
    if reply.error is not None:
        return refused(reply)
    odd = [(b"x-ekg-warning", text.encode("ascii", "backslashreplace")) for text in reply.warnings]
    return Response(reply.status, [*encoded(headers or {}), *odd])


def refused(reply: Reply) -> Response:
    """Response of a job that could not be done."""
    assert reply.error is not None
    return told(reply.status, reply.error)
