"""Triggers that the text rules out, on sentences whose tags are given."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc, Token

from extractors.triggers import is_spurious, may_happen


def word(text: str, lemma: str, pos: str, relation: str, head: str = "is") -> Token:
    """A word and its head, in that order unless the head governs from the left."""
    words, heads = ([text, head], [1, 1])
    doc = Doc(spacy.blank("en").vocab, words=words, lemmas=[lemma, head], pos=[pos, "NOUN"], heads=heads,
              deps=[relation, "ROOT"])  # fmt: skip
    return doc[0]


def test_nouns_of_things_and_qualities_tell_no_event() -> None:
    assert not may_happen(word("curse", "curse", "NOUN", "obj"), 0.9)
    assert not may_happen(word("leadership", "leadership", "NOUN", "obj"), 0.9)
    assert may_happen(word("flood", "flood", "NOUN", "obj"), 0.5)


def test_adjectives_need_to_tell_a_result_or_be_certain() -> None:
    assert may_happen(word("dead", "dead", "ADJ", "xcomp"), 0.8)
    assert not may_happen(word("startling", "startling", "ADJ", "xcomp"), 0.8)
    assert may_happen(word("startling", "startling", "ADJ", "xcomp"), 0.97)


def test_what_an_apparatus_is_for_has_not_happened() -> None:
    assert is_spurious([word("launch", "launch", "NOUN", "compound", "pad")], [], typed=False)
    assert not is_spurious([word("launch", "launch", "NOUN", "compound", "failure")], [], typed=False)


def test_a_participle_that_gives_a_name_tells_no_event() -> None:
    def participle(after: str) -> Token:
        doc = Doc(spacy.blank("en").vocab, words=["coin", "called", after], lemmas=["coin", "call", after],
                  pos=["NOUN", "VERB", "PROPN" if after[0].isupper() else "NOUN"], tags=["NN", "VBN", "NN"],
                  heads=[0, 0, 1], deps=["ROOT", "acl", "obj"])  # fmt: skip
        return doc[1]

    assert is_spurious([participle("XRP")], [], typed=False)
    assert not is_spurious([participle("yesterday")], [], typed=False)
