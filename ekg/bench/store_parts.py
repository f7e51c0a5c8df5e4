"""Loading, indexing, time queries and conversion, each against what one would do without ekg, in one process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ekg.bench.measure import Row, cpu_of, in_turns
from ekg.bench.synthetic import FIRST_DAY, synthetic_quads, synthetic_sources, write_documents
from ekg.graph import EventGraph
from ekg.graph.pyg import UNKNOWN
from ekg.graph.views import EventView
from ekg.index import Facts, build_index
from ekg.store import DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import EKG, EVENT_TYPE, EVENTKG, PREFIXES, RDF, RDFS, SEM, TIME, XSD, local_name

WINDOW = ("1987-06-01", "1987-06-08")
_ROWS = "SELECT ?e ?b ?n ?label ?type { ?e a sem:Event, ?type ; ekg:begin ?b ; ekg:end ?n ; rdfs:label ?label "
_ONLY_OURS = f'FILTER(STRSTARTS(STR(?type), "{EVENT_TYPE}")) '


def load_rows(folder: Path, events: int, *, seed: int, repeats: int) -> dict[str, Row]:
    """Loading quads as a build does, against Oxigraph's own ``bulk_load`` of the same quads from a file.

    The index is measured as a build makes it: from the quads as they pass, and from the documents.
    """
    sources = list(synthetic_sources(events, seed=seed))
    quads = list(synthetic_quads(sources))
    file = folder / "load.nq"
    ox.serialize(quads, str(file), ox.RdfFormat.N_QUADS)
    database = DocumentStore(folder / "load.sqlite")
    write_documents(database, sources)
    target, index = folder / "load", folder / "load-index.sqlite"

    def fresh() -> None:
        shutil.rmtree(target, ignore_errors=True)

    def raw() -> None:
        store = ox.Store(str(target))
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        store.flush()

    def ours() -> None:
        store = OxigraphStore(target)
        store.bulk_add(quads)
        store.flush()
        store.close()

    def indexing() -> float:
        store = OxigraphStore()

        def work() -> None:
            facts = Facts()
            facts.note_all(quads)
            build_index(index, store, database, "bench", facts=facts)

        return cpu_of(work)

    def loading(work: Callable[[], None]) -> float:
        fresh()
        return cpu_of(work)

    try:
        theirs, own, indexed = in_turns(repeats, lambda: loading(raw), lambda: loading(ours), indexing)
        sizes = {"store_mib": _size([target]), "index_mib": _size([index])}
    finally:
        database.close()
    details = {"events": events, "quads": len(quads), "raw_cpu_s": round(theirs, 2), "ours_cpu_s": round(own, 2)}
    return {
        "load": Row(ratio=theirs / own, must=0.7, details=details),
        "index_cpu": Row(ratio=indexed / own, must=0.5, at_least=False, details={"index_cpu_s": round(indexed, 2)}),
        "index_size": Row(ratio=sizes["index_mib"] / sizes["store_mib"], must=0.15, at_least=False, details=sizes),
    }


def _size(paths: Iterable[Path]) -> float:
    """MiB of files and folders."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return round(sum(file.stat().st_size for file in files if file.is_file()) / (1 << 20), 2)


def time_rows(graph: EventGraph, *, repeats: int) -> dict[str, Row]:
    """Questions of time through the index, against SPARQL on the same store.

    Raises:
        AssertionError: the two do not give the same rows.
    """
    begin, end = (f'"{day}T00:00:00Z"^^xsd:dateTime' for day in WINDOW)
    window = f"{_ROWS}FILTER(?b < {end} && ?n > {begin}) {_ONLY_OURS}}}"
    moments = _moments(graph)
    as_of = [
        f'{_ROWS}; ekg:recordedAt ?r FILTER(?b <= "{valid}T23:59:59Z"^^xsd:dateTime && '
        f'?n > "{valid}T00:00:00Z"^^xsd:dateTime) FILTER(?r <= "{recorded}"^^xsd:date) {_ONLY_OURS}}}'
        for valid, recorded in moments
    ]
    counts = f"SELECT ?type ?y (COUNT(*) AS ?c) {{ ?e a sem:Event, ?type . {_ONLY_OURS}"
    counts += "OPTIONAL { ?e ekg:begin ?b } BIND(YEAR(?b) AS ?y) } GROUP BY ?type ?y"
    return {
        "window": _against(graph, lambda: _listed(graph[WINDOW[0] : WINDOW[1]]), [window], repeats),
        "as_of": _against(graph, lambda: _known_then(graph, moments), as_of, repeats),
        "type_and_year": _against(graph, lambda: sorted(graph.counts_by_year(), key=str), [counts], repeats),
    }


