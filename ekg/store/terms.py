"""RDF terms to Python values and back."""

from __future__ import annotations

import pyoxigraph as ox

from ekg.ids import IRI
from ekg.store.base import Term
from ekg.time import format_instant, parse_iso
from ekg.vocab import XSD

_DATE = ox.NamedNode(XSD + "date")
_DATETIME = ox.NamedNode(XSD + "dateTime")
_DECIMAL = ox.NamedNode(XSD + "decimal")
_INTEGERS = frozenset(
    XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "byte")
)


def date_literal(iso: str) -> ox.Literal:
    """``xsd:date`` of the day that an ISO date or date-time begins in.

    Raises:
        ValueError: no such day. (Oxigraph would keep an invalid date silently, so it is checked here.)
    """
    parse_iso(iso)
    return ox.Literal(iso.split("T")[0].lstrip("+"), datatype=_DATE)


def datetime_literal(iso: str) -> ox.Literal:
    """``xsd:dateTime`` in UTC of the first instant of an ISO date or date-time.

    All bounds have this one datatype, since SPARQL silently drops rows that compare a date with a date-time.

    Raises:
        ValueError: no such day or time.
    """
    text = format_instant(parse_iso(iso)[0]).lstrip("+")
    return ox.Literal(f"{text}Z" if "T" in text else f"{text}T00:00:00Z", datatype=_DATETIME)


def decimal_literal(value: float) -> ox.Literal:
    """``xsd:decimal`` with at most four decimals, in canonical form."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return ox.Literal(text if text not in {"", "-0"} else "0", datatype=_DECIMAL)


def triple_text(triple: ox.Triple | ox.Quad) -> str:
    """A triple in SPARQL, without a dot; pyoxigraph's own text has triple terms in an older syntax.

    >>> s, p = ox.NamedNode("urn:s"), ox.NamedNode("urn:p")
    >>> triple_text(ox.Triple(s, p, ox.Triple(s, p, ox.Literal("o"))))
    '<urn:s> <urn:p> <<( <urn:s> <urn:p> "o" )>>'
    """
    end = triple.object
    text = f"<<( {triple_text(end)} )>>" if isinstance(end, ox.Triple) else str(end)
    return f"{triple.subject} {triple.predicate} {text}"


def to_python(term: Term | ox.Triple | None) -> IRI | str | int | float | bool | None:
    """The Python value of a term: IRI, number, bool, or the literal's text; dates stay ISO text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    if isinstance(term, ox.Triple):
        return str(term)
    kind = term.datatype.value
    try:
        if kind in _INTEGERS:
            return int(term.value)
        if kind in {XSD + "decimal", XSD + "double", XSD + "float"}:
            return float(term.value)
    except ValueError:
        return term.value  # an ill-typed literal is legal RDF: its text is all there is
    if kind == XSD + "boolean":
        return term.value in {"true", "1"}
    return term.value


def from_python(value: object) -> Term:
    """A term for a Python value: IRI → named node, bool and numbers → typed literals, str → plain literal.

    Raises:
        TypeError: no RDF term corresponds to the value's type.
    """
    if isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal):
        return value
    if isinstance(value, IRI):
        return ox.NamedNode(value)
    if isinstance(value, bool | int | float | str):
        return ox.Literal(value)
    iri = getattr(value, "iri", None)
    if isinstance(iri, str):
        return ox.NamedNode(iri)
    raise TypeError(f"no RDF term for {type(value).__name__}; use str, IRI, int, float, bool or a pyoxigraph term")
