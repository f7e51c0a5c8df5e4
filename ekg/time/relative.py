"""Expressions that count from another time: the document's date, the expression before, or a date named in them."""

from __future__ import annotations

from ekg.time.civil import months
from ekg.time.dates import month, month_of, weekday_name
from ekg.time.durations import counted, is_age, iso_duration, unit
from ekg.time.holidays import holiday
from ekg.time.interval import Granularity
from ekg.time.lexicon import AMBIGUOUS_MONTHS, CLOSED, DAY_PARTS, SEASONS, VAGUE, words
from ekg.time.numbers import ordinal
from ekg.time.parts import PartOf, Within
from ekg.time.shifts import Ahead, Deictic, Recent, Shifted, SoFar, Stretch
from ekg.time.tense import PAST
from ekg.time.tokens import Tokens
from ekg.time.values import UNIT_GRANULARITY, Base, Floating, Parse, Value
from ekg.time.yearly import Weekday, Yearly

_TODAY: dict[str, int] = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_TURN = {"last": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "upcoming": 1}
_FROM_PREVIOUS = {"previous": -1, "preceding": -1, "following": 1, "next": 1, "same": 0, "subsequent": 1}
_UNIT_WORDS = frozenset(words("day week weekend fortnight month quarter year decade century"))
_VAGUE_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(VAGUE, key=lambda phrase: -len(phrase)):
    _VAGUE_BY_FIRST.setdefault(_phrase[0], []).append(_phrase)
VAGUE_STARTS = frozenset(_VAGUE_BY_FIRST)
_OF_OUR_TIME = frozenset(
    words(
        "technology technologies world society generation youth children kids standards money prices market economy "
        "culture politics consumers teenagers students workers climate era age"
    )
)
"""What "today's" gives to the present time and not to the day."""
_SPEAKERS = frozenset(words("i we you me us our my your"))
_WEEKEND_CUES = frozenset(words("over during throughout at for on all through of before after until"))
_NOT_NOW = {"now": ("that", "famous", "defunct", "infamous", "iconic"), "soon": ("as",), "one": (), "shortly": ()}


def within(part: str, inner: Value) -> Within:
    """A part of the day of a time."""
    low, high = DAY_PARTS[part]
    return Within(low * 3600, high * 3600, "part_of_day", inner)


def day_word(t: Tokens, i: int) -> Parse | None:
    """``yesterday``, ``today``, ``tomorrow night``, ``last night``, ``this morning``, ``the day before yesterday``."""
    if t.phrase(i, "the", "day") or t.phrase(i, "day"):
        j = i + (t.word(i) == "the")
        if t.phrase(j, "day", "before", "yesterday") or t.phrase(j, "day", "after", "tomorrow"):
            return Deictic("day", -2 if t.word(j + 1) == "before" else 2), j + 3
        return None
    word = t.word(i)
    if word in _TODAY:
        if (
            word == "today"
            and t.title(i)
            and (t.title(i - 1) or t.word(i + 1) in ("show", "programme", "program"))
            and not t.sentence_start(i)
        ):
            return None
        if t.word(i + 1) in ("show",) or (
            t.apostrophe(i + 1) and t.word(i + 2) == "s" and t.title(i) and not t.sentence_start(i)
        ):
            return None
        day = Deictic("day", _TODAY[word])
        if word == "tonight":
            return within("night", day), i + 1
        if t.word(i + 1) in ("morning", "afternoon", "evening", "night"):
            return within(t.word(i + 1), day), i + 2
        if word == "today" and _usual(t, i):
            return Floating("unknown"), i + 1
        return (Deictic("day", 0, nowadays=not _spoken(t, i)) if word == "today" else day), i + 1
    if t.phrase(i, "this", "day"):
        here = t.word(i - 1) not in ("to", "until", "till") and not t.phrase(i + 2, "and", "age")
        return (Deictic("day", 0), i + 2) if here and (_complete(t, i + 2) or t.word(i - 1) == "on") else None
    if word in ("last", "this") and t.word(i + 1) in ("morning", "afternoon", "evening", "night", "lunchtime"):
        if word == "last" and t.word(i + 1) not in ("night", "evening"):
            return None
        return within(t.word(i + 1), Deictic("day", -1 if word == "last" else 0)), i + 2
    return None


