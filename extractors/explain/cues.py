"""Which words decide on polarity and modality: those without which the same question has another answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractors.factuality import factuality

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NEUTRAL = "so"


def deciding_words(trigger: Token, words: Sequence[Token]) -> list[Token]:
    """Words of a sentence that change polarity or modality of an event when each of them is blanked out.

    Args:
        trigger: the word that the event's trigger hangs on.
        words: the sentence.
    """
    before = factuality(trigger, words)
    if before == ("positive", "actual"):
        return []
    found = []
    for place, word in enumerate(words):
        if word.i == trigger.i or word.is_punct:
            continue
        changed = _without(words, place)
        if factuality(changed[_place(words, trigger)], list(changed)) != before:
            found.append(word)
    return found


def _place(words: Sequence[Token], token: Token) -> int:
    return next(place for place, word in enumerate(words) if word.i == token.i)


def _without(words: Sequence[Token], blank: int) -> Doc:
    """The sentence alone, with its tree, tags and names as they are and one word made to say nothing."""
    from spacy.tokens import Doc

    number = {word.i: place for place, word in enumerate(words)}
    texts = [_NEUTRAL if place == blank else word.text for place, word in enumerate(words)]
    return Doc(
        words[0].vocab,
        words=texts,
        spaces=[bool(word.whitespace_) for word in words],
        tags=[word.tag_ for word in words],
        pos=[word.pos_ for word in words],
        lemmas=[_NEUTRAL if place == blank else word.lemma_ for place, word in enumerate(words)],
        heads=[number.get(word.head.i, place) for place, word in enumerate(words)],
        deps=[word.dep_ for word in words],
        ents=[f"{word.ent_iob_}-{word.ent_type_}" if word.ent_type_ else "O" for word in words],
    )
