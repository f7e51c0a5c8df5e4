"""SPARQL results as JSON, XML, CSV, TSV, RDF or a table."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable
from typing import TextIO

import pyoxigraph as ox

from ekg.errors import DataError, EvaluationError
from ekg.io.rdf import jsonld_bytes, rdfxml_bytes, sort_key, turtle_bytes, written
from ekg.io.stream import stream_rows
from ekg.io.table import cell, text_table
from ekg.store.base import QueryResult, Term
from ekg.vocab import XSD

Row = tuple[Term | ox.Triple, ...]

ROW_FORMATS: dict[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "table": "text/plain; charset=utf-8",
}
"""Formats of SELECT and ASK, with their media types."""

GRAPH_FORMATS: dict[str, str] = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
"""Formats of CONSTRUCT and DESCRIBE, with their media types."""

_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def serialize(result: QueryResult, format: str) -> bytes:
    """A query's result in a format.

    Args:
        result: of :meth:`ekg.store.base.Store.query`.
        format: of rows and truth values ``json xml csv tsv table``, of graphs ``ttl nt jsonld rdf``; for graphs
            ``json`` and ``xml`` give JSON-LD and RDF/XML, ``csv``, ``tsv`` and ``table`` three columns.

    Raises:
        DataError: an unknown format, or one that cannot hold this kind of result.
        EvaluationError: the query failed on the way.
    """
    if format not in ROW_FORMATS and format not in GRAPH_FORMATS:
        known = ", ".join([*ROW_FORMATS, *GRAPH_FORMATS])
        raise DataError(f"unknown format '{format}'", hint=f"use one of {known}")
    if isinstance(result, ox.QueryBoolean):
        return _boolean(bool(result), format)
    try:
        return serialize_triples(result, format) if isinstance(result, ox.QueryTriples) else _rows(result, format)
    except (OSError, RuntimeError) as error:
        raise EvaluationError(f"the query failed: {error}") from error


def write_result(result: QueryResult, format: str, out: TextIO) -> None:
    """Write a result to a text stream such as standard output; see :func:`serialize`."""
    text = serialize(result, format).decode()
    out.write(text if text.endswith("\n") else text + "\n")


def _boolean(value: bool, format: str) -> bytes:
    text = "true" if value else "false"
    if format == "json":
        return f'{{"head":{{}},"boolean":{text}}}'.encode()
    if format == "xml":
        return f"{_XML_HEAD}<head/><boolean>{text}</boolean></sparql>\n".encode()
    if format in GRAPH_FORMATS:
        raise DataError(
            f"'{format}' holds graphs, and the query gives a truth value", hint="use json, xml, csv or table"
        )
    return f"{text}\n".encode()


def serialize_triples(triples: Iterable[ox.Triple], format: str) -> bytes:
    """Triples in a format, sorted and each once; see :func:`serialize`."""
    quads = sorted({ox.Quad(t.subject, t.predicate, t.object) for t in triples}, key=sort_key)
    if format in {"csv", "tsv", "table"}:
        rows: list[Row] = [(quad.subject, quad.predicate, quad.object) for quad in quads]
        return _columns(rows, format)
    if format == "nt":
        return written((quad.triple for quad in quads), ox.RdfFormat.N_TRIPLES)
    if format == "ttl":
        return turtle_bytes(quads, ox.RdfFormat.TURTLE)
    if format in {"json", "jsonld"}:
        return jsonld_bytes(quads)
    return rdfxml_bytes(quads)


def _rows(result: ox.QuerySolutions, format: str) -> bytes:
    if format in GRAPH_FORMATS:
        raise DataError(
            f"'{format}' holds graphs, and the query gives rows", hint=f"use one of {', '.join(ROW_FORMATS)}"
        )
    if format != "table":
        pieces: list[bytes] = []
        stream_rows(result, format, sys.maxsize, lambda piece, _: pieces.append(piece))
        return b"".join(pieces)
    names = [variable.value for variable in result.variables]
    rows = ([cell(solution[at]) for at in range(len(names))] for solution in result)
    return text_table(names, rows).encode()


def _columns(rows: list[Row], format: str) -> bytes:
    """Triples in three columns."""
    names = ["subject", "predicate", "object"]
    if format == "table":
        return text_table(names, ([cell(term) for term in row] for row in rows)).encode()
    if format == "tsv":
        lines = ["\t".join(f"?{name}" for name in names)]
        lines += ["\t".join(_tsv_term(term) for term in row) for row in rows]
        return "".join(f"{line}\n" for line in lines).encode()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([str(t) if isinstance(t, ox.BlankNode | ox.Triple) else t.value for t in row] for row in rows)
    return out.getvalue().encode()


_NUMBERS = {
    XSD + "integer": re.compile(r"[+-]?\d+"),
    XSD + "decimal": re.compile(r"[+-]?\d*\.\d+"),
    XSD + "double": re.compile(r"[+-]?(?:\d+\.\d*|\.?\d+)[eE][+-]?\d+"),
}


def _tsv_term(term: Term | ox.Triple) -> str:
    """A term as Turtle has it, numbers in their short form."""
    if isinstance(term, ox.Literal):
        number = _NUMBERS.get(term.datatype.value)
        if number is not None and number.fullmatch(term.value):
            return term.value
    return str(term)
