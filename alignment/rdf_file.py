"""RDF files as graphs to align: labels, types and times of nodes, and links between nodes as facts."""

from __future__ import annotations

from pathlib import Path

from alignment.graph import OPEN, AlignGraph, AlignNode, Fact
from ekg.errors import DataError
from ekg.time import parse_iso

_SUFFIXES = frozenset({".nt", ".nq", ".ttl", ".trig", ".rdf", ".xml", ".n3", ".jsonld"})
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Local names by which vocabularies call a node's name, begin and end; the first one that a node has is its main name.
_NAMES = ("prefLabel", "label", "name", "headline", "title", "altLabel", "alternateName")
_BEGINS = frozenset({"hasBeginTimeStamp", "hasEarliestBeginTimeStamp", "startTime", "startDate", "P580", "begin"})
_ENDS = frozenset({"hasEndTimeStamp", "hasLatestEndTimeStamp", "endTime", "endDate", "P582", "end"})
_POINTS = frozenset({"hasTimeStamp", "date", "P585"})


def is_rdf_file(path: Path) -> bool:
    """Whether a path is a file with a suffix of an RDF syntax."""
    return path.is_file() and path.suffix.lower() in _SUFFIXES


def read_rdf(path: Path) -> AlignGraph:
    """The graph in an RDF file; literals other than names and times are left out.

    Statements that are reified as nodes (EventKG's relations) stay nodes without a name, whose times their links take.

    Raises:
        DataError: the file cannot be parsed; the message has line and column.
    """
    import pyoxigraph as ox

    suffix = path.suffix.lower().lstrip(".").replace("jsonld", "json-ld")
    form = ox.RdfFormat.from_extension("jsonld" if suffix == "json-ld" else suffix)
    if form is None:
        raise DataError(
            f"'.{suffix}' is not an RDF syntax", path=path, hint="use .nt, .nq, .ttl, .trig, .rdf or .jsonld"
        )
    names: dict[str, list[tuple[int, str]]] = {}
    types: dict[str, set[str]] = {}
    begins: dict[str, int] = {}
    ends: dict[str, int] = {}
    links: set[tuple[str, str, str]] = set()
    try:
        for quad in ox.parse(path=str(path), format=form):
            subject, predicate, obj = str(quad.subject), quad.predicate.value, quad.object
            local = predicate.replace("#", "/").rsplit("/", 1)[-1]
            if isinstance(obj, ox.Literal):
                if local in _NAMES:
                    names.setdefault(subject, []).append((_NAMES.index(local), obj.value))
                elif local in _BEGINS | _ENDS | _POINTS:
                    _set_time(subject, local, obj.value, begins, ends)
            elif predicate == _RDF_TYPE:
                types.setdefault(subject, set()).add(str(obj))
            else:
                links.add((subject, predicate, str(obj)))
    except SyntaxError as error:
        raise DataError(f"cannot be parsed: {error.msg}", path=path, line=error.lineno, column=error.offset) from error
    ids = {s for s, _, _ in links} | {o for _, _, o in links} | set(names) | set(types)
    nodes = [
        AlignNode(
            id=_plain(i),
            names=tuple(dict.fromkeys(n for _, n in sorted(names.get(i, ())) if n.strip())),
            kind="event" if any(t.endswith("Event>") for t in types.get(i, ())) else "",
            type=_plain(min(types[i])) if i in types else "",
            begin=begins.get(i, -OPEN),
            end=max(ends.get(i, OPEN), begins.get(i, -OPEN) + 1),
        )
        for i in ids
    ]
    facts: list[Fact] = [
        (_plain(s), p, _plain(o), begins.get(s, begins.get(o, -OPEN)), ends.get(s, ends.get(o, OPEN)))
        for s, p, o in links
    ]
    return AlignGraph.build(nodes, facts, source=str(path))


def _set_time(subject: str, local: str, value: str, begins: dict[str, int], ends: dict[str, int]) -> None:
    try:
        low, high = parse_iso(value)
    except ValueError:
        # Published graphs have dates such as "2014-13-00"; a node without a time is still a node.
        return
    if local not in _ENDS:
        begins[subject] = min(low, begins.get(subject, low))
    if local not in _BEGINS:
        ends[subject] = max(high, ends.get(subject, high))


def _plain(term: str) -> str:
    return term[1:-1] if term.startswith("<") and term.endswith(">") else term
