"""Quads as Turtle, TriG, JSON-LD and RDF/XML, byte for byte the same each time.

Oxigraph writes prefixes in the order of a hash table that differs from run to run, JSON-LD without prefixes, and
RDF/XML that is not XML for some names and characters; hence these wrappers. Input must be grouped by graph and subject.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from ekg.errors import DataError
from ekg.io.table import NAMES, compact_iri
from ekg.store.base import Term
from ekg.vocab import PREFIXES, RDF, XSD

_TYPE = RDF + "type"
_SPLIT = re.compile(r"(.*[#/])", re.DOTALL)
_NCNAME_TAIL = re.compile(r"[^\W\d][\w.-]*\Z")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ATTRIBUTE = re.compile(r' xmlns(?::[\w-]+)?="[^"]*"')


def sort_key(quad: ox.Quad) -> tuple[str, str, bool, str, str]:
    """Order of pretty formats: graph (default first), subject, ``rdf:type`` first, predicate, object."""
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
    return graph, str(quad.subject), quad.predicate.value != _TYPE, quad.predicate.value, str(quad.object)


def _iris(quads: Iterable[ox.Quad]) -> Iterator[str]:
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                yield term.value
            elif isinstance(term, ox.Literal):
                yield term.datatype.value


def used_prefixes(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The known prefixes whose namespaces occur, by name."""
    found = {match[1] for iri in _iris(quads) if (match := _SPLIT.match(iri))}
    return {name: PREFIXES[name] for name in sorted(NAMES[space] for space in found if space in NAMES)}


def written(
    statements: Iterable[ox.Quad] | Iterable[ox.Triple], format: ox.RdfFormat, prefixes: dict[str, str] | None = None
) -> bytes:
    """What Oxigraph's own writer makes of statements, in their order."""
    out = io.BytesIO()
    ox.serialize(statements, out, format, prefixes=prefixes)
    return out.getvalue()


def turtle_bytes(quads: Sequence[ox.Quad], format: ox.RdfFormat) -> bytes:
    """Turtle (quads of one graph, whose name is dropped) or TriG."""
    triples = format == ox.RdfFormat.TURTLE
    data = written([q.triple for q in quads] if triples else quads, format, used_prefixes(quads))
    lines = data.split(b"\n")
    count = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    blank = [b""] if count else []
    return b"\n".join([*sorted(lines[:count]), *blank, *lines[count:]])


def rdfxml_bytes(quads: Sequence[ox.Quad]) -> bytes:
    """RDF/XML; names of graphs are dropped.

    Raises:
        DataError: a predicate's IRI does not end in an XML name, or a literal holds a character that XML cannot.
    """
    for quad in quads:
        if not _NCNAME_TAIL.search(quad.predicate.value):
            raise DataError(
                f"{quad.predicate} cannot be written as RDF/XML (it does not end in an XML name)",
                hint="use .ttl or .nt",
            )
        if isinstance(quad.object, ox.Literal) and NOT_XML.search(quad.object.value):
            raise DataError(
                f"a literal of {quad.subject} {quad.predicate} holds a control character that XML cannot hold",
                hint="use .ttl or .nt",
            )
    data = written([q.triple for q in quads], ox.RdfFormat.RDF_XML, used_prefixes(quads))
    head, root, body = data.partition(b"<rdf:RDF")
    tag, close, rest = body.partition(b">")
    attributes = sorted(match[0] for match in _ATTRIBUTE.finditer(tag.decode()))
    return head + root + "".join(attributes).encode() + (b"/" if tag.endswith(b"/") else b"") + close + rest


def jsonld_bytes(quads: Sequence[ox.Quad]) -> bytes:
    """JSON-LD 1.1 with prefixes and one node a line; the default graph's nodes stand beside the named graphs."""
    writer = _JsonLd(quads)
    return b"".join(writer.lines(quads))


class _JsonLd:
    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        schemes = {iri.partition(":")[0] for iri in _iris(quads)}
        # A prefix that is also the scheme of an IRI in the data would change that IRI's meaning.
        self.context = {name: iri for name, iri in used_prefixes(quads).items() if name not in schemes}

    def lines(self, quads: Sequence[ox.Quad]) -> Iterator[bytes]:
        yield b'{"@context": ' + _dump(self.context) + b',\n"@graph": ['
        separator = b"\n"
        for graph, of_graph in groupby(quads, key=lambda q: q.graph_name):
            named = not isinstance(graph, ox.DefaultGraph)
            if named:
                yield separator + b'{"@id": ' + _dump(self.name(graph)) + b', "@graph": ['
                separator = b"\n "
            for subject, of_node in groupby(of_graph, key=lambda q: q.subject):
                yield separator + _dump(self.node(subject, of_node))
                separator = b",\n " if named else b",\n"
            if named:
                yield b"]}"
                separator = b",\n"
        yield b"\n]}\n"

    def name(self, term: Any) -> str:
        """An IRI or blank node as JSON-LD names it."""
        if not isinstance(term, ox.NamedNode):
            return str(term)
        short = compact_iri(term.value)
        return short if short and short.partition(":")[0] in self.context else term.value

    def node(self, subject: object, quads: Iterable[ox.Quad]) -> dict[str, Any]:
        found: dict[str, Any] = {"@id": self.name(subject)}
        for quad in quads:
            if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode):
                found.setdefault("@type", []).append(self.name(quad.object))
            elif not isinstance(quad.object, ox.Triple):
                found.setdefault(self.name(quad.predicate), []).append(self.value(quad.object))
            else:
                raise DataError("triple terms (RDF 1.2) cannot be written as JSON-LD", hint="use .nt or .nq")
        return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in found.items()}

    def value(self, term: Term) -> Any:
        if not isinstance(term, ox.Literal):
            return {"@id": self.name(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == XSD + "string":
            return term.value
        return {"@value": term.value, "@type": self.name(term.datatype)}


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
