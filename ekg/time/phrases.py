"""Whole expressions: simple times with their modifiers, parts, clock times and ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ekg.time import dates, durations, eras, lexicon, names, numeric, openended, periods, relative, resumed, years
from ekg.time.beside import Beside, unit_beside
from ekg.time.civil import years as year_bounds
from ekg.time.clocks import Clock, clock
from ekg.time.holidays import HOLIDAY_STARTS
from ekg.time.instant import parse_iso
from ekg.time.lexicon import (
    DAY_PARTS,
    DECADES,
    MONTH_SHORT,
    MONTHS,
    ORDINALS,
    PARTS,
    SEASONS,
    SMALL,
    TENS,
    WEEKDAY_SHORT,
    WEEKDAYS,
    Part,
    words,
)
from ekg.time.numbers import ordinal
from ekg.time.parts import LastDay, Nth, PartOf, SameDay, Span, Within
from ekg.time.shifts import Deictic, Shifted
from ekg.time.tokens import DASHES, Tokens
from ekg.time.values import Fixed, Floating, Hedged, Parse, Value, date
from ekg.time.yearly import InYear, Weekday, Yearly

Rule = Callable[[Tokens, int], Parse | None]
_DIGITS: tuple[Rule, ...] = (
    numeric.iso, numeric.numeric, numeric.year_range, dates.day_month, periods.decade, periods.century, periods.quarter,
    years.era_year, relative.shifted, durations.recurring, durations.duration, years.bare_year,
)  # fmt: skip
_SPELLED: tuple[Rule, ...] = (
    dates.day_month, periods.century, periods.decade, periods.quarter, years.year_in_words, relative.shifted,
    durations.recurring, durations.duration,
)  # fmt: skip
_RULES: dict[str, tuple[Rule, ...]] = {}


def _rules(starts: Iterable[str], *rules: Rule) -> None:
    for start in starts:
        _RULES[start] = (*_RULES.get(start, ()), *rules)


_rules((*MONTHS, *MONTH_SHORT), dates.month_date)
_rules((*WEEKDAYS, *WEEKDAY_SHORT), dates.weekday_date)
_rules((*durations.SET_STARTS, *WEEKDAYS), durations.recurring)
_rules((*SMALL, *TENS, *ORDINALS), *_SPELLED)
_rules(
    words("a an another several few many some numerous multiple countless half"), relative.shifted, durations.duration
)
_rules(words("last past this next following previous preceding that these coming"), relative.deictic)
_rules(words("yesterday today tonight tomorrow last this day"), relative.day_word)
_rules(("the",), relative.day_word, relative.deictic, relative.shifted, dates.day_month, resumed.day_of_month)
_rules(("this", "that"), resumed.same_period)
_rules(("earlier", "later"), relative.so_far)
_rules(("in",), relative.in_units)
_rules(eras.ERA_STARTS, eras.named_period)
_rules(("post", "pre"), openended.apart)
_rules(("year",), years.numbered_year)
_rules((*SEASONS, "summers", "winters", "autumns"), periods.season)
_rules(HOLIDAY_STARTS, periods.feast)
_rules(("'", "’", "‘"), years.short_year)
_rules(("'", "’", "‘", *DECADES, "nineteen", "eighteen"), periods.decade)
_rules(words("ad a ce"), years.era_year)
_rules(words("q h"), periods.quarter)
_rules(words("fiscal financial fy"), periods.fiscal_year)
_rules(relative.VAGUE_STARTS, relative.vague)
_YEAR_ONE = parse_iso("0001")[0]
_DEPTH = 3
"""How deep expressions nest: "the end of the first week of May" is two deep."""
_HEDGES = frozenset(words("around about circa c approximately roughly nearly almost ca"))
_PART_STARTS = frozenset(PARTS) | {"the"}
_CLOCK_STARTS = frozenset(words("noon midday midnight half quarter a")) | frozenset(SMALL)
STARTS = frozenset(_RULES) | _PART_STARTS | _HEDGES | _CLOCK_STARTS | frozenset(DAY_PARTS) | {"from", "between"}
"""Words that an expression can start with, besides numbers."""
WEAK_STARTS = frozenset(
    words(
        "the a an in this that these last next past following previous preceding coming half every each one "
        "at some many few several multiple numerous countless various early late mid end beginning start "
        "middle opening close turn around about once c right by just until earlier later"
    )
) | frozenset((*SMALL, *TENS, *ORDINALS))
CORE = frozenset(
    (*MONTHS, *MONTH_SHORT, *WEEKDAYS, *WEEKDAY_SHORT, *SEASONS, *DAY_PARTS, *DECADES, *lexicon.UNITS)
) | frozenset(
    words(
        "now past future present moment time times ago memory term century centuries half year-end christmas "
        "easter new thanksgiving halloween holy good palm ash lent memorial labor noon midday midnight o p a "
        "pm am clock hundred thousand twenty thirty forty fifty sixty seventy eighty ninety ten eleven twelve "
        "thirteen fourteen fifteen sixteen seventeen eighteen nineteen oh yesterday today tomorrow st "
        "valentine veterans remembrance election inauguration present war wars era period ages crusades"
    )
)
"""After a weak start one of these, or a number, must follow soon."""
AFTER_NUMBER = CORE | DASHES | frozenset(words("/ . : st nd rd th s bc bce ad ce b"))
"""After a number that is no year one of these must follow soon."""


def simple(t: Tokens, i: int) -> Parse | None:
    """The longest single time at an index, without modifiers."""
    word = t.word(i)
    best: Parse | None = None
    for rule in _DIGITS if word[:1].isdigit() else _RULES.get(word, ()):
        found = rule(t, i)
        if found is not None and (best is None or found[1] > best[1]):
            best = found
    if best is not None and names.is_name(t, i, best[1]):
        return None
    return best


def time(t: Tokens, i: int, depth: int = 0) -> Parse | None:
    """The longest time at an index: a simple one, a part of one, with a time of day or a hedge; no ranges."""
    best: Parse | None = None
    for found in (_timed(t, i), _part(t, i), _nth(t, i), _hedged(t, i), _after_base(t, i, depth), _beside(t, i, depth)):
        if found is not None and (best is None or found[1] > best[1]):
            best = found
    return best


def expression(t: Tokens, i: int) -> Parse | None:
    """The longest expression at an index, ranges included; a ``from`` or ``between`` at the index is not part of it."""
    word = t.word(i)
    if word in ("from", "between"):
        return None
    left = time(t, i)
    if left is None:
        return None
    value, j = left
    before = t.word(i - 1)
    if before in _HEDGES and t.word(i - 2) in ("from", "between"):
        before = t.word(i - 2)
    if _is_point(value) and (now := openended.to_the_present(t, j)) is not None:
        return (openended.Onward(value), now) if before == "from" or t.dash(j) else left
    joined = (
        t.dash(j)
        or t.word(j) in ("to", "through", "until", "till", "thru")
        or (t.word(j) == "and" and before == "between")
    )
    if not joined or not _is_point(value):
        return left
    if t.word(j) in ("to", "until", "till") and before != "from" and not _same_kind_follows(t, i, j):
        return left
    k = j + 1 + (t.word(j + 1) in _HEDGES)
    right = _right_side(t, k, before)
    if right is None or not _is_point(right[0]) or (t.dash(j) and isinstance(right[0], (Deictic, Shifted))):
        return left
    if t.dash(j) and t.glued(j) and isinstance(right[0], (Floating,)):
        return left
    return Span(_same_era(t, i, value, right[0]), right[0]), right[1]


def _same_era(t: Tokens, i: int, left: Value, right: Value) -> Value:
    """A number on the left of a range into the years before our era is one of them: ``1200 to 400 BCE``."""
    number = t.number(i)
    if number is None or not isinstance(left, Fixed) or not isinstance(right, Fixed) or left.granularity != "year":
        return left
    if right.granularity != "year" or right.bounds is None or left.bounds is None:
        return left
    return date(1 - number) if right.bounds[0] < _YEAR_ONE < left.bounds[1] else left


def _right_side(t: Tokens, k: int, before: str) -> Parse | None:
    right = time(t, k) or (time(t, k + 1) if t.word(k) in ("in", "the", "on") else None)
    return right or _plain_year(t, k)


def _plain_year(t: Tokens, i: int, joined: bool = False) -> Parse | None:
    """A number that is a year because of the words before it, which have been read; ``mid-2015`` joins them."""
    number = t.number(i)
    if number is None or len(t.shape(i)) != 4 or not 1000 <= number <= 2100:
        return None
    if not (
        years.whole_number(t, i) or (joined and t.dash(i - 1) and not (t.glued(i + 1) and t.word(i + 1).isalnum()))
    ):
        return None
    return date(number), i + 1


def _same_kind_follows(t: Tokens, i: int, j: int) -> bool:
    """Whether both sides of a bare ``to`` are dates: ``3 May to 7 June``, ``Monday to Friday``, ``1914 to 1918``."""
    numbers = t.number(i) is not None and t.number(j + 1) is not None
    named = (t.word(i) in MONTHS or t.word(i) in WEEKDAYS) and (t.word(j + 1) in MONTHS or t.word(j + 1) in WEEKDAYS)
    return numbers or (named and t.word(j) in ("to", "through"))


def _is_point(value: Value) -> bool:
    return not isinstance(value, (Floating, Span, openended.Onward, openended.Apart)) and not (
        isinstance(value, Hedged) and isinstance(value.inner, Floating)
    )


def _timed(t: Tokens, i: int) -> Parse | None:
    """A date with a part of the day or a clock time after it, or a clock time with its date after it."""
    found = simple(t, i)
    at = clock(t, i) if t.word(i)[:1].isdigit() or t.word(i) in _CLOCK_STARTS else None
    if at is not None and (found is None or at[1] >= found[1]):
        return _clock_first(t, *at)
    if found is None:
        return None
    value, j = found
    if isinstance(value, Yearly):
        k = j + (t.word(j) in ("of", ",", "in"))
        year = relative.deictic(t, k)
        if year is not None and t.word(year[1] - 1) == "year" and isinstance(year[0], Deictic):
            value, j = InYear(value, year[0]), year[1]
    if not _is_day(value):
        return value, j
    part = t.word(j)
    if part in DAY_PARTS and not part.endswith("s") and not t.title(j + 1):
        value, j = relative.within(part, value), j + 1
    elif (part in ("early", "late") and t.word(j + 1) in ("morning", "afternoon", "evening", "night")) or (
        t.phrase(j, "in", "the") and t.word(j + 2) in ("morning", "afternoon", "evening")
    ):
        skip = 2 if part == "in" else 1
        value, j = relative.within(t.word(j + skip), value), j + skip + 1
    k = j
    k += t.word(k) == ","
    k += t.word(k) in ("at", "from", "around", "about", "by", "before", "after")
    later = clock(t, k) if k > j or t.number(k) is not None else None
    if later is not None:
        (low, high, granularity), j = later
        inner = value.inner if isinstance(value, Within) else value
        return Within(low, high, granularity, inner), j
    return value, j


def _is_day(value: Value) -> bool:
    if isinstance(value, (Weekday, Within)):
        return not (isinstance(value, Within) and value.granularity != "part_of_day")
    if isinstance(value, Deictic):
        return value.unit == "day"
    if isinstance(value, InYear):
        return value.what.granularity == "day"
    return isinstance(value, (Fixed, Yearly)) and value.granularity == "day"


def _clock_first(t: Tokens, at: Clock, j: int) -> Parse:
    """A clock time, with a date after it if there is one: ``3 p.m. on Friday``, ``9:00 yesterday``."""
    low, high, granularity = at
    k = j
    if t.phrase(k, "in", "the") and t.word(k + 2) in ("morning", "afternoon", "evening"):
        if t.word(k + 2) != "morning" and low < 12 * 3600:
            low, high = low + 12 * 3600, high + 12 * 3600
        k = j = k + 3
    k += t.word(k) == ","
    k += t.word(k) in ("on", "of")
    day = simple(t, k)
    if day is not None and _is_day(day[0]):
        inner = day[0].inner if isinstance(day[0], Within) else day[0]
        # The small hours of "last night" are the next day's.
        after_midnight = t.phrase(k, "last", "night") and low < 6 * 3600
        return Within(low, high, granularity, inner, days=int(after_midnight)), day[1]
    return Within(low, high, granularity, SameDay()), j


def _part(t: Tokens, i: int, depth: int = 0) -> Parse | None:
    """``early 2016``, ``mid-May``, ``the late 1970s``, ``the end of June``, ``the morning of 3 May``."""
    if depth > _DEPTH:
        return None
    j = i + (t.word(i) == "the")
    word = t.word(j)
    if word in DAY_PARTS:
        return _day_part_of(t, j)
    part = PARTS.get(word)
    if part is None:
        return None
    if t.phrase(j - 2, "at", "the", "end", "of", "the", "day") and not t.title(j + 4):
        return None  # "at the end of the day", all considered
    if word == "early" and t.word(j + 1) == "hours":
        return _small_hours(t, j + 2)
    if t.word(j + 1) == "of" or (word in ("beginning", "start", "end", "middle", "turn") and t.word(j + 1) == "of"):
        if part in ("early", "mid", "late"):
            return None
        inner = _modified(t, j + 2, depth + 1)
        if inner is None:
            return None
        if word == "end" and t.word(i - 1) in ("by", "until", "till"):
            return LastDay(inner[0]), inner[1]
        return PartOf(part, inner[0]), inner[1]
    if part not in ("early", "mid", "late") or word in ("earlier", "later"):
        return None
    k = j + 1
    if t.dash(k) and t.glued(k):
        k += 1
    elif t.word(k) in ("to", "-", "–") and t.word(k + 1) in ("early", "mid", "late"):
        k += 2 + (t.dash(k + 2))
    k += t.word(k) in ("in", "on")
    if t.word(k - 1) == "in" and word not in ("early", "late"):
        return None
    if t.word(k) in ("morning", "afternoon", "evening", "night") and word in ("early", "late"):
        return None
    if part in ("early", "mid", "late") and (both := _two_centuries(t, k, part)) is not None:
        return both
    inner = _modified(t, k, depth + 1)
    inner = inner or _plain_year(t, k, joined=True)
    if inner is None or not _is_point(inner[0]):
        return None
    return PartOf(part, inner[0]), inner[1]


def _two_centuries(t: Tokens, k: int, part: Part) -> Parse | None:
    """``19th and early 20th centuries`` after ``the late``."""
    first = ordinal(t, k)
    if first is None or t.word(first[1]) not in ("and", "to"):
        return None
    j = first[1] + 1 + (t.word(first[1] + 1) == "the")
    other = PARTS.get(t.word(j))
    second = ordinal(t, j + 1) if other is not None else None
    if other is None or second is None or t.word(second[1]) not in ("century", "centuries"):
        return None
    left, right = (Fixed(year_bounds((number - 1) * 100, 100), "century") for number in (first[0], second[0]))
    return Span(PartOf(part, left), PartOf(other, right)), second[1] + 1


def _small_hours(t: Tokens, k: int) -> Parse | None:
    """``of Thursday``, ``on 3 May`` after ``the early hours``."""
    day = simple(t, k + 1) if t.word(k) in ("of", "on") else None
    if day is None or not _is_day(day[0]) or isinstance(day[0], Within):
        return None
    return Within(0, 6 * 3600, "part_of_day", day[0]), day[1]


def _modified(t: Tokens, i: int, depth: int) -> Parse | None:
    """A simple time after a modifier, its article included; a bare unit is one there: ``the end of the year``."""
    found = simple(t, i)
    if found is not None and _is_point(found[0]):
        return found
    if t.word(i) == "the":
        if t.word(i + 1) in ("year", "month", "week", "decade", "century", "day") and not t.dash(i + 2):
            return Deictic(t.word(i + 1), 0), i + 2
        return simple(t, i + 1) or _nth(t, i + 1, depth)
    if (plain := _plain_year(t, i)) is not None:
        return plain
    if found is None and dates.month(t, i) is not None and t.title(i):
        m, j = dates.month(t, i) or (1, i)
        return dates.month_of(m), j
    return _nth(t, i, depth)


def _day_part_of(t: Tokens, j: int) -> Parse | None:
    """``the morning of 3 May``, ``evening of the same day``."""
    k = j + 1
    if t.word(k) not in ("of", "on"):
        return None
    k += 1
    day = simple(t, k) or (simple(t, k + 1) if t.word(k) == "the" else None)
    if day is None or not _is_day(day[0]) or isinstance(day[0], Within):
        return None
    return relative.within(t.word(j), day[0]), day[1]


def _nth(t: Tokens, i: int, depth: int = 0) -> Parse | None:
    """``the first week of June 2017``, ``the second half of the 1990s``, ``the last three months of the year``."""
    if depth > _DEPTH or (
        t.word(i) not in ("the", "last", "final") and t.word(i) not in ORDINALS and t.number(i) is None
    ):
        return None
    found = relative.ordinal_unit(t, i) or _day_number_of(t, i)
    if found is None:
        return None
    index, name, count, day, j = found
    inner = _modified(t, j, depth + 1) or _part(t, j, depth + 1)
    if inner is None or not _is_point(inner[0]):
        return None
    return Nth(index, name, inner[0], count, day), inner[1]


def _day_number_of(t: Tokens, i: int) -> tuple[int, str, int, int | None, int] | None:
    """``the 15th of this month``, ``the third of last month``, as :func:`relative.ordinal_unit` has it."""
    found = ordinal(t, i + (t.word(i) == "the"))
    if found is None or t.word(found[1]) != "of" or not 1 <= found[0] <= 31:
        return None
    j = found[1] + 1
    return (found[0], "day", 1, None, j) if t.word(j) in ("this", "last", "next") and t.word(j + 1) == "month" else None


def _hedged(t: Tokens, i: int) -> Parse | None:
    """``circa 1900``, ``c. 350 BC``: hedges that belong to the expression."""
    word = t.word(i)
    if word not in ("circa", "c", "ca"):
        return None
    j = i + 1 + (t.word(i + 1) == "." and t.glued(i + 1))
    if word in ("c", "ca") and j == i + 1:
        return None
    found = time(t, j)
    if found is None and (number := t.number(j)) is not None and 100 <= number <= 2100 and years.whole_number(t, j):
        found = date(number), j + 1
    return None if found is None or not _is_point(found[0]) else (Hedged(found[0]), found[1])


def hedge_before(t: Tokens, i: int) -> bool:
    """Whether a word before an expression makes it approximate: ``around 1900``."""
    return t.word(i - 1) in _HEDGES


def _beside(t: Tokens, i: int, depth: int) -> Parse | None:
    """``the week before Christmas``: a unit beside a time that is named."""
    found = unit_beside(t, i)
    if found is None or depth >= _DEPTH:
        return None
    unit, after, j = found
    inner = time(t, j, depth + 1) or _plain_year(t, j)
    if inner is None or not _is_point(inner[0]):
        return None
    return Beside(unit, after, inner[0]), inner[1]


def _after_base(t: Tokens, i: int, depth: int) -> Parse | None:
    """``three days after 5 May``, ``a week before Christmas``: a shift from a time that is named."""
    found = durations.counted(t, i)
    if found is None or found[0] is None or t.word(found[2]) not in ("before", "after", "from"):
        return None
    count, name, j = found
    inner = time(t, j + 1, depth + 1) if depth < _DEPTH else None
    if inner is None or not _is_point(inner[0]) or count is None:
        return None
    return Shifted(count if t.word(j) != "before" else -count, name, inner[0]), inner[1]
