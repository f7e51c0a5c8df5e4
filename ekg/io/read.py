"""RDF files as quads: checked, with stable names for blank nodes, and nothing fetched from anywhere."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

import pyoxigraph as ox

from ekg.errors import DataError
from ekg.io.datecheck import DateChecker
from ekg.io.formats import rdf_format
from ekg.store.base import GraphName, Term

_EXAMPLES = 20
_PLACE = re.compile(r"^Parser error (?:at|between) .*?: ", re.DOTALL)


class RdfFile:
    """Quads of one RDF file, read when they are iterated over, once.

    Statements with a warning are delivered all the same.

    Args:
        quads: the quads in the file's order.
        count: how many were read so far.
        blank_nodes: how many blank nodes were given an IRI.
        warnings: how many of each kind: ``invalid-date``, ``begin-after-end``.
        examples: the first twenty warnings in words.
    """

    def __init__(self, path: Path, graph: GraphName, base: str | None) -> None:
        self.path = path
        self.count = 0
        self.blank_nodes = 0
        self.warnings: Counter[str] = Counter()
        self.examples: list[str] = []
        self._format, self._compressed = rdf_format(path)
        self.quads: Iterator[ox.Quad] = self._read(graph, base)

    def __iter__(self) -> Iterator[ox.Quad]:
        return self.quads

    def warn(self, kind: str, message: str) -> None:
        """Count a warning and keep it if it is among the first."""
        self.warnings[kind] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(message)

    def open(self) -> gzip.GzipFile | io.BufferedReader:
        """The file's content, decompressed."""
        return gzip.open(self.path, "rb") if self._compressed else self.path.open("rb")

    def _read(self, graph: GraphName, base: str | None) -> Iterator[ox.Quad]:
        checker, names = DateChecker(self.warn), _Skolem(self)
        try:
            with self.open() as file:
                for quad in ox.parse(cast("IO[bytes]", file), format=self._format, base_iri=base):
                    name = quad.graph_name
                    read = ox.Quad(
                        names.node(quad.subject),
                        quad.predicate,
                        names.term(quad.object),
                        graph if isinstance(name, ox.DefaultGraph) else names.node(name),
                    )
                    checker.check(read)
                    self.count += 1
                    yield read
        except SyntaxError as error:
            raise self._malformed(error) from error
        except ValueError as error:
            raise DataError(str(error), path=self.path) from error
        except (EOFError, zlib.error) as error:
            raise DataError(f"damaged gzip file: {error}", path=self.path) from error
        except OSError as error:
            raise DataError(f"cannot be read: {error.strerror or error}", path=self.path) from error

    def _malformed(self, error: SyntaxError) -> DataError:
        line, column = error.lineno, error.offset
        message = _PLACE.sub("", error.msg or str(error))
        hint = None
        if "No scheme found" in message:
            message, hint = "a relative IRI without a base", "write IRIs in full or declare a base in the file"
        elif "LoadDocumentCallback" in message:
            message, hint = "a remote @context, which is never fetched", "put the context into the file"
        elif line is None and self._format == ox.RdfFormat.RDF_XML:
            line, column = self._xml_place()
        text = f"malformed {self._format.name}: {message}"
        return DataError(text, path=self.path, line=line, column=column, hint=hint)

    def _xml_place(self) -> tuple[int | None, int | None]:
        """Where an XML file is not well-formed; Oxigraph does not say."""
        parser = expat.ParserCreate(namespace_separator=" ")
        with self.open() as file:
            try:
                parser.ParseFile(file)
            except expat.ExpatError as error:
                return error.lineno, error.offset + 1
        return None, None


def parse_rdf(path: Path, *, graph: str | None = None, base: str | None = None) -> RdfFile:
    """Read one file.

    Blank nodes become ``urn:ekg:bnode:…``, a hash of the file's content and the order in which they appear, so that
    reading the same content twice adds nothing (skolemization, RDF 1.1 Concepts, section 3.5).

    Args:
        path: ``.nt .nq .ttl .trig .jsonld .rdf .xml .owl``, each also with ``.gz``.
        graph: IRI of the graph that triples go to; None is the default graph. Quads with a graph keep theirs.
        base: IRI against which relative IRIs are resolved; without it they are an error.

    Raises:
        DataError: an unknown extension; and while iterating: no such file, or malformed input, with path, line and
            column.
    """
    return RdfFile(path, ox.DefaultGraph() if graph is None else _named(graph), base)


def _named(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise DataError(f"'{iri}' is not an IRI", hint="give the graph's name as an absolute IRI") from error


class _Skolem:
    """IRIs for a file's blank nodes; the file is hashed when the first one is met."""

    def __init__(self, source: RdfFile) -> None:
        self._source = source
        self._names: dict[str, ox.NamedNode] = {}
        self._content = ""

    def node(self, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> ox.NamedNode:
        """A node itself, or the IRI that stands for a blank one."""
        if isinstance(node, ox.NamedNode):
            return node
        if isinstance(node, ox.Triple):
            raise DataError(
                "triple terms (RDF 1.2) cannot be imported", path=self._source.path, hint="reify them as RDF 1.1"
            )
        name = self._names.get(node.value)
        if name is None:
            if not self._content:
                with self._source.open() as file:
                    self._content = hashlib.file_digest(file, "sha256").hexdigest()
            # Parsers draw random labels for anonymous nodes, so the order of appearance is the only stable name.
            mark = hashlib.sha256(f"{self._content}:{len(self._names)}".encode()).hexdigest()[:20]
            name = self._names[node.value] = ox.NamedNode(f"urn:ekg:bnode:{mark}")
            self._source.blank_nodes += 1
        return name

    def term(self, term: Term | ox.Triple) -> Term:
        """A term with blank nodes named."""
        return term if isinstance(term, ox.Literal) else self.node(term)
