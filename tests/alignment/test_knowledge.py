from __future__ import annotations

from collections.abc import Iterator

import pytest

from alignment import align
from ekg.graph import EventGraph
from ekg.pipeline.build import graph_of
from tests.samples import fire_article, opening_video, trial_article


@pytest.fixture
def pair() -> Iterator[tuple[EventGraph, EventGraph]]:
    with (
        graph_of([fire_article("fire-left"), trial_article()]) as left,
        graph_of([fire_article("fire-right", "2024-04-11"), opening_video()]) as right,
    ):
        yield left, right


def names(graph: EventGraph, iri: str) -> str:
    return graph.event(iri).type if ":event:" in iri else graph.entity(iri).name


def test_events_and_entities_of_two_outlets(pair: tuple[EventGraph, EventGraph]) -> None:
    left, right = pair
    found = align(left, right, precision=0.7)
    links = {(names(left, k.left), names(right, k.right)) for k in found.links if k.zone == "merge"}
    assert {("Fire", "Fire"), ("Arrest", "Arrest"), ("Norrby", "Norrby"), ("Tom Reyes", "Tom Reyes")} <= links
    assert all((":event:" in k.left) == (":event:" in k.right) for k in found.links)
    assert len({k.left for k in found.links}) == len({k.right for k in found.links}) == len(found.links)
    trial = left.events(type="Trial")[0].iri
    assert trial in found.unmatched


def test_a_high_precision_sends_events_to_review(pair: tuple[EventGraph, EventGraph]) -> None:
    found = align(*pair, precision=1.0)
    zones = {k.zone for k in found.links if ":event:" in k.left}
    assert "merge" not in zones
    assert "review" in zones


def test_only_what_is_listed_is_linked(pair: tuple[EventGraph, EventGraph]) -> None:
    left, right = pair
    fire = left.events(type="Fire")[0].iri
    found = align(left, right, left_ids=[fire])
    assert {k.left for k in found.links} <= {fire}
    assert set(found.unmatched) <= {fire}


def test_the_same_document_on_both_sides_is_certain() -> None:
    with graph_of([fire_article()]) as left, graph_of([fire_article(), trial_article()]) as right:
        found = align(left, right)
        events = [k for k in found.links if ":event:" in k.left]
        assert len(events) == 3
        assert {(k.score, k.zone) for k in events} == {(1.0, "merge")}


def test_two_runs_are_equal(pair: tuple[EventGraph, EventGraph]) -> None:
    assert align(*pair) == align(*pair)