def _usual(t: Tokens, i: int) -> bool:
    """Whether "today" means nowadays by what stands before it: ``still used today``, ``what is today Germany``."""
    before = t.word(i - 1)
    if before in ("known", "used", "use", "even", "still") or t.phrase(i - 2, "what", "is"):
        return True
    if t.apostrophe(i + 1) and t.word(i + 2) == "s" and t.word(i + 3) in _OF_OUR_TIME:
        return True
    return (t.word(i + 1) == "than" and t.word(i + 2) == "ever") or t.phrase(i + 1, "as", "it", "was")


def _spoken(t: Tokens, i: int) -> bool:
    """Whether someone speaks for himself near "today", or it opens a report of the past: then the day is meant."""
    if t.sentence_start(i) and any(t.word(k).endswith("ed") or t.word(k) in PAST for k in range(i + 1, i + 6)):
        return True
    return not _SPEAKERS.isdisjoint(t.lower[max(0, i - 12) : i + 12])


def deictic(t: Tokens, i: int) -> Parse | None:
    """``last month``, ``next Friday``, ``the following year``, ``that day``, ``the past three years``."""
    j = i + (
        t.word(i) in ("the", "that", "these")
        and t.word(i + 1)
        in (
            "past",
            "last",
            "next",
            "previous",
            "preceding",
            "following",
            "same",
            "coming",
            "current",
            "upcoming",
            "subsequent",
            "first",
        )
    )
    article = j > i
    if t.word(j) in ("this", "these", "the") and t.word(j + 1) in (
        "past",
        "last",
        "coming",
        "current",
        "upcoming",
        "same",
        "following",
    ):
        article, j = False, j + 1
    word = t.word(j)
    if t.phrase(i, "the", "weekend"):
        bare = t.word(i - 1) in _WEEKEND_CUES and _complete(t, i + 2)
        return (Deictic("weekend", 0, direction=True), i + 2) if bare else None
    if word == "same" and t.word(j + 1) == "time":
        return None
    if word == "that":
        return _named_unit(t, i + 1, 0, "previous")
    if word not in _TURN and word not in _FROM_PREVIOUS:
        return None
    stretch = _stretch(t, j, word, article)
    if stretch is not None:
        return stretch
    if word in _FROM_PREVIOUS and (article or word not in _TURN):
        return _named_unit(t, j + 1, _FROM_PREVIOUS[word], "previous") if article or word in ("following",) else None
    if word in ("past", "current", "coming", "upcoming") and not article and j == i:
        return None
    if article and word == "coming" and t.word(j + 1) in ("year", "decade", "century") and _complete(t, j + 2):
        return Stretch(1, t.word(j + 1)), j + 2
    if article and word in ("last", "past") and t.word(j + 1) in _UNIT_WORDS:
        name = t.word(j + 1)
        return (Stretch(-1, name), j + 2) if name != "weekend" and _complete(t, j + 2) else None
    return _named_unit(t, j + 1, _TURN[word], "document")


def _stretch(t: Tokens, j: int, word: str, article: bool) -> Parse | None:
    """``the past three years``, ``last 30 days``, ``the next five years``, ``the last few weeks``."""
    if word not in ("past", "last", "previous", "preceding", "next", "coming", "following"):
        return None
    k = j + 1
    found = counted(t, k)
    if found is None or t.word(k) in ("a", "an") or (t.word(k) == "one" and not article):
        return None
    count, name, end = found
    if not t.word(end - 1).endswith(("s", "a")) or t.word(end - 1) in ("centuries",):
        return None
    if word == "past" and not article and t.word(j - 1) not in ("the", "this", "these", "over", "in", "for", "during"):
        return None
    if count is None:
        if word in ("past", "last"):
            return Recent("range"), end
        return Floating("duration", iso_duration(None, name)), end
    if name in ("minute", "second") or t.phrase(end, "of"):
        return Floating("duration", iso_duration(count, name)), end
    sign = 1 if word in ("next", "coming", "following") else -1
    return Stretch(
        sign * count, name, "previous" if word in ("previous", "preceding", "following") else "document"
    ), end


