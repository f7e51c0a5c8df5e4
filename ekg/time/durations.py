"""Durations (``three years``, ISO 8601 P3Y) and sets (``every Monday``, ``twice a week``)."""

from __future__ import annotations

from ekg.time.dates import month, weekday_name
from ekg.time.holidays import holiday
from ekg.time.lexicon import CLOSED, DAY_PARTS, SCALE, SEASONS, UNITS, WEEKDAYS, words
from ekg.time.numbers import cardinal
from ekg.time.tokens import Tokens
from ekg.time.values import Floating, Parse

_FACTOR = {"fortnight": 2, "quarter": 3, "decade": 10, "century": 100, "millennium": 1000}
_VAGUE_COUNTS = frozenset(words("several few many some numerous multiple countless various"))
_SPAN_CUES = frozenset(
    words("for in over within than about nearly almost after half lasted lasting took around during entire whole last")
)
_ADVERBS = {"annually": "P1Y", "yearly": "P1Y", "monthly": "P1M", "weekly": "P1W", "daily": "P1D", "hourly": "PT1H"}
SET_STARTS = (
    *(f"{name}s" for name in WEEKDAYS),
    *words("every each weekdays weekends weeknights once twice thrice"),
    *_ADVERBS,
)
_TIMES = frozenset(words("once twice thrice"))


def iso_duration(count: float | None, unit: str) -> str:
    """ISO 8601 duration, ``X`` for an unknown count.

    >>> iso_duration(3, "year"), iso_duration(1.5, "hour"), iso_duration(None, "week")
    ('P3Y', 'PT1.5H', 'PXW')
    """
    if count is None:
        number = "X"
    else:
        count *= _FACTOR.get(unit, 1)
        number = str(int(count)) if count == int(count) else f"{count:g}"
    return ("PT" if unit in ("hour", "minute", "second") else "P") + number + SCALE[unit]


def unit(t: Tokens, i: int) -> str | None:
    """The unit of time that a word names, None for words that are mostly something else."""
    return UNITS.get(t.word(i))


def counted(t: Tokens, i: int) -> tuple[float | None, str, int] | None:
    """A number of units and the index after them: ``three years``, ``a few days``, ``an hour``, ``two-hour``."""
    j = i
    if t.word(j) in ("a", "the") and t.word(j + 1) in ("few", "further"):
        j += 1
    if t.word(j) in _VAGUE_COUNTS or (t.word(j) == "a" and t.word(j + 1) in _VAGUE_COUNTS):
        j += 1 + (t.word(j) == "a")
        j += t.word(j) in ("more", "long", "short", "hundred", "thousand")
        name = unit(t, j)
        return (None, name, j + 1) if name and t.word(j).endswith(("s", "a")) and name != "season" else None
    if t.word(i) in ("a", "an", "one", "another") and (name := unit(t, i + 1)) and name not in ("season", "quarter"):
        j = i + 2
        if t.phrase(j, "and", "a", "half"):
            return 1.5, name, j + 3
        return (1, name, j) if not t.word(i + 1).endswith("s") or name == "century" else None
    found = cardinal(t, i)
    if found is None:
        return None
    count, j = found
    hyphen = t.dash(j) and t.glued(j) and t.glued(j + 1)
    j += hyphen
    j += t.word(j) in (
        "full",
        "more",
        "long",
        "straight",
        "consecutive",
        "whole",
        "successive",
        "short",
        "calendar",
        "business",
        "working",
    )
    name = unit(t, j)
    if name is None or name in ("season", "quarter"):
        return None
    if count > 1 and not hyphen and not t.word(j).endswith(("s", "a")):
        return None
    if t.word(j) in ("second", "min", "sec") and t.word(i) not in ("one", "1") and not t.dash(j - 1):
        return None
    return count, name, j + 1


def duration(t: Tokens, i: int) -> Parse | None:
    """How long: not ages ("35-year-old", "aged two years") and not rates ("$40 a day")."""
    found = counted(t, i)
    if found is None:
        return None
    count, name, j = found
    if is_age(t, i, j):
        return None
    if t.word(i) in ("a", "an", "another", "one") and count == 1:
        before = t.word(i - 1)
        if name in ("second", "minute") or (before not in _SPAN_CUES and t.word(i) != "one"):
            return None
        if t.word(i) == "one" and (name in ("day", "second", "minute") and before not in _SPAN_CUES):
            return None
        if not _ends(t, j):
            return None
    if t.glued(i) and t.word(i - 1) in ("$", "£", "€"):
        return None
    return Floating("duration", iso_duration(count, name)), j


def is_age(t: Tokens, i: int, j: int) -> bool:
    """Whether a number of units from ``i`` to ``j`` is somebody's age."""
    k = j + t.dash(j)
    if t.word(k) in ("old", "olds", "olde"):
        return True
    return t.word(i - 1) in ("aged", "age", "ages") or t.phrase(j, "of", "age")


def _ends(t: Tokens, j: int) -> bool:
    word = t.word(j)
    return not word or not word[0].isalnum() or word in CLOSED


def recurring(t: Tokens, i: int) -> Parse | None:
    """``every Monday``, ``each year``, ``every two weeks``, ``on Sundays``, ``twice a week``, ``annually``."""
    word = t.word(i)
    if word in ("every", "each"):
        j = i + 1
        factor = 2 if t.word(j) == "other" else 1
        j += t.word(j) in ("other", "single")
        found = counted(t, j)
        if found is not None and found[0] is not None and t.word(j) not in ("a", "an", "one"):
            return Floating("set", iso_duration(found[0], found[1])), found[2]
        period = _period(t, j)
        return (Floating("set", period[0].replace("1", str(factor), 1)), period[1]) if period else None
    j = i + 1
    if word[:-1] in WEEKDAYS and word.endswith("s"):
        return Floating("set", "P1W"), j + (t.word(j) in DAY_PARTS)
    if word in WEEKDAYS and t.word(j) in DAY_PARTS and t.word(j).endswith("s"):
        return Floating("set", "P1W"), j + 1
    if word in ("weekdays", "weekends", "weeknights"):
        return Floating("set", "P1W"), i + 1
    if word in _ADVERBS and not t.title(i) and _ends(t, i + 1) and not t.dash(i - 1):
        return Floating("set", _ADVERBS[word]), i + 1
    j = i + 1
    if word in WEEKDAYS:
        return None
    if word not in _TIMES:
        found_count = cardinal(t, i)
        if found_count is None or t.word(found_count[1]) != "times":
            return None
        j = found_count[1] + 1
    if t.word(j) in ("a", "an", "per", "every", "each") and (name := unit(t, j + 1)) and name != "season":
        return Floating("set", iso_duration(1, name)), j + 2
    return None


def _period(t: Tokens, j: int) -> tuple[str, int] | None:
    """What comes round: a weekday, a month, a season, a holiday, a part of the day or a unit."""
    if weekday_name(t, j) is not None:
        k = j + 1
        return "P1W", k + 1 if t.word(k) in DAY_PARTS else k
    if month(t, j) is not None or t.word(j) in SEASONS:
        return "P1Y", j + 1
    feast = holiday(t, j)
    if feast is not None:
        return "P1Y", feast[1]
    if t.word(j) in ("morning", "afternoon", "evening", "night"):
        return "P1D", j + 1
    name = unit(t, j)
    if name is None or t.word(j).endswith("s") or name in ("season", "second", "minute"):
        return None
    return ("P1W" if name == "weekend" else iso_duration(1, name)), j + 1
