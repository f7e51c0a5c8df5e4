"""Holidays and feasts with fixed or computable dates (churches, Islam, Judaism, moon, United States, Britain)."""

from __future__ import annotations

from collections.abc import Callable

from ekg.time.civil import Bounds, day_start, easter, nth_weekday
from ekg.time.instant import DAY
from ekg.time.interval import Granularity
from ekg.time.lexicon import CLOSED
from ekg.time.lunar import after_new_year, hanukkah, in_islamic, islamic_month, orthodox_easter, passover
from ekg.time.moon import diwali, lunar_new_year
from ekg.time.tokens import Tokens
from ekg.time.yearly import Yearly

_Rule = Callable[[int], Bounds | None]


def _fixed(month: int, day: int) -> _Rule:
    def bounds(year: int) -> Bounds | None:
        low = day_start(year, month, day)
        return None if low is None else (low, low + DAY)

    return bounds


def _nth(month: int, weekday: int, nth: int, offset: int = 0) -> _Rule:
    def bounds(year: int) -> Bounds:
        low = nth_weekday(year, month, weekday, nth) + offset * DAY
        return low, low + DAY

    return bounds


def _easter(first: int, count: int = 1) -> _Rule:
    def bounds(year: int) -> Bounds:
        low = easter(year) + first * DAY
        return low, low + count * DAY

    return bounds


def _islamic(month: int, day: int, count: int = 1) -> _Rule:
    return lambda year: in_islamic(month, day, count, year)


_RULES: dict[str, _Rule] = {
    "christmas": _fixed(12, 25), "christmas day": _fixed(12, 25), "xmas": _fixed(12, 25), "xmas day": _fixed(12, 25),
    "christmas eve": _fixed(12, 24), "boxing day": _fixed(12, 26), "new year s eve": _fixed(12, 31),
    "new year s day": _fixed(1, 1), "new years eve": _fixed(12, 31), "new years day": _fixed(1, 1),
    "new year s": _fixed(1, 1), "valentine s day": _fixed(2, 14), "valentines day": _fixed(2, 14),
    "st patrick s day": _fixed(3, 17), "april fools day": _fixed(4, 1), "april fool s day": _fixed(4, 1),
    "may day": _fixed(5, 1), "halloween": _fixed(10, 31), "all saints day": _fixed(11, 1),
    "guy fawkes night": _fixed(11, 5), "bonfire night": _fixed(11, 5), "veterans day": _fixed(11, 11),
    "armistice day": _fixed(11, 11), "remembrance day": _fixed(11, 11), "anzac day": _fixed(4, 25),
    "bastille day": _fixed(7, 14), "canada day": _fixed(7, 1), "australia day": _fixed(1, 26),
    "earth day": _fixed(4, 22), "groundhog day": _fixed(2, 2), "juneteenth": _fixed(6, 19),
    "fourth of july": _fixed(7, 4), "international women s day": _fixed(3, 8), "twelfth night": _fixed(1, 5),
    "ash wednesday": _easter(-46), "lent": _easter(-46, 46), "palm sunday": _easter(-7), "holy week": _easter(-7, 7),
    "maundy thursday": _easter(-3), "good friday": _easter(-2), "easter": _easter(0), "easter sunday": _easter(0),
    "easter monday": _easter(1), "easter weekend": _easter(-2, 4), "whit monday": _easter(50), "pentecost": _easter(49),
    "ascension day": _easter(39), "shrove tuesday": _easter(-47), "mardi gras": _easter(-47),
    "thanksgiving": _nth(11, 3, 4), "thanksgiving day": _nth(11, 3, 4), "memorial day": _nth(5, 0, -1),
    "labor day": _nth(9, 0, 1), "columbus day": _nth(10, 0, 2), "presidents day": _nth(2, 0, 3),
    "martin luther king day": _nth(1, 0, 3), "mother s day": _nth(5, 6, 2), "father s day": _nth(6, 6, 3),
    "remembrance sunday": _nth(11, 6, 2), "election day": _nth(11, 0, 1, 1), "inauguration day": _fixed(1, 20),
    "orthodox easter": orthodox_easter, "orthodox christmas": _fixed(1, 7), "passover": passover, "hanukkah": hanukkah,
    "chanukah": hanukkah, "rosh hashanah": lambda year: after_new_year(0, 2, year),
    "yom kippur": lambda year: after_new_year(9, 1, year), "sukkot": lambda year: after_new_year(14, 7, year),
    "guy fawkes day": _fixed(11, 5), "independence day": _fixed(7, 4), "cinco de mayo": _fixed(5, 5),
    "pearl harbor day": _fixed(12, 7), "st george s day": _fixed(4, 23), "st andrew s day": _fixed(11, 30),
    "st david s day": _fixed(3, 1), "all souls day": _fixed(11, 2),
    "martin luther king jr day": _nth(1, 0, 3),
}  # fmt: skip
_SIGHTED: dict[str, _Rule] = {
    "ramadan": lambda year: islamic_month(9, year), "ramzan": lambda year: islamic_month(9, year),
    "eid al fitr": _islamic(10, 1, 3), "eid ul fitr": _islamic(10, 1, 3), "eid al adha": _islamic(12, 10, 4),
    "eid ul adha": _islamic(12, 10, 4), "ashura": _islamic(1, 10), "mawlid": _islamic(3, 12),
    "diwali": diwali, "deepavali": diwali,
    "lunar new year": lunar_new_year, "chinese new year": lunar_new_year, "spring festival": lunar_new_year,
}  # fmt: skip
"""Feasts whose day the moon decides: computed, so approximate."""
_LONG: dict[str, Granularity] = {
    "holy week": "week", "ramadan": "month", "ramzan": "month", "lent": "range", "passover": "range",
    "hanukkah": "range", "chanukah": "range", "sukkot": "range", "rosh hashanah": "range", "eid al fitr": "range",
    "eid ul fitr": "range", "eid al adha": "range", "eid ul adha": "range",
}  # fmt: skip
"""Feasts of more than a day."""
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], Yearly]]] = {}
for _name, _rule in sorted((_RULES | _SIGHTED).items(), key=lambda item: -len(item[0])):
    _words = tuple(_name.split())
    _BY_FIRST.setdefault(_words[0], []).append(
        (_words, Yearly(_rule, _LONG.get(_name, "day"), approximate=_name in _SIGHTED))
    )
HOLIDAY_STARTS = frozenset(_BY_FIRST)
_NEW_YEAR = ("new", "year", "s")


def holiday(t: Tokens, i: int) -> tuple[Yearly, int] | None:
    """The longest holiday's name at an index, in capitals, and the index after it; apostrophes do not matter."""
    if not t.title(i) and t.word(i) not in ("christmas", "halloween", "thanksgiving", "fourth", "easter"):
        return None
    for words, value in _BY_FIRST.get(t.word(i), ()):
        j = i
        for word in words:
            while j > i and (t.apostrophe(j) or (t.dash(j) and words[0] == "eid")):
                j += 1
            if t.word(j) == "." and words[0] == "st":
                j += 1
            if t.word(j) != word:
                break
            j += 1
        else:
            if words == _NEW_YEAR and t.word(j)[:1].isalpha() and t.word(j) not in CLOSED:
                return None  # a new year's resolution is of no day
            if len(words) > 1 and words[-1] in ("day", "eve", "night", "sunday") and not t.title(j - 1) and t.title(i):
                return (value, j) if words[0] in ("christmas", "easter", "election") else None
            return value, j
    return None
