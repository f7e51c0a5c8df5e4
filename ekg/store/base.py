"""What every quad store offers; pyoxigraph's terms are the common currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import pyoxigraph as ox

QueryResult = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Store(Protocol):
    """Quads with SPARQL. A new store passes ``tests/ekg/store_contract.py`` by subclassing it in five lines."""

    def query(
        self, sparql: str, *, bindings: Mapping[str, Term] | None = None, strict_dataset: bool = False
    ) -> QueryResult:
        """Run a query; ``bindings`` are values of variables, never spliced into the text.

        Known prefixes need no declaration. The default graph is the union of all graphs unless ``strict_dataset``.

        Raises:
            QueryError: the text is not SPARQL 1.1, or asks for something refused (SERVICE); with line and column.
        """
        ...

    def update(self, sparql: str) -> None:
        """Run an update atomically.

        Raises:
            QueryError: as for :meth:`query`; LOAD is refused.
        """
        ...

    def quads(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """All quads that match a pattern; None matches everything."""
        ...

    def triples(self, predicate: ox.NamedNode, object: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        """All triples with a predicate, and an object if one is given, whatever their graph; one may come twice."""
        ...

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads in one transaction."""
        ...

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
        """Make a named graph hold exactly these quads; only those that differ are written, atomically.

        Returns:
            The quads that were added or removed.
        """
        ...

    def remove_graph(self, graph: ox.NamedNode) -> None:
        """Remove a named graph with all its quads, if it is there."""
        ...

    def graphs(self) -> list[str]:
        """IRIs of all named graphs, sorted."""
        ...

    def __len__(self) -> int:
        """Number of quads."""
        ...

    def close(self) -> None:
        """Release files and locks; a second call does nothing."""
        ...
