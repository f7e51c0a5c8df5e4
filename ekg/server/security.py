"""What protects a server on somebody's own machine from pages in that person's browser."""

from __future__ import annotations

import re
from collections.abc import Collection

from ekg.server.call import Call, Headers, Response, encoded, told

PROTECTION: Headers = encoded(
    {
        "Content-Security-Policy": (
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
)
"""Headers of every response: those of a page that loads nothing from elsewhere."""

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_KNOWN = 100

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin",
}
_READABLE = {"Access-Control-Expose-Headers": "X-Ekg-Truncated, Location", "Vary": "Origin"}


def host_name(header: str) -> str:
    """Name in a Host header, without the port.

    >>> host_name("[::1]:8000"), host_name("LocalHost:80")
    ('::1', 'localhost')
    """
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


class Guard:
    """Checks where a request comes from.

    A page of a foreign site that has its own name resolve to 127.0.0.1 (DNS rebinding) is stopped by its name. Pages
    of other origins get answers that their browser does not show them, unless their origin is listed.

    Args:
        hosts: names under which the server may be called; None allows any.
        origins: such as ``https://example.org``, whose pages may use the server.
    """

    def __init__(self, hosts: Collection[str] | None, origins: Collection[str] = ()) -> None:
        self._hosts = None if hosts is None else frozenset(host.lower().strip("[]") for host in hosts)
        self._known: set[str] = set()
        self._origins = frozenset(origin.rstrip("/") for origin in origins)

    def check(self, call: Call) -> Response | None:
        """The response to a request that goes no further; None lets it pass."""
        header = call.header(b"host") or ""
        if header not in self._known:
            if not _HOST.fullmatch(header):
                return told(400, {"error": "the Host header is no name of a server", "hint": None})
            if self._hosts is not None and host_name(header) not in self._hosts:
                hint = f"call it {' or '.join(sorted(self._hosts))}"
                return told(400, {"error": f"this server is not '{host_name(header)}'", "hint": hint})
            if len(self._known) < _KNOWN:
                self._known.add(header)
        if call.method == "OPTIONS" and call.header(b"access-control-request-method") is not None:
            return self._preflight(call)
        return None

    def _preflight(self, call: Call) -> Response:
        if call.header(b"origin") in self._origins:
            return Response(204, encoded(_PREFLIGHT))
        hint = "list it with --cors when the server is started"
        return told(403, {"error": "pages of this origin may not use the server", "hint": hint}, {"Vary": "Origin"})

    def headers(self, call: Call) -> Headers:
        """Headers that let a page of a listed origin read the answer."""
        origin = call.header(b"origin")
        if origin is None or origin not in self._origins:
            return []
        return encoded({"Access-Control-Allow-Origin": origin, **_READABLE})
