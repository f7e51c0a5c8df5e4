from __future__ import annotations

import random

import pytest

from alignment import ResolveConfig, resolve
from ekg.errors import DataError
from ekg.model import Argument, DocumentInfo, Entity, Event, EventTime, Extraction, Place, Trigger


def person(doc: str, name: str, at: int = 0, kind: str = "person") -> Entity:
    return Entity(id=f"{doc}:{name}", type=kind, name=name, mentions=((at, at + len(name)),))


def event(doc: str, at: int, lemma: str = "explode", *, day: str | None = None, who: str = "", **rest: object) -> Event:
    time = EventTime(begin=f"2016-11-{day}", end=f"2016-11-{int(day) + 1:02}", granularity="day") if day else None
    entity = f"{doc}:{who}" if who else None
    arguments = (Argument(role="Agent", text=who, span=(at + 20, at + 30), entity=entity),) if who else ()
    return Event(
        id=f"{doc}:{at}",
        type="Attack",
        trigger=Trigger(text=lemma, span=(at, at + len(lemma))),
        lemma=lemma,
        arguments=arguments,
        time=time,
        place=Place(entity=f"{doc}:Harbour", text="Harbour", span=(at + 40, at + 47)),
        **rest,  # type: ignore[arg-type]  # the two literals under test
    )


def record(doc: str, entities: list[Entity], events: list[Event] | None = None, date: str = "2016-11-09") -> Extraction:
    info = DocumentInfo(id=doc, kind="article", title="Blast at Harbour", published=date, lang="en", length=400)
    return Extraction(document=info, entities=tuple(entities), events=tuple(events or ()))


def story(doc: str, date: str = "2016-11-09", **rest: object) -> Extraction:
    entities = [person(doc, "Ada Lund"), person(doc, "Harbour", 60, "place")]
    return record(doc, entities, [event(doc, 10, who="Ada Lund", **rest)], date)  # type: ignore[arg-type]


def test_full_names_join_and_a_surname_joins_the_only_person_with_it() -> None:
    found = resolve(
        [
            record("a", [person("a", "Donald Trump")]),
            record("b", [person("b", "President Donald J. Trump")]),
            record("c", [person("c", "Trump")]),
        ]
    )
    assert set(found.entities.values()) == {"a:Donald Trump"}
    assert {link.evidence["rule"] for link in found.links} == {
        "middle name or initial",
        "surname of one person in the set",
    }


def test_an_ambiguous_surname_stays_alone() -> None:
    found = resolve(
        [
            record("a", [person("a", "Anna Berg")]),
            record("b", [person("b", "Carl Berg")]),
            record("c", [person("c", "Berg")]),
        ]
    )
    assert len(set(found.entities.values())) == 3


def test_a_person_is_never_a_place_of_the_same_name() -> None:
    found = resolve([record("a", [person("a", "Lincoln")]), record("b", [person("b", "Lincoln", kind="place")])])
    assert len(set(found.entities.values())) == 2


def test_acronyms_join_their_only_expansion() -> None:
    found = resolve(
        [
            record("a", [person("a", "World Health Organization", kind="organization")]),
            record("b", [person("b", "WHO", kind="organization")]),
            record("c", [person("c", "U.S.", kind="place")]),
            record("d", [person("d", "United States", kind="place")]),
        ]
    )
    assert found.entities["b:WHO"] == "a:World Health Organization"
    assert found.entities["d:United States"] == "c:U.S."


def test_a_place_taken_for_a_person_once_gets_no_full_name() -> None:
    found = resolve(
        [
            record("a", [person("a", "Radio Free Europe")]),
            record("b", [person("b", "Europe")]),
            record("c", [person("c", "Europe", kind="place")]),
            record("d", [person("d", "Europe", kind="place")]),
        ]
    )
    assert found.entities["b:Europe"] == "b:Europe"


def test_one_event_told_twice_is_one_node_named_after_its_first_member() -> None:
    found = resolve([story("b", "2016-11-10"), story("a", "2016-11-11")])
    assert found.events == {"b:10": "b:10", "a:10": "b:10"}
    (link,) = [k for k in found.links if k.right == "a:10"]
    assert link.left == "b:10"
    assert link.evidence["with"] == "b:10"
    assert 0 < link.score <= 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"day": "08"}, {"day": "09"}),
        ({}, {"polarity": "negative"}),
        ({"day": "08"}, {"day": "12", "modality": "planned"}),
    ],
)
def test_disjoint_days_and_denials_never_join(first: dict[str, str], second: dict[str, str]) -> None:
    found = resolve([story("a", **first), story("b", **second)], config=ResolveConfig(event_threshold=0.01))
    assert found.events["a:10"] != found.events["b:10"]


def test_times_constrain_whole_clusters() -> None:
    # The undated mention is like both dated ones and must not bridge them.
    found = resolve(
        [story("a", day="08"), story("b"), story("c", day="12")], config=ResolveConfig(event_threshold=0.01)
    )
    assert found.events["a:10"] != found.events["c:10"]


def test_the_order_of_records_does_not_matter() -> None:
    names = ["Ada Lund", "Bo Ek", "Lund", "Ek", "Harbour"]
    records = [
        record(
            f"d{n}",
            [person(f"d{n}", name, 10 * k) for k, name in enumerate(names[n % 3 :])],
            [event(f"d{n}", 30 * k + 10, lemma, who=names[-2]) for k, lemma in enumerate(["explode", "die", "fire"])],
            date=f"2016-11-{1 + n % 5:02}",
        )
        for n in range(12)
    ]
    expected = resolve(records)
    for n in range(5):
        shuffled = records[:]
        random.Random(n).shuffle(shuffled)
        assert resolve(shuffled) == expected


def test_must_link_and_cannot_link() -> None:
    records = [story("a"), story("b"), record("c", [person("c", "Zoe Ray")])]
    assert resolve(records, cannot_link=[("b:10", "a:10")]).events["b:10"] == "b:10"
    joined = resolve(records, must_link=[("c:Zoe Ray", "a:Ada Lund")])
    assert joined.entities["c:Zoe Ray"] == "a:Ada Lund"


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({"must_link": [("a:10", "nobody")]}, "not both"),
        ({"must_link": [("x", "y")]}, "neither"),
        ({"must_link": [("a:10", "b:10")], "cannot_link": [("b:10", "a:10")]}, "both demanded and forbidden"),
    ],
)
def test_constraints_are_checked(pairs: dict[str, list[tuple[str, str]]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        resolve([story("a"), story("b")], **pairs)


def test_constraints_are_checked_through_chains() -> None:
    with pytest.raises(DataError, match="other pairs of must_link"):
        resolve(
            [story("a"), story("b"), story("c")],
            must_link=[("a:10", "b:10"), ("b:10", "c:10")],
            cannot_link=[("a:10", "c:10")],
        )


def test_must_link_cannot_break_time() -> None:
    with pytest.raises(DataError, match="disjoint times"):
        resolve([story("a", day="08"), story("b", day="09")], must_link=[("a:10", "b:10")])
    # Each pair is possible, but not the three together.
    with pytest.raises(DataError, match="disjoint times"):
        resolve(
            [story("a", day="08"), story("b"), story("c", day="09")], must_link=[("a:10", "b:10"), ("b:10", "c:10")]
        )


def test_bad_records_are_named() -> None:
    with pytest.raises(DataError, match="two extraction records"):
        resolve([story("a"), story("a")])
    with pytest.raises(DataError, match="published"):
        resolve([story("a", "yesterday")])


def test_nothing_resolves_to_nothing() -> None:
    assert resolve([]).events == {}
    assert resolve([record("a", [])]).links == ()
