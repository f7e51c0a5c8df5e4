from __future__ import annotations

from collections.abc import Iterator

import pytest

from alignment import Label, align
from alignment.constraints import Constraints
from alignment.entity_pool import AT_MOST
from alignment.event_links import FEATURES, REASONS, compare_events, load_link_weights
from alignment.event_sides import EventSide
from alignment.event_turns import entity_links, event_links, in_turns
from ekg.errors import DataError
from ekg.graph import EventGraph
from ekg.model import Alignment, Document, Event, Extraction, Link, Trigger, Zone
from ekg.pipeline.build import graph_of
from tests.samples import entity, fire_article, info, opening_video, trial_article


@pytest.fixture
def pair() -> Iterator[tuple[EventGraph, EventGraph]]:
    with (
        graph_of([fire_article("fire-left"), trial_article()]) as left,
        graph_of([fire_article("fire-right", "2024-04-11"), opening_video()]) as right,
    ):
        yield left, right


@pytest.fixture
def sides(pair: tuple[EventGraph, EventGraph]) -> tuple[EventSide, EventSide]:
    return EventSide.of(pair[0]), EventSide.of(pair[1])


def names(pair: tuple[EventGraph, EventGraph]) -> dict[tuple[str, str], float]:
    """Entities of one name, probably the same."""
    found = [{entity.name: entity.iri for entity in map(graph.entity, ("Norrby", "Tom Reyes"))} for graph in pair]
    return {(found[0][name], found[1][name]): 0.6 for name in found[0]}


def fires(pair: tuple[EventGraph, EventGraph]) -> tuple[str, str]:
    return pair[0].events(type="Fire")[0].iri, pair[1].events(type="Fire")[0].iri


def all_merge(scores: object) -> list[Zone]:
    return ["merge" for _ in scores]  # type: ignore[attr-defined]


def test_nodes_of_a_side(sides: tuple[EventSide, EventSide], pair: tuple[EventGraph, EventGraph]) -> None:
    node = sides[0].nodes[fires(pair)[0]]
    assert (node.triggers, node.type, node.mentions) == (("fire",), "Fire", 1)
    assert node.bounds[1] - node.bounds[0] == 86_400
    assert list(node.roles.values()) == [frozenset({"Place"})]


def test_shared_participants_and_places_raise_the_probability(
    sides: tuple[EventSide, EventSide], pair: tuple[EventGraph, EventGraph]
) -> None:
    without, with_ = (compare_events(*sides, entities) for entities in ({}, names(pair)))
    for events in (without, with_):
        assert events.features.shape == (len(events), len(FEATURES))
    scores = [
        dict(zip(zip(e.left, e.right, strict=True), e.probability.tolist(), strict=True)) for e in (without, with_)
    ]
    assert scores[1][fires(pair)] > scores[0][fires(pair)]


def test_what_the_weights_mean() -> None:
    weights = load_link_weights().coefficients
    assert set(weights) == set(FEATURES)
    assert weights["mentions"] > 0
    assert weights["same day"] > 0
    assert all(weights[name] <= 0 for name in ("participants differ", "place differs", "types differ"))


def test_entities_gain_by_the_events_they_share(
    sides: tuple[EventSide, EventSide], pair: tuple[EventGraph, EventGraph]
) -> None:
    before = names(pair)
    turns = in_turns(*sides, before)
    assert set(turns.shared) == set(before)
    assert all(turns.entities[p] > before[p] for p in before)
    found = Alignment(
        links=tuple(Link(left=a, right=b, score=s, zone="review") for (a, b), s in before.items()),
        ranking={a: ((b, s),) for (a, b), s in before.items()},
    )
    after = entity_links(found, turns, Constraints(), all_merge)
    assert {(k.left, k.right) for k in after.links} == set(before)
    assert all(float(k.evidence["shared events"]) > 0 for k in after.links)
    assert after.ranking[after.links[0].left][0][1] == after.links[0].score


def test_without_shared_events_entities_stay_as_they_are(sides: tuple[EventSide, EventSide]) -> None:
    found = Alignment(links=())
    assert entity_links(found, in_turns(*sides, {}), Constraints(), all_merge) == found


def test_forced_pairs_are_compared(sides: tuple[EventSide, EventSide], pair: tuple[EventGraph, EventGraph]) -> None:
    wanted = fires(pair)[0], pair[1].events(type="Process_start")[0].iri
    plain, forced = in_turns(*sides, {}).events, in_turns(*sides, {}, forced=[wanted]).events
    assert wanted not in set(zip(plain.left, plain.right, strict=True))
    assert wanted in set(zip(forced.left, forced.right, strict=True))


