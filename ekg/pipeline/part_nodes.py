"""Nodes of each part of a graph, resolved once and kept until its documents or the code change.

Each part of a merged graph is resolved by itself, and only the links of an alignment run join nodes of different
parts. So a part that nothing was added to or taken from need not be resolved again, whatever it is merged with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from ekg.errors import DataError
from ekg.ids import digest
from ekg.model import Document, Extraction, Link
from ekg.pipeline.code_hash import code_hash
from ekg.pipeline.merge_parts import part_order
from ekg.store import DocumentRow, DocumentStore
from ekg.vocab import node_id

_CODE = (
    "alignment/*.py", "alignment/weights/**/*", "ekg/pipeline/part_nodes.py", "ekg/time/*.py", "ekg/ids.py",
    "ekg/model/*.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document with its record, the part of the graph that it belongs to, and when it was recorded."""

    document: Document
    record: Extraction
    part: str = ""
    recorded: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNodes:
    """Node of every entity and event mention of a document, each in the order of spans."""

    id: str
    entities: dict[str, str]
    events: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNodes:
    """The documents of a part, in the order of date and id: a node has the id of its first mention in this order."""

    documents: tuple[DocumentNodes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Nodes of a whole graph.

    Args:
        entities: node of every entity.
        events: node of every event mention.
        document: document of each of both.
    """

    entities: dict[str, str]
    events: dict[str, str]
    document: dict[str, str]

    def node(self, mention: str) -> str | None:
        """Node of an entity or event mention, None if there is no such mention."""
        return self.entities.get(mention) or self.events.get(mention)


class _Joins:
    """Union-find whose representative is the smallest member in a given order."""

    def __init__(self, order: Mapping[str, int]) -> None:
        self.order = order
        self.parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        root = item
        while (above := self.parent.get(root, root)) != root:
            root = above
        while (above := self.parent.get(item, item)) != root:
            self.parent[item], item = root, above
        return root

    def join(self, left: str, right: str) -> None:
        a, b = self.find(left), self.find(right)
        if a != b:
            first, second = sorted((a, b), key=self.order.__getitem__)
            self.parent[second] = first


def in_order(sources: Iterable[Source]) -> list[Source]:
    """Documents in the order of date and id; those without a date come last."""
    return sorted(sources, key=lambda s: (s.document.published is None, s.document.published or "", s.document.id))


def resolve_part(sources: Sequence[Source]) -> PartNodes:
    """Resolve the mentions of one part's documents, which may come in any order."""
    from alignment import resolve

    ordered = in_order(sources)
    found = resolve([s.record for s in ordered], texts={s.document.id: s.document.text for s in ordered})
    mentions = [(_entities(s.record), _events(s.record)) for s in ordered]
    nodes = []
    for kind, pairs in ((0, found.entities), (1, found.events)):
        order = {mention: n for n, mention in enumerate(m for both in mentions for m in both[kind])}
        joins = _Joins(order)
        for mention, node in sorted(pairs.items()):
            joins.join(mention, node)
        nodes.append(joins)
    return PartNodes(
        documents=tuple(
            DocumentNodes(
                id=source.document.id,
                entities={mention: nodes[0].find(mention) for mention in entities},
                events={mention: nodes[1].find(mention) for mention in events},
            )
            for source, (entities, events) in zip(ordered, mentions, strict=True)
        )
    )


def _entities(record: Extraction) -> list[str]:
    def first(spans: Iterable[tuple[int, int]]) -> int:
        return min((span[0] for span in spans), default=0)

    return [e.id for e in sorted(record.entities, key=lambda e: (first([*e.mentions, *e.references]), e.id))]


def _events(record: Extraction) -> list[str]:
    return [e.id for e in sorted(record.events, key=lambda e: (e.trigger.span[0], e.id))]


def part_nodes(database: DocumentStore, rows: Sequence[DocumentRow]) -> dict[str, PartNodes]:
    """Nodes of every part: those that are stored where they still hold, resolved and stored anew where not."""
    by_part: dict[str, list[DocumentRow]] = {}
    for row in rows:
        by_part.setdefault(row.part, []).append(row)
    stored = database.resolutions()
    result = {}
    for part, own in sorted(by_part.items()):
        key = _part_key(database, own)
        if part in stored and stored[part][0] == key:
            result[part] = msgspec.json.decode(stored[part][1], type=PartNodes)
            continue
        result[part] = resolve_part(sources_of(database, own))
        database.put_resolution(part, key, msgspec.json.encode(result[part]))
    database.keep_resolutions(by_part)
    return result


def _part_key(database: DocumentStore, rows: Sequence[DocumentRow]) -> str:
    """Hash of all that the nodes of a part depend on; its name is not among it, so that it can become another's."""
    # A record without a key may be another the next time that the same document is extracted.
    made_of = [f"{row.id}\t{row.revision}\t{row.key or database.record_hash(row.id)}" for row in rows]
    return digest("part", code_hash(*_CODE), *made_of)


def sources_of(database: DocumentStore, rows: Iterable[DocumentRow]) -> list[Source]:
    """What resolution needs of every document."""
    return [
        Source(document=database.document(row.id), record=database.record(row.id), part=row.part, recorded=row.recorded)
        for row in rows
    ]


def join_parts(parts: Mapping[str, PartNodes], links: Iterable[Link] = ()) -> Joined:
    """Join nodes of different parts along links.

    Args:
        parts: nodes of each part. One that is merged in later never takes the ids of nodes that were there before.
        links: links of alignment runs; those of zone ``merge`` join nodes. Ends are ids or IRIs of nodes or mentions.

    Raises:
        DataError: a link's end is not in the graph, or it joins an event with an entity.
    """
    documents = [doc for part in sorted(parts, key=part_order) for doc in parts[part].documents]
    entities = {mention: node for doc in documents for mention, node in doc.entities.items()}
    events = {mention: node for doc in documents for mention, node in doc.events.items()}
    joins = [_Joins({mention: n for n, mention in enumerate(nodes)}) for nodes in (entities, events)]
    for link in links:
        if link.zone != "merge":
            continue
        left, right = node_id(link.left), node_id(link.right)
        for nodes, joined in zip((entities, events), joins, strict=True):
            if left in nodes and right in nodes:
                joined.join(nodes[left], nodes[right])
                break
        else:
            _refuse(link, left, right, events, entities)
    return Joined(
        entities={mention: joins[0].find(node) for mention, node in entities.items()},
        events={mention: joins[1].find(node) for mention, node in events.items()},
        document={mention: doc.id for doc in documents for mention in (*doc.entities, *doc.events)},
    )


def _refuse(link: Link, left: str, right: str, events: Mapping[str, str], entities: Mapping[str, str]) -> None:
    """Complain about a link that cannot join two nodes; IRIs of imported nodes are joined by owl:sameAs alone."""
    for end in (left, right):
        if end not in events and end not in entities and end.startswith(("ev_", "en_")):
            raise DataError(f"link {link.left} – {link.right}: '{end}' is not in the graphs", hint="align them again")
    if (left in events and right in entities) or (left in entities and right in events):
        raise DataError(f"link {link.left} – {link.right} joins an event with an entity", hint="remove the line")
