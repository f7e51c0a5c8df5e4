"""A whole string as a time, and the temporal constraints of a question."""

from __future__ import annotations

from typing import Literal

from ekg.errors import DataError
from ekg.time.edtf import from_edtf
from ekg.time.find import mention, reference_day
from ekg.time.interval import TimeInterval
from ekg.time.phrases import STARTS, expression, hedge_before
from ekg.time.tokens import Tokens
from ekg.time.values import Context, Direction, Hedged, Value, date
from ekg.time.years import whole_number

Operator = Literal["before", "after", "during", "since", "until", "between"]
Constraint = tuple[Operator, TimeInterval, tuple[int, int]]
_OPERATORS: dict[str, Operator] = {
    "before": "before", "after": "after", "since": "since", "until": "until", "till": "until", "by": "until",
    "from": "since", "between": "between", "in": "during", "on": "during", "during": "during", "at": "during",
    "within": "during", "throughout": "during", "prior": "before", "following": "after",
}  # fmt: skip


def parse_time(text: str, *, reference: str | None = None) -> TimeInterval | None:
    """The interval that a whole string stands for, None where it is not a time with bounds.

    Args:
        text: an expression ("3–5 May 2019", "the 1990s", "2015"), an ISO date or EDTF ("1984~", "1985/..").
        reference: ISO date that relative expressions count from.

    Raises:
        DataError: ``reference`` is not an ISO date.

    >>> parse_time("1998-99").end, parse_time("banana")
    ('2000-01-01', None)
    """
    start = reference_day(reference)
    stripped = text.strip()
    t = Tokens(stripped)
    i = 0
    while t.word(i) in ("in", "on", "at", "during", "from", "between") or (t.word(i) == "the" and not _read(t, i)):
        i += 1
    found = _read(t, i)
    if found is not None and found[1] == t.size:
        resolved = found[0].resolve(Context(reference=start))
        return mention(resolved, stripped, (0, len(stripped))).interval()
    try:
        interval = from_edtf(stripped)
    except DataError:
        # Not a date in either notation: that is the answer None, as documented.
        return None
    return interval if interval.begin is not None or interval.end is not None else None


def _read(t: Tokens, i: int) -> tuple[Value, int] | None:
    """An expression at an index; there a number of four digits needs no more to be a year."""
    found = expression(t, i)
    number = t.number(i)
    if number is not None and (found is None or found[1] == i + 1) and len(t.shape(i)) == 4 and whole_number(t, i):
        return (date(number), i + 1) if found is None else found
    return found


def parse_constraint(text: str, *, reference: str | None = None) -> list[Constraint]:
    """The temporal constraints of a question: operator, interval and span of operator and expression, in order.

    ``before`` and ``after`` exclude the interval; ``since`` and ``until`` include it; ``between`` and ``during`` mean
    within it. Expressions without bounds give none.

    Raises:
        DataError: ``reference`` is not an ISO date.

    >>> [(o, i.begin, i.end) for o, i, _ in parse_constraint("Who won before 2015?")]
    [('before', '2015-01-01', '2016-01-01')]
    """
    start = reference_day(reference)
    t = Tokens(text)
    constraints: list[Constraint] = []
    i = 0
    while i < t.size:
        found = None
        if t.word(i) in STARTS or t.shape(i)[:1].isdigit():
            found = _read(t, i) if t.word(i - 1) in _OPERATORS or (t.word(i - 1) == "the") else expression(t, i)
        if found is None:
            i += 1
            continue
        value, j = found
        first, operator = _operator(t, i, j)
        context = Context(
            reference=start, direction=_ahead if operator == "until" and t.word(first) == "by" else _unknown
        )
        span = (t.starts[first], t.ends[j - 1])
        resolved = (Hedged(value) if hedge_before(t, i) else value).resolve(context)
        interval = mention(resolved, text[t.starts[i] : t.ends[j - 1]], span).interval()
        if interval is not None:
            constraints.append((operator, interval, span))
        i = j
    return constraints


def _unknown() -> Direction | None:
    return None


def _ahead() -> Direction | None:
    return "future"


def _operator(t: Tokens, i: int, j: int) -> tuple[int, Operator]:
    """The operator before an expression and the index it starts at."""
    k = i - 1
    while t.word(k) in ("the", "around", "about", "early", "late"):
        k -= 1
    word = t.word(k)
    if word == "to" and t.word(k - 1) == "prior":
        return k - 1, "before"
    if word == "than":
        earlier = t.word(k - 1)
        if earlier in ("earlier", "later"):
            k -= 1
            if earlier == "later" and t.word(k - 1) == "no":
                return k - 1, "until"
            return k, "before" if earlier == "earlier" else "after"
    if word in ("onwards", "onward") or t.word(j) in ("onwards", "onward"):
        return (k, "since") if word in ("from", "since") else (i, "since")
    operator = _OPERATORS.get(word)
    if operator is None:
        return i, "during"
    if word == "from" and _is_range(t, i, j):
        return k, "between"
    return k, operator


def _is_range(t: Tokens, i: int, j: int) -> bool:
    return any(t.word(k) in ("to", "until", "till", "through") or t.dash(k) for k in range(i, j))
