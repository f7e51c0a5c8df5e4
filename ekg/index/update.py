"""Bringing an index in line with changed quads by deriving only the nodes that the changes touch."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import NotFoundError
from ekg.index.build import build_index, put_in_place
from ekg.index.derive import Deriver, mention_key
from ekg.index.facts import Facts
from ekg.index.schema import VERSION, YEARS
from ekg.index.texts import put_document, remove_document
from ekg.store import DocumentStore, Store
from ekg.vocab import EKG, EVENTKG, OA, PROV, RDF, RDFS, SCHEMA, SEM, document_iri

_LARGE = 0.2
"""Share of all nodes above which a rebuild is faster."""
_FEW = 2000
"""Nodes that are always few enough."""
_LOOKED_UP = 20_000
"""IRIs that are always few enough to look up what they touch."""

_TYPE = ox.NamedNode(RDF + "type")
_SUBJECT, _OBJECT = ox.NamedNode(RDF + "subject"), ox.NamedNode(RDF + "object")
_REFERS, _ARGUMENT = ox.NamedNode(EKG + "refersTo"), ox.NamedNode(EKG + "hasArgument")
_DERIVED, _SELECTOR = ox.NamedNode(PROV + "wasDerivedFrom"), ox.NamedNode(OA + "hasSelector")
_MEDIA = ox.NamedNode(EKG + "mediaFragment")
_EXACT, _SOURCE = ox.NamedNode(OA + "exact"), ox.NamedNode(OA + "hasSource")
_WITHIN, _LABEL = ox.NamedNode(SCHEMA + "containedInPlace"), ox.NamedNode(RDFS + "label")
_EVENT, _STATEMENT = ox.NamedNode(SEM + "Event"), ox.NamedNode(EVENTKG + "Relation")
_ENTITIES = (ox.NamedNode(SEM + "Actor"), ox.NamedNode(SEM + "Place"))
_OF_EVENT = ("participation", "role_status", "mention", "argument")
_OF_ENTITY = ("alias", "located")


def update_index(
    old: Path,
    path: Path,
    store: Store,
    documents: DocumentStore,
    generation: str,
    *,
    touched: Collection[str],
    changed: Collection[str] = (),
) -> bool:
    """Make the index of a store from that of an earlier state, and put it in place atomically.

    The rows are those that :func:`ekg.index.build_index` would give; where more than a fifth of the nodes are touched,
    or the old index is of another version, it is that which is called.

    Args:
        old: the earlier index, which stays as it is (it may be ``path``).
        path: where the new one shall lie.
        store: the quads as they are now.
        documents: the documents as they are now.
        generation: what the new index is an index of.
        touched: IRIs that are subject or object of any quad that was added or removed since the earlier state; more
            do no harm.
        changed: ids of the documents that were added, changed or removed since then.

    Returns:
        Whether the old index could be used.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    shutil.copyfile(old, temporary)
    with closing(sqlite3.connect(temporary, check_same_thread=False)) as db:
        usable = _is_current(db) and _Update(db, store, documents).run(touched, changed)
        if usable:
            db.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (generation,))
            db.commit()
    if not usable:
        temporary.unlink()
        build_index(path, store, documents, generation)
        return False
    put_in_place(temporary, path)
    return True


def _is_current(db: sqlite3.Connection) -> bool:
    try:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        row = db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(row) and row[0] == VERSION


