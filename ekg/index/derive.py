"""Rows of the index from what the quads say; the same code makes all of them or those of some nodes."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from ekg.ids import normal_name
from ekg.index.facts import Described, Facts, is_mention
from ekg.time import format_instant, parse_iso
from ekg.vocab import TIME, document_of, local_name

_MEDIA = re.compile(r"#t=([\d.]+),([\d.]+)$")
_SPAN = re.compile(r"#char=(\d+),(\d+)$")

Bound = tuple[int | None, str | None]
"""Seconds since 1970, and the date as it is shown."""


class Numbers:
    """Row numbers of nodes and documents: those given out here, and those that the database has."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[str, dict[str, int | None]] = {"event": {}, "entity": {}, "document": {}}
        tops = {t: db.execute(f"SELECT max(id) FROM {t}").fetchone()[0] for t in self._known}
        self._next = {table: 1 if top is None else int(top) + 1 for table, top in tops.items()}
        self._empty = {table for table, number in self._next.items() if number == 1}

    def get(self, table: str, name: str) -> int | None:
        """Number of an event or entity (by IRI) or of a document (by id), if it is in the index."""
        known = self._known[table]
        if name not in known:
            if table in self._empty:
                return None
            key = "name" if table == "document" else "iri"
            row = self._db.execute(f"SELECT id FROM {table} WHERE {key} = ?", (name,)).fetchone()
            known[name] = None if row is None else int(row[0])
        return known[name]

    def keep(self, table: str, name: str, number: int) -> None:
        """Use a number again for a row that is written anew."""
        self._known[table][name] = number
        self._next[table] = max(self._next[table], number + 1)

    def new(self, table: str, name: str) -> int:
        """Number for a new row."""
        number = self._next[table]
        self._next[table] = number + 1
        self._known[table][name] = number
        return number


