from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from alignment import AlignGraph, AlignNode, align, chart, explain, in_words
from alignment.combination import COMBINED_FEATURES
from alignment.event_links import FEATURES as LINK_FEATURES
from alignment.event_pairs import FEATURES as PAIR_FEATURES
from alignment.features import LITERAL_FEATURES
from alignment.wording import meaning
from ekg.errors import NotFoundError
from ekg.graph import EventGraph
from ekg.model import Link
from ekg.pipeline.build import graph_of
from tests.samples import fire_article, opening_video, trial_article

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def pair() -> Iterator[tuple[EventGraph, EventGraph]]:
    with (
        graph_of([fire_article("fire-left"), trial_article()]) as left,
        graph_of([fire_article("fire-right", "2024-04-11"), opening_video()]) as right,
    ):
        yield left, right


def test_events_that_are_the_same_and_that_are_not(pair: tuple[EventGraph, EventGraph]) -> None:
    left, right = pair
    fire, other_fire = (graph.events(type="Fire")[0].iri for graph in pair)
    same = explain(left, right, fire, other_fire)
    assert same.evidence["time"] == "equal"
    assert same.evidence["triggers"] == "fire – fire"
    assert float(same.evidence["mentions"]) > 0
    opening = right.events(type="Process_start")[0].iri
    different = explain(left, right, fire, opening)
    assert different.evidence["time"] == "conflict"
    assert different.evidence["best other"] == other_fire
    assert different.score < 0.1 < same.score
    assert different.zone == "reject"


def test_ids_without_their_namespace(pair: tuple[EventGraph, EventGraph]) -> None:
    fires = [graph.events(type="Fire")[0].iri for graph in pair]
    short = [iri.rsplit(":", 1)[1] for iri in fires]
    assert explain(*pair, *short) == explain(*pair, *fires)
    with pytest.raises(NotFoundError, match="right graph"):
        explain(*pair, short[0], "ev_0")


def test_the_score_is_that_of_the_alignment(pair: tuple[EventGraph, EventGraph]) -> None:
    from alignment import align

    for link in align(*pair).links:
        if ":event:" in link.left:
            assert explain(*pair, link.left, link.right).score == pytest.approx(link.score, abs=1e-4)


def test_words_come_first_and_the_largest_contribution_before_others() -> None:
    evidence = {"prior": -5.0, "names": 6.2, "time": "equal", "names: words": 0.9, "best other": "z",
                "best other score": 0.2, "left_rank": 0.3}  # fmt: skip
    lines = list(in_words(Link(left="a", right="b", score=0.93, zone="merge", evidence=evidence)))
    assert lines[0] == "a – b: merge, probability 0.93"
    assert lines[1] == "  their times are the same"
    assert lines[2] == "  the best other candidate is z, probability 0.20"
    assert lines[3] == "what each reason adds to the log-odds; above 0 speaks for the link:"
    assert [line.split()[0] for line in lines[4:7]] == ["+6.20", "-5.00", "+0.30"]
    assert lines[7:] == ["measured:", "    0.90  names: words in common"]


@pytest.mark.parametrize("name", [*COMBINED_FEATURES, *LINK_FEATURES, *PAIR_FEATURES])
def test_every_feature_has_words_of_its_own(name: str) -> None:
    link = Link(left="a", right="b", score=0.5, zone="review", evidence={name: 1.0})
    assert "_" not in "".join(in_words(link))
    assert name == "prior" or meaning(name) != name.replace("_", " ") or " " in name


@pytest.mark.parametrize("name", LITERAL_FEATURES)
def test_every_measure_of_names_has_words_of_its_own(name: str) -> None:
    link = Link(left="a", right="b", score=0.5, zone="review", evidence={f"names: {name}": 1.0})
    assert "_" not in "".join(in_words(link))
    assert meaning(f"names: {name}") != f"names: {name.replace('_', ' ')}"


def test_known_pairs_say_so() -> None:
    said = {"seed": 1.0, "label": "accept", "same_mention": 1.0, "proposed": "no", "time": "conflict"}
    lines = list(in_words(Link(left="a", right="b", score=1.0, zone="merge", evidence=said)))
    assert "  it was given as known" in lines
    assert "  a person said: accept" in lines
    assert "  both graphs hold the document that mentions it" in lines
    assert "  their times are disjoint" in lines
    assert any("blocking never proposed" in line for line in lines)


def test_chart_is_svg_with_a_bar_a_feature() -> None:
    evidence = {"prior": -5.0, "names": 6.2, "time": "within", "names: words": 0.9}
    root = ElementTree.fromstring(chart(Link(left="<a>&", right='b"\x0b', score=0.5, zone="review", evidence=evidence)))
    assert root.tag == f"{SVG}svg"
    bars = [r for r in root.iter(f"{SVG}rect") if r.get("fill", "").startswith("#")]
    assert len({bar.get("fill") for bar in bars}) == len(bars) == 2
    texts = " ".join(t.text or "" for t in root.iter(f"{SVG}text"))
    assert "<a>&" in texts
    assert "lies within" in texts
    assert "+6.20" in texts


def test_chart_without_any_feature() -> None:
    assert "no feature adds" in chart(Link(left="a", right="b", score=1.0, zone="merge", evidence={"seed": 1.0}))


def test_nodes_with_several_names_and_no_facts() -> None:
    graphs = [
        AlignGraph.build(
            AlignNode(id=f"{side}{n}", names=(f"Town of {name}", f"{name} town", name))
            for n, name in enumerate(("Arlen", "Bromvik", "Dunmore", "Hollin"))
        )
        for side in "lr"
    ]
    assert explain(*graphs, "l1", "r1").score > explain(*graphs, "l1", "r2").score


def test_a_link_is_explained_as_it_was_made() -> None:
    left = AlignGraph.build([AlignNode(id=f"l{n}", names=(name,)) for n, name in enumerate(("Ann Lee", "Bo Ray"))])
    right = AlignGraph.build([AlignNode(id=f"r{n}", names=(name,)) for n, name in enumerate(("Ann Lee", "A. Lee"))])
    for seeds in (None, [("l1", "r1")], [("l1", "r1"), ("l1", "r0")]):
        found = align(left, right, seeds=seeds, cardinality="n:m" if seeds and len(seeds) > 1 else "1:1")
        for link in found.links:
            told = explain(left, right, link.left, link.right, seeds=seeds)
            assert told.zone == link.zone
            assert "seed" in link.evidence or told.score == link.score
    assert explain(left, right, "l0", "r1").zone != "merge"
