"""A synthetic news graph of any size, for measuring: documents, events, actors, places and times.

Every document holds ten sentences with one event each and a cast of six, so that its quads have the shape and about the
number that a document of our own builds has (mentions with spans in the document's graph, nodes and statements in the
resolved one). Nothing is extracted: the records are written down together with the text, and names alone decide what is
one node. The words are invented and the seed decides everything.
"""

from __future__ import annotations

import random
from calendar import month_name
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox

from ekg.ids import digest, entity_id, event_id
from ekg.index import Facts, build_index
from ekg.model import (
    Argument,
    Document,
    DocumentInfo,
    Entity,
    Event,
    EventTime,
    Extraction,
    Place,
    Relation,
    Segment,
    Trigger,
)
from ekg.pipeline.nodes import NodeRenderer
from ekg.pipeline.part_nodes import Source
from ekg.pipeline.publish import generation_of
from ekg.pipeline.render import render_document
from ekg.pipeline.resolve import collect_nodes
from ekg.store import DocumentRow, DocumentStore, Manifest, kg_lock, write_manifest
from ekg.store.oxigraph import OxigraphStore

EVENTS_PER_DOCUMENT = 10
FIRST_DAY = date(1950, 1, 1)
DAYS = 27_394
"""Days from :data:`FIRST_DAY` to the end of 2024."""

_SYLLABLES = (
    "bar",
    "den",
    "fol",
    "gra",
    "hul",
    "jor",
    "kel",
    "lin",
    "mar",
    "nor",
    "ost",
    "pel",
    "rin",
    "sun",
    "tor",
    "vik",
)
_GIVEN = (
    "Ada",
    "Bo",
    "Cleo",
    "Dag",
    "Edda",
    "Finn",
    "Gro",
    "Hilde",
    "Ivar",
    "Jana",
    "Kai",
    "Liv",
    "Mats",
    "Nora",
    "Olaf",
    "Pia",
)
_TYPES = (
    ("Arrest", "arrested", "Authorities", "Suspect"),
    ("Attack", "attacked", "Assailant", "Victim"),
    ("Bringing", "brought", "Agent", "Theme"),
    ("Choosing", "chose", "Cognizer", "Chosen"),
    ("Commerce_buy", "bought", "Buyer", "Seller"),
    ("Competition", "met", "Participants", "Opponent"),
    ("Creating", "founded", "Creator", "Created_entity"),
    ("Criminal_investigation", "investigated", "Investigator", "Suspect"),
    ("Education_teaching", "taught", "Teacher", "Student"),
    ("Employment", "employed", "Employer", "Employee"),
    ("Hiding_objects", "hid", "Agent", "Hidden_object"),
    ("Judgment_communication", "praised", "Communicator", "Evaluee"),
    ("Killing", "killed", "Killer", "Victim"),
    ("Legal_rulings", "acquitted", "Authority", "Defendant"),
    ("Protest", "opposed", "Protester", "Issue"),
    ("Rescuing", "rescued", "Agent", "Patient"),
    ("Supporting", "backed", "Supporter", "Supported"),
    ("Visiting", "visited", "Agent", "Host"),
)
_MONTHS = tuple(month_name)[1:]


