"""Where an event happened: observed places, inferred ones, and names that are no place of it."""

from __future__ import annotations

import pytest

from ekg.model import Document, Entity, Event, Place, Trigger
from extractors import extract
from extractors.coreference.index import EntityIndex
from extractors.event_place import DATELINE, REPEATED, inferred_places


def place_of(text: str, trigger: str) -> Place | None:
    record = extract(Document(id="doc", text=text, published="2016-11-10"))
    return next(event for event in record.events if event.trigger.text == trigger).place


@pytest.mark.parametrize(
    ("text", "trigger", "name"),
    [
        ("Gunmen attacked a police station in Leeds.", "attacked", "Leeds"),
        ("An explosion occurred in Paris on Monday.", "explosion", "Paris"),
        ("The Baghdad attack killed two men.", "attack", "Baghdad"),
        ("Leaders held a meeting in Geneva.", "meeting", "Geneva"),
    ],
)
def test_places_in_the_clause_are_observed(text: str, trigger: str, name: str) -> None:
    place = place_of(text, trigger)
    assert place is not None
    assert (text[slice(*place.span)].endswith(name), place.status) == (True, "observed")
    assert place.entity is not None


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("The largest bank in France said profits fell.", "said"),
        ("The council voted for sanctions on Iran.", "voted"),
        ("He resigned after talks in Geneva.", "resigned"),
    ],
)
def test_places_of_something_else_are_not_taken(text: str, trigger: str) -> None:
    assert place_of(text, trigger) is None


def test_a_participle_shares_the_place_of_its_verb() -> None:
    place = place_of("Gunmen attacked a school in Leeds, killing two men.", "killing")
    assert place is not None
    assert (place.text, place.status) == ("Leeds", "inferred")


LEEDS = Entity(id="en_leeds", type="place", name="Leeds", mentions=((9, 14),))


def event(number: int, start: int, place: Place | None, kind: str = "Fire") -> Event:
    trigger = Trigger(text="fire", span=(start, start + 4))
    return Event(id=f"ev_{number}", type=kind, trigger=trigger, lemma="fire", place=place)


def test_another_mention_of_the_same_event_gives_its_place_unless_two_do() -> None:
    leeds = Place(entity="en_leeds", text="Leeds", span=(9, 14))
    other = Place(entity="en_hull", text="Hull", span=(30, 34))
    index = EntityIndex([LEEDS])
    first, second = inferred_places([event(1, 0, leeds), event(2, 40, None)], [], index, "")
    assert first.place == leeds
    assert second.place == Place(entity="en_leeds", text="Leeds", span=(9, 14), status="inferred", confidence=REPEATED)
    events = [event(1, 0, leeds), event(2, 25, other), event(3, 40, None)]
    assert inferred_places(events, [], index, "")[2].place is None
    assert inferred_places([event(1, 0, leeds), event(2, 40, None, "Attack")], [], index, "")[1].place is None


def test_the_dateline_places_the_main_event_of_the_first_sentence_only() -> None:
    text = "LEEDS, England (AP) — A fire burned a mill. A fire was seen."
    record = extract(Document(id="doc", text=text, published="2016-11-10"))
    placed = [event.place for event in record.events if event.place is not None]
    assert placed
    assert {(place.text, place.status, place.confidence) for place in placed} == {("LEEDS", "inferred", DATELINE)}
    assert all(event.trigger.span[0] < text.index("A fire was") for event in record.events if event.place)
    assert inferred_places([], [], EntityIndex([]), text) == []
