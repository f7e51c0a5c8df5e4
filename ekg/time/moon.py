"""Feasts of the new moon: the lunar new year of China and Diwali.

New moons after Jean Meeus, "Astronomical Algorithms", 1991, chapter 47, with the larger periodic terms (minutes of
error in this age); the December solstice after chapter 26 without its periodic terms. The Chinese month that holds the
solstice is the eleventh, so the year begins with the second new moon after it, in Beijing's time; a leap month before
it is told by its falling before 21 January. Diwali is the day on whose evening in India the old moon's last day is.
"""

from __future__ import annotations

from math import floor, radians, sin

from ekg.time.civil import Bounds
from ekg.time.instant import DAY, days_from_civil

_EPOCH = 2_440_587.5
"""Julian date of 1970-01-01T00:00Z."""
_MONTH = 29.530588861
_BEIJING = 8 / 24
_SUNSET = 0.5
"""Sunset in India in universal time, as a part of the day."""


def _new_moon(number: int) -> float:
    """Days since 1970 of a new moon, counted from that of 6 January 2000 (dynamical time, a minute off universal)."""
    century = number / 1236.85
    sun = radians(2.5534 + 29.10535669 * number)
    moon = radians(201.5643 + 385.81693528 * number)
    node = radians(160.7108 + 390.67050274 * number)
    correction = (
        -0.40720 * sin(moon)
        + 0.17241 * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * node)
        + 0.00739 * sin(moon - sun)
        - 0.00514 * sin(moon + sun)
        + 0.00208 * sin(2 * sun)
    )
    return 2_451_550.09765 + _MONTH * number + 0.0001337 * century * century + correction - _EPOCH


def _first_from(day: float) -> int:
    """Number of the first new moon at or after so many days since 1970."""
    number = floor((day + _EPOCH - 2_451_550.09765) / _MONTH) - 1
    while _new_moon(number) < day:
        number += 1
    return number


def lunar_new_year(year: int) -> Bounds:
    """The first day of the Chinese year that begins in a Gregorian one.

    >>> from ekg.time.civil import civil
    >>> civil(lunar_new_year(2017)[0])
    (2017, 1, 28)
    """
    span = (year - 2001) / 1000
    solstice = 2_451_900.05952 + 365_242.74049 * span - 0.06223 * span * span - _EPOCH
    # The eleventh month began with the last new moon up to the solstice's day, as days are counted in Beijing.
    eleventh = _first_from(floor(solstice + _BEIJING) + 1 - _BEIJING) - 1
    day = floor(_new_moon(eleventh + 2) + _BEIJING)
    if day < days_from_civil(year, 1, 21):
        day = floor(_new_moon(eleventh + 3) + _BEIJING)
    return day * DAY, (day + 1) * DAY


def diwali(year: int) -> Bounds:
    """Its main day, in October or November.

    >>> from ekg.time.civil import civil
    >>> civil(diwali(2016)[0])
    (2016, 10, 30)
    """
    number = _first_from(days_from_civil(year, 10, 17) + _SUNSET)
    day = floor(_new_moon(number) - _SUNSET)
    return day * DAY, (day + 1) * DAY
