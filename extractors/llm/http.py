"""One POST of JSON with a hard time limit and a bounded reply; no redirects, no proxies, no cookies."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.llm.failure import LlmError

MAX_REPLY = 4_000_000
"""Bytes of a reply at most."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers by lower-case name, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
    """Send a request and read the whole reply.

    Args:
        url: http or https address.
        body: JSON.
        headers: further headers.
        timeout: seconds for everything together, however slowly the reply drips.

    Raises:
        LlmError: ``llm_down`` (no connection, cut off) or ``llm_timeout``.
    """
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    late = threading.Event()
    # The connection forgets its socket where the server closes it after the reply, which may still be dripping.
    sockets: list[socket.socket] = []

    def stop() -> None:
        late.set()
        for used in sockets:
            # Closed already means that the reply has ended.
            with suppress(OSError):
                used.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(timeout, stop)
    timer.daemon = True
    timer.start()
    try:
        connection.connect()
        sockets.append(connection.sock)
        if late.is_set():
            raise TimeoutError  # the time was up before there was a socket to close
        connection.request("POST", parts.path, body, {"Content-Type": "application/json", **headers})
        with connection.getresponse() as response:
            content = _read(response)
        if late.is_set():
            raise TimeoutError
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
    except (OSError, http.client.HTTPException) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise LlmError("llm_timeout", f"no answer within {timeout:g} s") from None
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise LlmError("llm_down", f"{parts.hostname}: {reason}") from None
    finally:
        timer.cancel()
        connection.close()


def _read(response: http.client.HTTPResponse) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read(65_536):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_REPLY:
            raise LlmError("llm_nonsense", f"a reply of more than {MAX_REPLY} bytes")
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(chunks)
