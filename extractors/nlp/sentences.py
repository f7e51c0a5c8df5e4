"""What punctuation says about sentence starts in a block, given to the parser as constraints."""

from __future__ import annotations

from collections.abc import Sequence

_FINAL = frozenset({".", "!", "?", "…", "...", "?!", "!?", "!!", "??", "!!!"})
_MAYBE_FINAL = _FINAL | {":", ";", "--", "—", "–", "*", "|", "•"}
_CLOSING = frozenset({"”", "’", "''", "»", ")", "]"})
_OPENING = frozenset({"“", "‘", "``", "«", "(", "["})
_NEVER_FIRST = _FINAL | {",", ";", ":", "/", "%"}
_RANKS = frozenset({"no", "vs", "v", "st", "mt", "ft", "gen", "rep", "sen", "gov", "lt", "col", "sgt"})
SHORT_BLOCK = 25
"""A block of at most so many words that has capitals and no final mark is one sentence: a headline or caption."""


def _closes(words: Sequence[str]) -> list[bool]:
    """Whether each word is a closing mark; the straight quotation marks of a block open and close in turn."""
    closing = []
    inside = False
    for word in words:
        closing.append(word in _CLOSING or (word == '"' and inside))
        inside ^= word == '"'
    return closing


def sentence_starts(words: Sequence[str]) -> list[bool | int | None]:
    """For each word of a block whether it begins a sentence: yes, no, or ``None`` for the parser to decide.

    Where a block has final marks and capitals, a sentence begins after a full stop before a capital, and does not
    begin after a word. In a block without them (a transcript) only the first word is certain.

    >>> sentence_starts(["He", "left", ".", "She", "stayed", "."])
    [True, False, False, True, False, False]
    >>> sentence_starts(["he", "left", "she", "stayed"])
    [True, None, None, None]
    """
    closing = _closes(words)
    starts: list[bool | int | None] = [
        False if closing[index] or word in _NEVER_FIRST else None for index, word in enumerate(words)
    ]
    if words:
        starts[0] = True
    marks = sum(word in _FINAL for word in words)
    capitals = sum(word[:1].isupper() for word in words)
    if not marks and capitals > 1 and len(words) <= SHORT_BLOCK:
        return [index == 0 for index in range(len(words))]
    if marks * 60 < len(words) or not capitals or not marks:
        return starts
    for index in range(1, len(words)):
        if starts[index] is None:
            starts[index] = _after(words, closing, index)
    return starts


def _after(words: Sequence[str], closing: Sequence[bool], index: int) -> bool | None:
    """The verdict on a word of a punctuated block, from what stands before it."""
    last = index - 1
    while last > 0 and closing[last]:
        last -= 1
    before = words[last]
    quoted = last < index - 1
    following = words[index]
    if (following in _OPENING or following == '"') and index + 1 < len(words):
        following = words[index + 1]
    if before not in _MAYBE_FINAL and not before.endswith("."):
        return False
    if before in {".", "!", "?"} and not quoted and following[:1].isupper():
        word = words[last - 1].lower() if last else ""
        # "No. 5", "J. Smith" where the tokenizer has split the mark off.
        if before != "." or (len(word) > 1 and word not in _RANKS):
            return True
    return None
