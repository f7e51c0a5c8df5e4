"""A small hand-written graph that tests share: three invented articles with their extraction records."""

from __future__ import annotations

from ekg.ids import entity_id, event_id
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
    TimeExpression,
    Trigger,
)

FIRE = (
    "A fire destroyed the Norrby paper mill on Monday. Chief Ada Holm said 12 people were rescued.\n\n"
    "Police arrested Tom Reyes in Norrby on Tuesday."
)
TRIAL = "Tom Reyes was tried in Norrby on 3 June 2024. The court did not release him."
VIDEO = "Ada Holm opened the new Norrby fire station today"


def span(text: str, part: str) -> tuple[int, int]:
    """Where a part stands in a text for the first time."""
    start = text.index(part)
    return start, start + len(part)


def entity(doc: str, text: str, name: str, kind: str) -> Entity:
    """An entity with one mention."""
    return Entity(id=entity_id(doc, name), type=kind, name=name, mentions=(span(text, name),))


def event(
    doc: str,
    text: str,
    trigger: str,
    kind: str,
    roles: tuple[tuple[str, str, str | None], ...] = (),
    time: tuple[str, str, str] | None = None,
    place: str | None = None,
    **more: object,
) -> Event:
    """An event with arguments ``(role, text, entity name)`` and time ``(expression, begin, end)``."""
    where = span(text, trigger)
    arguments = tuple(
        Argument(role=r, text=t, span=span(text, t), entity=entity_id(doc, e) if e else None, confidence=0.8)
        for r, t, e in roles
    )
    when = None
    if time is not None:
        when = EventTime(
            begin=time[1], end=time[2], granularity="day", text=time[0], span=span(text, time[0]), anchor="document"
        )
    return Event(
        id=event_id(doc, *where),
        type=kind,
        trigger=Trigger(text=trigger, span=where),
        lemma=trigger,
        confidence=0.9,
        arguments=arguments,
        time=when,
        place=None if place is None else Place(entity=entity_id(doc, place), text=place, span=span(text, place)),
        **more,
    )


def info(document: Document) -> DocumentInfo:
    """What a record repeats of its document."""
    return DocumentInfo(
        id=document.id,
        kind=document.kind,
        title=document.title,
        published=document.published,
        lang=document.lang,
        length=len(document.text),
    )


def fire_article(doc: str = "fire", published: str = "2024-04-10") -> tuple[Document, Extraction]:
    """An article about a fire and an arrest in an invented town."""
    document = Document(
        id=doc, text=FIRE, title="Fire destroys mill", published=published, publisher="Norrby Post", lang="en"
    )
    fire = event(
        doc,
        FIRE,
        "fire",
        "Fire",
        (("Place", "the Norrby paper mill", "Norrby"),),
        ("on Monday", "2024-04-08", "2024-04-09"),
        "Norrby",
    )
    rescue = event(doc, FIRE, "rescued", "Rescuing", (("Patient", "12 people", None),))
    arrest = event(
        doc,
        FIRE,
        "arrested",
        "Arrest",
        (("Authorities", "Police", None), ("Suspect", "Tom Reyes", "Tom Reyes")),
        ("on Tuesday", "2024-04-09", "2024-04-10"),
        "Norrby",
    )
    record = Extraction(
        document=info(document),
        events=(fire, rescue, arrest),
        entities=(
            entity(doc, FIRE, "Norrby", "place"),
            entity(doc, FIRE, "Ada Holm", "person"),
            entity(doc, FIRE, "Tom Reyes", "person"),
        ),
        times=(
            TimeExpression(
                text="on Monday", span=span(FIRE, "on Monday"), begin="2024-04-08", end="2024-04-09", granularity="day"
            ),
        ),
        relations=(Relation(kind="before", source=fire.id, target=arrest.id, confidence=0.9, cue="time"),),
    )
    return document, record


def trial_article() -> tuple[Document, Extraction]:
    """An article about a trial, with a negated release."""
    doc = "trial"
    document = Document(id=doc, text=TRIAL, title="Reyes tried", published="2024-06-04", publisher="The Herald")
    trial = event(
        doc,
        TRIAL,
        "tried",
        "Trial",
        (("Defendant", "Tom Reyes", "Tom Reyes"),),
        ("on 3 June 2024", "2024-06-03", "2024-06-04"),
        "Norrby",
    )
    release = event(doc, TRIAL, "release", "Releasing", polarity="negative")
    record = Extraction(
        document=info(document),
        events=(trial, release),
        entities=(entity(doc, TRIAL, "Tom Reyes", "person"), entity(doc, TRIAL, "Norrby", "place")),
    )
    return document, record


def opening_video() -> tuple[Document, Extraction]:
    """A captioned video in two cues."""
    doc = "opening"
    cut = VIDEO.index("the new")
    document = Document(
        id=doc,
        kind="video",
        text=VIDEO,
        title="New fire station",
        published="2025-02-01",
        duration=9.0,
        segments=(
            Segment(span=(0, cut - 1), media=(0.0, 4.0), speaker="Reporter", kind="cue"),
            Segment(span=(cut, len(VIDEO)), media=(4.0, 9.0), speaker="Reporter", kind="cue"),
        ),
    )
    opened = event(
        doc,
        VIDEO,
        "opened",
        "Process_start",
        (("Agent", "Ada Holm", "Ada Holm"),),
        ("today", "2025-02-01", "2025-02-02"),
        media=(0.0, 4.0),
    )
    record = Extraction(
        document=info(document),
        events=(opened,),
        entities=(entity(doc, VIDEO, "Ada Holm", "person"), entity(doc, VIDEO, "Norrby", "place")),
    )
    return document, record


def sample_pairs() -> list[tuple[Document, Extraction]]:
    """All three."""
    return [fire_article(), trial_article(), opening_video()]
