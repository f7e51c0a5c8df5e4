"""What an argument spans, and subjects and objects that the tagger overlooked."""

from __future__ import annotations

import pytest

from extractors.arguments import make_arguments
from extractors.coreference.index import EntityIndex
from extractors.events.found import FoundArgument, FoundEvent
from extractors.events.labels import Labels
from extractors.nlp import parse
from extractors.ontology import load_keywords
from extractors.participants import participants
from extractors.sentences import Sentence

LABELS = Labels(("Attack",), (), {"Attack": ("Assailant", "Victim", "Place")})


def sentence(text: str) -> Sentence:
    return Sentence(0, tuple(token for token in parse(text) if not token.is_space), text)


def arguments(text: str, trigger: str, *tagged: tuple[str, str], kind: str = "Event") -> list[tuple[str, str]]:
    """Arguments of a trigger for stretches that a tagger would give: the words and the role."""
    read = sentence(text)
    found = []
    for words, role in tagged:
        start, end = span(read, words)
        found.append(FoundArgument(start, end, role, 0.9))
    start, end = span(read, trigger)
    event = FoundEvent(start, end, kind, 0.9, tuple(sorted(found, key=lambda a: a.start)))
    made = make_arguments(event, kind, read, EntityIndex([]), load_keywords(), LABELS)
    for argument in made:
        assert argument.span is not None
        assert text[slice(*argument.span)] == argument.text
    return [(argument.role, argument.text) for argument in made]


def span(read: Sentence, words: str) -> tuple[int, int]:
    begin = read.text.index(words)
    inside = [n for n, word in enumerate(read.words) if begin <= word.idx < begin + len(words)]
    return inside[0], inside[-1] + 1


@pytest.mark.parametrize(
    ("text", "trigger", "stretch", "expected"),
    [
        ("Police arrested the man who had set fire to the mill.", "arrested", "the man who", "the man"),
        ("Police stopped 13 cars - including one of their own.", "stopped", "13 cars - including one", "13 cars"),
        ("He denounced the effects of our car-based society.", "denounced", "the effects of our car", None),
        ("She opposed it for a year.", "opposed", "it for a year", "it"),
        ("They decried a tax on new homes.", "decried", "a tax on new homes", "a tax on new homes"),
    ],
)
def test_phrases_are_whole_and_without_clauses(text: str, trigger: str, stretch: str, expected: str | None) -> None:
    found = dict(arguments(text, trigger, (stretch, "Theme")))
    assert found["Theme"] == (expected or "the effects of our car-based society")


def test_a_clause_that_is_said_stays_whole() -> None:
    text = "Marsh said the mill that burned was old."
    assert ("Theme", "the mill that burned was old") in arguments(
        text, "said", ("the mill that burned was old", "Theme")
    )


def test_a_second_agent_gives_way_to_the_subject() -> None:
    text = "His lawyer said he sought treatment."
    found = arguments(text, "sought", ("His lawyer", "Agent"), ("he", "Agent"), ("treatment", "Theme"))
    assert found == [("Agent", "he"), ("Theme", "treatment")]


def test_what_no_participant_can_be_is_dropped() -> None:
    text = "He apologized in a statement after shouting at the referee."
    assert arguments(text, "apologized", ("in a statement", "Theme")) == [("Agent", "He")]
    assert ("Agent", "the referee") not in arguments(text, "shouting", ("at the referee", "Agent"))


def test_subject_and_object_are_read_off_the_tree() -> None:
    assert arguments("The storm hit the coast of Kent.", "hit") == [
        ("Agent", "The storm"),
        ("Theme", "the coast of Kent"),
    ]
    assert arguments("The mill was burned by rebels.", "burned") == [("Theme", "The mill"), ("Agent", "rebels")]
    assert arguments("Rebels attacked the town.", "attacked", kind="Attack") == [
        ("Assailant", "Rebels"),
        ("Victim", "the town"),
    ]
    assert arguments("It rained.", "rained") == []


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        ("He told the men to leave.", "leave", [("Agent", "men")]),
        ("The men who left were freed.", "left", [("Agent", "men")]),
        ("She fell and died.", "died", [("Agent", "She")]),
        ("Police freed the man arrested in Leeds.", "arrested", [("Theme", "man")]),
        ("There was a fire.", "was", []),
    ],
)
def test_shared_subjects(text: str, verb: str, expected: list[tuple[str, str]]) -> None:
    token = next(token for token in parse(text) if token.text == verb)
    assert [(role, found.text) for role, found in participants(token)] == expected