class _Update:
    def __init__(self, db: sqlite3.Connection, store: Store, documents: DocumentStore) -> None:
        self.db = db
        self.store = store
        self.documents = documents

    def run(self, touched: Collection[str], changed: Collection[str]) -> bool:
        """Replace the rows of all nodes that changes touch; False, with nothing of use done, if they are too many."""
        total = self.count("event") + self.count("entity")
        if len(touched) > max(_LOOKED_UP, total):
            return False
        wanted = {iri for iri in touched if _is_iri(iri)}
        wanted |= self.put_documents(changed)
        wanted |= {mention for iri in wanted for mention in self.subjects(_SELECTOR, iri)}
        nodes = self.nodes_of(wanted)
        nodes |= {other for node in nodes if self.turned(node) for other in self.other_ends(node)}
        entities = {iri for iri in nodes if self.number("entity", iri) is not None or self.is_entity(iri)}
        events = {iri for iri in nodes if self.number("event", iri) is not None or self.is_event(iri)}
        for iri in entities:
            events |= self.events_of_renamed(iri)
        if len(events) + len(entities) > max(_FEW, _LARGE * total):
            return False
        years = self.years(events)
        self.replace(events, entities, wanted)
        self.count_years(years, self.years(events))
        return True

    # -- what is touched ---------------------------------------------------------------------------------------------

    def put_documents(self, changed: Collection[str]) -> set[str]:
        """Write rows of documents; IRIs of mentions that the coming or going of a document concerns."""
        mentions: set[str] = set()
        for doc in sorted(changed):
            try:
                put_document(self.db, self.documents.document(doc))
            except NotFoundError:
                remove_document(self.db, doc)
            for mention in self.subjects(_SOURCE, document_iri(doc)):
                mentions |= {mention, *self.objects(mention, _ARGUMENT)}
        return mentions

    def nodes_of(self, touched: Iterable[str]) -> set[str]:
        """Nodes whose rows depend on quads of the IRIs: the IRIs themselves, and what they are statements, mentions,
        arguments or surroundings of."""
        found: set[str] = set()
        for iri in touched:
            found.add(iri)
            found |= self.of_statement(iri)
            found |= self.of_mention(iri)
            found.update(self.subjects(_WITHIN, iri))
        return found

    def of_statement(self, iri: str) -> set[str]:
        return {*self.objects(iri, _SUBJECT), *self.objects(iri, _OBJECT)}

    def of_mention(self, iri: str) -> set[str]:
        """Nodes that a mention, or the mention of an argument, refers to, or that a statement from it is about."""
        found = set(self.objects(iri, _REFERS))
        for owner in self.subjects(_ARGUMENT, iri):
            found.update(self.objects(owner, _REFERS))
        for statement in self.subjects(_DERIVED, iri):
            found |= self.of_statement(statement)
        return found

    def turned(self, iri: str) -> bool:
        """Whether a node has become an event, or has ceased to be one: its statements mean something else then."""
        return (self.number("event", iri) is not None) != self.is_event(iri)

    def other_ends(self, iri: str) -> set[str]:
        return {end for statement in self.statements_of(iri) for end in self.of_statement(statement)}

    def events_of_renamed(self, iri: str) -> set[str]:
        """Events whose words hold the old name of an entity."""
        number = self.number("entity", iri)
        if number is None:
            return set()
        facts = Facts()
        facts.note_all(self.store.quads(ox.NamedNode(iri)))
        (old,) = self.db.execute("SELECT name FROM entity WHERE id = ?", (number,)).fetchone()
        if Deriver.label_of(facts, iri) == old:
            return set()
        sql = (
            "SELECT v.iri FROM participation p JOIN event v ON v.id = p.event WHERE p.entity = ?1 "
            "UNION SELECT iri FROM event WHERE place = ?1"
        )
        return {name for (name,) in self.db.execute(sql, (number,))}

    # -- new rows ----------------------------------------------------------------------------------------------------

    def replace(self, events: set[str], entities: set[str], mentions: set[str]) -> None:
        """Derive events and entities again. An entity keeps its number: events that are not touched point to it.

        Args:
            events: IRIs.
            entities: IRIs.
            mentions: all mentions that are touched, among other things. Of the places where an entity stands only those
                of these are derived again: it may have a thousand others.
        """
        loose = self.remove_events(events)
        deriver = Deriver(self.db, Facts())
        wanted: set[str] = set()
        whole: set[str] = set()
        keys = json.dumps(sorted(map(mention_key, mentions)))
        for iri in sorted(entities):
            number = self.number("entity", iri)
            stays = self.is_entity(iri) or (number is not None and self.is_used(number))
            if stays:
                wanted.add(iri)
            if number is None or not stays or iri in events:
                whole.add(iri)
                self.remove_entity(number)
            else:
                self.remove_entity(number, keys)
            if number is not None and stays:
                deriver.numbers.keep("entity", iri, number)
        now = {iri for iri in events if self.is_event(iri)}
        for iri in sorted(mentions):
            self.note_places(deriver.facts, iri, _REFERS)
        self.gather(deriver.facts, now, wanted, whole)
        deriver.write(now, wanted, deriver.facts.statements)
        for number in sorted(loose):
            row = self.db.execute("SELECT iri FROM entity WHERE id = ?", (number,)).fetchone()
            if row is not None and not self.is_used(number) and not self.is_entity(row[0]):
                self.remove_entity(number)

    def gather(self, facts: Facts, events: set[str], entities: set[str], whole: set[str]) -> None:
        """Note all that the rows of events and entities are derived from.

        Args:
            facts: gets it; what touched mentions say is there.
            events: IRIs.
            entities: IRIs.
            whole: those entities of which all mentions are needed.
        """
        ends: set[str] = set()
        for iri in events:
            facts.note_all(self.store.quads(ox.NamedNode(iri)))
            ends.update(facts.of(iri).iris("actor"), facts.of(iri).iris("place"))
            for statement in self.statements_of(iri):
                facts.note_all(self.store.quads(ox.NamedNode(statement)))
                ends |= self.of_statement(statement)
                for argument in facts.of(statement).iris("derived"):
                    facts.note_all(self.store.quads(None, _ARGUMENT, ox.NamedNode(argument)))
                    self.note_places(facts, argument, exact=True)
            for mention in self.note_mentions(facts, iri):
                self.note_places(facts, mention, _MEDIA, exact=True)
        # An end that is no entity yet becomes one on the way.
        new = {iri for iri in ends - events - entities if self.number("entity", iri) is None}
        for iri in sorted(entities | new):
            facts.note_all(self.store.quads(ox.NamedNode(iri)))
            for outer in facts.of(iri).iris("within"):
                facts.note_all(self.store.quads(ox.NamedNode(outer), _LABEL))
        for iri in sorted((entities & whole) | new):
            for mention in self.note_mentions(facts, iri):
                self.note_places(facts, mention)

    def note_mentions(self, facts: Facts, node: str) -> set[str]:
        """Note which mentions refer to a node, and return them."""
        facts.note_all(self.store.quads(None, _REFERS, ox.NamedNode(node)))
        return facts.mentions.get(node, set())

    def note_places(self, facts: Facts, mention: str, *more: ox.NamedNode, exact: bool = False) -> None:
        """Note where a mention stands, with the text there if it is wanted, and more of what it says."""
        for predicate in (_SELECTOR, *more):
            facts.note_all(self.store.quads(ox.NamedNode(mention), predicate))
        for selector in facts.selectors(mention) if exact else ():
            facts.note_all(self.store.quads(ox.NamedNode(selector), _EXACT))

    def years(self, events: Iterable[str]) -> Counter[tuple[str, int | None]]:
        """How many of some events there are of each type and year."""
        counts: Counter[tuple[str, int | None]] = Counter()
        for iri in events:
            counts.update(
                (kind, year) for kind, year, _ in self.db.execute(f"{YEARS} WHERE iri = ? GROUP BY 1, 2", (iri,))
            )
        return counts

    def count_years(self, before: Counter[tuple[str, int | None]], now: Counter[tuple[str, int | None]]) -> None:
        """Count events anew where their number has changed."""
        for kind, year in {*before, *now}:
            more = now[kind, year] - before[kind, year]
            if not more:
                continue
            sql = "UPDATE type_year SET events = events + ? WHERE type = ? AND year IS ?"
            if not self.db.execute(sql, (more, kind, year)).rowcount:
                self.db.execute("INSERT INTO type_year VALUES (?, ?, ?)", (kind, year, more))
        self.db.execute("DELETE FROM type_year WHERE events = 0")

    # -- the rows there are ------------------------------------------------------------------------------------------

    def remove_events(self, events: set[str]) -> set[int]:
        """Remove all rows of events; numbers of the entities that they had."""
        loose: set[int] = set()
        for iri in sorted(events):
            number = self.number("event", iri)
            if number is None:
                continue
            sql = "SELECT entity FROM participation WHERE event = ?1 UNION SELECT place FROM event WHERE id = ?1"
            loose.update(entity for (entity,) in self.db.execute(sql, (number,)) if entity is not None)
            for table in _OF_EVENT:
                self.db.execute(f"DELETE FROM {table} WHERE event = ?", (number,))
            self.db.execute("DELETE FROM relation WHERE source = ?1 OR target = ?1", (number,))
            self.db.execute("DELETE FROM event_text WHERE rowid = ?", (number,))
            self.db.execute("DELETE FROM event WHERE id = ?", (number,))
        return loose

    def remove_entity(self, number: int | None, mentions: str | None = None) -> None:
        """Remove all rows of an entity but for what points to it, and, if ``mentions`` are given, for all other ones.

        Args:
            number: of the entity; None does nothing.
            mentions: a JSON array of their keys.
        """
        if number is None:
            return
        for table in _OF_ENTITY:
            self.db.execute(f"DELETE FROM {table} WHERE entity = ?", (number,))
        if mentions is None:
            self.db.execute("DELETE FROM entity_mention WHERE entity = ?", (number,))
        else:
            sql = "DELETE FROM entity_mention WHERE entity = ? AND mention IN (SELECT value FROM json_each(?))"
            self.db.execute(sql, (number, mentions))
        self.db.execute("DELETE FROM entity_text WHERE rowid = ?", (number,))
        self.db.execute("DELETE FROM entity WHERE id = ?", (number,))

    def is_used(self, number: int) -> bool:
        """Whether an event has an entity as participant or place."""
        sql = (
            "SELECT EXISTS (SELECT 1 FROM participation WHERE entity = ?1) "
            "OR EXISTS (SELECT 1 FROM event WHERE place = ?1)"
        )
        return bool(self.db.execute(sql, (number,)).fetchone()[0])

    def number(self, table: str, iri: str) -> int | None:
        row = self.db.execute(f"SELECT id FROM {table} WHERE iri = ?", (iri,)).fetchone()
        return None if row is None else int(row[0])

    def count(self, table: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    # -- the quads there are -----------------------------------------------------------------------------------------

    def objects(self, subject: str, predicate: ox.NamedNode) -> Iterator[str]:
        for quad in self.store.quads(ox.NamedNode(subject), predicate):
            if isinstance(quad.object, ox.NamedNode):
                yield quad.object.value

    def subjects(self, predicate: ox.NamedNode, value: str) -> Iterator[str]:
        for quad in self.store.quads(None, predicate, ox.NamedNode(value)):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value

    def statements_of(self, iri: str) -> set[str]:
        return {*self.subjects(_SUBJECT, iri), *self.subjects(_OBJECT, iri)}

    def is_event(self, iri: str) -> bool:
        return self.has_type(iri, _EVENT)

    def is_entity(self, iri: str) -> bool:
        return any(self.has_type(iri, kind) for kind in _ENTITIES)

    def has_type(self, iri: str, kind: ox.NamedNode) -> bool:
        return next(iter(self.store.quads(ox.NamedNode(iri), _TYPE, kind)), None) is not None


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
