"""Building the index from the quads and the documents; a new file replaces the old one when it is complete."""

from __future__ import annotations

import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from ekg.ids import normal_name
from ekg.index.passages import passages
from ekg.index.schema import INDEXES, SCHEMA, VERSION
from ekg.model import Document
from ekg.store import DocumentStore, Store
from ekg.time import format_instant, parse_iso
from ekg.vocab import (
    EKG,
    EVENT_TYPE,
    EVENTKG,
    OA,
    OWL,
    PROV,
    RDF,
    RDFS,
    SEM,
    SKOS,
    TIME,
    document_of,
    local_name,
)
from ekg.vocab import SCHEMA as SCHEMA_ORG

_MEDIA = re.compile(r"#t=([\d.]+),([\d.]+)$")
_SPAN = re.compile(r"#char=(\d+),(\d+)$")
_TYPE = ox.NamedNode(RDF + "type")
_LABEL = ox.NamedNode(RDFS + "label")
_ALIASES = (ox.NamedNode(SKOS + "altLabel"), ox.NamedNode("http://purl.org/dc/terms/alternative"))


def build_index(
    path: Path | None, store: Store, documents: DocumentStore, generation: str
) -> sqlite3.Connection | None:
    """Build the index and put it in place atomically.

    Args:
        path: where ``index.sqlite`` shall lie; None builds it in memory and returns the connection.
        store: the quads.
        documents: the documents, for passages.
        generation: what the index is an index of; kept in its ``meta`` table.
    """
    temporary = None if path is None else path.with_name(f".{path.name}.tmp")
    if temporary is not None:
        temporary.unlink(missing_ok=True)
    db = sqlite3.connect(":memory:" if temporary is None else temporary, check_same_thread=False)
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    _Builder(db, store, documents).run()
    db.executescript(INDEXES)
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("generation", generation), ("version", VERSION)])
    db.commit()
    if path is None or temporary is None:
        return db
    db.execute("PRAGMA optimize")
    db.close()
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
    return None


def _seconds(iso: str | None, *, last: bool = False) -> int | None:
    """Bounds of an imported time stamp; a value that is no date counts as unknown, as it would in a SPARQL filter."""
    if iso is None:
        return None
    try:
        return parse_iso(iso)[1 if last else 0]
    except ValueError:
        return None


