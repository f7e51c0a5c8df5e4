"""Fetching from another machine for a query or an update, with every limit that can be set.

Oxigraph's own client takes no limits, so nothing is left to it. Here a name is resolved once, and the connection goes
to the very address that was checked; a redirect is followed only to what is listed too, and its address is checked
anew; proxies are not asked; what takes too long or is too large is given up.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from ekg.errors import DataError, RefusedError, RemoteError
from ekg.store.addresses import Resolver, checked_addresses, system_addresses
from ekg.store.reach import Reach, canonical_url, is_listed

_REDIRECTS = 3
_PIECE = 1 << 16
_MOVED = frozenset({301, 302, 303, 307, 308})
_FORM = "application/x-www-form-urlencoded"
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer.

    Args:
        url: where it came from at last.
        media: its media type, in lower case, without parameters; "" if it has none.
        headers: all of its headers, names in lower case.
        body: its content.
    """

    url: str
    media: str
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    listed: Sequence[str],
    reach: Reach,
    deadline: float,
    *,
    accept: str,
    form: Mapping[str, str] | None = None,
    resolve: Resolver = system_addresses,
) -> Fetched:
    """Ask another machine.

    Args:
        url: a canonical one, which is on the list.
        listed: URLs that may be fetched, for redirects.
        reach: the limits.
        deadline: moment of the monotonic clock at which it is given up.
        accept: media types that can be used.
        form: is POSTed; None makes it a GET.
        resolve: tells the addresses of a host.

    Raises:
        RefusedError: the address, or what it redirects to, is not allowed.
        RemoteError: no answer, or none of use.
    """
    for _ in range(_REDIRECTS + 1):
        status, headers, body = _request(url, reach, deadline, accept, form, resolve)
        if status not in _MOVED or "location" not in headers:
            break
        url = _target(url, headers["location"], listed)
        form = None if status == 303 else form  # the answer lies there; elsewhere it has to be asked for again
    else:
        raise RemoteError(f"{url}: more than {_REDIRECTS} redirects")
    if not 200 <= status < 300:
        shown = " ".join(body[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN]
        raise RemoteError(f"{url}: answered {status} {http.client.responses.get(status, '')}: {shown}")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise RemoteError(f"{url}: the answer is compressed, though that was not asked for")
    media = headers.get("content-type", "").split(";")[0].strip().lower()
    return Fetched(url=url, media=media, headers=headers, body=body)


def _target(url: str, location: str, listed: Sequence[str]) -> str:
    try:
        target = canonical_url(urljoin(url, location))
    except DataError as error:
        raise RefusedError(f"{url}: redirects to what cannot be fetched: {error.message}") from error
    if not is_listed(target, listed):
        raise RefusedError(
            f"{url}: redirects to {target}, which is not on the list of what may be fetched",
            hint="list that one too",
        )
    return target


def _request(
    url: str, reach: Reach, deadline: float, accept: str, form: Mapping[str, str] | None, resolve: Resolver
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one exchange."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    addresses = checked_addresses(host, port, _left(url, deadline), private=reach.private, resolve=resolve)
    late = RemoteError(f"{url}: no answer within {reach.timeout:g} s", hint="ask for less, or raise fetch-timeout")
    try:
        channel = _connected(addresses, port, deadline)
        with channel:
            # Each single step has its time-out, but slow drops would add up: so the whole has an end as well.
            end = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [channel])
            end.daemon = True
            end.start()
            try:
                if parts.scheme == "https":
                    context = ssl.create_default_context()
                    channel = context.wrap_socket(channel, server_hostname=host, do_handshake_on_connect=False)
                    end.args = [channel]
                    if time.monotonic() >= deadline:  # the cut may have met the one that was wrapped
                        raise late
                    channel.do_handshake()
                answer = _exchange(channel, url, reach.size, accept, form)
            finally:
                end.cancel()
                channel.close()
        if time.monotonic() >= deadline:  # it was cut, which can look like an end
            raise late
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
            raise late from error
        what = "the answer broke off" if isinstance(error, http.client.IncompleteRead) else str(error)
        raise RemoteError(f"{url}: {what or type(error).__name__}") from error
    return answer


def _left(url: str, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise RemoteError(f"{url}: there was no time left to ask it", hint="ask for less, or raise fetch-timeout")
    return left


def _cut(channel: socket.socket) -> None:
    """End a connection under whoever reads from it; TLS's own way of doing so is not for another thread."""
    try:
        socket.socket.shutdown(channel, socket.SHUT_RDWR)
    except OSError:
        return  # it was closed in the same moment


def _connected(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first of the addresses that takes one."""
    problem: OSError = TimeoutError("timed out")
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        family = socket.AF_INET if ipaddress.ip_address(address).version == 4 else socket.AF_INET6
        channel = socket.socket(family, socket.SOCK_STREAM)
        try:
            channel.settimeout(left)
            channel.connect((address, port))
        except OSError as error:
            channel.close()
            problem = error
        else:
            return channel
    raise problem


def _exchange(
    channel: socket.socket, url: str, size: int, accept: str, form: Mapping[str, str] | None
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = channel
    head = {"Host": parts.netloc, "Accept": accept, "Accept-Encoding": "identity", "User-Agent": "ekg"}
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    if form is None:
        connection.request("GET", target, headers=head)
    else:
        connection.request("POST", target, urlencode(form).encode(), {**head, "Content-Type": _FORM})
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    if response.status in _MOVED:
        return response.status, headers, b""
    pieces, total = [], 0
    while piece := response.read1(_PIECE):
        total += len(piece)
        if total > size:
            raise RemoteError(f"{url}: the answer is larger than {size / 1024:g} KiB", hint="ask for less")
        pieces.append(piece)
    if response.length:
        raise http.client.IncompleteRead(b"")
    return response.status, headers, b"".join(pieces)
