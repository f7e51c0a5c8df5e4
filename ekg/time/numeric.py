"""Dates and years in digits only: ISO 8601, ``9/11/2001``, ``25.12.2016``, ``1998–99``."""

from __future__ import annotations

import re
from bisect import bisect_left

from ekg.time.civil import day_start, years
from ekg.time.instant import parse_iso
from ekg.time.tokens import Tokens
from ekg.time.values import Fixed, Parse, date
from ekg.time.years import whole_number

_ISO = re.compile(r"\d{4}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?(?![\w-]|[.,/]\d)")
_NUMERIC = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?![\w/-]|[.,]\d)")
_YEARS = re.compile(r"(\d{4})\s?[-–—/]\s?(\d{4}|\d\d)(?![\w/-]|[.,:]\d)")


def _after(t: Tokens, end: int) -> int:
    """Index of the first token that does not start before a character."""
    return bisect_left(t.starts, end)


def free(t: Tokens, i: int) -> bool:
    """Whether a number is not part of a longer one, of a code, an amount or a path."""
    return not (
        t.glued(i) and t.word(i - 1) not in ("(", "[", '"', "“", "'", "’", "‘", "–", "—", ",", ";", ":", "*", "|")
    )


def iso(t: Tokens, i: int) -> Parse | None:
    """``2016-11``, ``2016-11-09``, ``2016-11-09T15:30:00Z``."""
    match = _ISO.match(t.text, t.starts[i]) if len(t.shape(i)) == 4 and t.dash(i + 1) and free(t, i) else None
    if match is None:
        return None
    text = match.group()
    try:
        low, high = parse_iso(text)
    except ValueError:
        return (Fixed(None, "day"), _after(t, match.end())) if len(text) >= 10 else None
    granularity = ("month", "day")[text.count("-") > 1] if "T" not in text else "minute" if high - low > 1 else "second"
    return Fixed((low, high), granularity), _after(t, match.end())  # type: ignore[arg-type]  # chosen from two tuples


def numeric(t: Tokens, i: int) -> Parse | None:
    """``9/11/2001``, ``25.12.2016``, ``2016/11/09``: by validity, else month first (day first with dots)."""
    if t.number(i) is None or t.word(i + 1) not in ("/", ".", "-") or not free(t, i):
        return None
    match = _NUMERIC.match(t.text, t.starts[i])
    if match is None:
        return (date(2001, 9, 11), i + 3) if t.phrase(i, "9", "/", "11") and t.word(i + 3) != "/" else None
    a, b, c = int(match[1]), int(match[3]), int(match[4])
    end = _after(t, match.end())
    if len(match[1]) == 4:
        return (date(a, b, c), end) if match[2] != "." and len(match[4]) <= 2 else None
    if len(match[1]) > 2 or (len(match[4]) == 2 and match[2] != "/"):
        return None
    year = c if len(match[4]) == 4 else c + (2000 if c < 50 else 1900)
    orders = [(b, a), (a, b)] if match[2] == "." or t.day_first else [(a, b), (b, a)]
    for month, day in orders:
        if day_start(year, month, day) is not None:
            return date(year, month, day), end
    plausible = all(1 <= n <= 31 for n in (a, b)) and min(a, b) <= 12
    return (Fixed(None, "day"), end) if plausible else None


_OLD_YEARS = re.compile(r"(\d{3})\s?[-–—]\s?(\d{3})\)")


def _old_years(t: Tokens, i: int) -> Parse | None:
    """``(837–908)``: a life or a reign of the first millennium."""
    match = _OLD_YEARS.match(t.text, t.starts[i])
    first, last = (int(match[1]), int(match[2])) if match is not None else (0, 0)
    if match is None or not 0 < last - first <= 120:
        return None
    return Fixed(years(first, last - first + 1), "range"), _after(t, match.end()) - 1


def year_range(t: Tokens, i: int) -> Parse | None:
    """``2014-2016``, ``1998–99``, ``1975/1976``."""
    if len(t.shape(i)) == 3 and t.word(i - 1) == "(":
        return _old_years(t, i)
    if len(t.shape(i)) != 4 or t.number(i) is None or not free(t, i):
        return None
    match = _YEARS.match(t.text, t.starts[i])
    if match is None or (not whole_number(t, i) and not t.glued(i + 1)):
        return None
    first, last = int(match[1]), int(match[2])
    if len(match[2]) == 2:
        spaced = " " in match.group() and t.word(i - 1) != "(" and t.word(i - 2) not in ("c", "ca")
        if spaced or (first % 100 != last - 1 and last <= 12 and "-" in match.group()):
            return None
        last += first // 100 * 100 if last > first % 100 else (first // 100 + 1) * 100
        if last - first > 60:
            return None
    if not (1000 <= first < last <= 2100 and last - first <= 500):
        return None
    return Fixed(years(first, last - first + 1), "range"), _after(t, match.end())
