"""One request and one response of the endpoints that have to be fast, without a framework between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.types import Receive, Scope

from ekg.errors import EkgError
from ekg.server.errors import RequestError, error_body
from ekg.server.pool import Chunks

_FIELDS = 1000
_COMMON = [(f"%{ord(c):02X}".encode(), c.encode()) for c in " :/<>#?{}\n\"().,;=*'$@|[]^&!-_\r"]
"""What stands escaped in most queries: none of it can become part of another escape, so all at once is well."""

Parameters = list[tuple[str, str]]
Headers = list[tuple[bytes, bytes]]


class ClientLeftError(Exception):
    """There is nobody any more to answer."""


@dataclass(slots=True)
class Response:
    """What goes back: the head, and the body or its beginning.

    Args:
        status: HTTP status.
        headers: names in lower case; a length is added where the body is whole.
        body: the body, or its first piece.
        chunks: the pieces that follow; None if none do.
    """

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    chunks: Chunks | None = None


class Call:
    """A request.

    Args:
        scope: of ASGI.
        receive: of ASGI.
        max_body: bytes of a body at most.
    """

    __slots__ = ("_headers", "_max_body", "_receive", "method", "path", "query_string", "scope")

    def __init__(self, scope: Scope, receive: Receive, max_body: int) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self._receive = receive
        self._max_body = max_body
        self._headers: dict[bytes, bytes] = dict(scope["headers"])

    def header(self, name: bytes) -> str | None:
        """Value of a header, given in lower case."""
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def client(self) -> str:
        """Address of the client."""
        client = self.scope.get("client")
        return client[0] if client else ""

    @property
    def accept(self) -> str | None:
        """The Accept header, in which several lines count as one."""
        found = [value for name, value in self.scope["headers"] if name == b"accept"]
        return b", ".join(found).decode("latin-1") if found else None

    @property
    def takes_gzip(self) -> bool:
        """Whether the client takes a compressed body."""
        value = self._headers.get(b"accept-encoding")
        return value is not None and _takes_gzip(value)

    @property
    def wants_anew(self) -> bool:
        """Whether an answer that the server has kept will not do (``Cache-Control: no-cache``)."""
        value = self._headers.get(b"cache-control")
        return value is not None and b"no-cache" in value.lower()

    @property
    def root(self) -> str:
        """Address of the server as the client knows it, without a slash at its end."""
        return f"{self.scope.get('scheme', 'http')}://{self.header(b'host') or 'localhost'}"

    @property
    def parameters(self) -> Parameters:
        """Parameters of the query string.

        Raises:
            RequestError: 400, they are malformed.
        """
        return parse_parameters(self.query_string) if self.query_string else []

    @property
    def media_type(self) -> str:
        """Media type of the body, in lower case and without parameters.

        Raises:
            RequestError: 415, it is declared to be in another encoding than UTF-8.
        """
        name, *parameters = (self.header(b"content-type") or "").split(";")
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "charset" and value.strip('" ').lower() not in {"utf-8", "utf8", "us-ascii"}:
                raise RequestError(415, f"the body is in {value}, not UTF-8", hint="send it in UTF-8")
        return name.strip().lower()

    async def body(self) -> bytes:
        """The body.

        Raises:
            RequestError: 413, it is too large; 415, it is compressed.
            ClientLeftError: it will never arrive.
        """
        coding = self._headers.get(b"content-encoding", b"identity")
        if coding.lower() != b"identity":
            raise RequestError(
                415, "the body is compressed", hint="send it as it is", headers={"Accept-Encoding": "identity"}
            )
        length = self._headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > self._max_body:
            raise self._too_large()
        pieces: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] != "http.request":
                raise ClientLeftError
            piece, more = message.get("body", b""), message.get("more_body", False)
            pieces.append(piece)
            size += len(piece)
            if size > self._max_body:
                raise self._too_large()
        return b"".join(pieces)

    def _too_large(self) -> RequestError:
        return RequestError(
            413,
            f"the body is larger than {self._max_body / 1024:g} KiB",
            hint="send less, or start the server with a larger --max-body",
            headers={"Connection": "close"},
        )

    async def text(self) -> str:
        """The body as text.

        Raises:
            RequestError: as :meth:`body`; 400 if it is not UTF-8.
        """
        try:
            return (await self.body()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise RequestError(400, f"the body is not UTF-8 (byte {error.start})", hint="send it in UTF-8") from None


def parse_parameters(data: bytes) -> Parameters:
    """Parameters of a query string or a form.

    Raises:
        RequestError: 400, not UTF-8 or not well-formed.
    """
    fields = data.split(b"&")
    if len(fields) > _FIELDS:
        raise RequestError(400, f"more than {_FIELDS} parameters")
    try:
        pairs = [field.partition(b"=") for field in fields if field]
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError:
        raise RequestError(400, "the parameters are not UTF-8", hint="percent-encode them as UTF-8") from None


def _decoded(data: bytes) -> str:
    """The text of a name or value."""
    if not data.isascii():
        raise UnicodeDecodeError("ascii", data, 0, 1, "must be percent-encoded")
    data = data.replace(b"+", b" ")
    for escape, character in _COMMON:
        if b"%" not in data:
            return data.decode()
        data = data.replace(escape, character)
    return unquote_to_bytes(data).decode()


def values_of(parameters: Parameters, name: str) -> tuple[str, ...]:
    """All values of a parameter."""
    return tuple(value for key, value in parameters if key == name)


@lru_cache(maxsize=64)
def _takes_gzip(header: bytes) -> bool:
    weights: dict[str, str] = {}
    for part in header.decode("latin-1").lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    found = weights.get("gzip", weights.get("*"))
    return found is not None and found.rstrip("0.") != "q="


def failed(error: EkgError) -> Response:
    """The response that tells of an error on purpose: JSON with what is wrong and what to do."""
    headers = error.headers if isinstance(error, RequestError) else {}
    return told(error.http_status, error_body(error), headers)


def told(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A response with a body of JSON."""
    sent = dict(headers or {})
    if status == 503:
        sent.setdefault("Retry-After", "1")
    return Response(status, [(b"content-type", b"application/json"), *encoded(sent)], msgspec.json.encode(body))


def encoded(headers: Mapping[str, str]) -> Headers:
    """Headers as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
