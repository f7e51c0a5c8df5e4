"""Excerpts of long texts: what they are shown for is in them, and nothing is made up."""

from __future__ import annotations

import pytest

from ekg.display import excerpt

CAPTIONS = (
    " ".join(f"and then line {n} goes on" for n in range(60)) + " the ferry sank at noon " + "well you know " * 40
)


def test_a_short_text_stays_as_it_is_but_for_its_white_space() -> None:
    assert excerpt("One  line\nand another.", "another") == "One line and another."


def test_a_long_text_is_cut_around_what_it_is_shown_for() -> None:
    cut = excerpt(CAPTIONS, "noon", "When did the ferry sink?")
    assert "the ferry sank at noon" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) <= 324
    assert cut.strip("… ") in " ".join(CAPTIONS.split())


def test_the_answer_weighs_more_than_words_of_the_question() -> None:
    text = "line goes on and on " * 30 + "noon " + "word " * 200 + "ferry sank sink"
    assert "noon" in excerpt(text, "noon", "ferry")


@pytest.mark.parametrize("focus", ["zebra", "", "…", "a"])
def test_without_its_focus_the_beginning_is_shown(focus: str) -> None:
    assert excerpt(CAPTIONS, focus, width=40).startswith("and then line 0 goes on")


@pytest.mark.parametrize(("text", "focus"), [("a" * 1000, "b"), ("a" * 1000, "a" * 1000), ("ab " + "c" * 900, "ab")])
def test_words_longer_than_the_width_are_cut_too(text: str, focus: str) -> None:
    cut = excerpt(text, focus, width=100)
    assert 0 < len(cut.strip("… ")) <= 100


@pytest.mark.parametrize("width", range(5, 60, 5))
def test_every_cut_is_between_words(width: int) -> None:
    words = set(CAPTIONS.split())
    for focus in ("ferry", "59", "noon", "know"):
        cut = excerpt(CAPTIONS, focus, width=width)
        assert focus in cut.split()
        assert set(cut.strip("… ").split()) <= words
