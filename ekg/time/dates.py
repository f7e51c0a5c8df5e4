"""Calendar dates in words: day and month, month and year, weekday with date."""

from __future__ import annotations

from ekg.time.civil import Bounds, day_start, months
from ekg.time.instant import DAY
from ekg.time.lexicon import AMBIGUOUS_MONTHS, CLOSED, DAY_PARTS, MONTH_SHORT, MONTHS, WEEKDAY_SHORT, WEEKDAYS
from ekg.time.numbers import ordinal
from ekg.time.numeric import free, iso, numeric
from ekg.time.parts import Span
from ekg.time.tokens import Tokens
from ekg.time.values import Floating, Parse, Value, date
from ekg.time.yearly import Postposed, Weekday, Yearly
from ekg.time.years import whole_number, year


def month(t: Tokens, i: int) -> tuple[int, int] | None:
    """A month's name or abbreviation, and the index after it and its dot."""
    word = t.word(i)
    if word in MONTHS:
        return MONTHS[word], i + 1
    if word in MONTH_SHORT and (t.title(i) or word == "sept"):
        return MONTH_SHORT[word], i + 2 if t.word(i + 1) == "." and t.glued(i + 1) else i + 1
    return None


def day_of(number: int, m: int) -> Yearly:
    """A day of a month in a year not said."""

    def bounds(y: int) -> Bounds | None:
        low = day_start(y, m, number)
        return None if low is None else (low, low + DAY)

    return Yearly(bounds, "day")


def month_of(m: int, turn: int | None = None) -> Yearly:
    """A month of a year not said."""
    return Yearly(lambda y: months(y, m), "month", turn)


def _day_number(t: Tokens, i: int, ranged: bool = False) -> tuple[int, int] | None:
    """A day of a month: ``3``, ``03``, ``3rd``, ``third``."""
    found = ordinal(t, i)
    if found is None:
        number = t.number(i)
        if number is None or len(t.shape(i)) > 2 or not (ranged or whole_number(t, i)):
            return None
        found = number, i + 1
    return found if 1 <= found[0] <= 31 else None


def _year_after(t: Tokens, i: int) -> tuple[int, int] | None:
    """A year after a date: ``2016``, ``, 2016``, ``of 2016``, ``in 2016``."""
    j = i + 1 if t.word(i) in (",", "of", "in", ".") else i
    if t.phrase(j, "the", "year"):
        j += 2
    if j == i + 1 and t.word(i) == "." and not t.glued(i):
        return None
    if j == i and len(t.shape(i)) == 3 and (number := t.number(i)) is not None and number >= 100 and t.ancient:
        return (number, i + 1) if whole_number(t, i) and not t.word(i + 1).isalpha() else None
    if (
        t.word(i) == "of"
        and (number := t.number(i + 1)) is not None
        and 100 <= number < 1000
        and whole_number(t, i + 1)
    ):
        return number, i + 2
    found = year(t, j)
    if found is None or (found[1] == j + 1 and t.number(j) is None):
        return None
    return found


_POSTPOSED: dict[str, int] = {"last": -1, "ultimo": -1, "ult": -1, "next": 1, "proximo": 1, "prox": 1}


def _postposed(t: Tokens, value: Value, j: int) -> Parse:
    """A date without a year and the ``last`` or ``next`` of old letters and laws after it."""
    turn = _POSTPOSED.get(t.word(j))
    if turn is None or not isinstance(value, Yearly) or t.word(j + 1)[:1].isalnum():
        return value, j
    return Postposed(value, turn), j + 1


def _dated(m: int, d: int | None, y: int | None) -> Value:
    if y is not None:
        return date(y, m, d)
    return month_of(m) if d is None else day_of(d, m)


def day_month(t: Tokens, i: int) -> Parse | None:
    """``9 November 2016``, ``9th of November``, ``3–5 May``, ``3 and 5 May 2016``."""
    i += t.word(i) == "the"
    first = _day_number(t, i)
    if first is None or not free(t, i):
        return None
    d, j = first
    last: int | None = None
    if t.dash(j) or t.word(j) in ("to", "/") or (t.word(j) == "and" and t.word(i - 1) == "between"):
        second = _day_number(t, j + 1, ranged=True)
        if second is None and t.word(j + 1) == "the":
            second = _day_number(t, j + 2)
        if second is not None:
            last, j = second
    of = t.word(j) == "of"
    j += of or (t.dash(j) and t.glued(j))
    found = month(t, j)
    if found is None:
        return None
    if (
        not t.title(j)
        and t.word(j) in AMBIGUOUS_MONTHS
        and not of
        and first[1] == i + 1
        and _year_after(t, j + 1) is None
    ):
        return None
    m, j = found
    if t.dash(j) and t.glued(j) and t.number(j + 1) is not None:
        j += 1
    with_year = _year_after(t, j)
    y, j = with_year if with_year is not None else (None, j)
    if last is not None and last > d:
        return Span(_dated(m, d, y), _dated(m, last, y)), j
    return _postposed(t, _dated(m, d if last is None else last, y), j)


