"""Time expressions of questions and sentences, as intervals, and intervals as words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ekg.time import TimeInterval, find_times, parse_iso
from ekg.time.edtf import to_edtf
from ekg.time.holidays import holiday
from ekg.time.instant import DAY, civil_from_days
from ekg.time.tokens import Tokens

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH_NAME = re.compile("|".join(_MONTHS))
_YEAR = re.compile(r"\b(?:(?:of|in|the) (?=\d{4}\b(?![,.-]?\d))|(?=\d{4}\W*$))((?:1[5-9]|20)\d\d)\b")
_UNIT_NAMES = {"Y": "year", "W": "week", "D": "day", "H": "hour", "S": "second"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time expression in a text; bounds are ISO and half-open, None where it has none.

    Args:
        text: the expression.
        start: its first character.
        end: the character after its last one.
        begin: first instant.
        finish: just after the last instant.
        granularity: unit it speaks in, ``duration`` and ``set`` for what has no place on the time line.
        anchor: what it was resolved against.
        value: ISO 8601 duration of a duration.
        assumed: its year was taken from the latest document.
    """

    text: str
    start: int
    end: int
    begin: str | None
    finish: str | None
    granularity: str
    anchor: str | None = None
    value: str | None = None
    assumed: bool = False

    def interval(self) -> TimeInterval | None:
        """The interval on the time line, if it has one."""
        if self.granularity in {"duration", "set"} or (self.begin is None and self.finish is None):
            return None
        return TimeInterval(begin=self.begin, end=self.finish, text=self.text)


def find_moments(text: str, anchor: str | None, assumed_anchor: str | None = None) -> list[Moment]:
    """Time expressions of a text in text order.

    Args:
        text: a question or sentence.
        anchor: ISO date that relative expressions are resolved against; None leaves them without bounds.
        assumed_anchor: ISO date that supplies the year of dates written without one ("5 March", "Christmas Day") where
            there is no anchor; such moments are marked as assumed.
    """
    found = [
        Moment(
            text=m.text,
            start=m.span[0],
            end=m.span[1],
            begin=m.begin,
            finish=m.end,
            granularity=m.granularity,
            anchor=m.anchor,
            value=m.value,
        )
        for m in find_times(text, reference=anchor)
    ]
    taken = [(m.start, m.end) for m in found]
    for year in _YEAR.finditer(text):
        if not any(a < year.end() and year.start() < b for a, b in taken):
            begin, end = f"{year[1]}-01-01", f"{int(year[1]) + 1}-01-01"
            bare = Moment(
                text=year[1], start=year.start(1), end=year.end(1), begin=begin, finish=end, granularity="year"
            )
            found.append(bare)
    found.sort(key=lambda m: m.start)
    if anchor is not None or assumed_anchor is None:
        return found
    guessed = {(m.start, m.end): m for m in find_moments(text, assumed_anchor)}
    return [
        replace(guessed.get((m.start, m.end), m), assumed=True)
        if m.begin is None and m.finish is None and _lacks_year(m.text)
        else m
        for m in found
    ]


def _lacks_year(text: str) -> bool:
    """Whether an expression without bounds is a date that lacks only its year ("5 March", "Christmas Day")."""
    if _MONTH_NAME.search(text):
        return True
    tokens = Tokens(text)
    found = holiday(tokens, 0)
    return found is not None and found[1] == tokens.size


def value_of(begin: str | None, end: str | None) -> str:
    """The machine value of an interval: the day, month or year it covers exactly, else an EDTF interval.

    >>> value_of("2025-04-07", "2025-04-08"), value_of("2024-01-01", "2025-01-01")
    ('2025-04-07', '2024')
    """
    return to_edtf(TimeInterval(begin=begin, end=end))


def label_of(begin: str | None, end: str | None) -> str:
    """A readable name of an interval.

    >>> label_of("2025-04-07", "2025-04-08"), label_of("2025-04-07", "2025-04-26")
    ('7 April 2025', '7–25 April 2025')
    """
    low = None if begin is None else parse_iso(begin)[0]
    high = None if end is None else parse_iso(end)[0]
    if low is None and high is None:
        return "unknown"
    if low is None or high is None:
        return f"since {_day(low)}" if low is not None else f"until {_day((high or 1) - 1)}"
    if low % DAY or high % DAY:
        clock = f"{low % DAY // 3600:02}:{low % 3600 // 60:02}"
        return f"{_day(low)}, {clock}"
    first, last = civil_from_days(low // DAY), civil_from_days(high // DAY - 1)
    if first == last:
        return _day(low)
    if first[1:] == (1, 1) and last[1:] == (12, 31):
        return str(first[0]) if first[0] == last[0] else f"{first[0]}–{last[0]}"
    if first[:2] == last[:2]:
        month = f"{_MONTHS[first[1] - 1]} {first[0]}"
        return month if first[2] == 1 and high == _next_month(first) else f"{first[2]}–{last[2]} {month}"
    return f"{_day(low)} – {_day(high - 1)}"


def _next_month(date: tuple[int, int, int]) -> int:
    year, month = (date[0] + 1, 1) if date[1] == 12 else (date[0], date[1] + 1)
    return parse_iso(f"{year:04}-{month:02}")[0]


def _day(seconds: int) -> str:
    year, month, day = civil_from_days(seconds // DAY)
    return f"{day} {_MONTHS[month - 1]} {year}" if year > 0 else f"{day} {_MONTHS[month - 1]} {1 - year} BCE"


def duration_label(iso: str) -> str:
    """An ISO 8601 duration in words.

    >>> duration_label("P19D"), duration_label("P1Y"), duration_label("PT53H")
    ('19 days', '1 year', '53 hours')
    """
    time = False
    parts = []
    for sign, number, unit in re.findall(r"(T?)(\d+(?:\.\d+)?)([YMWDHS])", iso):
        time = time or bool(sign)
        name = ("minute" if time else "month") if unit == "M" else _UNIT_NAMES[unit]
        parts.append(f"{number} {name}{'' if number == '1' else 's'}")
    return " ".join(parts) or iso
