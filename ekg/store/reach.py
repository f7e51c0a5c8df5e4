"""What queries and updates may reach outside of the store: the endpoints and files that the configuration lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ekg.errors import ConfigError, DataError

_URL = re.compile(r"[!-~]+")
_HOST = re.compile(r"[A-Za-z0-9.:_-]+")
_STEP = re.compile(r"[/\\]\.{1,2}(?:[/\\]|$)")
_BETWEEN = re.compile(r"[,\s]+(?=https?:)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """A URL as it is compared and fetched: scheme and host in lower case, no default port, no fragment.

    Raises:
        DataError: it is not http or https, has a user or password in it, steps up in its path, or is malformed.

    >>> canonical_url("HTTPS://Example.ORG:443/sparql#x")
    'https://example.org/sparql'
    """
    problem = ""
    parts = urlsplit("")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise DataError(f"'{url}' is no URL: {error}") from error
    if parts.scheme not in _PORTS:
        problem = "only http and https are fetched"
    elif "@" in parts.netloc:
        problem = "a URL with a user or password in it is not fetched"
    elif not _URL.fullmatch(url) or "\\" in url or not _HOST.fullmatch(host):
        problem = "it is no URL, or not written in ASCII"
    elif _STEP.search(unquote(unquote(parts.path))):
        problem = "its path has steps ('.' or '..')"
    if problem:
        raise DataError(f"'{url}': {problem}")
    place = f"[{host}]" if ":" in host else host
    place += "" if port in {None, _PORTS[parts.scheme]} else f":{port}"
    return parts._replace(netloc=place, path=parts.path or "/", fragment="").geturl()


def is_listed(url: str, listed: Iterable[str]) -> bool:
    """Whether a canonical URL is one of a list, or below one of it that ends in ``/`` .

    >>> is_listed("https://example.org/a/x.ttl", ["https://example.org/a/"])
    True
    >>> is_listed("https://example.org/ab", ["https://example.org/a"])
    False
    """
    return any(url == entry or (entry.endswith("/") and url.startswith(entry)) for entry in listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Made by :meth:`of`.

    Args:
        services: endpoints that SERVICE may ask; one that ends in ``/`` stands for all below it.
        loads: files that LOAD may fetch, likewise.
        private: whether they may lie on this machine or in a private network.
        timeout: seconds that all of a request's fetching may take.
        rows: rows of one SERVICE, or triples of one LOAD, at most.
        size: bytes of an answer at most.
    """

    services: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    private: bool = False
    timeout: float = 10.0
    rows: int = 10_000
    size: int = 16 << 20

    @classmethod
    def of(
        cls,
        *,
        services: str | None = None,
        loads: str | None = None,
        private: bool = False,
        timeout: float = 10.0,
        rows: int = 10_000,
        size: int = 16 << 20,
    ) -> Reach | None:
        """What lists of URLs, with commas or blanks between, allow; None where there is nothing in them.

        Raises:
            ConfigError: an entry is not a URL that can be fetched.
        """
        found = cls(
            services=_listed("allow-service", services),
            loads=_listed("allow-load", loads),
            private=private,
            timeout=timeout,
            rows=rows,
            size=size,
        )
        return found if found.services or found.loads else None


def _listed(option: str, text: str | None) -> tuple[str, ...]:
    found = []
    for entry in _BETWEEN.split((text or "").strip(" ,\t\r\n")):
        try:
            if entry:
                found.append(canonical_url(entry))
        except DataError as error:
            raise ConfigError(
                f"option '{option}': {error.message}",
                hint="give the URL of an endpoint or file, or one that ends in '/' for all below it",
            ) from error
    return tuple(found)
