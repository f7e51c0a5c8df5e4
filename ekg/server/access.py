"""Who may write: those who show the token of the configured file."""

from __future__ import annotations

import hmac

from ekg.server.call import Call
from ekg.server.errors import RequestError


def check_token(call: Call, token: str | None) -> None:
    """Let a write pass.

    Args:
        call: the request.
        token: the server's; None refuses all writes.

    Raises:
        RequestError: 403 if the server takes no writes, or the client's token is wrong; 401 if it has none.
    """
    if token is None:
        raise RequestError(
            403,
            "this server does not accept updates",
            hint="start it with --update-token-file, or change the graph with `ekg add`, `ekg rm` or `ekg import`",
        )
    scheme, _, given = (call.header(b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise RequestError(
            401,
            "updates need a token",
            hint="send 'Authorization: Bearer TOKEN'",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise RequestError(403, "the token is wrong")
