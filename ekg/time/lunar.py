"""Feasts of the Islamic, the Jewish and the Orthodox calendar, by arithmetic.

The Islamic dates are those of the tabular calendar (civil epoch, leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29
of 30): the sighted moon differs by a day or so, which is why they are approximate. The Jewish calendar is arithmetic by
law. Edward M. Reingold and Nachum Dershowitz, "Calendrical Calculations", 2018, chapters 7, 8 and 9.
"""

from __future__ import annotations

from ekg.time.civil import Bounds, civil
from ekg.time.instant import DAY, days_from_civil

_ISLAMIC_EPOCH = -492_148
_HEBREW_EPOCH = -2_092_590


def islamic(year: int, month: int, day: int = 1) -> int:
    """Days since 1970-01-01 of a date of the tabular Islamic calendar.

    >>> civil(islamic(1437, 9) * DAY)
    (2016, 6, 7)
    """
    past = (year - 1) * 354 + (3 + 11 * year) // 30
    return _ISLAMIC_EPOCH + past + 29 * (month - 1) + month // 2 + day - 1


def in_islamic(month: int, day: int, count: int, year: int) -> Bounds | None:
    """So many days from a day of an Islamic month on, in a Gregorian year (the first such in it)."""
    guess = (year - 622) * 33 // 32
    for candidate in range(guess - 1, guess + 4):
        first = islamic(candidate, month, day)
        if civil(first * DAY)[0] == year:
            return first * DAY, (first + count) * DAY
    return None


def islamic_month(month: int, year: int) -> Bounds | None:
    """Bounds of an Islamic month that begins in a Gregorian year."""
    return in_islamic(month, 1, 30 if month % 2 else 29, year)


def _elapsed(year: int) -> int:
    """Days from the Hebrew epoch to the new year, before the one delay that looks at the next years."""
    months = (235 * year - 234) // 19
    parts = 12_084 + 13_753 * months
    day = 29 * months + parts // 25_920
    return day + 1 if 3 * (day + 1) % 7 < 3 else day


def hebrew_new_year(year: int) -> int:
    """Days since 1970-01-01 of 1 Tishri of a year of the Hebrew calendar.

    >>> civil(hebrew_new_year(5777) * DAY)
    (2016, 10, 3)
    """
    before, own, after = _elapsed(year - 1), _elapsed(year), _elapsed(year + 1)
    delay = 2 if after - own == 356 else 1 if own - before == 382 else 0
    return _HEBREW_EPOCH + own + delay


def after_new_year(offset: int, count: int, year: int) -> Bounds:
    """So many days, an offset after the Hebrew new year that falls in a Gregorian year."""
    first = hebrew_new_year(year + 3761) + offset
    return first * DAY, (first + count) * DAY


def passover(year: int) -> Bounds:
    """Eight days from 15 Nisan, which is 163 days before the next new year."""
    first = hebrew_new_year(year + 3761) - 163
    return first * DAY, (first + 8) * DAY


def hanukkah(year: int) -> Bounds:
    """Eight days from 25 Kislev; the length of the year decides how long the month before is."""
    start, end = hebrew_new_year(year + 3761), hebrew_new_year(year + 3762)
    first = start + (84 if (end - start) % 10 == 5 else 83)
    return first * DAY, (first + 8) * DAY


def orthodox_easter(year: int) -> Bounds:
    """Easter Sunday of the Julian computus (Meeus, "Astronomical Algorithms", 1991), in the Gregorian calendar.

    >>> civil(orthodox_easter(2016)[0])
    (2016, 5, 1)
    """
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    low = (days_from_civil(year, month, day + 1) + year // 100 - year // 400 - 2) * DAY
    return low, low + DAY
