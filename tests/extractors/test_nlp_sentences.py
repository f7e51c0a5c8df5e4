"""What punctuation lets and forbids before the parser runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.nlp.sentences import sentence_starts


def begins(text: str) -> list[str]:
    words = text.split()
    return [word for word, start in zip(words, sentence_starts(words), strict=True) if start]


def undecided(text: str) -> list[str]:
    words = text.split()
    return [word for word, start in zip(words, sentence_starts(words), strict=True) if start is None]


def test_full_stop_before_a_capital_begins_a_sentence() -> None:
    assert begins("It rained . Nobody came . “ Why ? ” asked Ann .") == ["It", "Nobody", "“"]


def test_no_sentence_begins_after_a_word_in_punctuated_text() -> None:
    assert undecided("The spokesman Ben Hall said on Monday that Ruritania had won .") == []


@pytest.mark.parametrize("text", ["They met in room No . 5 A today .", "It was J . Smith who came ."])
def test_marks_of_abbreviations_are_left_to_the_parser(text: str) -> None:
    assert begins(text) == [text.split()[0]]


def test_straight_quotes_open_and_close_in_turn() -> None:
    words = ["He", "read", '"', "The", "Sea", ".", '"', "Then", "he", "slept", "."]
    starts = sentence_starts(words)
    assert starts[6] is False  # the closing quotation mark stays in its sentence
    assert starts[7] is not False


def test_a_headline_is_one_sentence() -> None:
    assert begins("Storm kills nine in Ruritania : minister") == ["Storm"]
    assert undecided("Storm kills nine in Ruritania : minister") == []


def test_a_transcript_is_left_to_the_parser() -> None:
    words = ["so", "we", "went", "up", "there", "and", "then", "we", "saw", "it"]
    assert sentence_starts(words)[1:] == [None] * (len(words) - 1)


def test_no_words() -> None:
    assert sentence_starts([]) == []


@given(st.lists(st.sampled_from(["a", "B", ".", "?", '"', "”", ",", "(", ")"]), min_size=1, max_size=40))
def test_first_word_begins_and_closing_marks_never_do(words: list[str]) -> None:
    starts = sentence_starts(words)
    assert starts[0] is True
    assert all(starts[i] is False for i in range(1, len(words)) if words[i] in {"”", ")", ",", ".", "?"})
