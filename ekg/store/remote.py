"""Quads in another SPARQL 1.1 engine, reached over HTTP: QLever, Virtuoso, GraphDB, Fuseki, Oxigraph, or ekg itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import pyoxigraph as ox

from ekg.errors import DataError, RemoteError
from ekg.store.base import GraphName, Node, QueryResult, Term
from ekg.store.binding import bind_values
from ekg.store.endpoint import Endpoint, Told
from ekg.store.guard import check_query, check_update, has_word
from ekg.store.oxigraph import OxigraphStore
from ekg.store.prefixes import with_known_prefixes
from ekg.store.terms import triple_text
from ekg.store.windows import expand_windows

_JSON = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_BATCH = 5_000
_VIRTUOSO_ASK = "__ASK_RETVAL"
"""The variable that Virtuoso 7.2.5 answers an ASK with: one row for yes, none for no."""
_VIRTUOSO_SORT = "SR353"
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

        Without ``union`` or ``default`` in the endpoint, ``strict_dataset`` changes nothing: the default graph is the
        engine's own.

        Raises:
            RemoteError: the engine cannot be reached, or gives no complete answer.
        """
        check_query(sparql)
        # Against an empty store this only parses; it tells the form of the query, and what is wrong with it.
        form = self._parser.query(sparql, bindings=bindings)
        text = with_known_prefixes(expand_windows(bind_values(sparql, bindings or {}), None))
        # A query that chooses its dataset must not be given another one.
        free = not has_word(sparql, "FROM")
        named = None
        if strict_dataset and free and self.endpoint.default is not None:
            named = self.graphs() if has_word(sparql, "GRAPH") else []
        union = not strict_dataset and free
        if isinstance(form, ox.QueryTriples):
            return self._triples(self.endpoint.ask(text, _TRIPLES, union=union, named=named))
        return self._rows(self.endpoint.ask(text, _JSON, union=union, named=named))

    def _rows(self, told: Told, *, page: bool = False) -> ox.QuerySolutions | ox.QueryBoolean:
        """Rows of an answer, which is whole unless it is one page of several."""
        self._check_whole(told.cut and not page)
        try:
            ox_rows = ox.parse_query_results(told.body, format=ox.QueryResultsFormat.JSON)
            if isinstance(ox_rows, ox.QuerySolutions):
                if [variable.value for variable in ox_rows.variables] == [_VIRTUOSO_ASK]:
                    text = str(any(row[_VIRTUOSO_ASK].value != "0" for row in ox_rows)).lower()
                    return ox.parse_query_results(
                        f'{{"head":{{}},"boolean":{text}}}'.encode(), format=ox.QueryResultsFormat.JSON
                    )
                # Read to the end once: a broken answer must not look like a short one.
                for _ in ox_rows:
                    pass
                ox_rows = ox.parse_query_results(told.body, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(f"{self.endpoint.query}: the answer is broken or incomplete: {error}") from error
        return ox_rows

    def _check_whole(self, cut: bool) -> None:
        if cut:
            raise RemoteError(
                f"{self.endpoint.query}: the engine gave only a part of the rows",
                hint="ask for less (LIMIT and OFFSET), or raise the engine's own limit",
            )

    def _select(self, sparql: str, *, page: bool = False) -> ox.QuerySolutions:
        """Rows of a query of our own, without any union of graphs that it does not write out."""
        rows = self._rows(self.endpoint.ask(sparql, _JSON, union=False), page=page)
        assert isinstance(rows, ox.QuerySolutions)
        return rows

    def _triples(self, told: Told) -> ox.QueryTriples:
        self._check_whole(told.cut)
        copy = ox.Store()
        try:
            copy.load(told.body, ox.RdfFormat.N_TRIPLES)
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
        default = self.endpoint.default
        if isinstance(graph, ox.NamedNode):
            pattern = f"GRAPH {graph} {{ {triple} }}"
        elif isinstance(graph, ox.DefaultGraph):
            pattern = triple if default is None else f"GRAPH <{default}> {{ {triple} }}"
        elif self.endpoint.union:
            pattern = f"{{ {triple} }} UNION {{ GRAPH ?g {{ {triple} }} }}"
        else:
            pattern = f"GRAPH ?g {{ {triple} }}{self._without_hidden()}"
        return self._pages(pattern, subject, predicate, object, graph)

    def _without_hidden(self) -> str:
        hidden = ", ".join(f"<{iri}>" for iri in self.endpoint.hidden)
        return f" FILTER(?g NOT IN ({hidden}))" if hidden else ""

    def _pages(
        self, pattern: str, subject: object, predicate: object, object_: object, graph: GraphName | None
    ) -> Iterator[ox.Quad]:
        start, nested = 0, False
        default = None if self.endpoint.default is None else ox.NamedNode(self.endpoint.default)
        while True:
            limit = f"LIMIT {self.endpoint.page} OFFSET {start}"
            text = f"SELECT * {{ {pattern} }} ORDER BY ?g ?s ?p ?o"
            try:
                rows = self._select(f"SELECT * {{ {{ {text} }} }} {limit}" if nested else f"{text} {limit}", page=True)
            except RemoteError as error:
                # Virtuoso sorts no more than 10,000 rows, unless it does not know that only some of them are wanted.
                if nested or _VIRTUOSO_SORT not in str(error):
                    raise
                nested = True
                continue
            names = {variable.value for variable in rows.variables}
            count = 0
            for row in rows:
                count += 1
                found = {name: row[name] for name in names}
                name = graph or found.get("g") or ox.DefaultGraph()
                yield ox.Quad(
                    found.get("s", subject),
                    found.get("p", predicate),
                    found.get("o", object_),
                    ox.DefaultGraph() if name == default else name,
                )
            # An engine may have a smaller page than ours: only an empty one is the end.
            if not count or not names:
                return
            start += count

    def graphs(self) -> list[str]:
        """See :meth:`ekg.store.base.Store.graphs`."""
        rows = self._select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        none = {self.endpoint.default, *self.endpoint.hidden}
        return sorted({row["g"].value for row in rows if isinstance(row["g"], ox.NamedNode)} - none)

    def __len__(self) -> int:
        default = "{ ?s ?p ?o } UNION " if self.endpoint.union else ""
        named = f"{{ GRAPH ?g {{ ?s ?p ?o }}{self._without_hidden()} }}"
        rows = self._select(f"SELECT (COUNT(*) AS ?n) {{ {default}{named} }}")
        return int(next(iter(rows))["n"].value)

    # -- changes -----------------------------------------------------------------------------------------------------

    def update(self, sparql: str) -> None:
        """See :meth:`ekg.store.base.Store.update`.

        Raises:
            RemoteError: the descriptor names no update service, or it is not certain that the update was made.
        """
        check_update(sparql)
        self.endpoint.change(with_known_prefixes(sparql))

    def triples(self, predicate: ox.NamedNode, object: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        """See :meth:`ekg.store.base.Store.triples`."""
        return (quad.triple for quad in self.quads(None, predicate, object))

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