def _named_unit(t: Tokens, j: int, turn: int, kind: Base) -> Parse | None:
    """What follows ``last``, ``this``, ``next``, ``the following``, ``that``."""
    word = t.word(j)
    if word in _UNIT_WORDS:
        if t.dash(j + 1) and t.glued(j + 1) and t.word(j + 2) in ("old", "end", "long"):
            return None
        if (word == "day" and kind == "document") or (word == "quarter" and not _complete(t, j + 1)):
            return None
        return Deictic(word, turn, kind), j + 1
    if word in ("morning", "afternoon", "evening", "night") and kind == "previous":
        return within(word, Deictic("day", turn, "previous")), j + 1
    day = weekday_name(t, j)
    if day is not None:
        value: Value = Weekday(day[0], turn, kind)
        if t.word(day[1]) in DAY_PARTS:
            return within(t.word(day[1]), value), day[1] + 1
        return value, day[1]
    named = month(t, j)
    if named is not None and (t.title(j) or t.word(j) not in AMBIGUOUS_MONTHS):
        if t.word(j) == "may" and t.word(j + 1) in ("be", "have", "not", "well", "also"):
            return None
        return Yearly(month_of(named[0]).of, "month", turn, kind), named[1]
    first = SEASONS.get(word)
    if first is not None and (_complete(t, j + 1) or t.title(j) is False):
        if word == "fall" and not _complete(t, j + 1):
            return None
        return Yearly(lambda y: months(y, first, 3), "season", turn, kind), j + 1
    feast = holiday(t, j)
    if feast is not None and _complete(t, feast[1]):
        return Yearly(feast[0].of, feast[0].granularity, turn, kind), feast[1]
    return None


def _complete(t: Tokens, j: int) -> bool:
    word = t.word(j)
    return not word or not word[0].isalnum() or word in CLOSED or word.endswith("ly")


def so_far(t: Tokens, i: int) -> Parse | None:
    """``earlier this year``, ``later this week``, ``earlier today``, ``later that day``, ``early next month``."""
    word = t.word(i)
    if word in ("earlier", "later"):
        j = i + 1 + (t.word(i + 1) == "on")
        if t.phrase(j, "in", "the") and t.word(j + 2) in ("day", "week", "month", "year") and _complete(t, j + 3):
            return SoFar(Deictic(t.word(j + 2), 0), word == "later"), j + 3
        inner = deictic(t, j) or day_word(t, j)
        if inner is None:
            return None
        if t.word(j) == "this":
            return SoFar(inner[0], word == "later"), inner[1]
        if t.word(j) in ("last", "next"):
            return PartOf("early" if word == "earlier" else "late", inner[0]), inner[1]
        return inner
    return None


def shifted(t: Tokens, i: int) -> Parse | None:
    """``two weeks ago``, ``three days later``, ``the day before``, ``a year earlier``, ``two years from now``."""
    bare = t.word(i) == "the" and unit(t, i + 1) in ("day", "week", "month", "year", "night", "weekend")
    if bare:
        name = t.word(i + 1)
        word = t.word(i + 2)
        if word not in ("before", "after") or (name not in _UNIT_WORDS and name != "night"):
            return None
        if t.word(i + 3) == "that" and (not t.word(i + 4) or not t.word(i + 4)[0].isalnum()):
            return Deictic(name, -1 if word == "before" else 1, "previous"), i + 4
        if not _complete(t, i + 3) or t.word(i + 3) in (
            "the",
            "a",
            "his",
            "her",
            "he",
            "she",
            "they",
            "it",
            "i",
            "we",
            "that",
            "their",
            "its",
            "this",
            "our",
            "you",
            "my",
            "being",
            "last",
        ):
            return (
                (
                    Floating(
                        "day" if name in ("day", "night") else "year" if name == "year" else "unknown", None, "event"
                    ),
                    i + 3,
                )
                if name in ("day", "night", "week", "month", "year")
                else None
            )
        if name == "night":
            return within("night", Deictic("day", -1 if word == "before" else 1, "previous")), i + 3
        return Deictic(name, -1 if word == "before" else 1, "previous"), i + 3
    found = counted(t, i)
    if found is None or is_age(t, i, found[2]):
        return None
    count, name, j = found
    name = "day" if name == "weekend" else name
    word = t.word(j)
    if word == "ago" or (word == "back" and _looked_back(t, j + 1)):
        if count is None:
            return Recent(_granularity(name)), j + 1
        day = _TODAY.get(t.word(j + 1))
        if day is not None and name in ("year", "month", "week"):
            moved = Shifted(-count, name, Deictic("day", day), to_the_day=True)
            return (within("night", moved), j + 3) if t.word(j + 2) == "night" else (moved, j + 2)
        return Shifted(-count, name), j + 1
    if t.phrase(j, "from", "now") or word == "hence":
        j += 2 if word == "from" else 1
        return (Shifted(count, name) if count is not None else Floating(_granularity(name), None, "document")), j
    sign = {"later": 1, "afterwards": 1, "afterward": 1, "earlier": -1, "before": -1, "after": 1}.get(word)
    if sign is None or (t.word(i - 1) in ("for", "than", "until")):
        return None
    if word in ("before", "after") and not (
        _complete(t, j + 1) and (not t.word(j + 1) or not t.word(j + 1)[0].isalnum())
    ):
        return Floating(_granularity(name), None, "event"), j + 1
    if word in ("later", "earlier") and t.word(j + 1) == "than":
        return None
    if count is None or name in ("second", "minute"):
        return Floating(_granularity(name), None, "previous"), j + 1
    return Shifted(sign * count, name, "previous"), j + 1


