"""Where a sentence must end before any model runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.nlp.blocks import block_starts, cut_long


def blocks(text: str, breaks: tuple[int, ...] = ()) -> list[str]:
    starts = block_starts(text, breaks)
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Storm kills nine\n\nA storm killed nine people.", ["Storm kills nine", "A storm killed nine people."]),
        ("Storm kills nine\nA storm killed nine people.", ["Storm kills nine", "A storm killed nine people."]),
        ("One.\r\n\r\nTwo.\r\nThree.", ["One.", "Two.", "Three."]),
        ("one line\u2029Another", ["one line", "Another"]),
        ("Buy now\n- apples\n- pears", ["Buy now", "- apples", "- pears"]),
        ("ANN: Go on\nBOB: No", ["ANN: Go on", "BOB: No"]),
        ("[00:01] Go on\n[00:05] and stop", ["[00:01] Go on", "[00:05] and stop"]),
    ],
)
def test_breaks_that_end_a_block(text: str, expected: list[str]) -> None:
    assert blocks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The minister of\nEnergy resigned",
        "It was seen by\nthe crowd",
        "They met Mr.\nSmith",
        "we then saw that\nBarack had gone to\nthe house on the\nHill near the river",
        "THE MINISTER SAID\nTODAY THAT IT\nWAS OVER",
    ],
)
def test_breaks_inside_a_sentence(text: str) -> None:
    assert blocks(text) == [text]


def test_text_wrapped_at_a_width_is_one_block() -> None:
    text = (
        "The council of the town of Easton met the workers of Harper Mills\n"
        "Monday to talk about the closing of the plant, which employs about\n"
        "Two Hundred people. No decision was taken. Another meeting with all\n"
        "Easton residents will be held before the plant is closed next month"
    )
    assert blocks(text) == [text]


def test_given_breaks_win() -> None:
    text = "so we went and then he said no"
    assert blocks(text, (10,)) == ["so we went", "and then he said no"]


def test_breaks_outside_the_text_are_ignored() -> None:
    assert block_starts("a b", (-3, 0, 99)) == [0]


@pytest.mark.parametrize("text", ["", "\n\n", "  \t "])
def test_no_words_no_blocks(text: str) -> None:
    assert block_starts(text) == []


@given(st.text(alphabet="aB. \n\r:-", max_size=80), st.lists(st.integers(0, 90), max_size=3))
def test_starts_are_sorted_and_point_at_text(text: str, breaks: list[int]) -> None:
    starts = block_starts(text, breaks)
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(text) for start in starts)
    assert bool(starts) == bool(text.strip())


@given(st.lists(st.sampled_from(["a", "B", ".", "!"]), max_size=60), st.integers(2, 9))
def test_pieces_are_short_and_lose_nothing(words: list[str], limit: int) -> None:
    starts = cut_long(words, limit)
    ends = [*starts[1:], len(words)]
    assert starts[0] == 0
    assert all(0 <= end - start <= limit for start, end in zip(starts, ends, strict=True))


def test_long_blocks_are_cut_after_a_sentence() -> None:
    words = [*("w" * 6), ".", "Next", *("w" * 4)]
    assert cut_long(words, 10) == [0, 7]
