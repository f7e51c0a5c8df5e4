"""The day of speaking where it is not the document's: in a text that says which day it is, in a dated quotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ekg.time.civil import weekday
from ekg.time.instant import DAY
from ekg.time.lexicon import words
from ekg.time.parts import Within
from ekg.time.shifts import Deictic
from ekg.time.tokens import PARAGRAPH, Tokens
from ekg.time.values import Context, Fixed, Resolved, Value
from ekg.time.yearly import Weekday, Yearly

Found = tuple[Value, int, int]
"""The meaning of an expression, its first token and the token after it."""
_OPENS, _CLOSES = frozenset(("“", '"')), frozenset(("”", '"'))
_SAYS = frozenset(
    words("said says told wrote tweeted added announced declared stated posted claimed replied insisted warned asked")
)
_NEARBY = 8
"""Tokens between a verb of saying and its day, or its quotation."""
_LONGEST_QUOTE = 200


def _day(value: Value) -> Value | None:
    """The day of an expression that names one by itself, not by counting from the day it is spoken on."""
    inner = value.inner if isinstance(value, Within) else value
    if isinstance(inner, Weekday):
        return inner if inner.base == "document" else None
    return inner if isinstance(inner, (Fixed, Yearly)) and inner.granularity == "day" else None


def says_its_day(t: Tokens, value: Value, i: int, j: int) -> bool:
    """Whether a text says that an expression is its day: ``It is Tuesday``, ``it's currently 2 a.m. on Wednesday``."""
    if _day(value) is None or (t.apostrophe(j) and t.word(j + 1) == "s"):
        return False
    i -= t.word(i - 1) in ("now", "currently", "already")
    if t.phrase(i - 2, "it", "is") or t.phrase(i - 2, "today", "is"):
        return True
    return t.phrase(i - 3, "it", "'", "s") or t.phrase(i - 3, "it", "’", "s")


def said_day(value: Value, context: Context, moved: bool) -> Resolved:
    """The bounds of an expression that says which day it is.

    A bare day of the week is the nearest one to the document's day, or, where the text has said its day before, the
    next one after that.
    """
    day = _day(value)
    if not isinstance(day, Weekday) or context.reference is None:
        return value.resolve(context)
    ahead = (day.day - weekday(context.reference)) % 7
    low = context.reference + (ahead if moved or ahead <= 3 else ahead - 7) * DAY
    whole = Resolved(low, low + DAY, "day", anchor="document")
    return replace(value, inner=_Known(whole)).resolve(context) if isinstance(value, Within) else whole


class _Known:
    """A value that is resolved already."""

    def __init__(self, bounds: Resolved) -> None:
        self._bounds = bounds

    def resolve(self, context: Context) -> Resolved:
        """Its bounds."""
        del context
        return self._bounds


def day_of_quotation(t: Tokens, found: Sequence[Found], at: int) -> Value | None:
    """The expression that dates the quotation which a "today" is in: ``said on Friday: "Today …"``.

    Args:
        t: the text.
        found: its expressions, in order.
        at: the index of the one in question among them.

    Returns:
        the day before the quotation's opening or after its closing mark, in the same sentence and beside a verb of
        saying; None where the expression does not count from the day it is spoken on, or no day is named.
    """
    value, i, j = found[at]
    inner = value.inner if isinstance(value, Within) else value
    if not isinstance(inner, Deictic) or inner.unit != "day" or inner.base != "document":
        return None
    opening, closing = _quotation(t, i, j)
    if opening is None:
        return None
    for other, first, end in reversed(found[:at]):
        if opening - 2 * _NEARBY > first:
            break
        if end <= opening and _same_sentence(t, end, opening) and _says(t, first - _NEARBY, opening):
            return _day(other)
    if closing is None:
        return None
    for other, first, _ in found[at + 1 :]:
        if first > closing + 2 * _NEARBY:
            break
        if first > closing and _same_sentence(t, closing + 1, first) and _says(t, closing, first):
            return _day(other)
    return None


def _quotation(t: Tokens, i: int, j: int) -> tuple[int | None, int | None]:
    """The opening and closing mark around an expression within its paragraph, None where there is none."""
    opening, marks = None, 0
    for k in range(i - 1, max(-1, i - _LONGEST_QUOTE), -1):
        word = t.word(k)
        if word == PARAGRAPH or word == "”":
            break
        if word in _OPENS:
            opening, marks = opening if opening is not None else k, marks + 1
            if word == "“":
                break
    if opening is None or (t.word(opening) == '"' and marks % 2 == 0):
        return None, None
    for k in range(j, min(t.size, j + _LONGEST_QUOTE)):
        if t.word(k) == PARAGRAPH:
            break
        if t.word(k) in _CLOSES:
            return opening, k
    return opening, None


def _same_sentence(t: Tokens, i: int, j: int) -> bool:
    return not any(t.word(k) in (".", "!", "?", PARAGRAPH) for k in range(i, j))


def _says(t: Tokens, i: int, j: int) -> bool:
    return any(t.word(k) in _SAYS for k in range(max(i, 0), j))