def _moments(graph: EventGraph) -> list[tuple[str, str]]:
    """Days in the first, second and third quarter of the events, each with the day on which one of it was recorded.

    So each question has an answer, and leaves out what was recorded later.
    """
    rows = [event.row for event in graph.events()]
    known = [(row.begin[:10], row.recorded) for row in rows if row.begin is not None and row.recorded is not None]
    return [known[len(known) * quarter // 4] for quarter in (1, 2, 3)]


def _known_then(graph: EventGraph, moments: Iterable[tuple[str, str]]) -> list[tuple[Any, ...]]:
    return [row for valid, recorded in moments for row in _listed(graph.as_of(valid, recorded_at=recorded))]


def _listed(events: Iterable[EventView]) -> list[tuple[Any, ...]]:
    return sorted(((str(e.iri), e.row.begin, e.row.end, e.label, e.type) for e in events), key=str)


def _solutions(graph: EventGraph, sparql: str) -> list[tuple[Any, ...]]:
    rows = graph.local_store.raw.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return sorted((tuple(map(_plain, row)) for row in rows), key=str)


def _plain(term: Any) -> Any:
    """A term as the index writes it: names of types, days without a time, numbers."""
    if term is None:
        return None
    value = str(term.value)
    if isinstance(term, ox.NamedNode):
        return local_name(value) if value.startswith(EVENT_TYPE) else value
    if term.datatype.value == XSD + "integer":
        return int(value)
    return value.removesuffix("T00:00:00Z") if term.datatype.value == XSD + "dateTime" else value


def _against(graph: EventGraph, ours: Callable[[], list[Any]], queries: Sequence[str], repeats: int) -> Row:
    def theirs() -> list[Any]:
        return [row for sparql in queries for row in _solutions(graph, sparql)]

    found, wanted = ours(), theirs()
    assert found == wanted, f"{len(found)} rows by the index, {len(wanted)} by SPARQL"
    # The index is so much faster that one call is below the clock's resolution.
    many = 20
    raw, own = in_turns(
        repeats,
        lambda: cpu_of(theirs),
        lambda: cpu_of(lambda: [ours() for _ in range(many)]) / many,
    )
    return Row(
        ratio=raw / own,
        must=50,
        details={"rows": len(found), "index_cpu_ms": round(own * 1000, 3), "sparql_cpu_ms": round(raw * 1000, 1)},
    )


def pyg_row(graph: EventGraph, quads: Path, *, repeats: int) -> dict[str, Row]:
    """``to_pyg`` against a loop over an rdflib graph in memory that makes tensors of the same nodes and edges."""
    import rdflib

    data = rdflib.Graph()
    for quad in ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS):
        data.add(tuple(map(_rdflib_term, quad.triple)))
    ours = graph.to_pyg()
    theirs = _tensors(data)
    edges = sum(int(ours[kind].edge_index.shape[1]) for kind in ours.edge_types)
    _check_same(ours, theirs)
    raw, own = in_turns(repeats, lambda: cpu_of(lambda: _tensors(data)), lambda: cpu_of(graph.to_pyg))
    details = {
        "events": len(theirs["times"]),
        "edges": edges,
        "ours_cpu_s": round(own, 4),
        "rdflib_cpu_s": round(raw, 3),
    }
    return {"to_pyg": Row(ratio=raw / own, must=20, details=details)}


def _check_same(ours: Any, theirs: dict[str, Any]) -> None:
    """Compare nodes with names and times, and edges with roles and times, of both ways.

    Raises:
        AssertionError: they differ.
    """
    names: dict[str, str] = {}
    edges = []
    for kind in ours.node_types:
        names.update(zip(ours[kind].node_id, ours[kind].name, strict=True))
    times = dict(zip(ours["event"].node_id, ours["event"].time.tolist(), strict=True))
    for kind in ours.edge_types:
        sources, targets = (ours[end].node_id for end in (kind[0], kind[2]))
        for (source, target), time in zip(ours[kind].edge_index.T.tolist(), ours[kind].time.tolist(), strict=True):
            edges.append((kind[1], sources[source], targets[target], time))
    nodes = theirs["nodes"]
    wanted = [
        (_kind(role), nodes[source], nodes[target], time)
        for role, ends in theirs["edge_index"].items()
        for (source, target), time in zip(ends.T.tolist(), theirs["edge_times"][role].tolist(), strict=True)
    ]
    assert names == dict(zip(nodes, theirs["names"], strict=True)), "names differ"
    assert times == dict(zip(nodes, theirs["times"].tolist(), strict=False)), "times of events differ"
    assert sorted(edges) == sorted(wanted), f"edges differ: {len(edges)} and {len(wanted)}"


def _kind(role: str) -> str:
    """A role or temporal relation as the index names it."""
    return local_name(role).removeprefix("interval").lower() if role.startswith(TIME) else local_name(role)


def _rdflib_term(term: Any) -> Any:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=None if term.language else term.datatype.value)


