"""Views of events and entities: they hold an id and a row, and ask the index for the rest when it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from ekg.ids import IRI
from ekg.index import EntityRow, EventFilter, EventRow, MentionRow, ParticipantRow, RelationRow
from ekg.model import Evidence
from ekg.time import TimeInterval
from ekg.vocab import node_id

if TYPE_CHECKING:
    from ekg.graph.event_graph import EventGraph


class EventView:
    """An event node of a graph."""

    def __init__(self, graph: EventGraph, row: EventRow) -> None:
        self._graph = graph
        self.row = row

    @property
    def iri(self) -> IRI:
        """IRI of the node."""
        return self.row.iri

    @property
    def id(self) -> str:
        """Short id of the node."""
        return node_id(self.row.iri)

    @property
    def type(self) -> str:
        """Name of the event type, ``Event`` if it is not known."""
        return self.row.type

    @property
    def label(self) -> str:
        """A readable phrase from the text."""
        return self.row.label

    @property
    def time(self) -> TimeInterval | None:
        """Valid time (half-open), None if nothing is known."""
        if self.row.begin is None and self.row.end is None:
            return None
        return TimeInterval(begin=self.row.begin, end=self.row.end)

    @property
    def place(self) -> str | None:
        """Name of the place."""
        return self.row.place_name

    @cached_property
    def participants(self) -> list[ParticipantRow]:
        """Fillers of roles, entities first."""
        return self._graph.index.participants(self.row.id)

    @cached_property
    def status(self) -> dict[str, str]:
        """How far time, place and every role are known: ``observed``, ``inferred``, ``contradicted``, ``missing``."""
        known = {name: "observed" for name, value in (("time", self.time), ("place", self.place)) if value is not None}
        filled = dict.fromkeys((p.role for p in self.participants), "observed")
        return {"time": "missing", "place": "missing", **known, **filled, **self._graph.index.statuses(self.row.id)}

    @property
    def missing(self) -> tuple[str, ...]:
        """``time``, ``place`` and roles of the type's template of which nothing is known."""
        return tuple(role for role, status in self.status.items() if status == "missing")

    @cached_property
    def mentions(self) -> list[MentionRow]:
        """Where documents speak of it, earliest first."""
        return self._graph.index.mentions(self.row.id)

    @cached_property
    def relations(self) -> list[RelationRow]:
        """Relations to other events, in either direction."""
        return self._graph.index.relations(self.row.id)

    def relation_evidence(self, relation: RelationRow) -> list[Evidence]:
        """Sentences that tell of one of `relations`: those that state it, else those of the two events."""
        from ekg.graph.relations import relation_evidence

        return relation_evidence(self._graph, relation.statement) if relation.statement else []

    def evidence(self, limit: int | None = None) -> list[Evidence]:
        """The sentence around each mention, quoted exactly, one a document first."""
        return [self._graph.evidence(m.document, m.span, media=m.media) for m in _spread(self.mentions)[:limit]]

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON values, as ``ekg events --json`` prints it."""
        row = self.row
        return {
            "id": self.id,
            "iri": row.iri,
            "type": row.type,
            "label": row.label,
            "begin": row.begin,
            "end": row.end,
            "granularity": row.granularity,
            "place": row.place_name,
            "polarity": row.polarity,
            "modality": row.modality,
            "confidence": row.confidence,
            "mentions": row.mentions,
            "recorded_at": row.recorded,
            "participants": [
                {"role": p.role, "name": p.name, "entity": p.entity, "confidence": p.confidence}
                for p in self.participants
            ],
            "status": self.status,
            "missing": list(self.missing),
            "relations": [
                {"kind": r.kind, "source": node_id(r.source), "target": node_id(r.target), "confidence": r.confidence}
                for r in self.relations
            ],
            "evidence": [evidence_dict(e) for e in self.evidence(3)],
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EventView) and other.iri == self.iri

    def __hash__(self) -> int:
        return hash(self.iri)

    def __repr__(self) -> str:
        when = f" {self.row.begin or '…'}/{self.row.end or '…'}" if self.time else ""
        return f"<Event {self.type} {self.label!r}{when}>"

    def _repr_html_(self) -> str:
        from ekg.display import event_html

        return event_html(self)


def _spread(mentions: list[MentionRow]) -> list[MentionRow]:
    """One mention of each document first, then the rest."""
    seen: set[str] = set()
    first = [m for m in mentions if not (m.document in seen or seen.add(m.document))]  # type: ignore[func-returns-value]
    return [*first, *(m for m in mentions if m not in first)]


def evidence_dict(evidence: Evidence) -> dict[str, Any]:
    """Evidence in the key order of INTERFACE."""
    return {
        "document": evidence.document,
        "title": evidence.title,
        "published": evidence.published,
        "span": list(evidence.span) if evidence.span else None,
        "quote": evidence.quote,
        "media": list(evidence.media) if evidence.media else None,
        "statement": evidence.statement,
    }


class EntityView:
    """An entity node of a graph."""

    def __init__(self, graph: EventGraph, row: EntityRow) -> None:
        self._graph = graph
        self.row = row

    @property
    def iri(self) -> IRI:
        """IRI of the node."""
        return self.row.iri

    @property
    def name(self) -> str:
        """Its most used name."""
        return self.row.name

    @property
    def type(self) -> str:
        """``person``, ``organization``, ``place``, …"""
        return self.row.type

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""
        return self.row.aliases

    def events(self) -> EventList:
        """Events it takes part in or that happened there, in time order."""
        return EventList(self._graph, EventFilter(actors=(self.iri,)))

    def to_dict(self) -> dict[str, Any]:
        """The entity as JSON values."""
        return {
            "id": node_id(self.iri),
            "iri": self.iri,
            "type": self.type,
            "name": self.name,
            "aliases": list(self.aliases),
            "mentions": self.row.mentions,
            "events": len(self.events()),
        }

    def __repr__(self) -> str:
        return f"<Entity {self.type} {self.name!r}>"


class EventList:
    """Events that match a filter: ``len()``, slices and iteration are queries, nothing is fetched before."""

    _PAGE = 500

    def __init__(self, graph: EventGraph, wanted: EventFilter, order: str = "time") -> None:
        self._graph = graph
        self.filter = wanted
        self.order = order

    def __len__(self) -> int:
        return self._graph.index.count_events(self.filter)

    def __bool__(self) -> bool:
        return bool(self._graph.index.events(self.filter, limit=1))

    def __iter__(self) -> Iterator[EventView]:
        offset = 0
        while rows := self._graph.index.events(self.filter, order=self.order, limit=self._PAGE, offset=offset):
            yield from (EventView(self._graph, row) for row in rows)
            offset += len(rows)

    @overload
    def __getitem__(self, key: int) -> EventView: ...
    @overload
    def __getitem__(self, key: slice) -> list[EventView]: ...
    def __getitem__(self, key: int | slice) -> EventView | list[EventView]:
        if isinstance(key, int):
            position = key if key >= 0 else len(self) + key
            rows = (
                self._graph.index.events(self.filter, order=self.order, limit=1, offset=position)
                if position >= 0
                else []
            )
            if not rows:
                raise IndexError(f"event {key} of {len(self)}")
            return EventView(self._graph, rows[0])
        start, stop, step = key.indices(len(self))
        if step < 1:
            return list(self)[key]
        rows = self._graph.index.events(self.filter, order=self.order, limit=max(0, stop - start), offset=start)
        return [EventView(self._graph, row) for row in rows[::step]]

    def by_weight(self) -> EventList:
        """The same events, most mentioned and most certain first."""
        return EventList(self._graph, self.filter, "weight")

    def where(self, **changes: Any) -> EventList:
        """The same list with some parts of its filter changed (see :class:`ekg.index.EventFilter`)."""
        return EventList(self._graph, replace(self.filter, **changes), self.order)

    def __repr__(self) -> str:
        count = len(self)
        head = ", ".join(repr(event) for event in self[:3])
        return f"<{count} events: {head}{', …' if count > 3 else ''}>"

    def _repr_html_(self) -> str:
        from ekg.display import events_html

        return events_html(self)
