"""Decades, centuries, quarters, halves, seasons, holidays and fiscal years."""

from __future__ import annotations

from ekg.time.civil import Bounds, months, years
from ekg.time.holidays import holiday
from ekg.time.lexicon import CLOSED, DECADES, SEASONS, words
from ekg.time.numbers import ordinal
from ekg.time.tokens import Tokens
from ekg.time.values import Fixed, Floating, Parse, Value
from ekg.time.yearly import Yearly
from ekg.time.years import year as sure_year

_FIGURES = frozenset(words("profit profits earnings revenue revenues results sales gdp growth"))
_IN_QUARTER = frozenset(words("in for during of since by from over"))
_NEAR_QUARTER = 25
_BUSINESS = _FIGURES | frozenset(
    words(
        "percent % million billion economy company shares shareholders investors analysts profitability income cash "
        "exports inflation unemployment bank dividend forecast guidance quarterly year-on-year shipments"
    )
)
_GAME = frozenset(
    words(
        "touchdown touchdowns points yards yard game games quarterback score scored scoring lead halftime team coach "
        "rebounds assists season interception field-goal playoff playoffs bowl"
    )
)
_OF_DECADES = frozenset(words("the early late mid in of since and"))


def decade(t: Tokens, i: int) -> Parse | None:
    """``1990s``, ``1990's``, ``'90s``, ``the 90s``, ``the nineties``, ``the nineteen-nineties``."""
    j = i + 1 if t.apostrophe(i) and t.glued(i + 1) else i
    value = t.number(j)
    if value is not None:
        k = j + 2 if t.apostrophe(j + 1) and t.glued(j + 1) else j + 1
        if t.word(k) != "s" or not t.glued(k) or value % 10 or (t.glued(j) and j == i and t.word(j - 1) in ("$", "£")):
            return None
        if k == j + 2 and j == i and len(t.shape(j)) == 4 and t.word(i - 1) not in _OF_DECADES and not t.dash(i - 1):
            return None
        if len(t.shape(j)) == 4 and 1000 <= value <= 2100:
            if value % 100 == 0 and value < 2000:
                return Fixed(years(value, 100), "century"), k + 1
            return Fixed(years(value, 10), "decade"), k + 1
        cued = (
            j > i
            or (
                (t.word(i - 1) in ("the", "early", "late", "mid", "and") or t.dash(i - 1))
                and t.word(i - 2) not in ("in", "into")
            )
            or t.phrase(i - 2, "in", "the")
        )
        measured = t.word(k + 1) in ("°", "f", "c", "degrees") or "temperatures" in (
            t.word(i - 2),
            t.word(i - 3),
            t.word(i - 4),
        )
        if len(t.shape(j)) == 2 and not measured and cued and t.word(i - 1) not in ("his", "her", "their", "my", "our"):
            of_age = t.word(i - 2) in ("his", "her", "their", "my") or t.word(i - 3) in ("his", "her", "their", "my")
            return None if of_age or (value < 20 and j == i) else (Fixed(years(1900 + value, 10), "decade"), k + 1)
        return None
    century = 1900
    if t.word(i) in ("nineteen", "eighteen"):
        century, j = (1900 if t.word(i) == "nineteen" else 1800), i + 1 + t.dash(i + 1)
    if t.word(j) in DECADES and (j > i or _in_decade_phrase(t, i)):
        return Fixed(years(century + DECADES[t.word(j)], 10), "decade"), j + 1
    return None


def _in_decade_phrase(t: Tokens, i: int) -> bool:
    before, further = t.word(i - 1), t.word(i - 2)
    if before == "-":
        before, further = further, t.word(i - 3)
    if before in ("early", "late", "mid"):
        return further not in ("his", "her", "their", "my", "our", "your")
    return before in ("the", "swinging") or (before == "roaring" and t.word(i) == "twenties")


def century(t: Tokens, i: int) -> Parse | None:
    """``19th century``, ``the twentieth-century``, ``18th and 19th centuries``, ``3rd century BC``."""
    found = ordinal(t, i)
    if found is None or not 1 <= found[0] <= 30:
        return None
    first, j = found
    last = first
    if t.word(j) in ("and", "to", "or", "–", "-"):
        k = j + 2 if t.word(j + 1) in ("the", "early", "late", "mid") else j + 1
        second = ordinal(t, k)
        if second is not None and t.word(second[1]) in ("centuries", "century"):
            last, j = second
    j += t.dash(j)
    unit = t.word(j)
    if unit not in ("century", "centuries", "millennium", "cent") or (t.word(j + 1) == "fox" and unit == "century"):
        return None
    if t.title(j) and t.title(j + 1) and t.word(j + 1) in ("fox", "fund", "studios", "foundation", "mall", "theatre"):
        return None
    size = 1000 if unit == "millennium" else 100
    j += 1
    mark = t.word(j).upper() if t.shape(j).isupper() else ""
    if mark in ("BC", "BCE"):
        bounds = years(-last * size + 1, size), years(-first * size + 1, size)
        low, high = min(b[0] for b in bounds), max(b[1] for b in bounds)
        j += 1
    else:
        j += mark in ("AD", "CE")
        low, high = years((first - 1) * size, size)[0], years((last - 1) * size, size)[1]
    return Fixed((low, high), "range" if last != first else "century" if size == 100 else "millennium"), j


