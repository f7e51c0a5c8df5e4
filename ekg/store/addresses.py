"""Which addresses may be connected to: public ones, so that nobody can reach into this machine or its network."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence

from ekg.errors import RefusedError, RemoteError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""Addresses of a host, given with a port; OSError if there are none."""

_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this machine, on Linux
        "168.63.129.16/32",  # a public number, but Azure's own service for its machines
        "192.88.99.0/24",  # relays to IPv6
        "192.0.0.0/24",  # protocols; Python takes some of it for global
        "192.0.2.0/24",  # documentation, as the next ones
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
        "100::/64",  # a sink
        "::/96",  # and so on: IPv6 addresses that stand for an IPv4 address, which may be any
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "fec0::/10",  # private, before fc00::/7 was
    )
)


def system_addresses(host: str, port: int) -> list[str]:
    """What the system says, numbers in odd forms (``0x7f.1``, ``2130706433``) included."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def why_refused(address: Address, *, private: bool = False) -> str | None:
    """What is against connecting to an address; None if nothing is.

    Args:
        address: the address.
        private: whether this machine and private networks are allowed.

    >>> why_refused(ipaddress.ip_address("169.254.169.254"), private=True)
    'link-local'
    """
    if address.is_loopback:
        return None if private else "this machine's own"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if any(address in network for network in _NEVER if network.version == address.version):
        return "not one of the public Internet"
    if address.is_unspecified or address.is_reserved:
        return "reserved"
    if not address.is_global and not (private and address.is_private):
        return "in a private network"
    return None


def checked_addresses(
    host: str, port: int, timeout: float, *, private: bool = False, resolve: Resolver = system_addresses
) -> list[str]:
    """Addresses of a host, resolved once; all of them have to be allowed.

    Args:
        host: a name, or an address in any form that the system takes.
        port: to be connected to.
        timeout: seconds to wait for the answer.
        private: see :func:`why_refused`.
        resolve: asks for the addresses.

    Raises:
        RefusedError: one is not allowed.
        RemoteError: there are none, or no answer came in time.
    """
    found: list[Sequence[str] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            found.append(error)

    # The system's resolver cannot be told how long it may take.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    if not found:
        raise RemoteError(f"{host}: its address was not told in time")
    (addresses,) = found
    if isinstance(addresses, Exception) or not addresses:
        raise RemoteError(f"{host}: has no address", hint="is the name right?")
    for text in addresses:
        reason = why_refused(ipaddress.ip_address(text), private=private)
        if reason is not None:
            raise RefusedError(
                f"{host}: its address {text} is {reason}, so it is not connected to",
                hint="the server's configuration can set allow-private-addresses",
            )
    return list(addresses)