def _tensors(data: Any) -> dict[str, Any]:
    """What one would write with rdflib and torch: nodes with names, types and times; edges by role with times."""
    import rdflib
    import torch

    iri = rdflib.URIRef

    def bounds(node: Any) -> list[int]:
        found = [data.value(node, iri(EKG + bound)) for bound in ("begin", "end")]
        return [UNKNOWN if bound is None else int(bound.toPython().timestamp()) for bound in found]

    numbers: dict[Any, int] = {}
    names, times, types = [], {}, []
    for kind in ("Event", "Actor", "Place"):
        for node in sorted(data.subjects(iri(RDF + "type"), iri(SEM + kind))):
            numbers[node] = len(numbers)
            names.append(str(data.value(node, iri(RDFS + "label"))))
            types.append(sorted(str(t) for t in data.objects(node, iri(RDF + "type")))[0])
            if kind == "Event":
                times[node] = bounds(node)
    edges: dict[str, list[tuple[int, int, list[int]]]] = {}
    for statement in data.subjects(iri(RDF + "type"), iri(EVENTKG + "Relation")):
        source, target = data.value(statement, iri(RDF + "subject")), data.value(statement, iri(RDF + "object"))
        role = data.value(statement, iri(SEM + "roleType"))
        if source in numbers and target in numbers:
            edges.setdefault(str(role), []).append((numbers[source], numbers[target], bounds(statement)))
    for event, place in data.subject_objects(iri(SEM + "hasPlace")):
        if event in times:
            edges.setdefault("place", []).append((numbers[event], numbers[place], times[event]))
    found = {role: torch.tensor([[a, b] for a, b, _ in sorted(pairs)]).T for role, pairs in edges.items()}
    rank = {name: number for number, name in enumerate(sorted(set(types)))}
    return {
        "nodes": [str(node) for node in numbers],
        "edge_index": found,
        "times": torch.tensor(list(times.values())),
        "edge_times": {role: torch.tensor([t for *_, t in sorted(pairs)]) for role, pairs in edges.items()},
        "types": torch.tensor([rank[name] for name in types]),
        "names": names,
    }


def days(count: int, step: int = 97) -> Iterator[str]:
    """Days spread over the time that the synthetic events cover."""
    for number in range(count):
        yield (FIRST_DAY + timedelta(days=number * step * 31 % 27_000)).isoformat()
