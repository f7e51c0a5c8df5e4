"""Triggers that are no events, and types that the words around a verb decide."""

from __future__ import annotations

import pytest

from extractors.events.labels import PLAIN
from extractors.nlp import parse
from extractors.nlp.lemmas import corrected_lemma
from extractors.ontology import load_ontology
from extractors.senses import refined_type
from extractors.triggers import is_spurious, may_happen

KNOWN = frozenset(load_ontology())


@pytest.mark.parametrize(
    ("text", "word", "kind", "expected"),
    [
        ("A rocket will blast off from the coast.", "blast", PLAIN, "Launch"),
        ("They set up a programme for schools.", "set", PLAIN, "Creating"),
        ("Everything went wrong.", "went", "Motion", "Becoming"),
        ("He could not be reached for comment.", "reached", "Arriving", "Communication"),
        ("They reached an agreement on Monday.", "reached", "Arriving", "Sign_agreement"),
        ("The company pushed for a change.", "pushed", "Motion", "Request"),
        ("He went to Leeds.", "went", "Motion", "Motion"),
        ("They reached Leeds on Monday.", "reached", "Arriving", "Arriving"),
        ("The shooting lasted an hour.", "shooting", "Killing", "Shooting"),
        ("He was shot dead by police.", "shot", "Bodily_harm", "Killing"),
    ],
)
def test_senses(text: str, word: str, kind: str, expected: str) -> None:
    token = next(token for token in parse(text) if token.text == word)
    assert refined_type(kind, token, KNOWN) == expected


def test_no_type_outside_the_ontology_is_given() -> None:
    token = next(token for token in parse("A rocket will blast off from the coast.") if token.text == "blast")
    assert refined_type(PLAIN, token, frozenset({"Motion"})) == PLAIN


@pytest.mark.parametrize(
    ("text", "word", "kept"),
    [
        ("He had a long career.", "career", False),
        ("The friendship of the two countries matters.", "friendship", False),
        ("The mill issued a warning.", "issued", True),
        ("The vote was a surprise.", "vote", True),
    ],
)
def test_nouns_that_tell_of_no_event(text: str, word: str, kept: bool) -> None:
    token = next(token for token in parse(text) if token.text == word)
    assert may_happen(token, 0.99) is kept


@pytest.mark.parametrize(
    ("text", "word", "spurious"),
    [
        ("Go ahead, Houston.", "Go", True),
        ("Thank you for coming.", "Thank", True),
        ("The match will go ahead on Monday.", "go", False),
        ("They thanked the police.", "thanked", False),
    ],
)
def test_formulas_of_talk_are_no_events(text: str, word: str, spurious: bool) -> None:
    token = next(token for token in parse(text) if token.text == word)
    assert is_spurious([token], [], typed=True) is spurious


@pytest.mark.parametrize(
    ("form", "predicted", "lemma"),
    [
        ("kidnapped", "kidnapp", "kidnap"),
        ("plunging", "plung", "plunge"),
        ("fled", "fle", "flee"),
        ("re-started", "re-starte", "re-start"),
        ("saves", "savesave", "save"),
        ("falling", "fall", "fall"),
        ("Relied", "reli", "rely"),
    ],
)
def test_lemmas_of_verbs_that_the_treebanks_lack(form: str, predicted: str, lemma: str) -> None:
    assert corrected_lemma(form, "VERB", predicted, {"VERB save": "save", "VERB start": "start"}) == lemma
