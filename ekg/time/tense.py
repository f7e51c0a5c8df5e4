"""Which way an undated expression points, from the words around it."""

from __future__ import annotations

from ekg.time.lexicon import words
from ekg.time.tokens import PARAGRAPH, Tokens
from ekg.time.values import Direction

_FUTURE = frozenset(
    words(
        "will shall ll upcoming forthcoming scheduled due slated expected expects plans plan planned aims set "
        "ahead going wo prepares preparing braces bracing gears gearing"
    )
)
PAST = frozenset(
    words(
        "said was were had did told announced reported added died killed found began came went made took held "
        "won lost left saw been wrote declared confirmed became met voted says arrested ended struck hit "
        "called released published"
    )
)
_TO_FUTURE = frozenset(
    words(
        "set due expected scheduled slated plans plan planned aims expects going prepares preparing braces bracing "
        "gears gearing"
    )
)
_REACH = 14


def direction_at(t: Tokens, i: int, j: int) -> Direction | None:
    """The direction of the nearest cue in the sentence around the tokens ``i`` to ``j``: words before, then after.

    A past verb right before decides ("said on Tuesday"); "will", "due to" and the like point ahead; None without a cue.
    """
    for k in range(i - 1, max(-1, i - 1 - _REACH), -1):
        word = t.word(k)
        if word in (".", "!", "?", PARAGRAPH, ";", ":") and not (
            word == "." and t.word(k - 1) in ("mr", "ms", "mrs", "dr")
        ):
            break
        if word == "forward" and t.word(k - 1) in ("look", "looks", "looking"):
            return "future"
        if word == "to" and t.word(k - 1) in ("is", "are") and t.word(k + 1) not in ("the", "a"):
            return "future"
        if word == "going" and t.word(k - 1) in ("m", "am", "are", "re"):
            return "future"
        if word in _FUTURE:
            if word in _TO_FUTURE and t.word(k + 1) not in ("to", "for", "on", "in", "at", "up"):
                continue
            if word == "ahead" and t.word(k + 1) != "of":
                continue
            if word in _TO_FUTURE and word != "due" and t.word(k - 1) in ("was", "were", "had"):
                return "past"
            return "future"
        regular = word.endswith("ed") and len(word) > 4 and t.word(k + 1) != "to" and t.shape(k).islower()
        if (word in PAST or regular) and not _participle(t, k):
            return "past"
    for k in range(j, min(t.size, j + _REACH)):
        word = t.word(k)
        if word in (".", "!", "?", PARAGRAPH, ";", ":"):
            break
        if word in ("will", "ll", "shall", "wo") or (word == "to" and t.word(k - 1) in ("is", "are")):
            return "future"
        if word in PAST:
            return "past"
    return None


def _participle(t: Tokens, k: int) -> bool:
    """Whether a form in -ed follows a form of "be" in the future or an infinitive: "will be held", "to be removed"."""
    return t.word(k - 1) in ("be", "being", "get") or t.word(k - 2) == "be"