def synthetic_sources(events: int, *, seed: int = 13) -> Iterator[Source]:
    """Documents with their extraction records, :data:`EVENTS_PER_DOCUMENT` events each.

    Of the events eight in ten have a day, one has a month and one no time; nine in ten have a place; one in three has
    a second participant; a fifth stands ``before`` the next one of its document. One document in eight is a captioned
    video. There is one actor for every eight events and one place for every hundred.

    Args:
        events: how many; rounded up to whole documents.
        seed: of all that is chosen.
    """
    words = random.Random(seed)
    actors = _names(words, max(20, events // 8), person=True)
    places = _names(words, max(10, events // 100), person=False)
    for number in range(-(-events // EVENTS_PER_DOCUMENT)):
        yield _Writer(random.Random(f"{seed}:{number}"), f"doc{number:07}", actors, places).source()


def _names(words: random.Random, count: int, *, person: bool) -> list[str]:
    """Different names, the same ones for the same seed."""
    found: dict[str, None] = {}
    while len(found) < count:
        length = 2 + (words.random() < 0.5) + (len(found) > 3000)
        name = "".join(words.choice(_SYLLABLES) for _ in range(length)).capitalize()
        found[f"{words.choice(_GIVEN)} {name}" if person else f"{name}by"] = None
    return list(found)


class _Writer:
    """Writes one document sentence by sentence and notes where everything stands."""

    def __init__(self, words: random.Random, doc: str, actors: Sequence[str], places: Sequence[str]) -> None:
        self.words, self.doc = words, doc
        self.actors = [self.pick(actors) for _ in range(6)]
        self.places = [self.pick(places) for _ in range(3)]
        self.text = ""
        self.spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self.events: list[Event] = []

    def add(self, piece: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += piece
        return start, len(self.text)

    def name(self, name: str, kind: str) -> tuple[int, int]:
        span = self.add(name)
        self.spans.setdefault((kind, name), []).append(span)
        return span

    def pick(self, names: Sequence[str]) -> str:
        """A few names are in the news far more often than most."""
        return names[int(len(names) * self.words.random() ** 3)]

    def source(self) -> Source:
        first = self.words.randrange(DAYS)
        published = (FIRST_DAY + timedelta(days=first + 2)).isoformat()
        video = self.words.random() < 0.125
        segments: list[Segment] = []
        for number in range(EVENTS_PER_DOCUMENT):
            start = len(self.text)
            media = (6.0 * number, 6.0 * number + 6.0) if video else None
            self.sentence(first, media)
            if media is not None:
                segments.append(Segment(span=(start, len(self.text)), media=media, kind="cue"))
            self.text += "\n" if video else (" " if number % 3 else "\n\n")
        kind = "video" if video else "article"
        document = Document(
            id=self.doc,
            kind=kind,
            text=self.text,
            title=self.events[0].trigger.text.capitalize() + " again",
            published=published,
            publisher=f"The {self.places[0]} Post",
            lang="en",
            segments=tuple(segments),
            duration=6.0 * EVENTS_PER_DOCUMENT if video else None,
        )
        entities = tuple(
            Entity(id=entity_id(self.doc, name), type=kind, name=name, mentions=tuple(spans))
            for (kind, name), spans in self.spans.items()
        )
        relations = tuple(
            Relation(kind="before", source=a.id, target=b.id, confidence=0.9, cue="time", method="interval")
            for a, b in zip(self.events, self.events[1:], strict=False)
            if self.words.random() < 0.2
        )
        info = DocumentInfo(
            id=self.doc, kind=kind, title=document.title, published=published, lang="en", length=len(self.text)
        )
        record = Extraction(document=info, events=tuple(self.events), entities=entities, relations=relations)
        return Source(document=document, record=record, recorded=published)

    def sentence(self, first: int, media: tuple[float, float] | None) -> None:
        kind, trigger, role, second_role = self.words.choice(_TYPES)
        arguments = [self.argument(role, self.words.choice(self.actors))]
        self.text += " "
        where = self.add(trigger)
        if self.words.random() < 0.33:
            self.text += " "
            arguments.append(self.argument(second_role, self.words.choice(self.actors)))
        place = None
        if self.words.random() < 0.9:
            self.text += " in "
            name = self.words.choice(self.places)
            place = Place(entity=entity_id(self.doc, name), text=name, span=self.name(name, "place"))
        time = self.time(first)
        self.text += "."
        self.events.append(
            Event(
                id=event_id(self.doc, *where),
                type=kind,
                trigger=Trigger(text=trigger, span=where),
                lemma=trigger.removesuffix("ed"),
                confidence=round(0.5 + self.words.random() / 2, 4),
                arguments=tuple(arguments),
                time=time,
                place=place,
                media=media,
            )
        )

    def argument(self, role: str, name: str) -> Argument:
        span = self.name(name, "person")
        confidence = round(0.5 + self.words.random() / 2, 4)
        return Argument(role=role, text=name, span=span, entity=entity_id(self.doc, name), confidence=confidence)

    def time(self, first: int) -> EventTime | None:
        chance = self.words.random()
        day = FIRST_DAY + timedelta(days=max(0, first - self.words.randrange(3)))
        if chance < 0.1:
            return None
        if chance < 0.2:
            self.text += " in "
            begin = day.replace(day=1)
            end = (begin + timedelta(days=32)).replace(day=1)
            text, unit = f"{_MONTHS[day.month - 1]} {day.year}", "month"
        else:
            self.text += " on "
            begin, end = day, day + timedelta(days=1)
            text, unit = f"{day.day} {_MONTHS[day.month - 1]} {day.year}", "day"
        return EventTime(
            begin=begin.isoformat(),
            end=end.isoformat(),
            granularity=unit,
            text=text,
            span=self.add(text),
            anchor="text",
        )


def synthetic_quads(sources: Iterable[Source]) -> Iterator[ox.Quad]:
    """Quads of the documents and of their nodes, as a build writes them; mentions of one name are one entity."""
    kept = []
    nodes: dict[tuple[str, str], str] = {}
    entity_node: dict[str, str] = {}
    event_node: dict[str, str] = {}
    for source in sources:
        kept.append(source)
        for entity in source.record.entities:
            entity_node[entity.id] = nodes.setdefault((entity.type, entity.name), entity.id)
        event_node.update((event.id, event.id) for event in source.record.events)
        yield from render_document(source.document, source.record, source.recorded)
    yield from NodeRenderer(collect_nodes(kept, entity_node, event_node), entity_node, event_node).quads()


def write_documents(database: DocumentStore, sources: Iterable[Source]) -> None:
    """Store documents and records as a build does."""
    database.put(
        (
            DocumentRow(
                id=source.document.id,
                part="",
                source="synthetic",
                recorded=source.recorded,
                revision=digest(source.document.text),
                key=digest("synthetic", source.document.text),
            ),
            source.document,
            source.record,
        )
        for source in sources
    )


def write_graph(kg: Path, events: int, *, seed: int = 13) -> Path:
    """Make a knowledge graph of a size, unless it is there already; its quads also as ``KG.nq`` beside it.

    Returns:
        The file with the quads.

    Raises:
        LockedError: another process is making it.
    """
    quads = kg.with_name(f"{kg.name}.nq")
    if (kg / "manifest.json").exists() and quads.exists():
        return quads
    with kg_lock(kg):
        write_manifest(kg, Manifest(state="building"))
        sources = list(synthetic_sources(events, seed=seed))
        temporary = quads.with_name(f".{quads.name}.tmp")
        facts = Facts()
        ox.serialize(facts.passing(synthetic_quads(sources)), str(temporary), ox.RdfFormat.N_QUADS)
        temporary.replace(quads)
        database = DocumentStore(kg / "documents.sqlite")
        store = OxigraphStore(kg / "quads")
        try:
            write_documents(database, sources)
            store.raw.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
            store.flush()
            generation = generation_of(database.rows(), {}, "")
            build_index(kg / "index.sqlite", store, database, generation, facts=facts)
            counts = {"documents": len(sources), "quads": len(store)}
        finally:
            store.close()
            database.close()
        write_manifest(kg, Manifest(generation=generation, counts=counts))
    return quads
