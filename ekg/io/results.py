"""SPARQL results as JSON, XML, CSV, TSV, RDF or a table.

Rows are written here and not by Oxigraph, since its writer can neither stop after a number of rows nor say that it did.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

import msgspec
import pyoxigraph as ox

from ekg.errors import DataError
from ekg.io.rdf import jsonld_bytes, rdfxml_bytes, sort_key, turtle_bytes, written
from ekg.io.table import cell, text_table
from ekg.store.base import QueryResult, Term
from ekg.vocab import XSD

Value = Term | ox.Triple | None
Row = tuple[Value, ...]

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
    """
    return serialize_capped(result, format, None)[0]


def write_result(result: QueryResult, format: str, out: TextIO) -> None:
    """Write a result to a text stream such as standard output; see :func:`serialize`."""
    text = serialize(result, format).decode()
    out.write(text if text.endswith("\n") else text + "\n")


def serialize_capped(result: QueryResult, format: str, max_rows: int | None) -> tuple[bytes, bool]:
    """Like :func:`serialize`, with at most ``max_rows`` rows or triples; also says whether there were more."""
    if format not in ROW_FORMATS and format not in GRAPH_FORMATS:
        known = ", ".join([*ROW_FORMATS, *GRAPH_FORMATS])
        raise DataError(f"unknown format '{format}'", hint=f"use one of {known}")
    if isinstance(result, ox.QueryBoolean):
        return _boolean(bool(result), format), False
    if isinstance(result, ox.QueryTriples):
        triples = list(islice(result, None if max_rows is None else max_rows + 1))
        return serialize_triples(triples[:max_rows], format), max_rows is not None and len(triples) > max_rows
    if format in GRAPH_FORMATS:
        raise DataError(
            f"'{format}' holds graphs, and the query gives rows", hint=f"use one of {', '.join(ROW_FORMATS)}"
        )
    names = [variable.value for variable in result.variables]
    width = range(len(names))
    rows = [
        tuple(solution[i] for i in width) for solution in islice(result, None if max_rows is None else max_rows + 1)
    ]
    return _rows(names, rows[:max_rows], format), max_rows is not None and len(rows) > max_rows


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
        return _rows(["subject", "predicate", "object"], rows, format)
    if format == "nt":
        return written((quad.triple for quad in quads), ox.RdfFormat.N_TRIPLES)
    if format == "ttl":
        return turtle_bytes(quads, ox.RdfFormat.TURTLE)
    if format in {"json", "jsonld"}:
        return jsonld_bytes(quads)
    return rdfxml_bytes(quads)


def _rows(names: list[str], rows: list[Row], format: str) -> bytes:
    if format == "json":
        return _json_rows(names, rows)
    if format == "xml":
        return _xml_rows(names, rows)
    if format == "csv":
        return _csv_rows(names, rows)
    if format == "tsv":
        lines = ["\t".join(f"?{name}" for name in names)]
        lines += ["\t".join("" if term is None else _tsv_term(term) for term in row) for row in rows]
        return "".join(f"{line}\n" for line in lines).encode()
    return text_table(names, ([cell(term) for term in row] for row in rows)).encode()


def _json_term(term: Term | ox.Triple) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == XSD + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _json_rows(names: list[str], rows: list[Row]) -> bytes:
    bindings = [
        {name: _json_term(term) for name, term in zip(names, row, strict=True) if term is not None} for row in rows
    ]
    return msgspec.json.encode({"head": {"vars": names}, "results": {"bindings": bindings}})


def _xml_text(value: str) -> str:
    # XML 1.0 has no way at all to write most control characters; the replacement character is the honest rest.
    kept = "".join(c if c >= " " or c in "\t\n\r" else "�" for c in value) if min(value, default=" ") < " " else value
    return escape(kept.translate({0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}), {"\r": "&#13;"})


def _xml_term(term: Term | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    if isinstance(term, ox.Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return f"<triple>{''.join(f'<{name}>{_xml_term(part)}</{name}>' for name, part in parts)}</triple>"
    attribute = ""
    if term.language:
        attribute = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != XSD + "string":
        attribute = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{attribute}>{_xml_text(term.value)}</literal>"


def _xml_rows(names: list[str], rows: list[Row]) -> bytes:
    out = [_XML_HEAD, "<head>", *(f"<variable name={quoteattr(name)}/>" for name in names), "</head><results>\n"]
    for row in rows:
        cells = (
            f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"
            for name, term in zip(names, row, strict=True)
            if term is not None
        )
        out.append(f"<result>{''.join(cells)}</result>\n")
    return "".join([*out, "</results></sparql>\n"]).encode("utf-8", "replace")


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


def _csv_rows(names: list[str], rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        values = ["" if t is None else str(t) if isinstance(t, ox.BlankNode | ox.Triple) else t.value for t in row]
        # A row of one empty cell is an empty line in SPARQL's CSV, which the csv module would quote.
        out.write("\r\n") if values == [""] else writer.writerow(values)
    return out.getvalue().encode()
