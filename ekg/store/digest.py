"""Digest authentication (RFC 7616), which Virtuoso wants for updates."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable
from urllib.request import parse_http_list, parse_keqv_list

_HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


def login_of(basic: str) -> tuple[str, str] | None:
    """User and password of an ``Authorization`` header, if it is of the basic kind."""
    scheme, _, value = basic.partition(" ")
    if scheme != "Basic":
        return None
    try:
        user, _, password = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, password


def digest_answer(
    challenge: str, user: str, password: str, method: str, target: str, *, own: str | None = None
) -> str | None:
    """The ``Authorization`` header that answers a challenge; None if it is none, or one of another kind.

    Args:
        challenge: the header ``WWW-Authenticate``.
        user: who asks.
        password: the secret, which does not go over the line.
        method: of the request.
        target: path and query of the request.
        own: a word that is used once; made at random.

    >>> challenge = 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
    >>> challenge += 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
    >>> own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    >>> answer = digest_answer(challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html", own=own)
    >>> 'response="8ca523f5e9506fed4657c9700eebdbec"' in answer
    True
    """
    scheme, _, rest = challenge.partition(" ")
    if scheme.lower() != "digest":
        return None
    pairs = [pair for pair in parse_http_list(rest) if not pair.endswith("=") and "=" in pair]
    said = {name.lower(): value for name, value in parse_keqv_list(pairs).items()}
    algorithm = said.get("algorithm", "MD5")
    hashed = _HASHES.get(algorithm.upper())
    offered = {part.strip() for part in said.get("qop", "").split(",")} - {""}
    if hashed is None or not {"realm", "nonce"} <= set(said) or (offered and "auth" not in offered):
        return None
    own = secrets.token_hex(16) if own is None else own
    who = hashed(f"{user}:{said['realm']}:{password}".encode())
    what = hashed(f"{method}:{target}".encode())
    middle = f"00000001:{own}:auth:" if offered else ""
    parts = {
        "username": user,
        "realm": said["realm"],
        "nonce": said["nonce"],
        "uri": target,
        "response": hashed(f"{who}:{said['nonce']}:{middle}{what}".encode()),
    }
    if "opaque" in said:
        parts["opaque"] = said["opaque"]
    text = ", ".join(f'{name}="{_quoted(value)}"' for name, value in parts.items())
    text += f", algorithm={algorithm}"
    return f"Digest {text}" + (f', qop=auth, nc=00000001, cnonce="{own}"' if offered else "")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