def test_what_a_person_said_of_events_is_obeyed(pair: tuple[EventGraph, EventGraph]) -> None:
    left, right = fires(pair)
    assert (left, right) in {(k.left, k.right) for k in align(*pair).links}
    for found in (
        align(*pair, cannot_link=[(right, left)]),
        align(*pair, labels=[Label(left=left, right=right, verdict="reject")]),
    ):
        assert (left, right) not in {(k.left, k.right) for k in found.links}
    opening = pair[1].events(type="Process_start")[0].iri
    found = align(*pair, labels=[Label(left=left, right=opening, verdict="accept")])
    (link,) = [k for k in found.links if k.left == left]
    assert (link.right, link.zone, link.evidence) == (opening, "merge", {"label": "accept"})


def test_a_label_between_an_event_and_an_entity_changes_nothing_else(pair: tuple[EventGraph, EventGraph]) -> None:
    with pytest.raises(DataError, match="labels: 'nobody'"):
        align(*pair, labels=[Label(left="nobody", right="nowhere", verdict="reject")])


def test_a_shared_document_is_certain_unless_a_person_says_otherwise() -> None:
    with graph_of([fire_article()]) as left, graph_of([fire_article(), trial_article()]) as right:
        sides = EventSide.of(left), EventSide.of(right)
        turns = in_turns(*sides, {})
        allowed = sides[0].nodes, sides[1].nodes
        links = event_links(turns, *sides, allowed=allowed, known=Constraints(), zones=all_merge)
        assert {k.evidence.get("same_mention") for k in links} == {1.0}
        fire = left.events(type="Fire")[0].iri
        known = Constraints(apart=frozenset({(fire, fire)}))
        links = event_links(turns, *sides, allowed=allowed, known=known, zones=all_merge)
        assert (fire, fire) not in {(k.left, k.right) for k in links}


def test_people_whom_the_rules_of_names_tell_apart_are_not_merged() -> None:
    def article(doc: str, name: str) -> tuple[Document, Extraction]:
        text = f"{name} spoke in Norrby."
        document = Document(id=doc, text=text, title=doc, published="2024-04-10", lang="en")
        entities = (entity(doc, text, name, "person"), entity(doc, text, "Norrby", "place"))
        return document, Extraction(document=info(document), entities=entities)

    with graph_of([article("one", "Jonas Hamm")]) as left, graph_of([article("two", "Jonas Hammer")]) as right:
        (people, places) = (
            [k for k in align(left, right).links if left.entity(k.left).name == name]
            for name in ("Jonas Hamm", "Norrby")
        )
        assert all(k.score <= AT_MOST and k.zone != "merge" for k in people)
        assert [k.score > 0.9 for k in places] == [True]


def test_graphs_without_any_event() -> None:
    document, record = trial_article()
    from dataclasses import replace

    with graph_of([(document, replace(record, events=()))]) as left, graph_of([fire_article()]) as right:
        found = align(left, right)
        assert all(":entity:" in k.left for k in found.links)


def test_copied_words_merge_what_is_only_likely_otherwise() -> None:
    quote = "She told nobody what had been decided about the two hundred families that evening."
    texts = [
        f"{quote} The mayor had gone.",
        f"Late on Sunday {quote}",
        "She told reporters that the families would stay.",
    ]
    start = [text.index("told") for text in texts]
    records = [
        Extraction(
            document=info(Document(id=f"d{n}", text=text)),
            events=(Event(id=f"ev_{n}", type="Event", trigger=Trigger(text="told", span=(at, at + 4)), lemma="tell"),),
        )
        for n, (text, at) in enumerate(zip(texts, start, strict=True))
    ]

    def side(*numbers: int) -> EventSide:
        return EventSide(
            records=tuple(records[n] for n in numbers),
            texts={f"d{n}": texts[n] for n in numbers},
            events={f"ev_{n}": f"node {n}" for n in numbers},
        )

    events = compare_events(side(0), side(1, 2), {})
    row = {right: n for n, right in enumerate(events.right)}
    copy, other = (events.contributions[row[f"node {n}"]][REASONS.index("same words")] for n in (1, 2))
    assert copy > 0 == other
    assert events.probability[row["node 1"]] > events.probability[row["node 2"]]
    assert events.probability[row["node 1"]] <= 0.95
    assert "same words" in events.evidence(row["node 1"], (side(0), side(1, 2)))
