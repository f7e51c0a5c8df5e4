"""The application: who answers which path, over one graph."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ekg.errors import EkgError
from ekg.graph import EventGraph, open_graph
from ekg.server import call
from ekg.server.accesslog import AccessLog
from ekg.server.api import OPERATIONS
from ekg.server.errors import answer_bug, answer_ekg_error, answer_http_error
from ekg.server.front import Front, Handler
from ekg.server.graphs import graphs
from ekg.server.metrics import MEDIA, Metrics
from ekg.server.openapi import openapi
from ekg.server.security import Guard
from ekg.server.sparql import sparql, update
from ekg.server.state import State, state_of
from ekg.store.reach import Reach

STATIC = Path(__file__).parent / "static"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
MAX_BODY = 16 * 1024 * 1024
ANSWER_BYTES = 32 * 1024 * 1024
MEMORY_QUADS = 200_000
_WRITES = ("GET", "HEAD", "PUT", "POST", "DELETE")


def create_app(
    kg: Path | str | EventGraph,
    *,
    timeout: float = 30.0,
    max_rows: int = 100_000,
    strict_dataset: bool = False,
    workers: int = 2,
    update_token: str | None = None,
    allowed_hosts: Collection[str] | None = LOCAL_HOSTS,
    origins: Collection[str] = (),
    max_body: int = MAX_BODY,
    access_log: Path | None = None,
    memory_quads: int | None = None,
    answer_bytes: int = ANSWER_BYTES,
    reach: Reach | None = None,
) -> Front:
    """An ASGI application that serves a graph.

    Args:
        kg: directory of a graph, or an open one (which the caller closes). SPARQL runs in processes of its own where
            the graph is on disk, so that a runaway query can be ended; in memory it runs on threads.
        timeout: seconds a request may take before it is answered with 504.
        max_rows: rows or triples in the result of a query at most; more are left out, and the answer says so: the
            header ``X-Ekg-Truncated: true`` where that is known when the answer begins, a member ``"truncated"`` in
            JSON, a comment at the end of XML and of N-Triples.
        strict_dataset: the default graph holds its own triples only, and not the union of all graphs.
        workers: processes for SPARQL.
        update_token: token that a client must show with updates; None refuses them all.
        allowed_hosts: names under which the server may be called (Host header); None allows any.
        origins: of pages that may use the server from a browser (CORS), such as ``https://example.org``.
        max_body: bytes of a request's body at most.
        access_log: file that gets a line a request; ``-`` is standard error.
        memory_quads: a graph on disk of so many quads at most is copied into memory by every process, at about 400
            bytes and 7 µs a quad and whenever it has changed; None is 200,000 for a server without a token, and
            none for one that takes updates.
        answer_bytes: bytes of answers to slow queries that are kept until the graph changes; 0 keeps none. A request
            with ``Cache-Control: no-cache`` is answered anew.
        reach: what SERVICE and LOAD may fetch from other machines; None is nothing.

    Raises:
        KgError: the directory is not a graph, damaged or being built.
        ConfigError: the access log cannot be written.
    """
    log = None if access_log is None else AccessLog(access_log)
    graph = kg if isinstance(kg, EventGraph) else open_graph(kg)
    state = state_of(
        graph,
        owned=graph is not kg,
        timeout=timeout,
        max_rows=max_rows,
        strict_dataset=strict_dataset,
        workers=workers,
        update_token=update_token,
        memory_quads=(MEMORY_QUADS if update_token is None else 0) if memory_quads is None else memory_quads,
        answer_bytes=answer_bytes,
        reach=reach,
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await state.start()
        try:
            yield
        finally:
            await state.close()
            if log is not None:
                log.close()

    routes = _routes()
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)],
        exception_handlers={EkgError: answer_ekg_error, HTTPException: answer_http_error, Exception: answer_bug},
    )
    app.state.ekg = state
    metrics = Metrics()
    return Front(
        app,
        state,
        _handlers(metrics),
        routes=frozenset(route.path for route in routes if isinstance(route, Route)),
        guard=Guard(allowed_hosts, origins),
        metrics=metrics,
        max_body=max_body,
        log=log,
    )


def _handlers(metrics: Metrics) -> dict[str, tuple[tuple[str, ...], Handler]]:
    async def measured(request: call.Call, state: State) -> call.Response:
        return call.Response(200, call.encoded({"Content-Type": MEDIA}), metrics.text(state.gauges()).encode())

    return {
        "/sparql": (("GET", "HEAD", "POST"), sparql),
        "/update": (("POST",), update),
        "/graphs": (_WRITES, graphs),
        "/graphs/": (_WRITES, graphs),
        "/metrics": (("GET", "HEAD"), measured),
        "/healthz": (("GET", "HEAD"), health),
    }


def _routes() -> list[BaseRoute]:
    return [
        Route("/", page),
        *(Route(operation.path, operation.__call__, methods=["GET"]) for operation in OPERATIONS),
        Route("/api/openapi.json", describe),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


async def page(request: Request) -> Response:
    """The web page."""
    return FileResponse(STATIC / "index.html", media_type="text/html", headers={"Cache-Control": "no-cache"})


async def describe(request: Request) -> Response:
    """The API's description."""
    return JSONResponse(openapi(OPERATIONS))


async def health(request: call.Call, state: State) -> call.Response:
    """Whether the server is up, and what it serves."""
    return call.told(200, {"status": "ok", "generation": state.current.generation()})
