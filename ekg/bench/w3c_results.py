"""Whether two results of SPARQL are the same but for the names of blank nodes.

Rows become a graph of their own, a blank node a row, so that one comparison, of canonical datasets, serves rows and
graphs. Numbers are compared by value, since the suites write ``2`` and ``2.0`` as it comes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

from ekg.vocab import RDF, XSD

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF_FILES = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
_RDF_FILES |= {".trig": ox.RdfFormat.TRIG, ".nq": ox.RdfFormat.N_QUADS}
_RESULT_FILES = {".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON}
_RESULT_FILES |= {".tsv": ox.QueryResultsFormat.TSV}
_EXACT = frozenset(XSD + name for name in ("integer", "decimal", "int", "long", "nonNegativeInteger"))
_FLOATING = frozenset((XSD + "double", XSD + "float"))
_VARIABLE, _CELL = "urn:x:variable:", ox.NamedNode("urn:x:header")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def read_rdf(path: Path, base: str) -> list[ox.Quad]:
    """Quads of a file.

    Raises:
        SyntaxError: it is malformed.
    """
    return list(ox.parse(path=str(path), format=_RDF_FILES[path.suffix], base_iri=base, rename_blank_nodes=True))


def read_expected(path: Path, base: str) -> ox.Dataset | bool:
    """The expected result of a query as a canonical dataset, or a truth value."""
    if path.suffix in _RESULT_FILES:
        return canonical_result(path.read_bytes(), _RESULT_FILES[path.suffix])
    if path.suffix == ".csv":
        return canonical_csv(path.read_bytes())
    quads = read_rdf(path, base)
    if any(quad.predicate.value.startswith(RS) for quad in quads):
        return _result_set(quads)
    return canonical(quads)


def canonical(quads: Iterable[ox.Quad]) -> ox.Dataset:
    """Quads with canonical names of blank nodes, and numbers in one form."""
    dataset = ox.Dataset(ox.Quad(q.subject, q.predicate, _by_value(q.object), q.graph_name) for q in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def canonical_result(body: bytes, format: ox.QueryResultsFormat) -> ox.Dataset | bool:
    """A result in one of SPARQL's formats.

    Raises:
        SyntaxError: it is malformed.
    """
    result = ox.parse_query_results(body, format)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    names = [variable.value for variable in result.variables]
    return _rows(names, ([solution[name] for name in names] for solution in result))


def canonical_csv(body: bytes) -> ox.Dataset:
    """Rows of CSV, which keeps no more than the text of a term."""
    header, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
    return _rows(header, ([_from_csv(cell) for cell in row] for row in rows))


def _from_csv(text: str) -> Term | None:
    if not text:
        return None
    return ox.BlankNode(f"b{text[2:].encode().hex()}") if text.startswith("_:") else ox.Literal(text)


def _rows(names: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> ox.Dataset:
    quads = [ox.Quad(_CELL, _CELL, ox.Literal(name)) for name in sorted(names)]
    for number, row in enumerate(rows):
        node = ox.BlankNode(f"row{number}")
        quads.append(ox.Quad(node, _CELL, _CELL))
        for name, term in zip(names, row, strict=True):
            if term is not None:
                quads.append(ox.Quad(node, ox.NamedNode(_VARIABLE + name), term))
    return canonical(quads)


def _result_set(quads: list[ox.Quad]) -> ox.Dataset | bool:
    """A result written as a graph in the suites' own vocabulary."""

    def objects(subject: object, name: str) -> list[Term]:
        return [q.object for q in quads if q.subject == subject and q.predicate.value == RS + name]

    for quad in quads:
        if quad.predicate.value == RS + "boolean":
            return quad.object == ox.Literal(True)
    (head,) = {q.subject for q in quads if q.predicate.value == RDF + "type" and q.object == _term("ResultSet")}
    names = [term.value for term in objects(head, "resultVariable") if isinstance(term, ox.Literal)]
    rows = []
    for solution in objects(head, "solution"):
        row: dict[str, Term] = {}
        for binding in objects(solution, "binding"):
            (name,), (value,) = objects(binding, "variable"), objects(binding, "value")
            assert isinstance(name, ox.Literal)
            row[name.value] = value
        rows.append([row.get(name) for name in names])
    return _rows(names, rows)


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(RS + name)


def _by_value(term: Term) -> Term:
    if isinstance(term, ox.Triple):
        return ox.Triple(term.subject, term.predicate, _by_value(term.object))
    if not isinstance(term, ox.Literal):
        return term
    kind = term.datatype.value
    try:
        if kind in _FLOATING:
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        if kind == XSD + "boolean":
            return ox.Literal({"0": "false", "1": "true"}.get(term.value, term.value), datatype=term.datatype)
        if kind in _EXACT:
            return ox.Literal(str(Decimal(term.value).normalize()), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        return term  # not a number, whatever its datatype says
    return term