def _looked_back(t: Tokens, j: int) -> bool:
    """Whether "back" before a token looks back in time: ``two years back that …``, not ``two days back in Rome``."""
    return not t.word(j)[:1].isalnum() or t.word(j) in ("that", "we", "i", "he", "she", "they", "when", "was", "were")


def _granularity(name: str) -> Granularity:
    return UNIT_GRANULARITY[name]


def in_units(t: Tokens, i: int) -> Parse | None:
    """``in two weeks``, ``in a year's time``: from now where the sentence is about the future."""
    if t.word(i) != "in":
        return None
    found = counted(t, i + 1)
    if found is None or found[0] is None or found[1] in ("second", "minute", "century"):
        return None
    count, name, j = found
    k = j + 1 if t.apostrophe(j) else j
    k = k + 1 if t.word(k) == "s" else k
    if t.word(k) == "time":
        assert count is not None
        return Shifted(count, name), k + 1
    if not _complete(t, j) or count is None or is_age(t, i + 1, j):
        return None
    return Ahead(count, name, iso_duration(count, name)), j


def vague(t: Tokens, i: int) -> Parse | None:
    """``now``, ``recently``, ``in recent years``: times without bounds."""
    for phrase in _VAGUE_BY_FIRST.get(t.word(i), ()):
        if t.phrase(i, *phrase):
            j = i + len(phrase)
            if len(phrase) == 1:
                if t.dash(j) or t.dash(i - 1) or t.word(j) in _NOT_NOW.get(phrase[0], ()) or t.word(i - 1) == "as":
                    return None
                if t.title(i) and not t.sentence_start(i):
                    return None
                if phrase[0] == "shortly" and t.word(j) in ("before", "after"):
                    return None
            if (
                (phrase[0] in ("the", "at") or phrase[-1] in ("past", "future"))
                and len(phrase) <= 3
                and not _complete(t, j)
            ):
                return None
            if phrase == ("at", "the", "time") and t.word(j) == "of":
                return None
            if phrase[-1] == "ago" and t.word(i - 1) in ("few", "several", "many", "some"):
                return None
            return Floating("unknown", None, None), j
    return None


def ordinal_unit(t: Tokens, i: int) -> tuple[int, str, int, int | None, int] | None:
    """``first week of``, ``last two months of``, ``last Monday of``: index, unit, count, weekday, end."""
    i += t.word(i) == "the"
    word = t.word(i)
    if word in ("last", "final"):
        index, j = -1, i + 1
    else:
        found = ordinal(t, i)
        if found is None or not 1 <= found[0] <= 31:
            return None
        index, j = found
    count = 1
    day: int | None = None
    if (many := counted(t, j)) is not None and many[0] is not None and t.word(j) not in ("a", "an", "one", "another"):
        count, name, j = int(many[0]), many[1], many[2]
        if count < 1 or count > 400:
            return None
    elif (named := weekday_name(t, j)) is not None:
        day, name, j = named[0], "day", named[1]
    elif t.word(j) in ("half", "quarter", "third") or t.word(j) in _UNIT_WORDS:
        name, j = t.word(j), j + 1
    else:
        return None
    if t.word(j) not in ("of", "in") or name in ("hour", "minute", "second", "third"):
        return None
    return index, name, count, day, j + 1
