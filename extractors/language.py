"""Whether a text is English, from its function words alone."""

from __future__ import annotations

import re

from extractors.words import word_set

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FUNCTION_WORDS = word_set(
    """
    a about after all also an and any are as at be been but by can could did do for from had has have he her his
    how i if in into is it its me more my no not of on or our out over said say she so some than that the their
    them then there they this to up us was we were what when which who will with would you your it's that's
    we're don't i'm
    """
)
ENOUGH = 20
"""Shorter texts say too little about their language."""
_SAMPLE = 4000


def english_share(text: str) -> float | None:
    """Share of English function words among the words of a text's first part; None for fewer than 20 words.

    >>> english_share("Der Präsident ist am Dienstag in Berlin zurückgetreten, " * 3)
    0.125
    """
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:60_000])[:_SAMPLE]]
    if len(words) < ENOUGH:
        return None
    return round(sum(word in _FUNCTION_WORDS for word in words) / len(words), 4)
