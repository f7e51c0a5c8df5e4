"""A small graph with hand-written records: a strike, a fire, a takeover and what was called off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ekg.graph import EventGraph
from ekg.ids import entity_id, event_id
from ekg.model import Argument, Document, DocumentInfo, Entity, Event, EventTime, Extraction, Place, Segment, Trigger
from ekg.pipeline.build import graph_of

Told = tuple[str, str, dict[str, str], tuple[str, str] | None, str | None, str, str]


def told(
    type: str,
    trigger: str,
    roles: dict[str, str],
    time: tuple[str, str] | None = None,
    place: str | None = None,
    polarity: str = "positive",
    modality: str = "actual",
) -> Told:
    """An event in words of the document, spans to be found."""
    return type, trigger, roles, time, place, polarity, modality


def record(
    doc: str, text: str, published: str | None, names: dict[str, str], events: list[Told], **more: object
) -> tuple[Document, Extraction]:
    """A document and its record; every place of a name in the text is a mention of it."""
    document = Document(id=doc, text=text, published=published, **more)  # type: ignore[arg-type]
    entities = {
        name: Entity(id=entity_id(doc, name), type=kind, name=name, mentions=tuple(_places(text, name)))
        for name, kind in names.items()
    }
    made = []
    for type, trigger, roles, time, place, polarity, modality in events:
        at = text.index(trigger)
        made.append(
            Event(
                id=event_id(doc, at, at + len(trigger)),
                type=type,
                trigger=Trigger(text=trigger, span=(at, at + len(trigger))),
                lemma=trigger.lower(),
                polarity=polarity,  # type: ignore[arg-type]
                modality=modality,  # type: ignore[arg-type]
                confidence=0.9,
                arguments=tuple(
                    Argument(
                        role=role,
                        text=filler,
                        span=(text.index(filler), text.index(filler) + len(filler)),
                        entity=entities[filler].id if filler in entities else None,
                    )
                    for role, filler in roles.items()
                ),
                time=EventTime(begin=time[0], end=time[1], granularity="day") if time else None,
                place=Place(
                    entity=entities[place].id, text=place, span=(text.index(place), text.index(place) + len(place))
                )
                if place
                else None,
            )
        )
    info = DocumentInfo(
        id=doc, kind=document.kind, title=document.title, published=published, lang="en", length=len(text)
    )
    return document, Extraction(document=info, events=tuple(made), entities=tuple(entities.values()))


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    at = text.find(name)
    while at >= 0:
        yield at, at + len(name)
        at = text.find(name, at + 1)


def records() -> list[tuple[Document, Extraction]]:
    """All documents of the graph."""
    strike = (
        "Porters in Varn went on strike on Monday. The strike began on 3 March 2031. Union leader Ada Lumen said that "
        "the talks had failed.\n\nIlo Brandt, the director of Varn Airport, called the strike foolish."
    )
    end = (
        "The porters' strike in Varn ended on 14 March 2031 after 12 days.\n\nIlo Brandt resigned on Tuesday, four days "
        "after the strike. Police arrested Teo Marsk in Oskar Street on Friday. Marsk, 44, was later released."
    )
    fire = (
        "A fire at the Kelby mill killed nine people on 2 May 2031 and injured 14 others. Firefighters from Varn put it "
        "out. The mill's owner, Nora Kelby, declared a week of mourning."
    )
    later = (
        "The Kelby mill fire killed eleven people, the coroner Max Thorn said on Friday. Ada Lumen visited the mill."
    )
    deal = (
        "Rondo Group bought Kelby Mills for 30 million crowns on 9 June 2031, its chief executive Lia Fonn said. "
        "The parade in Varn was cancelled on 10 June 2031 because of heavy rain."
    )
    return [
        record(
            "strike",
            strike,
            "2031-03-04",
            {"Varn Airport": "organization", "Varn": "place", "Ada Lumen": "person", "Ilo Brandt": "person"},
            [
                told("Strike", "went on strike", {"Agent": "Porters"}, ("2031-03-03", "2031-03-04"), "Varn"),
                told("Process_start", "began", {"Event": "The strike"}, ("2031-03-03", "2031-03-04")),
                told("Statement", "said", {"Speaker": "Ada Lumen"}),
                told("Judgment_communication", "called", {"Communicator": "Ilo Brandt"}),
            ],
            title="Porters walk out in Varn",
        ),
        record(
            "end",
            end,
            "2031-03-19",
            {"Varn": "place", "Ilo Brandt": "person", "Teo Marsk": "person", "Oskar Street": "place"},
            [
                told("Process_end", "ended", {"Event": "strike"}, ("2031-03-14", "2031-03-15"), "Varn"),
                told("Resignation", "resigned", {"Agent": "Ilo Brandt"}, ("2031-03-18", "2031-03-19")),
                told(
                    "Arrest",
                    "arrested",
                    {"Authorities": "Police", "Suspect": "Teo Marsk"},
                    ("2031-03-14", "2031-03-15"),
                    "Oskar Street",
                ),
            ],
        ),
        record(
            "fire",
            fire,
            "2031-05-03",
            {"Varn": "place", "Nora Kelby": "person", "Kelby": "organization"},
            [
                told("Fire", "fire", {}, ("2031-05-02", "2031-05-03")),
                told("Killing", "killed", {"Victim": "nine people"}, ("2031-05-02", "2031-05-03")),
            ],
            title="Mill fire kills nine",
        ),
        record(
            "later",
            later,
            "2031-05-12",
            {"Max Thorn": "person", "Ada Lumen": "person", "Kelby": "organization"},
            [
                told("Killing", "killed", {"Victim": "eleven people"}, ("2031-05-02", "2031-05-03")),
                told("Arriving", "visited", {"Visitor": "Ada Lumen"}, ("2031-05-11", "2031-05-12")),
            ],
        ),
        record(
            "deal",
            deal,
            "2031-06-11",
            {"Rondo Group": "organization", "Kelby Mills": "organization", "Lia Fonn": "person", "Varn": "place"},
            [
                told(
                    "Commerce_buy",
                    "bought",
                    {"Buyer": "Rondo Group", "Goods": "Kelby Mills"},
                    ("2031-06-09", "2031-06-10"),
                ),
                told("Social_event", "parade", {}, ("2031-06-10", "2031-06-11"), "Varn", "negative"),
            ],
        ),
        record(
            "tape",
            "The first plane landed at noon.\nAda Lumen waved.",
            "2031-03-20",
            {"Ada Lumen": "person"},
            [told("Arriving", "landed", {"Theme": "The first plane"}, ("2031-03-20", "2031-03-21"))],
            kind="video",
            segments=(
                Segment(span=(0, 31), media=(4.0, 7.5), kind="cue"),
                Segment(span=(32, 48), media=(7.5, 9.0), kind="cue"),
            ),
        ),
        record("clip", "", "2031-07-01", {}, [], kind="video", title="Balloons", lead="Balloons over the old harbour"),
    ]


@pytest.fixture(scope="session")
def graph() -> Iterator[EventGraph]:
    """The graph of all documents."""
    with graph_of(records()) as made:
        yield made
