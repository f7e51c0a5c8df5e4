"""English words of time."""

from __future__ import annotations

from typing import Literal


def words(text: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(text.split())


def _numbered(text: str, first: int) -> dict[str, int]:
    return {name: value for value, name in enumerate(words(text), first)}


MONTHS = _numbered("january february march april may june july august september october november december", 1)
MONTH_SHORT: dict[str, int] = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
AMBIGUOUS_MONTHS = frozenset({"may", "march", "april", "june", "august", "mar", "jan", "jun"})
"""Months that are also words or given names: these need a sign that a time is meant."""

WEEKDAYS = _numbered("monday tuesday wednesday thursday friday saturday sunday", 0)
WEEKDAY_SHORT: dict[str, int] = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip

SEASONS: dict[str, int] = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of the meteorological season of the northern hemisphere; winter runs into the next year."""

UNITS: dict[str, str] = {
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "weekend": "weekend",
    "fortnight": "fortnight", "month": "month", "quarter": "quarter", "year": "year", "decade": "decade",
    "century": "century", "centuries": "century", "millennium": "millennium", "millennia": "millennium", "night": "day",
    "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "yr": "year", "yrs": "year", "sec": "second",
    "secs": "second", "season": "season",
}  # fmt: skip
UNITS |= {f"{name}s": unit for name, unit in list(UNITS.items()) if not name.endswith("s") and name != "century"}
SCALE: dict[str, str] = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "week": "W", "weekend": "WE", "fortnight": "W", "month": "M",
    "quarter": "M", "year": "Y", "decade": "Y", "century": "Y", "millennium": "Y", "season": "Y",
}  # fmt: skip

DAY_PARTS: dict[str, tuple[int, int]] = {
    "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24), "lunchtime": (12, 14),
    "dawn": (5, 7), "dusk": (18, 20), "sunrise": (5, 7), "sunset": (18, 20), "breakfast": (7, 9),
}  # fmt: skip
"""Hours of the local day that a part of the day stands for; a night is kept within the day that names it."""
DAY_PARTS |= {f"{name}s": hours for name, hours in list(DAY_PARTS.items())}

Part = Literal["early", "mid", "late", "start", "middle", "end"]
PARTS: dict[str, Part] = {
    "early": "early", "mid": "mid", "late": "late", "beginning": "start", "start": "start", "opening": "start",
    "middle": "middle", "end": "end", "close": "end", "earlier": "early", "later": "late", "turn": "start",
}  # fmt: skip

SMALL = _numbered(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    0,
)
TENS: dict[str, int] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth",
    1,
) | {"thirtieth": 30}
DECADES: dict[str, int] = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip

_VAGUE = (
    "now, right now, until now, just now, by now, currently, at present, at the moment, nowadays, these days, "
    "recently, lately, at the time, at that time, the past, the future, in the past, in the future, the present, "
    "the near future, the present day, soon, shortly, one day, some day, someday, once upon a time, the other day, "
    "in those days, long ago, years ago, months ago, weeks ago, days ago, hours ago, minutes ago, moments ago, "
    "decades ago, centuries ago, recent times, recent memory, recent years, recent months, recent weeks, "
    "recent days, recent decades, coming years, coming months, coming weeks, coming days, the coming days, "
    "the coming weeks, the coming months, the coming years, the days ahead, the weeks ahead, the months ahead, "
    "the years ahead"
)
VAGUE = tuple(words(phrase) for phrase in _VAGUE.split(","))
"""Expressions that say when without bounds."""

PREPOSITIONS = frozenset(
    words(
        "in on at by since until till before after during from to of between throughout through around about "
        "circa towards toward over within as for ahead prior and or"
    )
)
CLOSED = PREPOSITIONS | frozenset(
    words(
        "the a an this that these those he she it we they i you his her its their our my who which when where "
        "while but because if so than then is was are were be been being has have had do did does will would "
        "can could may might should must not there here what with without into onto under against up down out "
        "off also just only all both more most said says say told n ago later earlier alone s"
    )
)
"""Words that a noun phrase does not go on with: before one of them, or a sign, an expression is complete."""
