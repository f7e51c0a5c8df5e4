"""Quads in Oxigraph, in memory or in a directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import EvaluationError, KgError, QueryError, RefusedError
from ekg.store.base import GraphName, Node, QueryResult, Term
from ekg.store.binding import bind_values
from ekg.store.guard import check_query, check_update, has_word, without_fetching, without_silent_loads
from ekg.store.terms import triple_text
from ekg.store.windows import Windows, expand_windows
from ekg.vocab import PREFIXES

_MARKS = [(f"{name}:", name) for name in PREFIXES]


class OxigraphStore:
    """The default store (see :class:`ekg.store.base.Store` for the methods' meaning).

    Args:
        path: directory, created if absent; None keeps everything in memory.
        read_only: open without a lock, as a snapshot of what is committed now.

    Raises:
        KgError: the directory cannot be opened.
    """

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        try:
            if path is None:
                store = ox.Store()
            elif read_only:
                store = ox.Store.read_only(str(path))
            else:
                store = ox.Store(str(path))
                # The store's own lock is held now, so nobody is loading: these are of a load that was killed.
                for stray in path.glob("bulk-*.sst"):
                    stray.unlink()
        except (OSError, RuntimeError) as error:  # damage is told by either
            raise KgError(f"{path}: the quad store cannot be opened: {error}") from error
        self._store: ox.Store | None = store
        self.windows: Windows | None = None
        """Finds events by time for ``ekg:during``, where there is an index of just this state."""

    @property
    def raw(self) -> ox.Store:
        """The pyoxigraph store itself.

        Raises:
            KgError: the store was closed.
        """
        if self._store is None:
            raise KgError("the graph is closed", hint="open it again with ekg.open")
        return self._store

    def query(
        self,
        sparql: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        strict_dataset: bool = False,
        base: str | None = None,
        default_graphs: Sequence[ox.NamedNode] = (),
        named_graphs: Sequence[ox.NamedNode] = (),
    ) -> QueryResult:
        """See :meth:`ekg.store.base.Store.query`.

        Args:
            sparql: the query.
            bindings: see there.
            strict_dataset: see there.
            base: IRI against which relative ones are resolved.
            default_graphs: graphs whose union is the default graph; with these or ``named_graphs`` the query's own
                dataset (FROM) does not count.
            named_graphs: the only named graphs.
        """
        with _told("query"):
            try:
                check_query(sparql)
            except RefusedError:
                # What is not SPARQL at all is told first.
                text = without_fetching(sparql)
                with suppress(RefusedError):  # in disguise the words are still there
                    check_query(text)
                    ox.Store().query(text, base_iri=base, prefixes=PREFIXES)
                raise
            text = expand_windows(bind_values(sparql, bindings) if bindings else sparql, self.windows)
            prefixes = _prefixes(text)
            if default_graphs or named_graphs:
                return self.raw.query(
                    text,
                    base_iri=base,
                    prefixes=prefixes,
                    default_graph=[*default_graphs],
                    named_graphs=[*named_graphs],
                )
            union = not strict_dataset and not _names_dataset(sparql)
            return self.raw.query(text, base_iri=base, prefixes=prefixes, use_default_graph_as_union=union)

    def update(self, sparql: str, *, base: str | None = None) -> None:
        """See :meth:`ekg.store.base.Store.update`; ``base`` is the IRI against which relative ones are resolved."""
        with _told("update"):
            sparql = without_silent_loads(sparql)
            try:
                check_update(sparql)
            except RefusedError:
                text = without_fetching(sparql)
                with suppress(RefusedError):
                    check_update(text)
                    ox.Store().update(text, base_iri=base, prefixes=PREFIXES)
                raise
            self.raw.update(sparql, base_iri=base, prefixes=PREFIXES)

    def quads(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """See :meth:`ekg.store.base.Store.quads`."""
        return self.raw.quads_for_pattern(subject, predicate, object, graph)

    def triples(self, predicate: ox.NamedNode, object: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        """See :meth:`ekg.store.base.Store.triples`.

        A query reads only the terms that it returns, which takes half the time of reading the quads.
        """
        sparql = (
            f"SELECT ?s ?o {{ ?s {predicate} ?o }}" if object is None else f"SELECT ?s {{ ?s {predicate} {object} }}"
        )
        rows = self.raw.query(sparql, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            yield ox.Triple(row[0], predicate, row[1] if object is None else object)

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """See :meth:`ekg.store.base.Store.add`."""
        self.raw.extend(quads)

    def bulk_add(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads fast; unlike :meth:`add` a kill in between can leave a part of them."""
        self.raw.bulk_extend(quads)

    def replace_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
        """See :meth:`ekg.store.base.Store.replace_graph`."""
        wanted = set(quads)
        present = set(self.raw.quads_for_pattern(None, None, None, graph))
        return self.exchange(graph, present - wanted, wanted - present)

    def exchange(self, graph: ox.NamedNode, gone: set[ox.Quad], new: set[ox.Quad]) -> set[ox.Quad]:
        """Remove some quads of a graph and add others to it in one transaction; all of both."""
        if not gone:
            self.raw.extend(new)
            return new
        # One update is one transaction; Oxigraph's Python API has no other that both removes and adds.
        lines = [f"{triple_text(quad)} ." for quad in sorted(gone, key=str)]
        more = [f"{triple_text(quad)} ." for quad in sorted(new, key=str)]
        self.raw.update(
            f"DELETE DATA {{ GRAPH {graph} {{ {' '.join(lines)} }} }};"
            f"INSERT DATA {{ GRAPH {graph} {{ {' '.join(more)} }} }}"
        )
        return gone | new

    def remove_graph(self, graph: ox.NamedNode) -> None:
        """See :meth:`ekg.store.base.Store.remove_graph`."""
        self.raw.remove_graph(graph)

    def graphs(self) -> list[str]:
        """See :meth:`ekg.store.base.Store.graphs`."""
        return sorted(g.value for g in self.raw.named_graphs() if isinstance(g, ox.NamedNode))

    def flush(self) -> None:
        """Write everything to disk."""
        self.raw.flush()

    def backup(self, target: Path) -> None:
        """Make a copy in a directory that does not exist; it shares files with this store where that is possible.

        Raises:
            OSError: the disk is full, for instance.
        """
        self.raw.backup(str(target))

    def __len__(self) -> int:
        return len(self.raw)

    def close(self) -> None:
        """See :meth:`ekg.store.base.Store.close`."""
        self._store = None


def _prefixes(sparql: str) -> dict[str, str]:
    """The known prefixes that may stand in a query; Oxigraph reads all that it is given, which takes a while."""
    if "\\" in sparql:
        return PREFIXES
    return {name: PREFIXES[name] for mark, name in _MARKS if mark in sparql}


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Raise Oxigraph's errors as ours."""
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"not a SPARQL 1.1 {what}: {_message(error)}") from error
    except (RuntimeError, OSError) as error:
        raise EvaluationError(f"the {what} failed: {error}") from error


def _names_dataset(sparql: str) -> bool:
    """Whether the query chooses its own dataset with FROM, which must not be widened to the union."""
    return has_word(sparql, "FROM")


def _message(error: BaseException) -> str:
    text = str(error)
    if text.startswith("error at "):
        place, _, rest = text[len("error at ") :].partition(": ")
        line, _, column = place.partition(":")
        text = f"line {line}, column {column}: {rest}"
    # The parser lists what it would have taken, down to ranges of letters; the first few say enough.
    head, wanted, items = text.partition("expected one of ")
    names = [item for item in items.split(", ") if not item.startswith("[")] if wanted else []
    if len(names) > 10 or "['" in items:
        return f"{head}{wanted}{', '.join(names[:10])} …"
    return text.replace(", [_]", "").replace("[_]", "white space")