def quarter(t: Tokens, i: int) -> Parse | None:
    """``third quarter of 2016``, ``Q3 2016``, ``H1 2017``, ``first-quarter`` before a figure."""
    named = {"q": ("quarter", 3), "h": ("half", 6)}.get(t.word(i))
    if named is not None and t.glued(i + 1) and t.shape(i).isupper() and not t.glued(i):
        index = t.number(i + 1)
        if index is None or not 1 <= index <= 12 // named[1]:
            return None
        value, found = _part_of_year(named[0], index), _of_year(t, i + 2)
        if found:
            return _part_in(value, found[0]), found[1]
        cued = t.word(i - 1) in ("in", "for", "during", "since", "by", "this", "last", "next")
        return (value, i + 2) if cued or (t.word(i) == "q" and t.word(i + 2) in _FIGURES) else None
    found_index = ordinal(t, i)
    if found_index is None:
        return None
    index, j = found_index
    j += t.dash(j)
    if t.word(j) != "quarter" or not 1 <= index <= 4:
        return None
    value = _part_of_year("quarter", index)
    found = _of_year(t, j + 1)
    if found:
        return _part_in(value, found[0]), found[1]
    if t.phrase(j + 1, "of", "the", "year"):
        return value, j + 4
    return (value, j + 1) if t.word(j + 1) in _FIGURES or _of_business(t, i, j + 1) else None


def _of_business(t: Tokens, i: int, j: int) -> bool:
    """Whether a bare "in the third quarter" is one of a business year: money is spoken of near by, and no game."""
    noun_follows = t.word(j)[:1].isalnum() and t.word(j) not in CLOSED
    if t.word(i - 1) != "the" or t.word(i - 2) not in _IN_QUARTER or noun_follows:
        return False
    near = set(t.lower[max(0, i - _NEAR_QUARTER) : j + _NEAR_QUARTER])
    return not near.isdisjoint(_BUSINESS) and near.isdisjoint(_GAME)


def _part_of_year(unit: str, index: int) -> Yearly:
    size = 3 if unit == "quarter" else 6
    return Yearly(lambda y: months(y, (index - 1) * size + 1, size), "quarter" if unit == "quarter" else "half")


def _part_in(value: Yearly, year: int) -> Value:
    return Fixed(value.of(year), value.granularity)


def _of_year(t: Tokens, i: int) -> tuple[int, int] | None:
    """``2016``, ``of 2016``, ``, 2016``, ``in 2016``, ``of the year 2016`` as a year."""
    j = i + 1 if t.word(i) in ("of", ",", "in") else i
    if t.phrase(j, "the", "year"):
        j += 2
    if j == i and t.number(j) is None and not t.apostrophe(j):
        return None
    return sure_year(t, j)


def season(t: Tokens, i: int) -> Parse | None:
    """``summer of 2016``, ``winter 1973-74``, ``the spring``: with a sign that the season is meant."""
    word = t.word(i)
    plural = word in ("summers", "winters", "autumns")
    first = SEASONS.get(word[:-1] if plural else word)
    if first is None:
        return None
    value = Yearly(lambda y: months(y, first, 3), "season")
    found = _of_year(t, i + 1)
    if found is not None:
        j = found[1]
        if t.word(i) == "winter" and (t.dash(j) or t.word(j) == "/") and t.number(j + 1) is not None:
            j += 2
        return _part_in(value, found[0]), j
    if plural:
        return Floating("set", "P1Y"), i + 1
    before, after = t.word(i - 1), t.word(i + 1)
    complete = not after or not after[0].isalnum() or after in CLOSED
    if t.title(i) and ((t.title(i - 1) and not t.sentence_start(i - 1)) or t.title(i + 1)):
        return None
    if not complete or t.dash(i + 1) or (after == "of" and word in ("fall", "spring")):
        return None
    if before == "the" and t.word(i - 2) in (
        "in",
        "during",
        "by",
        "since",
        "until",
        "of",
        "over",
        "for",
        "throughout",
        "before",
        "after",
    ):
        return (
            (value, i + 1)
            if word not in ("fall",) or t.word(i - 2) in ("in", "during", "by", "since", "until")
            else None
        )
    if before in ("early", "late", "mid") or t.dash(i - 1):
        return (value, i + 1) if word != "fall" else None
    if before in ("in", "during") and word not in ("fall", "spring"):
        return Floating("season", None), i + 1
    return None


def feast(t: Tokens, i: int) -> Parse | None:
    """A holiday, with its year where there is one; bare ones only where they are not part of a longer name."""
    found = holiday(t, i)
    if found is None:
        return None
    value, j = found
    dated = _of_year(t, j)
    if dated is not None:
        return _part_in(value, dated[0]), dated[1]
    after = t.word(j)
    if j > i + 1:
        return value, j
    if (
        after
        and after[0].isalnum()
        and after not in CLOSED
        and not after.isdigit()
        and after not in ("weekend", "morning", "evening", "night")
    ) or t.dash(j):
        return None
    if t.title(i - 1) and not t.sentence_start(i - 1) and t.word(i - 1) not in CLOSED:
        return None
    if j == i + 1 and t.word(i) == "lent" and t.word(i - 1) not in ("during", "for", "in", "of", "until"):
        return None
    return value, j


def fiscal_year(t: Tokens, i: int) -> Parse | None:
    """``fiscal 2016``, ``fiscal year 2016``, ``FY2016``: the United States' federal year from October."""

    def bounds(y: int) -> Bounds:
        return months(y - 1, 10, 12)

    j = i + 1
    if t.word(i) in ("fiscal", "financial"):
        j += t.word(j) in ("year", "years")
    elif t.shape(i) != "FY":
        return None
    value = t.number(j)
    if value is None or not (len(t.shape(j)) == 4 or (len(t.shape(j)) == 2 and t.shape(i) == "FY")):
        return None
    value += 2000 if value < 100 else 0
    return Fixed(bounds(value), "year", approximate=True), j + 1
