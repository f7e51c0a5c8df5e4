"""Which of the tagger's triggers are kept, how far they reach, and how one speaks for another."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from extractors.backends.chosen import ChosenEvent
from extractors.echoes import echoed
from extractors.events.found import FoundEvent
from extractors.events.labels import PLAIN
from extractors.nlp import parse
from extractors.sentences import Sentence
from extractors.triggers import is_spurious, tidied


def sentence(text: str) -> Sentence:
    return Sentence(0, tuple(parse(text)), text)


def tagged(read: Sentence, text: str, kind: str, confidence: float = 0.7) -> FoundEvent:
    begin = read.text.index(text)
    inside = [place for place, word in enumerate(read.words) if begin <= word.idx < begin + len(text)]
    return FoundEvent(inside[0], inside[-1] + 1, kind, confidence)


@pytest.mark.parametrize(
    ("text", "trigger", "kind", "expected"),
    [
        ("The party wants to gain influence in Leeds.", "gain influence", "Getting", "gain"),
        ("The car was pulled over by police.", "pulled over", "Hold", "pulled over"),
        ("He was getting into the car.", "getting into", "Arriving", "getting"),
        ("They set the record on Monday.", "set the record", PLAIN, "set the record"),
    ],
)
def test_a_typed_verb_keeps_its_particle_but_no_object(text: str, trigger: str, kind: str, expected: str) -> None:
    read = sentence(text)
    (event,) = tidied([tagged(read, trigger, kind)], read.words)
    words = read.words[event.start : event.end]
    assert text[words[0].idx : words[-1].idx + len(words[-1].text)] == expected


def test_a_modifier_joins_only_an_event_without_a_type() -> None:
    read = sentence("He was arrested for drunk driving.")
    drunk = tagged(read, "drunk", PLAIN)
    assert len(tidied([drunk, tagged(read, "driving", PLAIN)], read.words)) == 1
    assert len(tidied([drunk, tagged(read, "driving", "Operate_vehicle")], read.words)) == 2


def test_a_faint_trigger_needs_a_sure_one_of_the_same_stem() -> None:
    first, second = sentence("The trial began."), sentence("Trials and charges follow.")
    sure, faint = tagged(first, "trial", PLAIN, 0.9), tagged(second, "Trials", PLAIN, 0.2)
    other = tagged(second, "charges", PLAIN, 0.2)
    assert echoed([first, second], [[sure], [faint, other]], 0.4) == [[sure], [faint]]
    assert echoed([first, second], [[], [faint, other]], 0.4) == [[], []]


def test_what_another_model_chose_is_never_faint() -> None:
    read = sentence("The trial began.")
    chosen = ChosenEvent(1, 2, PLAIN, 0.1, (), PLAIN)
    assert echoed([read], [[chosen]], 0.4) == [[chosen]]


def test_a_war_that_was_taken_for_a_place_is_one_where_its_type_is_known() -> None:
    doc = Doc(spacy.blank("en").vocab, words=["Falklands", "War"], pos=["PROPN", "PROPN"], ents=["B-place", "I-place"])
    assert not is_spurious([doc[1]], [], typed=True)
    assert is_spurious([doc[1]], [], typed=False)
    assert is_spurious([doc[0]], [], typed=True)
