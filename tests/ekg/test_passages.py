from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ekg.index.passages import passages
from ekg.model import Document


def cut(text: str, target: int = 40) -> list[str]:
    return [text[a:b] for a, b in passages(Document(id="d", text=text), target)]


def test_a_passage_never_crosses_a_blank_line() -> None:
    assert cut("One.\n\nTwo.\n \nThree.") == ["One.", "Two.", "Three."]


def test_long_paragraphs_are_cut_at_sentence_ends() -> None:
    text = "A first sentence that is here. A second sentence follows it. Third."
    assert cut(text) == ["A first sentence that is here.", "A second sentence follows it. Third."]


def test_text_without_any_space() -> None:
    assert "".join(cut("x" * 500)) == "x" * 500


@given(st.text(alphabet="ab. \n?", max_size=300), st.integers(5, 60))
def test_passages_cover_all_words_once_and_in_order(text: str, target: int) -> None:
    spans = list(passages(Document(id="d", text=text), target))
    assert all(a < b for a, b in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert not any("\n\n" in text[a:b] for a, b in spans)
