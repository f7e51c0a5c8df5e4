"""Calendar arithmetic in seconds since 1970-01-01T00:00Z: units, shifts, movable feasts. Weeks start on Monday."""

from __future__ import annotations

from ekg.time.instant import DAY, civil_from_days, days_from_civil, days_in_month

SECONDS: dict[str, int] = {"second": 1, "minute": 60, "hour": 3600, "day": DAY, "week": 7 * DAY, "fortnight": 14 * DAY}
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200,
                          "millennium": 12_000}  # fmt: skip
Bounds = tuple[int, int]


def civil(seconds: int) -> tuple[int, int, int]:
    """Year, month and day of an instant."""
    return civil_from_days(seconds // DAY)


def weekday(seconds: int) -> int:
    """Day of the week of an instant, Monday is 0."""
    return (seconds // DAY + 3) % 7


def day_start(year: int, month: int, day: int) -> int | None:
    """First second of a day, None if the day does not exist."""
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return days_from_civil(year, month, day) * DAY


def month_start(year: int, month: int) -> int:
    """First second of a month; months outside 1-12 carry into other years."""
    carry, index = divmod(month - 1, 12)
    return days_from_civil(year + carry, index + 1, 1) * DAY


def months(year: int, month: int, count: int = 1) -> Bounds:
    """Bounds of ``count`` months from a month on."""
    return month_start(year, month), month_start(year, month + count)


def years(first: int, count: int = 1) -> Bounds:
    """Bounds of ``count`` years from a year on."""
    return month_start(first, 1), month_start(first + count, 1)


def unit_bounds(seconds: int, unit: str) -> Bounds:
    """Bounds of the calendar unit around an instant; a weekend is the one of the instant's week."""
    if unit in ("second", "minute", "hour", "day"):
        low = seconds - seconds % SECONDS[unit]
        return low, low + SECONDS[unit]
    monday = seconds - seconds % DAY - weekday(seconds) * DAY
    if unit in ("week", "fortnight"):
        return monday, monday + SECONDS[unit]
    if unit == "weekend":
        return monday + 5 * DAY, monday + 7 * DAY
    year, month, _ = civil(seconds)
    size = MONTHS[unit]
    first = (year * 12 + month - 1) // size * size
    return months(first // 12, first % 12 + 1, size)


def shift(seconds: int, unit: str, count: int) -> int:
    """An instant moved by a number of units; the day is clipped to the length of the month it lands in.

    >>> civil(shift(0, "month", 13))
    (1971, 2, 1)
    """
    if unit == "weekend":
        unit = "week"
    if unit in SECONDS:
        return seconds + count * SECONDS[unit]
    year, month, day = civil(seconds)
    index = year * 12 + month - 1 + count * MONTHS[unit]
    year, month = index // 12, index % 12 + 1
    return days_from_civil(year, month, min(day, days_in_month(year, month))) * DAY + seconds % DAY


def nth_weekday(year: int, month: int, day_of_week: int, nth: int) -> int:
    """First second of the nth (from 1; -1 is the last) given weekday of a month."""
    if nth > 0:
        first = month_start(year, month)
        return first + ((day_of_week - weekday(first)) % 7 + 7 * (nth - 1)) * DAY
    last = month_start(year, month + 1) - DAY
    return last - ((weekday(last) - day_of_week) % 7 + 7 * (-nth - 1)) * DAY


def easter(year: int) -> int:
    """First second of Easter Sunday (Gregorian computus of Meeus, Jones and Butcher, "Astronomical Algorithms", 1991).

    >>> civil(easter(2016))
    (2016, 3, 27)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekly = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekly) // 451
    month, day = divmod(h + weekly - 7 * m + 114, 31)
    return days_from_civil(year, month, day + 1) * DAY
