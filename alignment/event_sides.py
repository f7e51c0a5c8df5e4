"""The events of one graph as alignment sees them: mentions with the nodes that they belong to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from alignment.graph import OPEN, Bounds
from ekg.errors import DataError
from ekg.model import Event, Extraction
from ekg.time import parse_iso
from ekg.vocab import mention_iri

if TYPE_CHECKING:
    from ekg.graph import EventGraph

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNode:
    """What the mentions of one event say together.

    Args:
        triggers: trigger words, the most frequent first.
        type: the most frequent type that says something, empty where there is none.
        roles: roles by node of every participant.
        places: nodes of its places.
        bounds: days that all dated mentions agree on, or the first one's where they do not; open where unknown.
        mentions: how many there are.
    """

    triggers: tuple[str, ...]
    type: str
    roles: Mapping[str, frozenset[str]]
    places: frozenset[str]
    bounds: Bounds
    mentions: int


@dataclass(frozen=True)
class EventSide:
    """Events of one graph.

    Args:
        records: extraction records of its documents.
        texts: text by document id.
        events: node of every event mention.
        entities: node of every document-level entity.
    """

    records: tuple[Extraction, ...]
    texts: Mapping[str, str]
    events: Mapping[str, str]
    entities: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: EventGraph) -> EventSide:
        """The events of a knowledge graph that holds its documents; nodes are IRIs."""
        rows = graph.rows("SELECT ?mention ?node { ?mention ekg:refersTo ?node }")
        prefix = len(mention_iri(""))
        nodes = {str(row["mention"])[prefix:]: str(row["node"]) for row in rows}
        return cls(
            records=tuple(graph.documents.records()),
            texts={document.id: document.text for document in graph.documents.documents()},
            events={m: n for m, n in nodes.items() if m.startswith("ev_")},
            entities={m: n for m, n in nodes.items() if m.startswith("en_")},
        )

    @cached_property
    def nodes(self) -> dict[str, EventNode]:
        """Every event node, by id."""
        members: dict[str, list[Event]] = defaultdict(list)
        for record in self.records:
            for event in record.events:
                if event.id in self.events:
                    members[self.events[event.id]].append(event)
        return {node: self._node(events) for node, events in sorted(members.items())}

    def _node(self, events: list[Event]) -> EventNode:
        roles: dict[str, set[str]] = defaultdict(set)
        places = set()
        for event in events:
            for argument in event.arguments:
                if argument.entity:
                    roles[self.entities.get(argument.entity, argument.entity)].add(argument.role)
            if event.place is not None and event.place.entity:
                places.add(self.entities.get(event.place.entity, event.place.entity))
        return EventNode(
            triggers=tuple(_by_frequency(e.trigger.text for e in events)),
            type=next(iter(_by_frequency(e.type for e in events if e.type not in ("", "Event"))), ""),
            roles={entity: frozenset(found) for entity, found in sorted(roles.items())},
            places=frozenset(places),
            bounds=_common(_days(e) for e in events),
            mentions=len(events),
        )


def _by_frequency(values: Iterable[str]) -> list[str]:
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], value))


def _days(event: Event) -> Bounds:
    if event.time is None:
        return -OPEN, OPEN
    try:
        begin = -OPEN if event.time.begin is None else parse_iso(event.time.begin)[0] // _DAY * _DAY
        end = OPEN if event.time.end is None else -(-parse_iso(event.time.end)[0] // _DAY) * _DAY
    except ValueError as error:
        raise DataError(f"event '{event.id}': {error}", field="time", hint="times are ISO 8601") from error
    return begin, end


def _common(bounds: Iterable[Bounds]) -> Bounds:
    begin, end = -OPEN, OPEN
    for low, high in bounds:
        if max(begin, low) < min(end, high):
            begin, end = max(begin, low), min(end, high)
    return begin, end
