"""The way in: checks, the endpoints that have to be fast, and the framework for the rest.

SPARQL requests do not pass through Starlette's routing and middleware, which take longer than a small query.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ekg.errors import EkgError
from ekg.server.accesslog import AccessLog
from ekg.server.call import Call, ClientLeftError, Headers, Response, encoded, failed, told
from ekg.server.errors import BUG
from ekg.server.metrics import Metrics
from ekg.server.pool import BrokenAnswerError
from ekg.server.protocol import WATCH, Watch
from ekg.server.security import PROTECTION, Guard
from ekg.server.state import State

Handler = Callable[[Call, State], Awaitable[Response]]

_SEND_SECONDS = 60.0
"""How long a client may take nothing of its answer."""
_log = logging.getLogger("uvicorn.error")


class Front:
    """An ASGI application.

    Args:
        app: for all paths that have no handler here.
        state: shared by the handlers.
        handlers: by path: the methods that it has, and who answers. A path that ends in ``/`` stands for all below it.
        routes: paths of ``app``, for the metrics.
        guard: checks every request.
        metrics: counts every request.
        max_body: bytes of a body at most.
        log: gets a line a request.
    """

    def __init__(
        self,
        app: ASGIApp,
        state: State,
        handlers: Mapping[str, tuple[tuple[str, ...], Handler]],
        *,
        routes: frozenset[str],
        guard: Guard,
        metrics: Metrics,
        max_body: int,
        log: AccessLog | None = None,
    ) -> None:
        self.app = app
        self.state = state
        self._handlers = handlers
        self._below = [path for path in handlers if path.endswith("/")]
        self._routes = routes
        self._guard = guard
        self._metrics = metrics
        self._max_body = max_body
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        call = Call(scope, receive, self._max_body)
        counted = _Counted(send, [*PROTECTION, *self._guard.headers(call)])
        route, found = self._route(call.path)
        self._metrics.running += 1
        try:
            refused = self._guard.check(call)
            if refused is not None:
                await counted.respond(refused)
            elif found is None:
                await self.app(scope, receive, counted)
            else:
                await self._handle(call, *found, counted)
        finally:
            self._metrics.running -= 1
            seconds = perf_counter() - started
            self._metrics.count(route, call.method, counted.status, counted.size, seconds)
            if self._log is not None:
                self._log.write(call.client or "-", call.method, call.path, counted.status, counted.size, seconds)

    def _route(self, path: str) -> tuple[str, tuple[tuple[str, ...], Handler] | None]:
        found = self._handlers.get(path)
        if found is not None:
            return path, found
        for prefix in self._below:
            if path.startswith(prefix):
                return prefix, self._handlers[prefix]
        return (path if path in self._routes else "other"), None

    async def _handle(self, call: Call, methods: tuple[str, ...], handler: Handler, out: _Counted) -> None:
        if call.method not in methods:
            await out.respond(_other_method(call, ", ".join(methods)))
            return
        watch = Watch()
        if call.method in {"GET", "HEAD"} or call.path == "/sparql":
            call.scope[WATCH] = watch  # what was begun by a write is finished
        try:
            await out.respond(await self._response(call, handler))
        except ClientLeftError:
            return
        except BrokenAnswerError as error:
            _log.warning("%s: an answer was broken off: %s", call.path, error.__cause__ or error)
        except TimeoutError:
            _log.warning("%s: a client took nothing of its answer for %g s", call.path, _SEND_SECONDS)
        except asyncio.CancelledError:
            if not watch.left:
                raise

    async def _response(self, call: Call, handler: Handler) -> Response:
        try:
            return await handler(call, self.state)
        except EkgError as error:
            return failed(error)
        except (ClientLeftError, asyncio.CancelledError):
            raise
        except Exception:  # noqa: BLE001  # the one place where a bug becomes an answer; its traceback is logged
            _log.exception("a bug in the answer to %s %s", call.method, call.path)
            return told(500, BUG)


def _other_method(call: Call, allowed: str) -> Response:
    if call.method == "OPTIONS":
        return Response(204, encoded({"Allow": allowed}))
    body = {"error": f"{call.path} has no {call.method}", "hint": f"allowed: {allowed}"}
    return told(405, body, {"Allow": allowed})


class _Counted:
    """Sends a response, with more headers, and counts what goes.

    Args:
        send: of ASGI.
        headers: added where the response does not have them.
    """

    __slots__ = ("_headers", "_send", "size", "status")

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send = send
        self._headers = headers
        self.status = 0
        self.size = 0

    async def __call__(self, message: Message) -> None:
        """Pass on a message of an application."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name.lower() for name, _ in message["headers"]}
            more = [header for header in self._headers if header[0] not in present or header[0] == b"vary"]
            message = {**message, "headers": [*message["headers"], *more]}
        else:
            self.size += len(message.get("body", b""))
        await self._send(message)

    async def respond(self, response: Response) -> None:
        """Send a response.

        Raises:
            BrokenAnswerError: its chunks broke off.
            TimeoutError: the client takes nothing.
        """
        headers = [*response.headers, *self._headers]
        if response.chunks is None and response.status != 204:
            headers.append((b"content-length", str(len(response.body)).encode()))
        self.status = response.status
        self.size = len(response.body)
        await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
        if response.chunks is None:
            await self._send({"type": "http.response.body", "body": response.body})
            return
        try:
            await self._piece(response.body)
            async for chunk in response.chunks:
                self.size += len(chunk)
                await self._piece(chunk)
        finally:
            await response.chunks.aclose()
        await self._send({"type": "http.response.body", "body": b""})

    async def _piece(self, data: bytes) -> None:
        async with asyncio.timeout(_SEND_SECONDS):
            await self._send({"type": "http.response.body", "body": data, "more_body": True})
