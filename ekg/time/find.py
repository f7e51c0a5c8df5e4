"""Finding the time expressions of a text and resolving them in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ekg.errors import DataError
from ekg.time.civil import civil
from ekg.time.instant import DAY, format_instant, parse_iso
from ekg.time.lexicon import ORDINALS
from ekg.time.mention import TimeMention
from ekg.time.parts import Within
from ekg.time.phrases import AFTER_NUMBER, CORE, STARTS, WEAK_STARTS, expression, hedge_before
from ekg.time.shifts import Deictic, Shifted, Stretch
from ekg.time.spoken import day_of_quotation, said_day, says_its_day
from ekg.time.tense import direction_at
from ekg.time.tokens import Tokens
from ekg.time.values import Context, Direction, Fixed, Hedged, Resolved, Value
from ekg.time.yearly import InYear, Weekday, Yearly

Tense = Callable[[int], Direction | None]
_ZONE = re.compile(r"(?<=:\d\d)(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)$")
_NEAR = 1500
"""Characters after which an expression no longer anchors the next one."""
_ADJACENT = 250
"""Characters within which a day anchors the next one even in a text that is about its own time."""
_LISTED = 80
"""Characters between two dates of one list."""
_LAST_YEAR = 999_998


def find_times(
    text: str, *, reference: str | None = None, tense: Tense | None = None, year_hint: int | None = None
) -> list[TimeMention]:
    """All time expressions of an English text, in order and without overlap, the longest at each place.

    Args:
        text: the text; spans count its characters.
        reference: ISO date or date-time of the document. Without it, expressions that need it have null bounds.
        tense: gives the tense of the clause around a character, for "on Friday"; else words nearby decide, and without
            any the past does, as in news.
        year_hint: the year of dates that name none, where it is known from elsewhere.

    Raises:
        DataError: ``reference`` is not an ISO date.

    >>> [(m.text, m.begin, m.end) for m in find_times("He left on Tuesday.", reference="2016-11-10")]
    [('Tuesday', '2016-11-08', '2016-11-09')]
    """
    start = reference_day(reference)
    tokens = Tokens(text)
    found = list(_scan(tokens))
    narrative = _is_narrative([value for value, _, _ in found], start)
    mentions: list[TimeMention] = []
    previous: Resolved | None = None
    previous_end = 0
    now = start
    for at, (value, i, j) in enumerate(found):
        begin, end = tokens.starts[i], tokens.ends[j - 1]
        context = Context(
            reference=now,
            previous=previous if begin - previous_end <= _NEAR else None,
            direction=_direction(tokens, i, j, tense),
            year=year_hint,
            narrative=narrative or (begin - previous_end <= _ADJACENT and _both_days(previous, value)),
            chronicle=narrative and start is not None,
            listed=begin - previous_end <= _LISTED and "." not in text[previous_end:begin],
        )
        if (dated := day_of_quotation(tokens, found, at)) is not None:
            spoken = dated.resolve(replace(context, direction=_told_as_past)).low
            context = replace(context, reference=now if spoken is None else spoken)
        if says_its_day(tokens, value, i, j):
            resolved = said_day(value, context, now != start)
            now = now if resolved.low is None else resolved.low - resolved.low % DAY
        else:
            resolved = (Hedged(value) if hedge_before(tokens, i) else value).resolve(context)
        if context.reference != start and resolved.anchor == "document":
            resolved = replace(resolved, anchor="previous")
        mentions.append(mention(resolved, text[begin:end], (begin, end)))
        # "The lowest since 13 November" looks back: what follows goes on from the day of the text.
        looks_back = tokens.word(i - 1) == "since" and not narrative
        aside = looks_back or (narrative and resolved.anchor == "document" and resolved.granularity == "range")
        if resolved.low is not None and not aside:
            previous, previous_end = resolved, end
    return mentions


def _scan(tokens: Tokens) -> Iterator[tuple[Value, int, int]]:
    """Meaning, first token and token after each expression; an expression is tried only where one can start."""
    i, lower, raw = 0, tokens.lower, tokens.raw
    while i < tokens.size:
        word = lower[i]
        if word not in STARTS:
            possible = raw[i][0].isdigit() and _number_possible(raw, lower, i)
        else:
            possible = word not in WEAK_STARTS or not CORE.isdisjoint(lower[i + 1 : i + 8]) or _number_near(lower, i)
        found = expression(tokens, i) if possible else None
        if found is None:
            i += 1
            continue
        yield _year_shared(tokens, *found), i, found[1]
        i = found[1]


def _year_shared(tokens: Tokens, value: Value, j: int) -> Value:
    """A date without a year that shares that of the next one: ``May and July of 2016``, ``3 March, 5 May 2015``."""
    if not isinstance(value, Yearly) or value.turn is not None or tokens.word(j) not in ("and", "or", ",", "&"):
        return value
    k = j + 1
    k += tokens.word(k) in ("and", "or")
    k += tokens.word(k) in ("in", "on")
    following = expression(tokens, k)
    if following is None or not isinstance(following[0], Fixed) or following[0].granularity not in ("day", "month"):
        return value
    bounds = following[0].bounds
    own = None if bounds is None else value.of(civil(bounds[0])[0])
    return InYear(value, following[0]) if own is not None and bounds is not None and own[0] <= bounds[0] else value


def _is_narrative(values: list[Value], reference: int | None) -> bool:
    """Whether more dates of a text lie over a year from its own date than are told from that date ("on Friday")."""
    if reference is None:
        return True
    far = near = 0
    for value in values:
        inner = value.inner if isinstance(value, Within) else value
        if isinstance(inner, Fixed) and inner.bounds is not None:
            distant = abs(inner.bounds[0] - reference) > 366 * DAY
            far, near = far + distant, near + (not distant)
        elif isinstance(inner, (Deictic, Weekday, Shifted, Stretch)):
            near += inner.base == "document" and not (isinstance(inner, Deictic) and inner.nowadays)
    return far > near


def _both_days(previous: Resolved | None, value: Value) -> bool:
    dated = isinstance(value, Yearly) and value.granularity == "day"
    return dated and previous is not None and previous.granularity == "day" and previous.anchor == "text"


def _number_possible(raw: list[str], lower: list[str], i: int) -> bool:
    """Whether a number can open a time: a year, or one with a unit, a name or a sign of a date soon after it."""
    return 3 <= len(raw[i]) <= 4 or not AFTER_NUMBER.isdisjoint(lower[i + 1 : i + 7])


def _number_near(lower: list[str], i: int) -> bool:
    if lower[i - 1] == "on" and lower[i + 1] in ORDINALS:
        return True
    return lower[i + 1][:1].isdigit() or lower[i + 2][:1].isdigit() or lower[i + 3][:1].isdigit()


def _told_as_past() -> Direction:
    return "past"


def reference_day(reference: str | None) -> int | None:
    """First second of the day of an ISO date or date-time, as the calendar on the wall of its own zone has it.

    Raises:
        DataError: it is not one.
    """
    if reference is None:
        return None
    try:
        parse_iso(reference)
        low, _ = parse_iso(_ZONE.sub("", reference.strip()))
    except ValueError as error:
        raise DataError(str(error), field="reference", hint="give the document's date as YYYY-MM-DD") from error
    return low - low % DAY


def _direction(t: Tokens, i: int, j: int, tense: Tense | None) -> Callable[[], Direction | None]:
    def direction() -> Direction | None:
        if tense is not None and (told := tense(t.starts[i])) is not None:
            return told
        return direction_at(t, i, j)

    return direction


def mention(resolved: Resolved, text: str, span: tuple[int, int]) -> TimeMention:
    """A mention from resolved bounds; bounds that no ISO date can write are null."""
    low, high = resolved.low, resolved.high
    if low is not None and high is not None and max(abs(low), abs(high)) > _LAST_YEAR * 365 * DAY:
        low = high = None
    return TimeMention(
        text=text,
        span=span,
        begin=None if low is None else format_instant(low),
        end=None if high is None else format_instant(high),
        granularity=resolved.granularity,
        anchor=resolved.anchor,
        approximate=resolved.approximate,
        value=resolved.value,
    )
