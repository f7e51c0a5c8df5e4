"""Dates of publication as sources write them, to ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ekg.time import parse_iso

_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?(?P<z>Z)?)?")
_DATETIME = re.compile(
    r"(?P<date>[+-]?\d{4,6}-\d\d-\d\d)(?:[T ]+(?P<clock>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^[^\S\n]*[A-Z]{2}[A-Z .'’/-]{1,40}(?:, [A-Z][A-Za-z. ]{1,25})?,? "
    r"(?P<date>(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    r"(?:\d{1,2} [A-Z][a-z]{2,8}\.?|[A-Z][a-z]{2,8}\.? \d{1,2}),? \d{4}) ?(?=\([A-Z]|[—–]|-{1,2} )",
    re.MULTILINE,
)
_DATELINE_WITHIN = 1000
_SLASHED = re.compile(r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?P<rest>[T ].*)?")
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = tuple(_MONTH_NAMES.split())
_DAY_FIRST = re.compile(r"(?:[A-Za-z]+,? )?(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<m>[A-Za-z]+)\.?,? (?P<y>\d{4})")
_MONTH_FIRST = re.compile(r"(?:[A-Za-z]+,? )?(?P<m>[A-Za-z]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})")


def normalise_date(value: object) -> str:
    """ISO date or date-time of a date as found in records and pages; a UTC offset is kept, fractions are dropped.

    ISO, RFC 2822, ``20161108``, ``2016/11/08``, written-out months, and seconds or milliseconds since 1970 are
    read. Midnight without a zone is a date: exporters write it where they know no time. Purely numeric dates
    with the year last are refused, since nobody can tell the day from the month.

    Raises:
        ValueError: not a date, or one that does not exist.

    >>> [normalise_date(d) for d in ("Tue, 08 Nov 2016 10:00:00 GMT", "20161108", "2016-11-08T23:00:00.000-0500")]
    ['2016-11-08T10:00:00Z', '2016-11-08', '2016-11-08T23:00:00-05:00']
    >>> [normalise_date(d) for d in ("2017-09-15T00:00:00", "November 8, 2016", 1478599200)]
    ['2017-09-15', '2016-11-08', '2016-11-08T10:00:00Z']
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} is not a date")
    text = " ".join(str(value).split())
    if re.fullmatch(r"\d{9,11}(\.\d+)?|\d{13}", text):
        return _epoch(float(text))
    return _checked(_iso_form(text))


def dateline(text: str) -> tuple[str, str] | None:
    """ISO date and wording of a dateline with a full date near the beginning of an article, None if there is none.

    >>> dateline("Strike ends\\n\\nPORT ELLERY, Tuesday, 8 April 2025 — Dockers went back.")
    ('2025-04-08', 'PORT ELLERY, Tuesday, 8 April 2025')
    """
    for match in _DATELINE.finditer(text[:_DATELINE_WITHIN]):
        try:
            return normalise_date(match["date"]), match[0].rstrip(" (—–-")
        except ValueError:
            continue
    return None


def _epoch(seconds: float) -> str:
    if seconds > 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _iso_form(text: str) -> str:
    if match := _COMPACT.fullmatch(text):
        clock = f"T{match['H']}:{match['M']}:{match['S'] or '00'}{match['z'] or ''}" if match["H"] else ""
        return f"{match['y']}-{match['m']}-{match['d']}{clock}"
    if match := _SLASHED.fullmatch(text):
        text = f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}{match['rest'] or ''}"
    if match := _DATETIME.fullmatch(text):
        if not match["clock"]:
            return match["date"]
        return f"{match['date']}T{match['clock']}{_zone(match['zone'])}"
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        if (match := pattern.fullmatch(text)) and (month := _month(match["m"])):
            return f"{match['y']}-{month:02}-{int(match['d']):02}"
    if re.match(r"(?:[A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3,9} \d{4} \d\d:\d\d", text):
        return parsedate_to_datetime(text).isoformat().replace("+00:00", "Z")
    return text


def _month(name: str) -> int | None:
    """Number of a month by its English name or an abbreviation of at least three letters."""
    matches = [n for n, month in enumerate(_MONTHS, start=1) if len(name) >= 3 and month.startswith(name.lower())]
    return matches[0] if matches else None


def _zone(zone: str | None) -> str:
    if zone is None:
        return ""
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return "Z"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return "Z" if digits == "0000" else f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _checked(text: str) -> str:
    parse_iso(text)
    zone = text[19:]
    if zone[:1] in {"+", "-"} and (int(zone[1:3]) > 14 or int(zone[4:6]) > 59):
        raise ValueError(f"'{text}' has no such UTC offset")
    return text[:-9] if text.endswith("T00:00:00") else text
