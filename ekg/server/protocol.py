"""Connections: how many there may be, and how long and how large the head of a request may be."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""Seconds in which the head of a request has to arrive, once the connection is there or its first byte came."""
HEAD_BYTES = 64 * 1024
"""Bytes of a request's head at most."""
BODY_SECONDS = 30.0
"""Seconds in which a body has to arrive."""
WATCH = "ekg.watch"
"""Name under which an application leaves its :class:`Watch` in the scope of a request."""

_BETWEEN, _HEAD, _BODY = range(3)
_BUSY = b'{"error":"too many connections","hint":"try again, or start the server with a larger --max-connections"}'
_SLOW = b'{"error":"the request did not arrive in time","hint":null}'
_LARGE = b'{"error":"the head of the request is too large","hint":"send a long query by POST"}'


def _answer(status: str, body: bytes, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}"
    return f"{head}connection: close\r\n\r\n".encode() + body


class Watch:
    """Cancels the task of a request when its client leaves. To be made in that task."""

    __slots__ = ("_task", "left")

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self.left = False

    def leave(self) -> None:
        """The client has left."""
        self.left = True
        if self._task is not None:
            self._task.cancel()


class _Joined:
    """A transport that holds the head of a response until its body comes, so that both go in one packet."""

    __slots__ = ("_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def write(self, data: bytes) -> None:
        if not self._held and data.startswith(b"HTTP/1.1 "):
            self._held = data
            self._loop.call_soon(self.flush)
        else:
            held, self._held = self._held, b""
            self._transport.write(held + data)

    def flush(self) -> None:
        held, self._held = self._held, b""
        if held and not self._transport.is_closing():
            self._transport.write(held)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connection(HttpToolsProtocol):
    """One connection, with limits. :func:`limited` sets how many there may be."""

    most = 0
    _timer: asyncio.TimerHandle | None = None
    _size = 0
    _part = _BETWEEN

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take a connection, or answer 503 if there are too many."""
        super().connection_made(cast("asyncio.Transport", _Joined(transport, self.loop)))
        if self.most and len(self.connections) > self.most:
            self._refuse(_answer("503 Service Unavailable", _BUSY, "retry-after: 2\r\n"))
        else:
            self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and end the work on its request."""
        self._stop()
        super().connection_lost(exc)
        if self.cycle is not None and not self.cycle.response_complete:
            watch = self.cycle.scope.get(WATCH)
            if isinstance(watch, Watch):
                watch.leave()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request, or answer 431 if its head has no end."""
        super().data_received(data)
        if self._part == _BETWEEN:
            return
        if self._part == _HEAD:
            self._size += len(data)
            if self._size > HEAD_BYTES:
                self._refuse(_answer("431 Request Header Fields Too Large", _LARGE))
                return
        if self._timer is None:
            self._start()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._part = _HEAD
        self._size = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is there, a body may follow."""
        self._part = _BODY
        self._stop()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is there."""
        self._part = _BETWEEN
        self._stop()
        super().on_message_complete()

    def _start(self) -> None:
        seconds = BODY_SECONDS if self._part == _BODY else HEAD_SECONDS
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()  # 408 would stand in the middle of the answer
        else:
            self._refuse(_answer("408 Request Timeout", _SLOW))

    def _refuse(self, answer: bytes) -> None:
        self._stop()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()


def limited(most: int) -> type[Connection]:
    """The class of connections for a server that takes so many at a time."""
    return type("LimitedConnection", (Connection,), {"most": most})
