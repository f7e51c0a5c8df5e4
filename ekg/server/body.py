"""Reading what a client sends: parameters and bodies, in UTF-8 and of bounded size."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from ekg.server.errors import RequestError

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request's body at most."""


def parse_parameters(data: bytes) -> list[tuple[str, str]]:
    """Parameters of a query string or a form.

    Raises:
        RequestError: 400, not UTF-8 or not well-formed.
    """
    try:
        return parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise RequestError(400, "the parameters are not UTF-8", hint="percent-encode them as UTF-8") from None
    except ValueError as error:
        raise RequestError(400, f"malformed parameters: {error}") from error


def media_type(request: Request) -> str:
    """Media type of the body.

    Raises:
        RequestError: 415, it is declared to be in another encoding than UTF-8.
    """
    name, *parameters = (part.strip() for part in request.headers.get("content-type", "").split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset" and value.strip('" ').lower() not in {"utf-8", "utf8", "us-ascii"}:
            raise RequestError(415, f"the body is in {value}, not UTF-8", hint="send it in UTF-8")
    return name.lower()


async def read_body(request: Request) -> bytes:
    """The body.

    Raises:
        RequestError: 413, it is too large.
    """
    too_large = RequestError(413, f"the body is larger than {MAX_BODY // 1024} KiB", hint="send a smaller query")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BODY:
        raise too_large
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)


async def read_text(request: Request) -> str:
    """The body as text.

    Raises:
        RequestError: 413, or 400 if it is not UTF-8.
    """
    try:
        return (await read_body(request)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"the body is not UTF-8 (byte {error.start})", hint="send it in UTF-8") from None
