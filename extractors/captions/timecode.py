"""Time codes of captions and transcripts, to seconds."""

from __future__ import annotations

import re

_TIME = re.compile(
    r"(?P<sign>-)?(?:(?:(?P<days>\d+):)?(?P<hours>\d+):)?(?P<minutes>\d{1,3}):(?P<seconds>\d{1,3})"
    r"(?:\s?(?P<mark>[.,])\s?(?P<fraction>\d{1,9}))?"
)


def parse_time(text: str) -> float | None:
    """Seconds of ``[[d:]h:]mm:ss[.fff]``, comma or dot, or None if it is no time code.

    >>> parse_time("01:02:03,500"), parse_time("2:03.5"), parse_time("-00:00:01.000"), parse_time("04:06:45:59")
    (3723.5, 123.5, -1.0, 369959.0)
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    days, hours = int(match["days"] or 0), int(match["hours"] or 0)
    whole = ((days * 24 + hours) * 60 + int(match["minutes"])) * 60 + int(match["seconds"])
    fraction = int(match["fraction"]) / 10 ** len(match["fraction"]) if match["fraction"] else 0.0
    return round(-(whole + fraction) if match["sign"] else whole + fraction, 3)


def oddities(text: str, mark: str) -> list[str]:
    """What is unusual in a time code for a format whose decimal mark is ``mark``: names of repairs.

    >>> oddities("00:75,5", ".")
    ['decimal_mark', 'time_range']
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return []
    found = []
    if match["mark"] and match["mark"] != mark:
        found.append("decimal_mark")
    if match["hours"] is None and mark == ",":
        found.append("missing_hours")
    if (int(match["minutes"]) > 59 and match["hours"] is not None) or int(match["seconds"]) > 59:
        found.append("time_range")
    return found
