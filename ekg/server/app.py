"""The application: routes over one graph."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ekg.errors import EkgError
from ekg.graph import EventGraph, open_graph
from ekg.server.api import OPERATIONS
from ekg.server.errors import answer_bug, answer_ekg_error, answer_http_error
from ekg.server.openapi import openapi
from ekg.server.security import Guard
from ekg.server.sparql import graphs, sparql, update
from ekg.server.state import State, state_of

STATIC = Path(__file__).parent / "static"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def create_app(
    kg: Path | str | EventGraph,
    *,
    timeout: float = 30.0,
    max_rows: int = 100_000,
    strict_dataset: bool = False,
    workers: int = 2,
    update_token: str | None = None,
    allowed_hosts: Collection[str] | None = LOCAL_HOSTS,
) -> Starlette:
    """An ASGI application that serves a graph for reading.

    Args:
        kg: directory of a graph, or an open one (which the caller closes). SPARQL runs in processes of its own where
            the graph is on disk, so that a runaway query can be ended; in memory it runs on threads.
        timeout: seconds a request may take before it is answered with 504.
        max_rows: rows or triples in the result of a query at most; more are left out, and the header
            ``X-Ekg-Truncated: true`` says so.
        strict_dataset: the default graph holds its own triples only, and not the union of all graphs.
        workers: processes for SPARQL.
        update_token: token that a client must show before its update is refused with another reason: this version
            does not accept updates at all.
        allowed_hosts: names under which the server may be called (Host header); None allows any.

    Raises:
        KgError: the directory is not a graph, damaged or being built.
    """
    graph = kg if isinstance(kg, EventGraph) else open_graph(kg)
    state = state_of(
        graph,
        owned=graph is not kg,
        timeout=timeout,
        max_rows=max_rows,
        strict_dataset=strict_dataset,
        workers=workers,
        update_token=update_token,
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await state.start()
        try:
            yield
        finally:
            await state.close()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts=allowed_hosts)],
        exception_handlers={EkgError: answer_ekg_error, HTTPException: answer_http_error, Exception: answer_bug},
    )
    app.state.ekg = state
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/", page),
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/graphs", graphs, methods=["GET", "PUT", "POST", "DELETE", "PATCH"]),
        Route("/update", update, methods=["POST"]),
        *(Route(operation.path, operation.__call__, methods=["GET"]) for operation in OPERATIONS),
        Route("/api/openapi.json", describe),
        Route("/healthz", health),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


async def page(request: Request) -> Response:
    """The web page."""
    return FileResponse(STATIC / "index.html", media_type="text/html", headers={"Cache-Control": "no-cache"})


async def describe(request: Request) -> Response:
    """The API's description."""
    return JSONResponse(openapi(OPERATIONS))


async def health(request: Request) -> Response:
    """Whether the server is up, and what it serves."""
    state: State = request.app.state.ekg
    return JSONResponse({"status": "ok", "generation": state.current.generation()})
