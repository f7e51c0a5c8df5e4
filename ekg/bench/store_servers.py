"""Requests to ``ekg serve`` against other endpoints, pyoxigraph in process, and itself under load."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import count, cycle, islice
from pathlib import Path

import pyoxigraph as ox

from ekg.bench.measure import Row, in_turns, tree_cpu
from ekg.bench.servers import OXIGRAPH, Client, Server, ekg_server, oxigraph_server, rdflib_server
from ekg.bench.store_parts import days
from ekg.errors import EkgError
from ekg.vocab import PREFIXES, RDF, SEM, sparql_prologue

JOIN = (
    "SELECT ?a ?b ?name { ?a sem:hasActor ?who ; sem:hasPlace ?where ; ekg:begin ?first . "
    "?b sem:hasActor ?who ; sem:hasPlace ?where ; ekg:begin ?second . ?who rdfs:label ?name "
    "FILTER(?first < ?second) } ORDER BY ?name ?first ?second LIMIT 20"
)
"""Two events of one actor in one place, in order."""

JOINS = {
    "overlap": "SELECT ?a ?b { ?a sem:hasPlace ?where ; ekg:begin ?first ; ekg:end ?last . ?b sem:hasPlace ?where ; "
    "ekg:begin ?from ; ekg:end ?to FILTER(?first < ?to && ?from < ?last && STR(?a) < STR(?b)) }",
    "count": "SELECT ?who (COUNT(*) AS ?n) { ?a sem:hasActor ?who ; ekg:begin ?first . ?b sem:hasActor ?who ; "
    "ekg:begin ?second FILTER(?first < ?second) } GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 10",
    "star": "SELECT ?label ?who ?where { ?e a sem:Event ; rdfs:label ?label ; sem:hasActor ?a ; sem:hasPlace ?p . "
    "?a rdfs:label ?who . ?p rdfs:label ?where }",
    "minus": "SELECT ?e { ?e a sem:Event MINUS { ?e sem:hasPlace ?p } }",
}
"""Joins of other shapes: pairs by place that overlap in time, counted pairs, a star with labels, what has no place."""

_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_SLOW = (
    "SELECT ?type (COUNT(*) AS ?n) { ?m ekg:refersTo ?e . ?e a sem:Event, ?type ; rdfs:label ?l "
    'FILTER(CONTAINS(?l, "a")) } GROUP BY ?type ORDER BY ?type',
    JOIN,
)
_NAMELESS = "no row: {} is not installed (it is in requirements/lock.txt)"


def lookups(events: Sequence[str]) -> list[str]:
    """A query for each event: its label and times."""
    return [f"SELECT ?p ?o {{ <{event}> ?p ?o }}" for event in events]


def windows(count: int) -> list[str]:
    """A query for each of some weeks: what overlaps it."""
    return [
        "SELECT ?e ?b ?label { ?e a sem:Event ; ekg:begin ?b ; ekg:end ?n ; rdfs:label ?label "
        f'FILTER(?b < "{day[:4]}-12-28T00:00:00Z"^^xsd:dateTime && ?n > "{day[:4]}-12-21T00:00:00Z"^^xsd:dateTime) }}'
        for day in days(count)
    ]


def server_rows(kg: Path, quads: Path, scratch: Path, *, repeats: int, quick: bool) -> dict[str, Row | str]:
    """All rows that need endpoints.

    Args:
        kg: the graph that is served.
        quads: its quads in a file.
        scratch: folder for the other endpoints' copies.
        repeats: rounds, of which the median is taken.
        quick: fewer requests a round.
    """
    copy = scratch / "copy"
    events = _load_copy(quads, copy)
    rows: dict[str, Row | str] = {}
    with ExitStack() as stack:
        ours = stack.enter_context(ekg_server(kg))
        rows |= _against_rdflib(ours, quads, scratch, events, repeats, quick)
        rows["cpu_per_query"] = _against_in_process(ours, quads, repeats)
        if not OXIGRAPH.exists():
            rows["lookup_oxigraph"] = _NAMELESS.format("oxigraph")
        else:
            theirs = stack.enter_context(oxigraph_server(copy))
            count = 200 if quick else 1000
            rows["lookup_oxigraph"] = _rates(ours, theirs, lookups(events), count, count, repeats, must=0.5)
        rows["p99_under_load"] = _under_load(ours, quads, scratch, lookups(events), seconds=4 if quick else 10)
    return rows


def _load_copy(quads: Path, copy: Path) -> list[str]:
    """Load a store of Oxigraph's own; IRIs of its events."""
    store = ox.Store(str(copy))
    store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
    store.flush()
    typed = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(SEM + "Event"))
    return sorted(quad.subject.value for quad in typed if isinstance(quad.subject, ox.NamedNode))


