from __future__ import annotations

from alignment.event_sides import EventSide
from ekg.bench.event_halves import HalvesTask, halves, judge, judged_figures, same_type_and_day, stories
from ekg.model import Link
from tests.samples import fire_article, trial_article


def side(*pairs: tuple) -> EventSide:  # type: ignore[type-arg]
    return EventSide(
        records=tuple(record for _, record in pairs),
        texts={document.id: document.text for document, _ in pairs},
        events={event.id: event.id for _, record in pairs for event in record.events},
    )


def link(left: str, right: str, score: float, zone: str = "merge") -> Link:
    return Link(left=left, right=right, score=score, zone=zone)  # type: ignore[arg-type]


def test_two_ways_to_cut() -> None:
    documents = ["1_1ecb", "1_2ecb", "1_3ecb", "1_1ecbplus", "1_2ecbplus", "2_1ecb"]
    assert halves(documents) == (["1_1ecb", "1_3ecb", "1_1ecbplus", "2_1ecb"], ["1_2ecb", "1_2ecbplus"])
    assert stories(documents) == (["1_1ecb", "1_2ecb", "1_3ecb", "2_1ecb"], ["1_1ecbplus", "1_2ecbplus"])


def test_links_are_judged_by_gold_clusters() -> None:
    task = HalvesTask(
        left=side(),
        right=side(),
        clusters=({"a": "A", "a2": "A", "b": "B"}, {"x": "A", "x2": "A", "y": "B", "z": "C"}),
        shared=frozenset({"A", "B"}),
    )
    links = [
        link("a", "x", 0.9), link("a2", "x2", 0.8), link("b", "z", 0.6, "review"), link("?", "y", 0.3, "review"),
        link("?", "?", 0.9),
    ]  # fmt: skip
    found = judge(task, links)
    assert (found.found, found.repeated, found.shared) == (1, 1, 2)
    assert found.wrong == ((0.6, "review"), (0.3, "review"))
    figures = judged_figures([found])
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.5, 0.5, 0.5)
    assert (figures["merged"], figures["merged_precision"]) == (2, 1.0)


def test_the_floor_links_one_type_on_one_day() -> None:
    left, right = side(fire_article("one")), side(fire_article("two"), trial_article())
    task = HalvesTask(left=left, right=right, clusters=({}, {}), shared=frozenset())
    types = {(left.nodes[k.left].type, right.nodes[k.right].type) for k in same_type_and_day(task)}
    assert types == {("Fire", "Fire"), ("Arrest", "Arrest")}
