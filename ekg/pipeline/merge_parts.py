"""Copying the documents, runs and imported quads of graphs into the one that they are merged in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import DataError
from ekg.model import Document, Extraction, Link
from ekg.store import DocumentRow, DocumentStore
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import GRAPH_ONTOLOGY, GRAPH_RESOLVED, document_of

Row = tuple[DocumentRow, Document, Extraction]


class Owners:
    """Which graph each document came from, so that one document in two graphs is copied once."""

    def __init__(self) -> None:
        self._owner: dict[str, tuple[str, Path]] = {}

    def claim(self, row: DocumentRow, graph: Path) -> bool:
        """Whether a document is new; one that is known must be the same.

        Raises:
            DataError: two graphs have different documents of one id.
        """
        if row.id not in self._owner:
            self._owner[row.id] = (row.key, graph)
            return True
        key, first = self._owner[row.id]
        if key != row.key:
            raise DataError(
                f"document '{row.id}' differs between {first} and {graph}",
                hint="rebuild one of them with other ids, or remove it from one with `ekg rm`",
            )
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a graph brings into the one that it is merged in.

    Args:
        part: the part that it becomes.
        rows: documents that no graph before had.
        links: its runs.
        imports: digests of what was imported into it.
        resolutions: nodes of its own parts, as the document store keeps them.
    """

    part: str
    rows: list[Row]
    links: dict[str, list[Link]]
    imports: str
    resolutions: dict[str, tuple[str, bytes]]

    def put(self, database: DocumentStore) -> None:
        """Write documents, runs and nodes."""
        database.put(self.rows)
        for run, links in self.links.items():
            database.put_links(run, links)
        for part, (key, nodes) in self.resolutions.items():
            database.put_resolution(part, key, nodes)


def read_graph(graph: Path, source: DocumentStore, part: str, owners: Owners) -> Brought:
    """What a graph brings, as a part of another.

    Raises:
        DataError: a graph before has another document of the same id.
    """

    def inside(own: str) -> str:
        return f"{part}/{own}" if own else part

    return Brought(
        part=part,
        rows=[
            (replace(row, part=inside(row.part)), source.document(row.id), source.record(row.id))
            for row in source.rows()
            if owners.claim(row, graph)
        ],
        links=source.links(),
        imports=source.get_meta("imports") or "",
        resolutions={inside(own): found for own, found in source.resolutions().items()},
    )


def next_part(rows: list[DocumentRow]) -> int:
    """First number that no part of a graph begins with; documents that were built in place are part 0."""
    return max((int(row.part.split("/")[0]) for row in rows if row.part), default=0) + 1


def part_order(part: str) -> tuple[int, ...]:
    """Key of a part: the graph itself, then the parts in the order in which they were merged.

    >>> sorted(["10", "2", "", "2/1"], key=part_order)
    ['', '2', '2/1', '10']
    """
    return tuple(int(number) for number in part.split("/") if number)


def imported_quads(graph: Path) -> Iterator[ox.Quad]:
    """The quads of a graph that do not follow from its documents and runs: those that a user imported."""
    source = OxigraphStore(graph / "quads", read_only=True)
    try:
        names: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph()]
        for name in source.graphs():
            derived = name in (GRAPH_RESOLVED, GRAPH_ONTOLOGY) or name.startswith("urn:ekg:graph:run:")
            if not derived and document_of(name) is None:
                names.append(ox.NamedNode(name))
        for graph_name in names:
            yield from source.quads(graph=graph_name)
    finally:
        source.close()
