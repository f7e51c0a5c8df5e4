"""Relations from dates, the order of instants, and the pass that removes contradictions."""

from __future__ import annotations

import itertools
import random

import pytest

from ekg.model import Event, EventTime, Modality, Polarity, Relation, Trigger
from extractors.relations.consistency import CODE, consistent
from extractors.relations.intervals import Dated, dated_events, interval_relations, verdict
from extractors.relations.points import TimeLine, orders


def event(
    name: str,
    at: int,
    begin: str | None = None,
    end: str | None = None,
    granularity: str = "day",
    text: str = "then",
    polarity: Polarity = "positive",
    modality: Modality = "actual",
    approximate: bool = False,
) -> Event:
    time = None
    if begin or end:
        time = EventTime(
            begin=begin, end=end, granularity=granularity, text=text, span=(at + 50, at + 54), approximate=approximate
        )
    return Event(
        id=name,
        type="Event",
        trigger=Trigger(text=name, span=(at, at + len(name))),
        lemma=name,
        time=time,
        polarity=polarity,
        modality=modality,
    )


def kinds(*events: Event) -> list[tuple[str, str, str]]:
    return [(relation.source, relation.kind, relation.target) for relation in interval_relations(events)]


def test_disjoint_days_are_ordered_whatever_the_order_of_telling() -> None:
    late, early = event("late", 0, "2016-05-09", "2016-05-10"), event("early", 20, "2016-05-02", "2016-05-03")
    assert kinds(late, early) == [("early", "before", "late")]
    (relation,) = interval_relations([late, early])
    assert (relation.cue, relation.method, relation.confidence) == ("time", "interval", 0.95)


def test_a_year_and_a_day_in_it_are_unknown() -> None:
    assert kinds(event("vague", 0, "2016", "2017", "year"), event("exact", 9, "2016-05-09", "2016-05-10")) == []


def test_two_events_of_one_day_are_unknown() -> None:
    assert kinds(event("a", 0, "2016-05-09", "2016-05-10"), event("b", 9, "2016-05-09", "2016-05-10")) == []


def test_neighbouring_days_are_before_and_do_not_meet() -> None:
    first, second = event("a", 0, "2016-05-09", "2016-05-10"), event("b", 9, "2016-05-10", "2016-05-11")
    assert kinds(first, second) == [("a", "before", "b")]


def test_a_lasting_event_contains_a_day_but_a_window_does_not() -> None:
    day = event("day", 30, "2016-05-04", "2016-05-05")
    strike = event("strike", 0, "2016-05-03", "2016-05-06", "range", "from 3 to 5 May")
    assert kinds(strike, day) == [("strike", "contains", "day")]
    launch = event("launch", 0, "2016-05-03", "2016-05-06", "range", "between 3 and 5 May")
    assert kinds(launch, day) == []
    planned = event("strike", 0, "2016-05-03", "2016-05-06", "range", "from 3 to 5 May", modality="planned")
    assert kinds(planned, day) == []


def test_two_lasting_events_have_exact_relations() -> None:
    one = event("one", 0, "2016-05-03", "2016-05-06", "range", "from 3 to 5 May")
    two = event("two", 9, "2016-05-06", "2016-05-09", "range", "from 6 to 8 May")
    three = event("three", 19, "2016-05-05", "2016-05-09", "range", "from 5 to 8 May")
    assert kinds(one, two) == [("one", "meets", "two")]
    assert verdict(dated_events([one])[0], dated_events([three])[0]) == "overlaps"
    assert verdict(dated_events([three])[0], dated_events([two])[0]) == "finished_by"


@pytest.mark.parametrize(
    "left_out",
    [
        event("x", 0, "2016-05-02", "2016-05-03", polarity="negative"),
        event("x", 0, "2016-05-02", "2016-05-03", modality="hypothetical"),
        event("x", 0, "2016-05-02", "2016-05-03", approximate=True),
        event("x", 0, "2016-05-02", None),
        event("x", 0),
    ],
)
def test_what_is_denied_supposed_hedged_or_open_has_no_place(left_out: Event) -> None:
    assert kinds(left_out, event("y", 9, "2016-05-09", "2016-05-10")) == []


def test_edges_are_reduced_linear_and_derivable() -> None:
    days = [event(f"e{n}", 60 * n, f"2016-05-{n % 9 + 1:02}", f"2016-05-{n % 9 + 2:02}") for n in range(90)]
    found = interval_relations(days)
    assert len(found) <= 2 * len(days)
    day = {e.id: e.time.begin for e in days if e.time and e.time.begin}
    for relation in found:
        gap = int(day[relation.target][-2:]) - int(day[relation.source][-2:])
        assert gap == 1, "an edge never skips a dated event"


def test_orders_of_dates_agree_with_brute_force() -> None:
    """Every pair's verdict holds for all placements of the events within their intervals."""
    rng = random.Random(5)
    for _ in range(300):
        a, b = sorted(rng.sample(range(8), 2))
        c, d = sorted(rng.sample(range(8), 2))
        left, right = Dated(event("l", 0), a, b, False), Dated(event("r", 9), c, d, rng.random() < 0.5)
        possible = set()
        for begin, end in itertools.combinations(range(a, b + 1), 2):
            inside = [(c, d)] if right.extended else list(itertools.combinations(range(c, d + 1), 2))
            for low, high in inside:
                if end <= low:
                    possible.add("before")
                elif high <= begin:
                    possible.add("after")
                elif low <= begin and end <= high:
                    possible.add("during")
                else:
                    possible.add("other")
        found = verdict(left, right)
        assert found is None or possible == {found}


