from __future__ import annotations

import numpy as np

from alignment.event_copies import copied
from ekg.model import Event, Trigger

QUOTED = "On Monday the mayor said that “all 40 families will move back into the tower before winter”."
COPY = 'The mayor SAID that "all 40 families will move back into the tower before winter", the paper reported.'
OTHER = "The mayor said that nobody had been told about the fire."


def mention(text: str, word: str) -> Event:
    start = text.casefold().index(word)
    return Event(
        id=f"ev_{start}", type="Event", trigger=Trigger(text=word, span=(start, start + len(word))), lemma=word
    )


def copies(texts: list[str], *words: str) -> list[bool]:
    """Whether the first text's mention and that of each of the other texts stand in the same words."""
    events = [mention(text, word) for text, word in zip(texts, words, strict=True)]
    documents = [f"d{n}" for n in range(len(texts))]
    others = np.arange(1, len(texts))
    return copied(events, documents, dict(zip(documents, texts, strict=True)), np.zeros_like(others), others).tolist()


def test_a_copied_sentence_is_one_whatever_its_marks_and_its_surroundings() -> None:
    assert copies([QUOTED, COPY], "said", "said") == [True]
    assert copies([QUOTED, COPY], "move", "move") == [True]


def test_a_phrase_that_everybody_uses_is_no_copy() -> None:
    assert copies([QUOTED, OTHER], "said", "said") == [False]


def test_twelve_equal_words_are_a_copy_and_eleven_are_not() -> None:
    words = ["fire", "broke", "out", "in", "the", "old", "harbour", "late", "on", "Sunday", "night", "before", "rain"]
    texts = [" ".join(words), *(" ".join([*words[:n], "but", "elsewhere"]) for n in (11, 12))]
    assert copies(texts, *["fire"] * 3) == [False, True]


def test_another_place_in_a_copied_sentence_is_no_copy() -> None:
    text = "They will run and they will run again, and again, until nobody in the whole town can run any more."
    last = Event(id="ev_x", type="Event", trigger=Trigger(text="run", span=(text.rindex("run"),) * 2), lemma="run")
    found = copied([mention(text, "run"), last], ["a", "b"], {"a": text, "b": text}, np.array([0, 0]), np.array([1, 0]))
    assert found.tolist() == [False, True]


def test_words_do_not_run_on_into_the_next_document_and_a_text_may_be_absent() -> None:
    ends, begins = "a b c d e f g h i j k l fire", "fire a b c d e f g h i j k l"
    events = [mention(ends, "fire"), mention(begins, "fire"), mention(ends, "fire")]
    found = copied(events, ["x", "y", "z"], {"x": ends, "y": begins}, np.array([0, 0, 2]), np.array([1, 2, 2]))
    assert found.tolist() == [False, False, False]
