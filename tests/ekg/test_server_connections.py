"""Connections as they come: slow, large, many, and gone before their answer."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from ekg.graph import open_graph
from ekg.server import create_app, front, protocol
from ekg.server.front import Front
from ekg.server.jobs import ReadJob, Reply
from ekg.server.pool import Answer, BrokenAnswerError, Chunks
from tests.running import PATIENCE, running, until


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        yield connection


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    found = b""
    try:
        while data := connection.recv(65536):
            found += data
    except ConnectionResetError:
        pass  # the server has closed while bytes of ours were on their way
    return found


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def app() -> Front:
    return create_app(open_graph(), update_token="secret")


HEAD = b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize("sent", [b"", b"GET /hea", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "])
def test_a_head_that_does_not_come(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)
    with running(app()) as port, connected(port) as connection:
        connection.sendall(sent)
        assert rest(connection).startswith(b"HTTP/1.1 408 ")
        monkeypatch.undo()  # the next request may take its time
        assert get(port, "/healthz")[0] == 200


def test_a_body_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.2)
    with running(app()) as port, connected(port) as connection:
        connection.sendall(HEAD + b"Content-Length: 6\r\n\r\nASK")
        assert rest(connection).startswith(b"HTTP/1.1 408 ")
        assert get(port, "/healthz")[0] == 200


def test_a_head_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_BYTES", 1000)
    with running(app()) as port, connected(port) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 2000)
        assert rest(connection).startswith(b"HTTP/1.1 431 ")
        assert get(port, "/healthz")[0] == 200


def test_a_body_that_is_announced_too_large() -> None:
    with running(create_app(open_graph(), max_body=100)) as port, connected(port) as connection:
        connection.sendall(HEAD + b"Content-Length: 101\r\n\r\n")
        assert rest(connection).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_comes_slowly_but_comes() -> None:
    with running(app()) as port, connected(port) as connection:
        connection.sendall(HEAD + b"Connection: close\r\nContent-Length: 6\r\n\r\n")
        for byte in b"ASK {}":
            time.sleep(0.1)  # longer in all than the server waits before it looks whether the client has left
            connection.sendall(bytes([byte]))
        assert rest(connection).endswith(b'{"head":{},"boolean":true}')


def test_too_many_connections() -> None:
    with running(app(), most=2) as port, connected(port) as first, connected(port) as second:
        for connection in (first, second):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        with connected(port) as third:
            answer = rest(third)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 2" in answer
        first.close()

        def free() -> bool:
            try:
                return get(port, "/healthz")[0] == 200
            except ConnectionError:
                return False  # refused before the request was read

        until(free)


def test_requests_in_a_row_on_one_connection() -> None:
    with running(app()) as port, connected(port) as connection:
        request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        connection.sendall((request + b"\r\n") * 3 + request + b"Connection: close\r\n\r\n")
        assert rest(connection).count(b"HTTP/1.1 200 ") == 4


class Stub:
    """A runner without processes."""

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to end."""


class Slow(Stub):
    """Answers never come; it notes when they are given up."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.given_up = threading.Event()

    async def stream(self, job: ReadJob, client: str = "", *, anew: bool = False) -> Answer:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up.set()
            raise
        raise AssertionError


def test_a_client_that_leaves_while_its_query_runs() -> None:
    served, slow = app(), Slow()
    served.state.runner = slow
    with running(served) as port:
        with connected(port) as connection:
            connection.sendall(HEAD + b"Content-Length: 6\r\n\r\nASK {}")
            assert slow.asked.wait(PATIENCE)
        assert slow.given_up.wait(PATIENCE)
        assert get(port, "/healthz")[0] == 200


class Pieces(Chunks):
    """Pieces without end, or with a break after some."""

    def __init__(self, count: int | None) -> None:
        self.left = count
        self.closed = threading.Event()

    async def __anext__(self) -> bytes:
        if self.left == 0:
            raise BrokenAnswerError
        if self.left is not None:
            self.left -= 1
        await asyncio.sleep(0)
        return b"x" * 65536

    async def aclose(self) -> None:
        self.closed.set()


class Answering(Stub):
    """Answers with pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces

    async def stream(self, job: ReadJob, client: str = "", *, anew: bool = False) -> Answer:
        return Answer(Reply(body=b"begin", more=True), self.pieces)


def answering(pieces: Pieces) -> Front:
    served = app()
    served.state.runner = Answering(pieces)
    return served


def test_an_answer_that_breaks_off_is_seen_as_broken() -> None:
    pieces = Pieces(3)
    with running(answering(pieces)) as port:
        with pytest.raises(http.client.IncompleteRead):
            get(port, f"/sparql?query={quote('ASK {}')}")
        assert pieces.closed.is_set()
        assert get(port, "/healthz")[0] == 200


def test_a_client_that_leaves_while_its_answer_comes() -> None:
    pieces = Pieces(None)
    with running(answering(pieces)) as port:
        with connected(port) as connection:
            connection.sendall(HEAD + b"Content-Length: 6\r\n\r\nASK {}")
            assert connection.recv(1000)
        assert pieces.closed.wait(PATIENCE)


def test_a_client_that_takes_nothing_of_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "_SEND_SECONDS", 0.2)
    pieces = Pieces(None)
    with running(answering(pieces)) as port, connected(port) as connection:
        connection.sendall(HEAD + b"Content-Length: 6\r\n\r\nASK {}")
        assert pieces.closed.wait(PATIENCE)
        assert get(port, "/healthz")[0] == 200


def test_compressed_if_wanted() -> None:
    query = quote("SELECT ?x ?y { VALUES ?x { 1 2 3 4 5 6 7 8 } VALUES ?y { 1 2 3 4 5 6 7 8 } }")
    with running(app()) as port:
        plain = get(port, f"/sparql?query={query}")[1]
        assert len(json.loads(plain)["results"]["bindings"]) == 64
        for wanted in ("gzip", "br, GZIP;q=0.5", "*"):
            packed = get(port, f"/sparql?query={query}", {"Accept-Encoding": wanted})[1]
            assert gzip.decompress(packed) == plain
        for unwanted in ("", "br", "gzip;q=0", "gzip; q=0.0, *"):
            assert get(port, f"/sparql?query={query}", {"Accept-Encoding": unwanted})[1] == plain
        short = get(port, f"/sparql?query={quote('ASK {}')}", {"Accept-Encoding": "gzip"})[1]
        assert short == b'{"head":{},"boolean":true}'
