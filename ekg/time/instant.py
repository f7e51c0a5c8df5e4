"""ISO 8601 dates and date-times as integers, for any year, BCE included.

Python's ``datetime`` stops at year 1, so days are counted here with the proleptic Gregorian calendar
(Howard Hinnant, "chrono-compatible low-level date algorithms", 2013). Year 0 is 1 BCE, as in ISO 8601.
"""

from __future__ import annotations

import re

DAY = 86_400
_ISO = re.compile(
    r"(?P<year>[+-]?\d{4,6})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?"
)


def is_leap(year: int) -> bool:
    """Whether a Gregorian year has 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Length of a month in days."""
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days since 1970-01-01."""
    days += 719_468
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    mp = (5 * day_of_year + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * mp + 2) // 5 + 1


def parse_iso(text: str) -> tuple[int, int]:
    """First second and second after the last of an ISO year, month, day or date-time, since 1970-01-01T00:00Z.

    A time without a zone is taken as UTC. Fractions of a second are dropped.

    Raises:
        ValueError: the text is not ISO 8601, or names a day or time that does not exist.

    >>> parse_iso("1970-01") == (0, 31 * DAY)
    True
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not an ISO 8601 date (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss])")
    year, month, day = int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    if match["month"] is None:
        return days_from_civil(year, 1, 1) * DAY, days_from_civil(year + 1, 1, 1) * DAY
    if not 1 <= month <= 12:
        raise ValueError(f"'{text}' has no month {month}")
    if match["day"] is None:
        first = days_from_civil(year, month, 1)
        return first * DAY, (first + days_in_month(year, month)) * DAY
    if not 1 <= day <= days_in_month(year, month):
        raise ValueError(f"'{text}': {year}-{month:02} has no day {day}")
    start = days_from_civil(year, month, day) * DAY
    if match["hour"] is None:
        return start, start + DAY
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError(f"'{text}' has no such time of day")
    start += hour * 3600 + minute * 60 + min(second, 59)
    if match["zone"] and match["zone"] != "Z":
        sign = -1 if match["zone"][0] == "-" else 1
        digits = match["zone"][1:].replace(":", "")
        start -= sign * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)
    return start, start + (1 if match["second"] else 60)


def format_instant(seconds: int) -> str:
    """ISO date of an instant, or date-time where it is not midnight.

    >>> format_instant(0), format_instant(60), format_instant(-62198755200)
    ('1970-01-01', '1970-01-01T00:01:00', '-0001-01-01')
    """
    days, rest = divmod(seconds, DAY)
    year, month, day = civil_from_days(days)
    sign = "-" if year < 0 else ("+" if year > 9999 else "")
    date = f"{sign}{abs(year):04}-{month:02}-{day:02}"
    return f"{date}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}" if rest else date