def relation(kind: str, source: str, target: str, confidence: float, method: str = "text") -> Relation:
    return Relation(kind=kind, source=source, target=target, confidence=confidence, cue="cue", method=method)


def undated(*names: str) -> list[Event]:
    return [event(name, 10 * place) for place, name in enumerate(names)]


def test_the_weakest_edge_of_a_cycle_goes_and_is_named() -> None:
    edges = [relation("before", "a", "b", 0.9), relation("before", "b", "c", 0.6), relation("before", "c", "a", 0.8)]
    kept, notes = consistent(edges, undated("a", "b", "c"))
    assert [(r.source, r.target) for r in kept] == [("a", "b"), ("c", "a")]
    (note,) = notes
    assert note.code == CODE
    assert note.message.startswith("dropped before 'b' (b) → 'c' (c) (0.60, cue): contradicts ")
    assert "before 'a' (a) → 'b' (b) (0.90" in note.message
    assert "before 'c' (c) → 'a' (a) (0.80" in note.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("cause", "a", "b"), ("before", "b", "a")),
        (("cause", "a", "b"), ("cause", "b", "a")),
        (("before", "a", "b"), ("during", "a", "b")),
        (("before", "a", "b"), ("after", "a", "b")),
        (("subevent", "a", "b"), ("before", "b", "a")),
        (("equals", "a", "b"), ("cause", "a", "b")),
        (("starts", "a", "b"), ("finishes", "a", "b")),
    ],
)
def test_contradictory_pairs(first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    kept, notes = consistent([relation(*first, 0.9), relation(*second, 0.7)], undated("a", "b"))
    assert [r.kind for r in kept] == [first[0]]
    assert len(notes) == 1


def test_compatible_relations_stay() -> None:
    edges = [
        relation("cause", "a", "b", 0.9),
        relation("before", "a", "b", 0.8),
        relation("subevent", "b", "c", 0.7),
        relation("during", "b", "c", 0.6),
        relation("precondition", "c", "d", 0.6),
    ]
    kept, notes = consistent(edges, undated("a", "b", "c", "d"))
    assert (len(kept), notes) == (5, [])


def test_an_event_related_to_itself_is_dropped() -> None:
    kept, notes = consistent([relation("cause", "a", "a", 0.9)], undated("a"))
    assert kept == []
    assert "itself" in notes[0].message


def test_a_cause_dated_after_its_effect_is_dropped_also_along_a_chain() -> None:
    events = [
        event("effect", 0, "2016-05-02", "2016-05-03"),
        event("link", 9),
        event("cause", 20, "2016-05-09", "2016-05-10"),
    ]
    kept, notes = consistent(
        [relation("cause", "cause", "link", 0.9), relation("cause", "link", "effect", 0.8)], events
    )
    assert [(r.source, r.target) for r in kept] == [("cause", "link")]
    assert "the dates of the events" in notes[0].message


def test_a_part_outside_its_whole_is_dropped_and_one_inside_stays() -> None:
    whole = event("whole", 0, "2016-05-02", "2016-05-05")
    out, inside = event("out", 20, "2016-05-09", "2016-05-10"), event("in", 40, "2016-05-03", "2016-05-04")
    kept, notes = consistent(
        [relation("subevent", "out", "whole", 0.9), relation("subevent", "in", "whole", 0.9)], [whole, out, inside]
    )
    assert [r.source for r in kept] == ["in"]
    assert len(notes) == 1


def test_a_refused_relation_leaves_no_trace() -> None:
    line = TimeLine({"a": (0, 10), "b": (20, 30)})
    assert line.add("one", orders("equals", "a", "b")) is not None
    assert line.add("two", orders("before", "a", "b")) is None
    assert line.add("three", orders("after", "a", "b")) == ["two"]


def test_consistency_is_decided_as_brute_force_does() -> None:
    """Random networks over three events: accepted sets have a placement on a small grid, refused edges have none."""
    rng = random.Random(7)
    names = "abc"
    intervals = list(itertools.combinations(range(5), 2))
    worlds = [dict(zip(names, choice, strict=True)) for choice in itertools.product(intervals, repeat=3)]

    def holds(edge: tuple[str, str, str], world: dict[str, tuple[int, int]]) -> bool:
        ends = {(n, False): w[0] for n, w in world.items()} | {(n, True): w[1] for n, w in world.items()}
        return all(ends[second] - ends[first] >= gap for first, second, gap in orders(*edge))

    for _ in range(10):
        line = TimeLine()
        left = worlds
        for number in range(5):
            kind = rng.choice(["cause", "during", "overlaps", "meets", "starts", "equals", "finished_by"])
            source, target = rng.sample(names, 2)
            edge = (kind, source, target)
            smaller = [world for world in left if holds(edge, world)]
            accepted = line.add(str(number), orders(*edge)) is None
            assert accepted == bool(smaller)
            left = smaller if accepted else left