class Deriver:
    """Writes rows of nodes.

    Args:
        db: the index.
        facts: what is said of the nodes and of all that is joined to them.
    """

    def __init__(self, db: sqlite3.Connection, facts: Facts) -> None:
        self.db = db
        self.facts = facts
        self.numbers = Numbers(db)
        self.rows: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
        self.words: defaultdict[int, list[str]] = defaultdict(list)
        self.names: dict[int, str] = {}
        self.documents: dict[str, int | None] = {}

    def write(self, events: Iterable[str], entities: Iterable[str], statements: Iterable[str]) -> None:
        """Write the rows of events, entities and statements that have none in the index now.

        Args:
            events: IRIs of event nodes.
            entities: IRIs of entity nodes.
            statements: IRIs of all statements about those events.
        """
        events = sorted(events)
        for iri in sorted(entities):
            self.add_entity(iri)
        for iri in events:
            self.add_event(iri)
        paired: set[tuple[int, int | None]] = set()
        for iri in sorted(statements):
            self.add_statement(iri, paired)
        for iri in events:
            self.add_actors(iri, paired)
            self.add_mentions(iri)
        for number, words in sorted(self.words.items()):
            self.rows["event_text"].append((number, " ".join(dict.fromkeys(words))))
        self.flush()

    def flush(self) -> None:
        """Write the rows gathered so far."""
        for table, rows in self.rows.items():
            if rows:
                columns = {"event_text": "(rowid, text)", "entity_text": "(rowid, name)"}.get(table, "")
                self.db.executemany(f"INSERT INTO {table} {columns} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        self.rows.clear()

    # -- nodes -------------------------------------------------------------------------------------------------------

    def add_entity(self, iri: str) -> int:
        """An entity with its names, where it lies, and where documents name it."""
        number = self.numbers.get("entity", iri)
        if number is None:
            number = self.numbers.new("entity", iri)
        said = self.facts.of(iri)
        label = self.label_of(self.facts, iri)
        known = dict.fromkeys([label, *said.texts("label"), *said.texts("alias")])
        kind = said.text("kind") or self.facts.entities.get(iri, "Actor").lower()
        begin, end = interval(said)
        self.rows["entity"].append((number, iri, kind, label, int(said.number("count", 0)), begin[1], end[1]))
        self.rows["alias"] += [(normal_name(name), number, name) for name in known]
        self.rows["entity_text"].append((number, " | ".join(known)))
        self.rows["located"] += [(number, same, normal_name(label), 1) for same in said.values("same")]
        for outer in said.iris("within"):
            name = self.facts.of(outer).text("label") or local_name(outer)
            self.rows["located"].append((number, outer, normal_name(name), 0))
        self.names[number] = label
        for mention in self.facts.mentions.get(iri, ()):
            key = mention_key(mention)
            self.rows["entity_mention"] += [(number, *place, key) for place, _ in self.places(mention)]
        return number

    @staticmethod
    def label_of(facts: Facts, iri: str) -> str:
        """Name of a node: its label, else the readable part of its IRI."""
        return facts.of(iri).text("label") or local_name(iri).replace("_", " ")

    def name(self, entity: int) -> str:
        """Name of an entity by its number."""
        if entity not in self.names:
            self.names[entity] = self.db.execute("SELECT name FROM entity WHERE id = ?", (entity,)).fetchone()[0]
        return self.names[entity]

    def entity(self, iri: str) -> int:
        """Number of an entity; one that no type makes an entity is one because an event has it."""
        number = self.numbers.get("entity", iri)
        return self.add_entity(iri) if number is None else number

    def add_event(self, iri: str) -> None:
        """An event's own row and its statuses."""
        number = self.numbers.new("event", iri)
        said = self.facts.of(iri)
        kind_iri = self.facts.type_of(iri)
        kind = _name(kind_iri) if kind_iri else "Event"
        (low, begin), (high, end) = interval(said)
        label = self.label_of(self.facts, iri)
        where = next((iri for iri in said.iris("place") if not is_mention(iri)), None)
        place = self.entity(where) if where else None
        self.rows["event"].append(
            (
                number,
                iri,
                kind,
                label,
                low,
                high,
                begin,
                end,
                said.text("granularity"),
                said.text("recorded"),
                place,
                said.text("polarity") or "positive",
                said.text("modality") or "actual",
                said.number("confidence", 1.0),
                int(said.number("count", 0)),
            )
        )
        self.rows["role_status"] += [
            *((number, _name(role), "missing") for role in said.values("missing")),
            *((number, "time", status) for status in said.values("time-status")),
            *((number, "place", status) for status in said.values("place-status")),
        ]
        words = self.words[number]
        words += [label, kind.replace("_", " "), *said.texts("alias"), *said.texts("description")]
        if place is not None:
            words.append(self.name(place))

    # -- what connects them ------------------------------------------------------------------------------------------

    def add_statement(self, iri: str, paired: set[tuple[int, int | None]]) -> None:
        """A participation, or a relation between two events.

        Args:
            iri: the statement.
            paired: gets the pair of event and entity.
        """
        said = self.facts.of(iri)
        source, target = said.iri("source") or "", said.iri("target") or ""
        role_iri = said.iri("role") or ""
        role = _name(role_iri) if role_iri else "participant"
        confidence = said.number("confidence", 1.0)
        event, other = self.numbers.get("event", source), self.numbers.get("event", target)
        if event is not None and other is not None:
            kind = role.removeprefix("interval").lower() if role_iri.startswith(TIME) else role
            self.rows["relation"].append((event, kind, other, confidence, iri))
            return
        if other is not None:  # EventKG also writes relations from an entity to an event
            event, target = other, source
        if event is None:
            return
        entity = self.entity(target) if target else None
        text = said.text("text")
        paired.add((event, entity))
        self.rows["participation"].append((event, entity, role, text, confidence, iri))
        name = text if entity is None else self.name(entity)
        if name:
            self.words[event].append(name)
        for source in said.iris("derived"):
            owner = self.facts.owners.get(source)
            if owner is None:
                continue
            for place, exact in self.places(source):
                document, start, end = place
                row = (event, owner, document, role, entity, start, end, exact, confidence, iri)
                self.rows["argument"].append(row)

    def add_actors(self, iri: str, paired: set[tuple[int, int | None]]) -> None:
        """Participants without a statement."""
        number = self.numbers.get("event", iri)
        assert number is not None
        for actor in self.facts.of(iri).iris("actor"):
            if is_mention(actor):
                continue
            entity = self.entity(actor)
            if (number, entity) not in paired:
                self.rows["participation"].append((number, entity, "participant", None, 1.0, None))
                self.words[number].append(self.name(entity))

    # -- where documents speak of them -------------------------------------------------------------------------------

    def add_mentions(self, iri: str) -> None:
        """Mentions of an event."""
        number = self.numbers.get("event", iri)
        assert number is not None
        for mention in sorted(self.facts.mentions.get(iri, ())):
            media = _media(self.facts.media(mention))
            for place, exact in self.places(mention):
                self.rows["mention"].append((number, mention, *place, exact, *media))
                self.words[number].append(exact)

    def places(self, mention: str) -> list[tuple[tuple[int, int, int], str]]:
        """Document number and span, and the text there, of a mention's selectors."""
        found = []
        for selector in self.facts.selectors(mention):
            match = _SPAN.search(selector)
            number = self.document(selector[: match.start()]) if match else None
            if match is not None and number is not None:
                found.append(((number, int(match[1]), int(match[2])), self.facts.exact.get(selector, "")))
        return sorted(found)

    def document(self, iri: str) -> int | None:
        """Number of the document that an IRI names, if it does and the document is there."""
        if iri not in self.documents:
            doc = document_of(iri)
            self.documents[iri] = None if doc is None else self.numbers.get("document", doc)
        return self.documents[iri]


def mention_key(iri: str) -> int:
    """A number of 64 bits for a mention's IRI."""
    return int.from_bytes(blake2b(iri.encode(), digest_size=8).digest(), signed=True)


def _media(iri: str | None) -> tuple[float | None, float | None]:
    match = _MEDIA.search(iri) if iri else None
    return (float(match[1]), float(match[2])) if match else (None, None)


@lru_cache(maxsize=1 << 12)
def _name(iri: str) -> str:
    """The readable part of a type's or role's IRI: there are few of them."""
    return local_name(iri)


def interval(said: Described) -> tuple[Bound, Bound]:
    """Both bounds as seconds and as shown: our half-open ones, else EventKG's inclusive days."""
    if "begin" in said or "end" in said:
        begin, end = _tidy(said.text("begin")), _tidy(said.text("end"))
        low, high = seconds(begin), seconds(end)
        return (low, None if low is None else begin), (high, None if high is None else end)
    begin, end = said.text("first"), said.text("last")
    low, high = seconds(begin), seconds(end, last=True)
    if low is not None and high is not None and high < low:
        return (None, None), (None, None)  # EventKG has some; such an interval says nothing
    return (low, _tidy(begin) if low is not None else None), (high, None if high is None else format_instant(high))


def _tidy(value: str | None) -> str | None:
    return value.removesuffix("T00:00:00Z").removesuffix("Z") if value else None


@lru_cache(maxsize=1 << 16)
def seconds(iso: str | None, *, last: bool = False) -> int | None:
    """A bound of a time stamp; a value that is no date counts as unknown, as it would in a SPARQL filter."""
    if iso is None:
        return None
    try:
        return parse_iso(iso)[1 if last else 0]
    except ValueError:
        return None
