"""A graph as alignment sees it: names, types, times and facts of opaque nodes, in an order that ids do not decide."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekg.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

OPEN = 2**62
"""Seconds that stand for an unknown end (``-OPEN`` for an unknown begin)."""

Bounds = tuple[int, int]
Fact = tuple[str, str, str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignNode:
    """One node to align.

    Args:
        id: opaque; never a feature.
        names: main name first, then aliases; empty where nothing is known.
        kind: ``event``, ``entity`` or empty.
        type: its class, empty where unknown.
        begin: first second of its own valid time, ``-OPEN`` where unknown.
        end: second after the last, ``OPEN`` where unknown.
    """

    id: str
    names: tuple[str, ...] = ()
    kind: str = ""
    type: str = ""
    begin: int = -OPEN
    end: int = OPEN


@dataclass(frozen=True)
class AlignGraph:
    """Nodes and facts of one graph; make it with :meth:`build`, :meth:`read` or :meth:`from_event_graph`.

    Nodes stand in the order of a hash of their content and surroundings (Weisfeiler and Leman 1968, two rounds), so
    that neither the spelling of ids nor the order of rows can break a tie; only nodes that nothing but their id tells
    apart are ordered by it.

    Args:
        nodes: in canonical order.
        facts: ``(subject, predicate, object, begin, end)`` with ids, half-open seconds; canonical order, no repeats.
    """

    nodes: tuple[AlignNode, ...]
    facts: tuple[Fact, ...] = ()
    source: str = field(default="", compare=False)

    @classmethod
    def build(cls, nodes: Iterable[AlignNode], facts: Iterable[Fact] = (), *, source: str = "") -> AlignGraph:
        """A graph in canonical order; subjects and objects that are no nodes yet become nodes without a name."""
        by_id = {node.id: node for node in nodes}
        unique = sorted(set(facts))
        for s, _, o, _, _ in unique:
            for item in (s, o):
                if item not in by_id:
                    by_id[item] = AlignNode(id=item)
        labels = _content_hashes(by_id, unique)
        ordered = tuple(sorted(by_id.values(), key=lambda n: (labels[n.id], n.id)))
        rank = {node.id: i for i, node in enumerate(ordered)}
        unique.sort(key=lambda f: (rank[f[0]], f[1], rank[f[2]], f[3], f[4]))
        return cls(nodes=ordered, facts=tuple(unique), source=source)

    @classmethod
    def read(cls, path: Path | str) -> AlignGraph:
        """Read a folder of ``names.tsv`` and ``facts.tsv``, an RDF file or a knowledge graph, also in another engine.

        Raises:
            DataError: a file is malformed; the message names the line.
            KgError: a directory is neither.
            RemoteError: the other engine does not answer.
        """
        from alignment.folder import is_folder, read_folder
        from alignment.rdf_file import is_rdf_file, read_rdf
        from ekg.graph import open_graph

        if str(path).startswith("sparql+"):
            with open_graph(str(path)) as graph:
                return cls.from_event_graph(graph)
        path = Path(path)
        if is_folder(path):
            return read_folder(path)
        if is_rdf_file(path):
            return read_rdf(path)
        if not path.exists():
            raise DataError("there is no such file or folder", path=path, hint="give a graph, an RDF file or a folder")
        with open_graph(path) as graph:
            return cls.from_event_graph(graph)

    @classmethod
    def from_event_graph(cls, graph: Any) -> AlignGraph:
        """Nodes and facts of an :class:`ekg.graph.EventGraph`.

        Args:
            graph: has ``iter_nodes()`` with ``id, kind, type, name, aliases, begin, end`` and ``iter_facts()`` with
                ``subject, predicate, object, begin, end``; times are half-open ISO dates or None.
        """
        from alignment.folder import iso_bounds

        nodes = []
        for row in graph.iter_nodes():
            begin, end = iso_bounds(row.begin, row.end)
            names = tuple(dict.fromkeys(n for n in (row.name, *row.aliases) if n))
            nodes.append(AlignNode(id=row.id, names=names, kind=row.kind, type=row.type or "", begin=begin, end=end))
        facts = [(r.subject, r.predicate, r.object, *iso_bounds(r.begin, r.end)) for r in graph.iter_facts()]
        return cls.build(nodes, facts)

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Position of every node by id."""
        return {node.id: i for i, node in enumerate(self.nodes)}

    @cached_property
    def predicates(self) -> Sequence[str]:
        """Names of predicates, sorted."""
        return sorted({f[1] for f in self.facts})

    @cached_property
    def fact_array(self) -> npt.NDArray[np.int64]:
        """Facts as rows ``subject, predicate, object, begin, end`` of positions and seconds."""
        import numpy as np

        predicate = {name: i for i, name in enumerate(self.predicates)}
        rows = [(self.index[s], predicate[p], self.index[o], b, e) for s, p, o, b, e in self.facts]
        return np.array(rows, dtype=np.int64).reshape(len(rows), 5)


def _hash(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _content_hashes(nodes: Mapping[str, AlignNode], facts: Sequence[Fact]) -> dict[str, str]:
    labels = {i: _hash(sorted(n.names), n.kind, n.type, n.begin, n.end) for i, n in nodes.items()}
    for _ in range(2 if facts else 0):
        around: dict[str, list[tuple[str, str, int, int, str]]] = {}
        for s, p, o, b, e in facts:
            around.setdefault(s, []).append((">", p, b, e, labels[o]))
            around.setdefault(o, []).append(("<", p, b, e, labels[s]))
        labels = {i: _hash(label, sorted(around.get(i, ()))) for i, label in labels.items()}
    return labels
