"""Quads in another SPARQL 1.1 engine, reached over HTTP: QLever, Virtuoso, GraphDB, Fuseki, Oxigraph, or ekg itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import pyoxigraph as ox

from ekg.errors import DataError, RemoteError
from ekg.store.base import GraphName, Node, QueryResult, Term
from ekg.store.binding import bind_values
from ekg.store.endpoint import Endpoint
from ekg.store.guard import check_query, check_update, has_word
from ekg.store.oxigraph import OxigraphStore
from ekg.store.prefixes import with_known_prefixes
from ekg.store.terms import triple_text
from ekg.store.windows import expand_windows

_JSON = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_BATCH = 5_000
_COPY = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class RemoteStore:
    """A store behind a SPARQL endpoint (see :class:`ekg.store.base.Store` for the methods' meaning).

    Queries are checked here before they are sent, so that mistakes are told with line and column whatever the engine
    says. Blank nodes get new labels with every answer, as the protocol has it.

    Args:
        endpoint: where it is.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._parser = OxigraphStore()

    # -- queries -----------------------------------------------------------------------------------------------------

    def query(
        self, sparql: str, *, bindings: Mapping[str, Term] | None = None, strict_dataset: bool = False
    ) -> QueryResult:
        """See :meth:`ekg.store.base.Store.query`.

        Without ``union`` in the endpoint, ``strict_dataset`` changes nothing: the default graph is the engine's own.

        Raises:
            RemoteError: the engine cannot be reached, or gives no complete answer.
        """
        check_query(sparql)
        # Against an empty store this only parses; it tells the form of the query, and what is wrong with it.
        form = self._parser.query(sparql, bindings=bindings)
        text = with_known_prefixes(expand_windows(bind_values(sparql, bindings or {}), None))
        # A query that chooses its dataset must not be given another one.
        union = not strict_dataset and not has_word(sparql, "FROM")
        return self._triples(text, union=union) if isinstance(form, ox.QueryTriples) else self._rows(text, union=union)

    def _rows(self, text: str, *, union: bool) -> ox.QuerySolutions | ox.QueryBoolean:
        _, body = self.endpoint.ask(text, _JSON, union=union)
        try:
            ox_rows = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(ox_rows, ox.QuerySolutions):
                # Read to the end once: a broken answer must not look like a short one.
                for _ in ox_rows:
                    pass
                ox_rows = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(f"{self.endpoint.query}: the answer is broken or incomplete: {error}") from error
        return ox_rows

    def _triples(self, text: str, *, union: bool) -> ox.QueryTriples:
        _, body = self.endpoint.ask(text, _TRIPLES, union=union)
        copy = ox.Store()
        try:
            copy.load(body, ox.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(f"{self.endpoint.query}: the answer is broken or incomplete: {error}") from error
        result = copy.query(_COPY)
        assert isinstance(result, ox.QueryTriples)
        return result

    def quads(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """See :meth:`ekg.store.base.Store.quads`; asked for in pages, in a fixed order.

        Raises:
            DataError: a blank node is given, which no query can name.
        """
        if any(isinstance(term, ox.BlankNode) for term in (subject, object, graph)):
            raise DataError("a blank node cannot be asked for in another engine", hint="ask for what it is joined to")
        triple = " ".join(str(term or name) for term, name in ((subject, "?s"), (predicate, "?p"), (object, "?o")))
        if isinstance(graph, ox.NamedNode):
            pattern = f"GRAPH {graph} {{ {triple} }}"
        elif isinstance(graph, ox.DefaultGraph):
            pattern = triple
        elif self.endpoint.union:
            pattern = f"{{ {triple} }} UNION {{ GRAPH ?g {{ {triple} }} }}"
        else:
            pattern = f"GRAPH ?g {{ {triple} }}"
        return self._pages(pattern, subject, predicate, object, graph)

    def _pages(
        self, pattern: str, subject: object, predicate: object, object_: object, graph: GraphName | None
    ) -> Iterator[ox.Quad]:
        start = 0
        while True:
            text = f"SELECT * {{ {pattern} }} ORDER BY ?g ?s ?p ?o LIMIT {self.endpoint.page} OFFSET {start}"
            rows = self._rows(text, union=False)
            assert isinstance(rows, ox.QuerySolutions)
            names = {variable.value for variable in rows.variables}
            count = 0
            for row in rows:
                count += 1
                found = {name: row[name] for name in names}
                yield ox.Quad(
                    found.get("s", subject),
                    found.get("p", predicate),
                    found.get("o", object_),
                    graph or found.get("g") or ox.DefaultGraph(),
                )
            # An engine may have a smaller page than ours: only an empty one is the end.
            if not count or not names:
                return
            start += count

    def graphs(self) -> list[str]:
        """See :meth:`ekg.store.base.Store.graphs`."""
        rows = self._rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", union=False)
        assert isinstance(rows, ox.QuerySolutions)
        return sorted(row["g"].value for row in rows if isinstance(row["g"], ox.NamedNode))

    def __len__(self) -> int:
        default = "{ ?s ?p ?o } UNION " if self.endpoint.union else ""
        rows = self._rows(f"SELECT (COUNT(*) AS ?n) {{ {default} {{ GRAPH ?g {{ ?s ?p ?o }} }} }}", union=False)
        assert isinstance(rows, ox.QuerySolutions)
        return int(next(iter(rows))["n"].value)

    # -- changes -----------------------------------------------------------------------------------------------------

    def update(self, sparql: str) -> None:
        """See :meth:`ekg.store.base.Store.update`.

        Raises:
            RemoteError: the descriptor names no update service, or it is not certain that the update was made.
        """
        check_update(sparql)
        self.endpoint.change(with_known_prefixes(sparql))

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """See :meth:`ekg.store.base.Store.add`; more than 5,000 quads are sent as several updates."""
        rest = iter(quads)
        while batch := list(islice(rest, _BATCH)):
            self.endpoint.change(f"INSERT DATA {{ {_data(batch)} }}")

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
        """See :meth:`ekg.store.base.Store.replace_graph`; by the Graph Store Protocol where its URL is known."""
        wanted = set(quads)
        present = set(self.quads(graph=graph))
        gone, new = present - wanted, wanted - present
        if not gone and not new:
            return set()
        if self.endpoint.graphs is not None:
            lines = ox.serialize((quad.triple for quad in wanted), format=ox.RdfFormat.N_TRIPLES)
            assert lines is not None
            self.endpoint.put_graph(graph.value, lines)
        else:
            steps = [f"{word} DATA {{ {_data(part)} }}" for word, part in (("DELETE", gone), ("INSERT", new)) if part]
            self.endpoint.change(" ;\n".join(steps))
        return gone | new

    def remove_graph(self, graph: ox.NamedNode) -> None:
        """See :meth:`ekg.store.base.Store.remove_graph`."""
        self.endpoint.change(f"DROP SILENT GRAPH {graph}")

    def close(self) -> None:
        """See :meth:`ekg.store.base.Store.close`; there is nothing to release."""


def _data(quads: Iterable[ox.Quad]) -> str:
    """Quads as the content of INSERT DATA; terms are written by the serializer, so nothing in them is syntax."""
    lines = []
    for quad in quads:
        triple = f"{triple_text(quad)} ."
        default = isinstance(quad.graph_name, ox.DefaultGraph)
        lines.append(triple if default else f"GRAPH {quad.graph_name} {{ {triple} }}")
    return "\n".join(sorted(lines))