class _Builder:
    def __init__(self, db: sqlite3.Connection, store: Store, documents: DocumentStore) -> None:
        self.db = db
        self.store = store
        self.documents = documents
        self.events: dict[str, int] = {}
        self.entities: dict[str, int] = {}
        self.document_ids: dict[str, int] = {}
        self.event_words: dict[int, list[str]] = defaultdict(list)

    def run(self) -> None:
        for document in self.documents.documents():
            self.add_document(document)
        self.add_entities()
        self.add_events()
        self.add_statements()
        self.add_mentions()
        rows = ((i, " ".join(dict.fromkeys(words))) for i, words in sorted(self.event_words.items()))
        self.db.executemany("INSERT INTO event_text (rowid, text) VALUES (?, ?)", rows)

    # -- documents ---------------------------------------------------------------------------------------------------

    def add_document(self, document: Document) -> None:
        number = len(self.document_ids) + 1
        self.document_ids[document.id] = number
        self.db.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            (
                number,
                document.id,
                document.kind,
                document.title,
                document.published,
                _seconds(document.published),
                document.publisher,
                document.url,
                document.lead,
            ),
        )
        self.db.execute(
            "INSERT INTO document_text (rowid, title, lead) VALUES (?, ?, ?)",
            (number, document.title or "", document.lead or ""),
        )
        for start, end in passages(document):
            media = document.media_at(start, end) or (None, None)
            cursor = self.db.execute(
                "INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, ?)", (number, start, end, media[0], media[1])
            )
            self.db.execute(
                "INSERT INTO passage_text (rowid, text, title) VALUES (?, ?, ?)",
                (cursor.lastrowid, document.text[start:end], document.title or ""),
            )

    # -- nodes -------------------------------------------------------------------------------------------------------

    def objects(
        self, subject: ox.NamedNode | ox.BlankNode
    ) -> dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]:
        found: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]] = defaultdict(list)
        for quad in self.store.quads(subject):
            if not isinstance(quad.object, ox.Triple):
                found[quad.predicate.value].append(quad.object)
        for values in found.values():
            values.sort(key=str)
        return found

    def subjects(self, predicate: str, value: str) -> list[ox.NamedNode]:
        quads = self.store.quads(None, ox.NamedNode(predicate), ox.NamedNode(value))
        return sorted({q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}, key=lambda n: n.value)

    def add_entities(self) -> None:
        actors = {*self.subjects(RDF + "type", SEM + "Actor"), *self.subjects(RDF + "type", SEM + "Place")}
        for predicate in ("hasActor", "hasPlace"):
            for quad in self.store.quads(None, ox.NamedNode(SEM + predicate)):
                if isinstance(quad.object, ox.NamedNode) and not quad.object.value.startswith("urn:ekg:mention:"):
                    actors.add(quad.object)
        for node in sorted(actors, key=lambda n: n.value):
            self.add_entity(node)

    def add_entity(self, node: ox.NamedNode) -> int:
        number = self.entities[node.value] = len(self.entities) + 1
        found = self.objects(node)
        names = [t.value for t in found.get(RDFS + "label", []) if isinstance(t, ox.Literal)]
        label = names[0] if names else local_name(node.value).replace("_", " ")
        aliases = [*names, *(t.value for p in _ALIASES for t in found.get(p.value, []) if isinstance(t, ox.Literal))]
        kinds = [t.value for t in found.get(EKG + "entityType", []) if isinstance(t, ox.Literal)]
        classes = [t.value for t in found.get(RDF + "type", []) if isinstance(t, ox.NamedNode)]
        kind = kinds[0] if kinds else ("place" if SEM + "Place" in classes else "actor")
        count = next((int(t.value) for t in found.get(EKG + "mentionCount", []) if isinstance(t, ox.Literal)), 0)
        begin, end = self.interval(found)
        self.db.execute(
            "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, node.value, kind, label, count, begin[1], end[1]),
        )
        for name in dict.fromkeys([label, *aliases]):
            self.db.execute("INSERT INTO alias VALUES (?, ?, ?)", (normal_name(name), number, name))
        self.add_location(number, label, found)
        self.db.execute(
            "INSERT INTO entity_text (rowid, name) VALUES (?, ?)",
            (number, " | ".join(dict.fromkeys([label, *aliases]))),
        )
        return number

    def add_location(
        self, number: int, label: str, found: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]
    ) -> None:
        """What a place is and lies in, so that a search for a country finds what happened in its towns."""
        rows = []
        for predicate in (OWL + "sameAs", SCHEMA_ORG + "sameAs"):
            rows += [(number, t.value, normal_name(label), 1) for t in found.get(predicate, [])]
        for outer in found.get(SCHEMA_ORG + "containedInPlace", []):
            if isinstance(outer, ox.NamedNode):
                name = self.literal(self.objects(outer), RDFS + "label") or local_name(outer.value)
                rows.append((number, outer.value, normal_name(name), 0))
        self.db.executemany("INSERT INTO located VALUES (?, ?, ?, ?)", rows)

    def interval(
        self, found: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]
    ) -> tuple[tuple[int | None, str | None], tuple[int | None, str | None]]:
        """Both bounds as seconds and as written: our half-open ones, else EventKG's inclusive days."""

        def first(iri: str) -> str | None:
            return next((t.value for t in found.get(iri, []) if isinstance(t, ox.Literal)), None)

        def tidy(value: str | None) -> str | None:
            return value.removesuffix("T00:00:00Z").removesuffix("Z") if value else None

        if EKG + "begin" in found or EKG + "end" in found:
            begin, end = tidy(first(EKG + "begin")), tidy(first(EKG + "end"))
            return (_seconds(begin), begin), (_seconds(end), end)
        begin, end = first(SEM + "hasBeginTimeStamp"), first(SEM + "hasEndTimeStamp")
        low, high = _seconds(begin), _seconds(end, last=True)
        if low is not None and high is not None and high < low:
            return (None, None), (None, None)  # EventKG has some; such an interval says nothing
        return (low, tidy(begin) if low is not None else None), (high, None if high is None else format_instant(high))

    def add_events(self) -> None:
        for node in self.subjects(RDF + "type", SEM + "Event"):
            found = self.objects(node)
            number = self.events[node.value] = len(self.events) + 1
            types = [t.value for t in found.get(RDF + "type", []) if isinstance(t, ox.NamedNode)]
            ours = [t for t in types if t.startswith(EVENT_TYPE)]
            kind = local_name(ours[0]) if ours else "Event"
            (low, begin), (high, end) = self.interval(found)
            label = self.literal(found, RDFS + "label") or local_name(node.value).replace("_", " ")
            places = [t.value for t in found.get(SEM + "hasPlace", []) if isinstance(t, ox.NamedNode)]
            place = self.entities.get(places[0]) if places else None
            self.db.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    node.value,
                    kind,
                    label,
                    low,
                    high,
                    begin,
                    end,
                    self.literal(found, EKG + "granularity"),
                    self.literal(found, EKG + "recordedAt"),
                    place,
                    self.literal(found, EKG + "polarity") or "positive",
                    self.literal(found, EKG + "modality") or "actual",
                    float(self.literal(found, EKG + "confidence") or 1.0),
                    int(self.literal(found, EKG + "mentionCount") or 0),
                ),
            )
            statuses = [
                *((local_name(t.value), "missing") for t in found.get(EKG + "missingRole", [])),
                *(("time", t.value) for t in found.get(EKG + "timeStatus", [])),
                *(("place", t.value) for t in found.get(EKG + "placeStatus", [])),
            ]
            self.db.executemany("INSERT INTO role_status VALUES (?, ?, ?)", [(number, *row) for row in statuses])
            words = self.event_words[number]
            words.extend((label, kind.replace("_", " ")))
            for predicate in (*(p.value for p in _ALIASES), "http://purl.org/dc/terms/description"):
                words.extend(t.value for t in found.get(predicate, []) if isinstance(t, ox.Literal))

    def literal(self, found: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]], iri: str) -> str | None:
        texts = [t for t in found.get(iri, []) if isinstance(t, ox.Literal)]
        # English first: EventKG labels its events in many languages.
        texts.sort(key=lambda t: (t.language not in {None, "en"}, t.value))
        return texts[0].value if texts else None

    # -- what connects them ------------------------------------------------------------------------------------------

    def add_statements(self) -> None:
        plain: set[tuple[int, int]] = set()
        for node in self.subjects(RDF + "type", EVENTKG + "Relation"):
            found = self.objects(node)
            source = next((t.value for t in found.get(RDF + "subject", []) if isinstance(t, ox.NamedNode)), "")
            target = next((t.value for t in found.get(RDF + "object", []) if isinstance(t, ox.NamedNode)), "")
            role_node = next((t.value for t in found.get(SEM + "roleType", []) if isinstance(t, ox.NamedNode)), "")
            role = local_name(role_node) if role_node else "participant"
            confidence = float(self.literal(found, EKG + "confidence") or 1.0)
            if source in self.events and target in self.events:
                kind = role.removeprefix("interval").lower() if role_node.startswith(TIME) else role
                self.db.execute(
                    "INSERT INTO relation VALUES (?, ?, ?, ?, ?)",
                    (self.events[source], kind, self.events[target], confidence, node.value),
                )
                continue
            if target in self.events:  # EventKG also writes relations from an entity to an event
                source, target = target, source
            if source not in self.events:
                continue
            event = self.events[source]
            text = self.literal(found, EKG + "fillerText")
            entity = self.entities.get(target)
            if entity is None and target:
                entity = self.add_entity(ox.NamedNode(target))
            if entity is not None:
                plain.add((event, entity))
            self.db.execute(
                "INSERT INTO participation VALUES (?, ?, ?, ?, ?, ?)",
                (event, entity, role, text, confidence, node.value),
            )
            self.add_arguments(event, entity, role, confidence, node.value, found.get(PROV + "wasDerivedFrom", []))
        for quad in self.store.quads(None, ox.NamedNode(SEM + "hasActor")):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                pair = (self.events.get(quad.subject.value, 0), self.entities.get(quad.object.value, 0))
                if all(pair) and pair not in plain:
                    plain.add(pair)
                    row = (*pair, "participant", None, 1.0, None)
                    self.db.execute("INSERT INTO participation VALUES (?, ?, ?, ?, ?, ?)", row)
        for event, name in self.db.execute(
            "SELECT p.event, coalesce(e.name, p.text) FROM participation p "
            "LEFT JOIN entity e ON e.id = p.entity ORDER BY 1, 2"
        ):
            if name:
                self.event_words[event].append(name)
        for event, name in self.db.execute("SELECT e.id, p.name FROM event e JOIN entity p ON p.id = e.place"):
            self.event_words[event].append(name)

    def add_arguments(
        self,
        event: int,
        entity: int | None,
        role: str,
        confidence: float,
        statement: str,
        sources: list[ox.NamedNode | ox.BlankNode | ox.Literal],
    ) -> None:
        for source in sources:
            if not isinstance(source, ox.NamedNode):
                continue
            for where in self.store.quads(source, ox.NamedNode(OA + "hasSelector")):
                place = self.place_of(where.object)
                owner = next(iter(self.store.quads(None, ox.NamedNode(EKG + "hasArgument"), source)), None)
                if place is None or owner is None or not isinstance(owner.subject, ox.NamedNode):
                    continue
                document, start, end = place
                exact = self.exact(where.object)
                row = (event, owner.subject.value, document, role, entity, start, end, exact, confidence, statement)
                self.db.execute("INSERT INTO argument VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def place_of(self, selector: object) -> tuple[int, int, int] | None:
        """Document number and span that a selector's IRI names."""
        if not isinstance(selector, ox.NamedNode):
            return None
        match = _SPAN.search(selector.value)
        doc = document_of(selector.value[: match.start()]) if match else None
        if match is None or doc not in self.document_ids:
            return None
        return self.document_ids[doc], int(match[1]), int(match[2])

    def exact(self, selector: object) -> str:
        if isinstance(selector, ox.NamedNode):
            for quad in self.store.quads(selector, ox.NamedNode(OA + "exact")):
                if isinstance(quad.object, ox.Literal):
                    return quad.object.value
        return ""

    def add_mentions(self) -> None:
        refers = ox.NamedNode(EKG + "refersTo")
        for quad in sorted(self.store.quads(None, refers), key=lambda q: (str(q.object), str(q.subject))):
            if not isinstance(quad.object, ox.NamedNode) or not isinstance(quad.subject, ox.NamedNode):
                continue
            event, entity = self.events.get(quad.object.value), self.entities.get(quad.object.value)
            for where in self.places(quad.subject):
                if event is not None:
                    media = self.media(quad.subject)
                    text = self.exact(where[1])
                    row = (event, quad.subject.value, *where[0], text, *media)
                    self.db.execute("INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
                    self.event_words[event].append(text)
                elif entity is not None:
                    self.db.execute("INSERT INTO entity_mention VALUES (?, ?, ?, ?)", (entity, *where[0]))

    def places(self, mention: ox.NamedNode) -> Iterator[tuple[tuple[int, int, int], object]]:
        selectors = [q.object for q in self.store.quads(mention, ox.NamedNode(OA + "hasSelector"))]
        found = [(place, s) for s in selectors if (place := self.place_of(s)) is not None]
        yield from sorted(found, key=lambda item: item[0])

    def media(self, mention: ox.NamedNode) -> tuple[float | None, float | None]:
        for quad in self.store.quads(mention, ox.NamedNode(EKG + "mediaFragment")):
            match = _MEDIA.search(str(quad.object.value)) if isinstance(quad.object, ox.NamedNode) else None
            if match:
                return float(match[1]), float(match[2])
        return None, None