def _against_rdflib(
    ours: Server, quads: Path, scratch: Path, events: list[str], repeats: int, quick: bool
) -> dict[str, Row | str]:
    if find_spec("rdflib_endpoint") is None:
        return {"lookup_rdflib": _NAMELESS.format("rdflib-endpoint")}
    triples = scratch / "copy.nt"
    parsed = ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS)
    ox.serialize((quad.triple for quad in parsed), str(triples), ox.RdfFormat.N_TRIPLES)
    few = 1 if quick else 3
    with rdflib_server(triples) as theirs:
        shapes = {f"join_rdflib_{name}": [query] for name, query in JOINS.items()}
        return {
            "lookup_rdflib": _rates(ours, theirs, lookups(events), 300, 300, repeats, must=1),
            "window_rdflib": _rates(ours, theirs, windows(40), 100, 5 * few, repeats, must=10),
            "join_rdflib": _rates(ours, theirs, [JOIN], 20, few, repeats, must=50),
            "join_rdflib_kept": _rates(ours, theirs, [JOIN], 200, few, repeats, must=50, kept=True),
            **{name: _rates(ours, theirs, queries, 20, 1, repeats, must=50) for name, queries in shapes.items()},
        }


def _rates(
    ours: Server,
    theirs: Server,
    queries: Sequence[str],
    count: int,
    fewer: int,
    repeats: int,
    *,
    must: float,
    kept: bool = False,
) -> Row:
    """Requests a second of one client against each of two endpoints, in turns; ``kept`` takes answers found before."""
    spent: dict[str, list[float]] = {ours.name: [], theirs.name: []}

    def rate(server: Server, number: int) -> float:
        client = Client(server, kept=kept)
        try:
            client.ask(_full(queries[0]))
            cpu, start = tree_cpu(server.pid), time.perf_counter()
            for query in islice(cycle(queries), number):
                client.ask(_full(query))
            seconds = time.perf_counter() - start
            spent[server.name].append((tree_cpu(server.pid) - cpu) / number)
            return number / seconds
        finally:
            client.close()

    own, other = in_turns(repeats, lambda: rate(ours, count), lambda: rate(theirs, fewer))
    cpu = {name: round(1000 * sorted(values)[len(values) // 2], 3) for name, values in spent.items()}
    details = {"per_s": {ours.name: round(own, 1), theirs.name: round(other, 1)}, "cpu_ms_per_request": cpu}
    return Row(ratio=own / other, must=must, details=details)


def _full(sparql: str) -> str:
    """The query with prefixes declared, as other endpoints want it."""
    return sparql if "rdfs:" not in sparql and "sem:" not in sparql else sparql_prologue() + sparql


def _against_in_process(ours: Server, quads: Path, repeats: int) -> Row:
    """Processor time of queries of at least 5 ms, over HTTP against pyoxigraph in this process, both in memory."""
    many = 5
    store = ox.Store()
    store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)

    def in_process() -> float:
        start = time.process_time()
        for _ in range(many):
            for query in _SLOW:
                rows = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
                assert isinstance(rows, ox.QuerySolutions)
                rows.serialize(format=ox.QueryResultsFormat.JSON)
        return (time.process_time() - start) / many / len(_SLOW)

    def over_http() -> float:
        client = Client(ours)
        try:
            start = tree_cpu(ours.pid)
            for _ in range(many):
                for query in _SLOW:
                    client.ask(query)
            return (tree_cpu(ours.pid) - start) / many / len(_SLOW)
        finally:
            client.close()

    over_http()
    raw, own = in_turns(repeats, in_process, over_http)
    details = {"ours_cpu_ms": round(own * 1000, 2), "in_process_cpu_ms": round(raw * 1000, 2)}
    return Row(ratio=own / raw, must=1.3, at_least=False, details=details)


def _under_load(ours: Server, quads: Path, scratch: Path, queries: list[str], *, seconds: float) -> Row:
    """99th percentile of lookups of four clients, during a load and an endless query, against an idle server."""
    idle = _percentile(ours, queries, seconds)
    with _loading(quads, scratch / "loaded"), _endless(ours):
        busy = _percentile(ours, queries, seconds)
    details = {"idle_ms": round(idle * 1000, 2), "busy_ms": round(busy * 1000, 2), "clients": 4}
    return Row(ratio=busy / idle, must=5, at_least=False, details=details)


def _percentile(server: Server, queries: list[str], seconds: float) -> float:
    taken: list[float] = []
    end = time.perf_counter() + seconds

    def ask(offset: int) -> None:
        client = Client(server)
        try:
            for query in islice(cycle(queries), offset, None):
                start = time.perf_counter()
                if start > end:
                    return
                client.ask(query)
                taken.append(time.perf_counter() - start)
        finally:
            client.close()

    threads = [threading.Thread(target=ask, args=(number * 37,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)[int(len(taken) * 0.99)]


@contextmanager
def _loading(quads: Path, target: Path) -> Iterator[None]:
    """A process of the lowest priority that loads quads over and over."""
    process = multiprocessing.get_context("spawn").Process(target=_load, args=(str(quads), str(target)), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _load(quads: str, target: str) -> None:
    os.nice(19)
    for number in count():
        folder = f"{target}-{number}"
        ox.Store(folder).bulk_load(path=quads, format=ox.RdfFormat.N_QUADS)
        shutil.rmtree(folder)


@contextmanager
def _endless(server: Server) -> Iterator[None]:
    """A client that asks an endless query, again whenever the server has ended it."""
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            client = Client(server, timeout=5.0)
            try:
                client.ask(_ENDLESS)
            except EkgError:
                continue  # timed out here or there: that is what it is for
            finally:
                client.close()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
