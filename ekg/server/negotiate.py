"""Content negotiation (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

ROWS: dict[str, str] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media types of SELECT and ASK by preference, with the format's name in :mod:`ekg.io`."""

GRAPHS: dict[str, str] = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}
"""Media types of CONSTRUCT, DESCRIBE, graphs and the service description."""

_UTF8 = frozenset({"text/csv", "text/tab-separated-values", "text/turtle"})


def content_type(media: str) -> str:
    """Value of the Content-Type header."""
    return f"{media}; charset=utf-8" if media in _UTF8 else media


def parse_accept(header: str | None) -> list[tuple[str, float]]:
    """Media ranges with their weights; a malformed weight drops its range.

    >>> parse_accept("text/csv;q=0.5, */*;q=0.1")
    [('text/csv', 0.5), ('*/*', 0.1)]
    """
    ranges = []
    for part in (header or "*/*").split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = -1.0
        if "/" in name and 0.0 <= weight <= 1.0:
            ranges.append((name.lower(), weight))
    return ranges


def choose(header: str | None, offers: Mapping[str, str]) -> str | None:
    """The offered media type that a client wants most, None if it wants none of them.

    The most specific range that matches an offer gives its weight; among equal weights the first offer wins.
    """
    return _chosen(header, tuple(offers))


@lru_cache(maxsize=256)
def _chosen(header: str | None, offers: tuple[str, ...]) -> str | None:
    ranges = parse_accept(header)
    best, best_weight = None, 0.0
    for offer in offers:
        by_range = {offer: 2, offer.partition("/")[0] + "/*": 1, "*/*": 0}
        matching = [(by_range[name], weight) for name, weight in ranges if name in by_range]
        weight = max(matching)[1] if matching else 0.0
        if weight > best_weight:
            best, best_weight = offer, weight
    return best
