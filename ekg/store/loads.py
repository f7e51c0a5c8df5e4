"""Fetching the file of a LOAD, and writing its triples as INSERT DATA."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from ekg.errors import RemoteError
from ekg.store.addresses import Resolver
from ekg.store.clauses import Clause
from ekg.store.fetch import Fetched, fetch
from ekg.store.reach import Reach
from ekg.store.terms import triple_text

_ACCEPT = (
    "text/turtle, application/n-triples;q=0.9, application/rdf+xml;q=0.8, application/ld+json;q=0.7, text/plain;q=0.2"
)
_SAYS_NOTHING = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
_NOTHING = "DELETE DATA {}"


def load(clause: Clause, url: str, reach: Reach, deadline: float, number: int, *, resolve: Resolver) -> str:
    """The triples of a LOAD as ``INSERT DATA { … }``; of a silent one that fails, an update that does nothing.

    Args:
        clause: the clause.
        url: of the file, which is allowed.
        reach: the limits.
        deadline: moment of the monotonic clock at which it is given up.
        number: of the clause in its update; blank nodes of two files have different labels.
        resolve: tells the addresses of a host.

    Raises:
        RefusedError: the address is not allowed; also of a silent clause.
        RemoteError: it cannot be fetched or read.
    """
    try:
        found = fetch(url, reach.loads, reach, deadline, accept=_ACCEPT, resolve=resolve)
        lines = _lines(found, reach, number)
    except RemoteError as error:
        clause.failed(error)
        return _NOTHING
    data = " ".join(lines)
    return f"INSERT DATA {{ GRAPH {clause.rest} {{ {data} }} }}" if clause.rest else f"INSERT DATA {{ {data} }}"


def _lines(found: Fetched, reach: Reach, number: int) -> list[str]:
    format = ox.RdfFormat.from_media_type(found.media)
    if found.media in _SAYS_NOTHING:
        format = ox.RdfFormat.from_extension(PurePosixPath(unquote(urlsplit(found.url).path)).suffix.lstrip("."))
    if format is None:
        raise RemoteError(
            f"{found.url}: is of type '{found.media or '(none)'}', which is no RDF",
            hint="Turtle, N-Triples, RDF/XML and JSON-LD can be loaded",
        )
    names: dict[ox.BlankNode, ox.BlankNode] = {}
    lines: list[str] = []
    try:
        for quad in ox.parse(found.body, format, base_iri=found.url, without_named_graphs=True):
            lines.append(f"{triple_text(_renamed(quad.triple, names, number))} .")
            if len(lines) > reach.rows:
                raise RemoteError(f"{found.url}: more than {reach.rows} triples", hint="raise fetch-rows")
    except (SyntaxError, ValueError) as error:
        remote = "LoadDocumentCallback" in str(error)
        raise RemoteError(
            f"{found.url}: cannot be read as {format.name}: {error}",
            hint="a remote @context is never fetched" if remote else None,
        ) from error
    return lines


def _renamed(triple: ox.Triple, names: dict[ox.BlankNode, ox.BlankNode], number: int) -> ox.Triple:
    """The triple with blank nodes that no other file of the same update has."""

    def renamed(term: ox.BlankNode) -> ox.BlankNode:
        return names.setdefault(term, ox.BlankNode(f"load{number}x{len(names)}"))

    subject, end = triple.subject, triple.object
    if isinstance(end, ox.Triple):
        end = _renamed(end, names, number)
    return ox.Triple(
        renamed(subject) if isinstance(subject, ox.BlankNode) else subject,
        triple.predicate,
        renamed(end) if isinstance(end, ox.BlankNode) else end,
    )
