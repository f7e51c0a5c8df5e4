"""Sentences that a source has taken back: what they say is no answer."""

from __future__ import annotations

import re

from queries.pool import Sentence

_OWN = re.compile(
    r"\b(?:earlier version|incorrectly|wrongly (?:said|stated|reported|gave)|erroneously|mistakenly)\b", re.I
)
_NEXT = re.compile(
    r"\s*(?:[A-Z]\w+ )?(?:\w+ ){0,3}(?:was|were|is) (?:wrong|incorrect|false|an error|a mistake|not correct)\b", re.I
)
_REACH = 80


def is_retracted(sentence: Sentence) -> bool:
    """Whether the sentence reports an error, or the one after it says that it is wrong."""
    after = sentence.document.text[sentence.span[1] : sentence.span[1] + _REACH]
    return bool(_OWN.search(sentence.text) or _NEXT.match(after))
