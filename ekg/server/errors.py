"""Errors of a request, and how every error is answered: JSON with what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ekg.errors import DataError, EkgError

BUG = {"error": "the server failed on this request", "hint": "its log says more; please report it"}
"""Body of the response to an error of ours."""
_PLACE = re.compile(r"line (\d+), column (\d+)")


class RequestError(EkgError):
    """A request that cannot be served.

    Args:
        status: HTTP status.
        message: what is wrong.
        hint: what to do.
        headers: more headers of the response, such as ``Allow``.
        more: more members of the JSON body.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.http_status = status
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def error_body(error: EkgError) -> dict[str, Any]:
    """``{"error", "hint"}`` with ``line`` and ``column`` where the message or the error has them."""
    body: dict[str, Any] = {"error": error.message, "hint": error.hint}
    place = _PLACE.search(error.message)
    if place is not None:
        body |= {"line": int(place[1]), "column": int(place[2])}
    elif isinstance(error, DataError) and error.line is not None:
        body |= {"line": error.line, "column": error.column}
    if isinstance(error, RequestError):
        body |= error.more
    return body


def answer_ekg_error(request: Request, error: Exception) -> Response:
    """Response to an error raised on purpose."""
    assert isinstance(error, EkgError)
    headers = error.headers if isinstance(error, RequestError) else {}
    if error.http_status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = {"Retry-After": "1", **headers}
    return JSONResponse(error_body(error), status_code=error.http_status, headers=headers)


def answer_http_error(request: Request, error: Exception) -> Response:
    """Response to an unknown path or a method that a path does not have."""
    assert isinstance(error, HTTPException)
    hint = None
    if error.status_code == HTTPStatus.NOT_FOUND:
        hint = "there are /sparql, /update, /graphs, /api/… (see /api/openapi.json), /healthz, /metrics and the page /"
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and error.headers:
        hint = f"allowed: {error.headers.get('Allow', '')}"
    return JSONResponse({"error": error.detail, "hint": hint}, status_code=error.status_code, headers=error.headers)


def answer_bug(request: Request, error: Exception) -> Response:
    """Response to an error of ours; the traceback goes to the log, never to the user."""
    return JSONResponse(BUG, status_code=HTTPStatus.INTERNAL_SERVER_ERROR)
