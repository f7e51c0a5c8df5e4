"""EDTF (Library of Congress, 2019; ISO 8601-2) in and out: level 0 and the useful part of levels 1 and 2.

An interval that is exactly a calendar unit is written as that unit, any other one with two bounds, both inclusive as
EDTF has it. ``..`` and an empty bound both mean "open or unknown" here. Anchor and text are not part of the notation.
"""

from __future__ import annotations

import re

from ekg.errors import DataError
from ekg.time.civil import civil, months, unit_bounds, years
from ekg.time.instant import DAY, format_instant, parse_iso
from ekg.time.interval import Granularity, TimeInterval

_DATE = re.compile(
    r"(?P<year>[+-]?\d{4,6})(?:-(?P<month>\d\d)(?:-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d(?::?\d\d)?)?)?)?)?"
)
_MASKED_YEAR = re.compile(r"(-?)(\d{1,3})(X{1,3})")
_MASKED_DAY = re.compile(r"(-?\d{4})-XX(?:-XX)?|(-?\d{4}-\d\d)-XX")
_LONG_YEAR = re.compile(r"Y(-?\d{1,6})(?:[Ee](\d))?")
_MASK_UNIT: dict[int, Granularity] = {1: "decade", 2: "century", 3: "millennium"}
_SUB_YEAR: dict[int, tuple[Granularity, int, int]] = {
    **{code: ("season", 3 * (code - 21) + 3, 3) for code in range(21, 25)},
    **{code: ("quarter", 3 * (code - 33) + 1, 3) for code in range(33, 37)},
    **{code: ("half", 6 * (code - 40) + 1, 6) for code in (40, 41)},
}
"""EDTF codes: granularity, first month, number of months. Seasons are the northern, meteorological ones."""


def from_edtf(text: str) -> TimeInterval:
    """The interval that an EDTF date, season, masked date or interval stands for.

    Raises:
        DataError: the text is no EDTF that is supported here (sets of dates and exponents beyond six digits are not),
            or names a date that does not exist.

    >>> from_edtf("198X").begin, from_edtf("1984~").approximate, from_edtf("../1985").end
    ('1980-01-01', True, '1986-01-01')
    """
    plain = re.sub(r"[?~%]", "", text.strip())
    approximate = plain != text.strip()
    if plain.count("/") > 1:
        raise DataError(f"'{text}' has more than one '/'", hint="an EDTF interval is BEGIN/END, either may be '..'")
    first, slash, last = plain.partition("/")
    low, high = _span(first, text), _span(last, text) if slash else None
    if not slash and low is None:
        raise DataError(f"'{text}' is not an EDTF date", hint="an open interval is written BEGIN/.. or ../END")
    granularity: Granularity = "range" if low is None or slash else low[2]
    if slash:
        bounds = (low and low[0], high and high[1])
        if bounds[0] is not None and bounds[1] is not None and bounds[0] >= bounds[1]:
            raise DataError(f"'{text}': the interval ends before it begins")
    else:
        bounds = low[:2] if low else (None, None)
    return TimeInterval.from_bounds(*bounds, granularity=granularity, approximate=approximate, anchor="text", text=text)


def to_edtf(interval: TimeInterval) -> str:
    """The EDTF form of an interval: the calendar unit it covers exactly, or two inclusive bounds.

    Raises:
        DataError: the interval is empty, which EDTF cannot say.

    >>> to_edtf(TimeInterval.of("2016-11")), to_edtf(TimeInterval(begin="2016-05-03", end="2016-05-06"))
    ('2016-11', '2016-05-03/2016-05-05')
    """
    low, high = interval.bounds()
    mark = "~" if interval.approximate else ""
    if low is not None and high is not None:
        if low == high:
            raise DataError(f"the interval from {interval.begin} to {interval.end} is empty and has no EDTF form")
        unit = _unit(low, high)
        if unit:
            return unit + mark
    form = _precision(low, high)
    first = ".." if low is None else _date(low, form) + mark
    last = ".." if high is None else _date(high - 1, form) + mark
    return f"{first}/{last}"


def _span(part: str, whole: str) -> tuple[int, int, Granularity] | None:
    """Bounds and granularity of one side of an interval, None where it is open."""
    part = part.strip()
    if part in ("", ".."):
        return None
    if match := _LONG_YEAR.fullmatch(part):
        year = int(match[1]) * 10 ** int(match[2] or 0)
        if abs(year) > 999_998:
            raise DataError(f"'{whole}': years beyond 999998 are not supported")
        return *years(year), "year"
    if (match := _MASKED_YEAR.fullmatch(part)) and len(match[2]) + len(match[3]) == 4:
        size = 10 ** len(match[3])
        first = int(match[2]) * size
        return *years(-first - size + 1 if match[1] else first, size), _MASK_UNIT[len(match[3])]
    if match := _MASKED_DAY.fullmatch(part):
        part = match[1] or match[2]
    match = _DATE.fullmatch(part)
    if match is None:
        raise DataError(f"'{whole}' is not an EDTF date", hint="for example 1984, 1984-06~, 198X, 2001-21 or 1984/..")
    code = int(match["month"] or 0)
    if code in _SUB_YEAR and match.end("month") == len(part):
        granularity, month, count = _SUB_YEAR[code]
        return *months(int(match["year"]), month, count), granularity
    try:
        low, high = parse_iso(part)
    except ValueError as error:
        raise DataError(str(error)) from error
    unit: Granularity = "second" if "T" in part else ("year", "month", "day")[part.lstrip("+-").count("-")]
    return low, high, unit


def _unit(low: int, high: int) -> str | None:
    """The calendar unit that two bounds cover exactly, if EDTF has a name for it."""
    year, month, _ = civil(low)
    if high - low == 1:
        return _date(low, "second")
    if low % DAY or high % DAY:
        return None
    for unit in ("day", "month", "year"):
        if unit_bounds(low, unit) == (low, high):
            return _date(low, unit)
    for code, (_, first, count) in _SUB_YEAR.items():
        if 1000 <= year <= 9999 and month == (first - 1) % 12 + 1 and months(year, month, count) == (low, high):
            return f"{year}-{code}"
    for size in (1, 2, 3):
        if 1000 <= year <= 9999 and years(year, 10**size) == (low, high) and year % 10**size == 0:
            return str(year)[:-size] + "X" * size
    return None


def _precision(low: int | None, high: int | None) -> str:
    """The coarsest unit that both bounds are whole in."""
    bounds = [bound for bound in (low, high) if bound is not None]
    for unit in ("year", "month", "day"):
        if all(unit_bounds(bound, unit)[0] == bound for bound in bounds):
            return unit
    return "second"


def _date(seconds: int, unit: str) -> str:
    """The calendar unit around an instant in EDTF."""
    year, month, day = civil(seconds)
    if unit == "second":
        rest = format_instant(seconds)
        return rest if "T" in rest else f"{rest}T00:00:00"
    if unit == "year" and abs(year) > 9999:
        return f"Y{year}"
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    text = f"{sign}{abs(year):04}"
    return text if unit == "year" else f"{text}-{month:02}" if unit == "month" else f"{text}-{month:02}-{day:02}"