def month_date(t: Tokens, i: int) -> Parse | None:
    """``November 9, 2016``, ``Nov. 9th``, ``May 3–5``, ``May 2017``, ``December of 384``, a bare ``November``."""
    found = month(t, i)
    if found is None:
        return None
    m, j = found
    k = j + 1 if t.word(j) == "the" else j
    first = _day_number(t, k)
    if first is not None and t.word(k) in ("second", "first", "third") and k == j and t.word(i - 1) != "on":
        first = first if year(t, first[1]) is not None else None
    if (
        first is not None
        and t.number(k) is not None
        and t.word(first[1]) in ("percent", "per", "people", "years", "million")
    ):
        first = None
    if first is None:
        with_year = _year_after(t, j)
        if with_year is not None:
            return date(with_year[0], m), with_year[1]
        return _postposed(t, month_of(m), j) if _is_month(t, i, j) else None
    if (
        not t.title(i)
        and t.word(i) in AMBIGUOUS_MONTHS
        and t.number(first[1] - 1) is not None
        and t.word(i - 1) not in ("on", "of")
    ):
        return None
    d, j = first
    last: int | None = None
    if t.dash(j) or t.word(j) in ("to", "through", "and", "&"):
        second = _day_number(t, j + 1, ranged=True)
        plain = (
            second is not None and month(t, second[1]) is None and t.word(second[1]) not in (":", "p", "a", "pm", "am")
        )
        if (
            second is not None
            and plain
            and second[0] > d
            and (t.dash(j) or _year_after(t, second[1]) or t.word(second[1]) != "of")
        ):
            last, j = second
    with_year = _year_after(t, j)
    y, j = with_year if with_year is not None else (None, j)
    if last is not None:
        return Span(_dated(m, d, y), _dated(m, last, y)), j
    return _postposed(t, _dated(m, d, y), j)


_MONTH_CUES = frozenset(
    (
        "in",
        "since",
        "until",
        "till",
        "last",
        "next",
        "this",
        "early",
        "late",
        "mid",
        "during",
        "throughout",
        "every",
        "each",
    )
)
_WEAK_CUES = frozenset(
    (
        "by",
        "from",
        "to",
        "of",
        "before",
        "after",
        "between",
        "through",
        "for",
        "and",
        "around",
        "–",
        "-",
        "—",
        "previous",
        "following",
    )
)
_TITLES = frozenset(("mrs", "ms", "mr", "miss", "theresa", "minister", "dr", "sir", "lady", "president", "pm"))


def _is_month(t: Tokens, i: int, j: int) -> bool:
    """Whether a month's name without day or year is one: ``in May``, not ``Mrs May`` or ``march``."""
    word, before = t.word(i), t.word(i - 1)
    if before == "-" and t.word(i - 2) in ("mid", "early", "late"):
        before = "mid"
    if before == "." and t.word(i - 2) in _TITLES:
        return False
    if word in MONTH_SHORT and t.shape(i).isupper() and len(word) > 1:
        return before in _MONTH_CUES
    if word in AMBIGUOUS_MONTHS or word in MONTH_SHORT:
        cued = before in _MONTH_CUES or (before in _WEAK_CUES and not t.person_may)
        if not t.title(i):
            return (
                before in _MONTH_CUES
                and word in ("may", "march", "june", "april", "august")
                and before not in ("this", "the", "last", "next")
                and _complete(t, j)
            )
        if word in ("march", "may") and before in ("the", "for"):
            return False
        if cued and word in ("april", "june", "august", "may") and t.title(j) and before in _WEAK_CUES:
            return t.word(j) in CLOSED
        return cued or (word not in ("may", "march") and _complete(t, j) and not t.title(i - 1) and not t.title(j))
    if before in _TITLES or (
        t.title(i - 1)
        and before not in CLOSED
        and not t.sentence_start(i - 1)
        and before not in MONTHS
        and before not in ("early", "late", "mid")
    ):
        return False
    return t.title(i) or before in _MONTH_CUES


def _complete(t: Tokens, j: int) -> bool:
    """Whether no noun follows that an expression would only modify."""
    word = t.word(j)
    return not word or not word[0].isalnum() or word in CLOSED or word.isdigit()


def weekday_name(t: Tokens, i: int) -> tuple[int, int] | None:
    """A weekday and the index after it; abbreviations need a capital and a sign that a day is meant."""
    word = t.word(i)
    if word in WEEKDAYS:
        return WEEKDAYS[word], i + 1
    if word not in WEEKDAY_SHORT or not t.title(i):
        return None
    j = i + 1
    dotted = t.word(j) == "." and t.glued(j)
    k = j + dotted + (t.word(j + dotted) == ",")
    dated = month(t, k) is not None or (
        (n := _day_number(t, k)) is not None and month(t, n[1] + (t.word(n[1]) == "of")) is not None
    )
    if (
        dated
        or (dotted and t.word(i - 1) in ("on", "last", "next", "this") and word not in ("sun", "sat"))
        or word in ("tues", "thurs")
    ):
        return WEEKDAY_SHORT[word], j + dotted
    if t.word(i - 1) in ("on", "last", "next", "this") and word != "sun" and _complete(t, j + dotted):
        return WEEKDAY_SHORT[word], j + dotted
    return None


def weekday_date(t: Tokens, i: int) -> Parse | None:
    """``Tuesday``, ``Tuesday, November 8, 2016``, ``Monday 14th``: a date in it decides, the weekday is not checked."""
    found = weekday_name(t, i)
    if found is None:
        return None
    d, j = found
    k = j + 1 if t.word(j) in (",", "(") else j
    k += t.word(k) == "the"
    dated = month_date(t, k) if month(t, k) is not None else day_month(t, k)
    if dated is None:
        dated = numeric(t, k) or iso(t, k) if t.number(k) is not None else None
    if dated is not None and not (isinstance(dated[0], Yearly) and dated[0].granularity == "month"):
        return dated
    if t.word(i - 1) in ("a", "another") and not t.glued(i - 1) and _complete(t, j + (t.word(j) in DAY_PARTS)):
        return Floating("day"), j + (t.word(j) in DAY_PARTS)
    return Weekday(d), j
