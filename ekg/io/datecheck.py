"""Dates in RDF that cannot be right: Oxigraph keeps them without a word, and every filter then drops their rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph as ox

from ekg.time import parse_iso
from ekg.time.instant import days_in_month
from ekg.vocab import EKG, SCHEMA, SEM, XSD

_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)?"
_LEXICAL = {
    XSD + "date": re.compile(rf"(?P<year>-?\d{{4,}})-(?P<month>\d\d)-(?P<day>\d\d){_ZONE}"),
    XSD + "dateTime": re.compile(rf"(?P<year>-?\d{{4,}})-(?P<month>\d\d)-(?P<day>\d\d)T{_TIME}{_ZONE}"),
    XSD + "gYear": re.compile(rf"(?P<year>-?\d{{4,}}){_ZONE}"),
    XSD + "gYearMonth": re.compile(rf"(?P<year>-?\d{{4,}})-(?P<month>\d\d){_ZONE}"),
}
_BOUNDS = {
    SEM + "hasBeginTimeStamp": ("sem", 0),
    SEM + "hasEndTimeStamp": ("sem", 1),
    EKG + "begin": ("ekg", 0),
    EKG + "end": ("ekg", 1),
    SCHEMA + "startDate": ("schema", 0),
    SCHEMA + "endDate": ("schema", 1),
}


class DateChecker:
    """Finds dates that do not exist and intervals that end before they begin; Oxigraph keeps both silently.

    Args:
        warn: called with the kind of each, ``invalid-date`` or ``begin-after-end``, and what is wrong in words.
    """

    def __init__(self, warn: Callable[[str, str], None]) -> None:
        self._warn = warn
        self._open: dict[tuple[str, str, str], list[str | None]] = {}

    def check(self, quad: ox.Quad) -> None:
        """Look at one quad."""
        value = quad.object
        if not isinstance(value, ox.Literal):
            return
        datatype = value.datatype.value
        if datatype in _LEXICAL and not is_valid_date(value.value, datatype):
            what = f"{quad.subject} {quad.predicate} '{value.value}' is not a valid xsd:{datatype.rsplit('#')[-1]}"
            self._warn("invalid-date", what)
            return
        bound = _BOUNDS.get(quad.predicate.value)
        if bound is None:
            return
        key = (str(quad.graph_name), str(quad.subject), bound[0])
        pair = self._open.setdefault(key, [None, None])
        pair[bound[1]] = value.value
        begin, end = pair
        if begin is not None and end is not None:
            del self._open[key]
            if _after(begin, end):
                self._warn("begin-after-end", f"{quad.subject} begins at {begin}, after its end at {end}")


def is_valid_date(text: str, datatype: str) -> bool:
    """Whether a literal's text is a date of its XML Schema datatype that exists in the calendar.

    >>> is_valid_date("2015-02-30", XSD + "date")
    False
    """
    match = _LEXICAL[datatype].fullmatch(text)
    if match is None:
        return False
    found = {name: int(value) for name, value in match.groupdict().items() if value}
    if not 1 <= found.get("month", 1) <= 12:
        return False
    if not 1 <= found.get("day", 1) <= days_in_month(found["year"], found.get("month", 1)):
        return False
    hour, minute, second = found.get("hour", 0), found.get("minute", 0), found.get("second", 0)
    return (hour < 24 and minute < 60 and second < 60) or (hour == 24 and minute == second == 0)


def _after(begin: str, end: str) -> bool:
    """Whether something begins after its end, of which a date means the whole day and a year the whole year."""
    try:
        return parse_iso(begin)[0] >= parse_iso(end)[1]
    except ValueError:
        return False  # plain text that is no date is not compared
