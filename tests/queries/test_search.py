"""Search by words and timelines."""

from __future__ import annotations

import pytest

from ekg.errors import DataError, NotFoundError
from ekg.graph import EventGraph
from queries import search, timeline

KEYS = ["id", "kind", "document", "title", "published", "score", "span", "text", "media"]


def test_passages_are_exact_text_best_first(graph: EventGraph) -> None:
    found = search(graph, "porters strike", k=5).to_dict()
    assert found["query"] == "porters strike"
    assert found["results"][0]["document"] in {"strike", "end"}
    scores = [r["score"] for r in found["results"]]
    assert scores == sorted(scores, reverse=True)
    for result in found["results"]:
        assert list(result) == KEYS
        assert graph.document(result["document"]).text[slice(*result["span"])] == result["text"]
        assert "\n\n" not in result["text"]


def test_kinds(graph: EventGraph) -> None:
    assert {r.kind for r in search(graph, "strike", kind="event").results} == {"event"}
    articles = search(graph, "strike", kind="article").results
    assert len({r.document for r in articles}) == len(articles)
    assert [r.document for r in search(graph, "plane landed", kind="video").results] == ["tape"]
    assert search(graph, "plane", kind="image").results == ()
    with pytest.raises(DataError, match="no kind"):
        search(graph, "plane", kind="poem")


def test_a_video_without_text_is_found_by_its_description(graph: EventGraph) -> None:
    for kind in (None, "video"):
        (result,) = search(graph, "balloons harbour", kind=kind).results
        assert (result.document, result.kind, result.span) == ("clip", "video", None)
        assert result.text == "Balloons over the old harbour"


def test_media_of_a_passage(graph: EventGraph) -> None:
    (result,) = search(graph, "waved").results
    assert result.media is not None
    assert result.media[0] <= 7.5


def test_window_is_half_open(graph: EventGraph) -> None:
    assert search(graph, "strike", begin="2031-03-04", end="2031-03-05").results
    assert not search(graph, "strike", begin="2031-03-20").results
    assert not search(graph, "strike", end="2031-03-04").results
    assert {r.published for r in search(graph, "killed", kind="event", begin="2031-05-02", end="2031-05-03").results}
    assert not search(graph, "killed", kind="event", begin="2031-05-03").results
    with pytest.raises(DataError):
        search(graph, "strike", begin="spring")


@pytest.mark.parametrize("words", ["", "***", '"', "NEAR(", "a OR b AND NOT"])
def test_no_words_are_syntax(graph: EventGraph, words: str) -> None:
    assert search(graph, words).query == words


def test_timeline_of_an_entity_is_in_time_order(graph: EventGraph) -> None:
    found = timeline(graph, "Varn")
    begins = [e["begin"] for e in found["events"]]
    assert found["entity"]["name"] == "Varn"
    assert begins == sorted(begins)
    assert found["total"] == len(begins) >= 3


def test_timeline_keeps_the_most_important(graph: EventGraph) -> None:
    assert len(timeline(graph, "Varn", k=2)["events"]) == 2
    assert len(timeline(graph, "Varn", k=3, maximum=1)["events"]) == 1


def test_timeline_of_words(graph: EventGraph) -> None:
    found = timeline(graph, "strike")
    assert found["entity"] is None
    assert found["events"]
    with pytest.raises(NotFoundError):
        timeline(graph, "xyzzy")


@pytest.mark.parametrize("name", ["Ada Nobody", "Ada Lumenn", "lumen nobody", "Varn Strike"])
def test_a_timeline_of_a_name_that_nothing_has_suggests_near_ones(graph: EventGraph, name: str) -> None:
    """And is not that of a word of it, or of the first name."""
    near = "Varn" if name.startswith("Varn") else "Ada Lumen"
    with pytest.raises(NotFoundError, match=f"nothing in the graph is called '{name}' .did you mean.*{near}"):
        timeline(graph, name)
