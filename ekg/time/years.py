"""Years: after an era's mark, in words, and numbers that their surroundings make a year."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.civil import years
from ekg.time.lexicon import CLOSED, SEASONS, SMALL, TENS, words
from ekg.time.numbers import spelled_year
from ekg.time.tokens import PARAGRAPH, Tokens
from ekg.time.values import Context, Parse, Resolved, date

_OUR_ERA = years(1)[0]
_SURE = frozenset(
    words("in since until till during circa mid early late spring summer autumn fall winter year election")
)
_LIKELY = frozenset(
    words("by before after from to of for the around about between and through throughout over than a an into both")
)
_COUNTED = frozenset(
    words(
        "people men women children persons students workers soldiers troops votes seats members deaths cases "
        "times miles mile word meter metre foot page person calorie watt pound piece man strong acre seat "
        "year mile-long km kilometers kilometres meters metres m feet ft yards acres hectares square tons "
        "tonnes kg pounds dollars euros points euro usd mm cm mph kilograms households families refugees "
        "migrants jobs employees patients participants homes houses hours minutes days weeks months years "
        "degrees calories words pages items copies residents inhabitants civilians police officers volunteers "
        "subjects respondents units species pieces cars vehicles samples m² km² million billion thousand "
        "hundred percent per"
    )
)
_ANCIENT_CUES = frozenset(words("in since until around about after before by from circa c to and year – -"))
_MEASURES = frozenset(words("total population number cost height altitude elevation distance average maximum minimum"))
_DETERMINERS = frozenset(words("the this its his her their our your my a an s last"))
_PRODUCTS = frozenset(
    words(
        "windows office boeing airbus model flight route highway section room page no number article apollo "
        "mark class studio area building suite box channel radio runner cyberpunk mach level chapter figure "
        "table psalm rule act bill code form resolution directive unit order case"
    )
)
_DATED_NOUNS = frozenset(
    words(
        "election elections campaign season olympics games world cup championship championships report census "
        "budget edition attack attacks earthquake crisis war film movie album referendum coup revolution "
        "uprising invasion convention agreement treaty deal accord conference summit study survey book novel "
        "song paper article version model race tour draft act law general presidential parliamentary midterm "
        "summer winter fiscal financial tournament festival competition bombing shooting massacre protests "
        "riots hurricane tsunami flood floods primary primaries vote olympic paralympics paralympic grand us "
        "u uk european fifa uefa super nba nfl mlb nhl fa ruling decision speech poll polls document "
        "documentary single video interview vintage censuses"
    )
)
_BOUNDED = frozenset(words("opened opens started starts began begins finished ended ends closed entered"))
_CENTURIES = frozenset(words("fourteen fifteen sixteen seventeen eighteen nineteen"))
_SPELLED = frozenset((*SMALL, *TENS))
ERAS = {"bc": -1, "bce": -1, "b": -1, "ad": 1, "ce": 1, "a": 1}


def year(t: Tokens, i: int) -> tuple[int, int] | None:
    """A year that what stands before it has made certain: ``2016``, ``'16``, ``44 BC``, ``AD 842``, in words."""
    marked = era(t, i)
    if marked is not None:
        return marked
    number = t.number(i)
    if number is not None:
        if len(t.shape(i)) == 4 and number >= 1000 and whole_number(t, i):
            return number, i + 1
        return None
    if t.apostrophe(i) and t.glued(i + 1) and len(t.shape(i + 1)) == 2 and (short := t.number(i + 1)) is not None:
        return (short + (2000 if short < 50 else 1900), i + 2) if t.word(i + 2) != "s" else None
    return spelled_year(t, i)


def era(t: Tokens, i: int) -> tuple[int, int] | None:
    """``44 BC``, ``900 CE``, ``AD 842``, ``A.D. 79``; 1 BC is year 0."""
    number = t.number(i)
    if number is not None:
        j = i + 1
        if (
            t.word(j) == ","
            and t.glued(j)
            and t.glued(j + 1)
            and len(t.shape(j + 1)) == 3
            and t.number(j + 1) is not None
        ):
            number, j = number * 1000 + int(t.shape(j + 1)), j + 2
        mark = _era_mark(t, j)
        if mark is None or not 0 < number < 20_000:
            return None
        return (number if mark[0] > 0 else 1 - number), mark[1]
    if t.word(i) not in ("ad", "a", "ce"):
        return None
    mark = _era_mark(t, i)
    if mark is None or mark[0] < 0:
        return None
    number = t.number(mark[1])
    if number is not None and t.glued(mark[1]) and t.word(mark[1] - 1) == "ad" and number < 2100:
        return number, mark[1] + 1
    return (number, mark[1] + 1) if number is not None and 0 < number < 2100 and whole_number(t, mark[1]) else None


def _era_mark(t: Tokens, i: int) -> tuple[int, int] | None:
    """``BC``, ``BCE``, ``B.C.``, ``B.C.E.``, ``AD``, ``CE``, ``A.D.``, in capitals."""
    sign = ERAS.get(t.word(i))
    if sign is None or not t.shape(i).isupper():
        return None
    if len(t.shape(i)) > 1:
        return sign, i + 1
    if t.word(i + 1) == "." and t.word(i + 2) in ("c", "d") and t.shape(i + 2).isupper() and t.word(i + 3) == ".":
        j = i + 4
        return sign, j + 2 if t.phrase(j, "e", ".") else j
    return None


def whole_number(t: Tokens, i: int) -> bool:
    """Whether a number stands for itself: no decimals, no thousands, no percent, no currency, no time of day."""
    before, after = t.word(i - 1), t.word(i + 1)
    if before in ("$", "£", "€", "¥", "#", "№", "+", "=", "/", ".", "@", "&", "_") and t.glued(i):
        return False
    if t.glued(i) and ((t.dash(i - 1) and t.glued(i - 1)) or before.isalnum()):
        return False
    if after in ("%", "€", "£", "$", "°", "_", "@") or (t.glued(i + 1) and after.isalpha()):
        return False
    return not (after in (".", ",", ":", "/") and t.glued(i + 1) and t.glued(i + 2) and t.number(i + 2) is not None)


def bare_year(t: Tokens, i: int) -> Parse | None:
    """A number that its surroundings make a year: ``in 2016``, ``the 2016 election``, ``(2016)``, ``about 366``.

    Years of three digits need a text that names an era or such a year elsewhere.
    """
    value = t.number(i)
    if value is None or not whole_number(t, i):
        return None
    if len(t.shape(i)) == 3 and t.ancient and value >= 100:
        if t.word(i - 1) in _ANCIENT_CUES and _open_to_year(t, i + 1):
            return date(value), i + 1
        if t.word(i - 1) == "(" and t.word(i + 1) == ")":
            return YearOfEra(value), i + 1
    if len(t.shape(i)) != 4 or not 1000 <= value <= 2100:
        return None
    counted = t.word(i + 1) in _COUNTED or (t.dash(i + 1) and t.glued(i + 1) and t.glued(i + 2))
    if counted:
        people = t.word(i - 1) in ("in", "since") and t.word(i + 1) == "people" and value > 1900
        return (date(value), i + 1) if people else None
    if t.dash(i - 1) and t.glued(i) and t.glued(i - 1):
        return (date(value), i + 1) if t.word(i - 2) in ("mid", "early", "late", "pre", "post") else None
    sure = (
        _after_cue(t, i, value)
        or (1000 <= value <= 2035 and _enclosed(t, i))
        or (1700 <= value <= 2035 and _names(t, i))
    )
    return (date(value), i + 1) if sure else None


@dataclass(frozen=True, slots=True)
class YearOfEra:
    """``(594)``: a year of the era that the text is in, before ours after a time that ends before it."""

    number: int

    def resolve(self, context: Context) -> Resolved:
        """The year."""
        previous = context.previous
        before = previous is not None and previous.high is not None and previous.high <= _OUR_ERA
        return date(1 - self.number if before else self.number).resolve(context)


def numbered_year(t: Tokens, i: int) -> Parse | None:
    """``the year 71``: any number that is said to be a year."""
    value = t.number(i + 1)
    if t.word(i - 1) != "the" or value is None or not 1 <= value < 1000 or not whole_number(t, i + 1):
        return None
    era_found = era(t, i + 1)
    return (date(era_found[0]), era_found[1]) if era_found is not None else (date(value), i + 2)


def _open_to_year(t: Tokens, j: int) -> bool:
    """Whether what follows a number does not count something: a sign, a closed-class word or a name."""
    after = t.word(j)
    return not after or not after[0].isalpha() or after in CLOSED or t.title(j) or after in ("onwards", "onward")


def _after_cue(t: Tokens, i: int, value: int) -> bool:
    """Whether a preposition or the like before a number makes it a year."""
    before, after = t.word(i - 1), t.word(i + 1)
    if before in _SURE:
        return before != "year" or t.word(i - 2) in ("the", "fiscal", "financial")
    if before not in _LIKELY or (before == "of" and t.word(i - 2) in _MEASURES):
        return False
    if not 1400 <= value <= 2050:
        return before in ("before", "after", "between", "around", "by", "from", "and", "about") and _open_to_year(
            t, i + 1
        )
    if _open_to_year(t, i + 1) or after in _DATED_NOUNS:
        return True
    return before in ("by", "before", "after", "from", "through") and value >= 1700 and not after.endswith("s")


def _enclosed(t: Tokens, i: int) -> bool:
    """Whether a number stands where years do: ``(1738)``, ``(Smith 1994)``, ``(m. 1949``, ``1990, 1994``."""
    before, after, value = t.word(i - 1), t.word(i + 1), t.number(i) or 0
    closing = after in (")", "]", ";")
    if before in ("(", "[") and (closing or after in (",", ":", "–", "-", "—")):
        return value >= 1400 or after in (")", "–", "—", "-")
    if after == "," and before not in CLOSED and t.title(i - 1) and t.number(i + 2) is not None and value >= 1700:
        return t.word(i + 3) in (")", ";") or t.dash(i + 3)
    if before == "]" and value >= 1700 and t.number(i - 2) is not None and (t.number(i - 2) or 0) > 1400:
        return True
    if before == "," and after == "." and t.word(i - 2) in ("file", "archive", "photo", "pictured"):
        return value >= 1900
    if before == "." and t.word(i - 2) in ("m", "d", "b", "div", "c", "born", "died"):
        return True
    if before in ("m", "born", "died", "reigned", "d", "ca", "est"):
        return True
    if value < 1500:
        return False
    if closing and (t.title(i - 1) or before in (",", ".", ";", "al", "]")):
        return True
    if before == "," and t.title(i - 2) and value >= 1700:
        return after in (",", ".", ":", "", PARAGRAPH) or (after in CLOSED and after != "of")
    if before in ("or", "and", "&", ",", "/") and (t.number(i - 2) or 0) >= 1500 and len(t.shape(i - 2)) == 4:
        return _open_to_year(t, i + 1) and (t.number(i - 2) or 0) <= 2100
    if before == "," and after == "," and t.word(i + 2) in ("p", "pp", "ch", "vol", "chap"):
        return True  # a reference: "Smith, 1994, p. 3"
    if before in (".", "]", ")") and after in (",", ":") and t.sentence_start(i) and not t.glued(i):
        return t.number(i + 2) is None  # a sentence that opens with its year: "1596, built by …"
    return before in ("", PARAGRAPH) and after in ("", PARAGRAPH, ":", "–", "—") and value >= 1800


def _names(t: Tokens, i: int) -> bool:
    """Whether a number names the year of what is beside it: ``the 2016 election``, ``Rio 2016``."""
    before, after, value = t.word(i - 1), t.word(i + 1), t.number(i) or 0
    if after in _DATED_NOUNS:
        return value >= 1800
    if before in _BOUNDED and after in CLOSED:
        return value >= 1800  # "he started 2014 in the second team"
    if after == "levels" or (t.title(i + 1) and t.word(i + 2) in _DATED_NOUNS and t.title(i + 2)):
        return value >= 1800
    determined = before in _DETERMINERS or (before == "s" and t.apostrophe(i - 2))
    if determined and after.isalpha() and after not in CLOSED:
        return t.title(i + 1) or not after.endswith("s") or after.endswith("ss")
    if value < 1900 or not t.title(i - 1) or t.sentence_start(i - 1) or before in _PRODUCTS or t.shape(i - 1).isupper():
        return t.sentence_start(i) and value >= 1900 and (after in ("was", "saw") or _heading(t, i))
    return before not in CLOSED and _open_to_year(t, i + 1)


def _heading(t: Tokens, i: int) -> bool:
    """Whether a year stands before a sentence as its heading: ``2013 On December 26, …``, ``2014 Holt again …``."""
    opens = t.word(i - 1) in (".", ")", "]", PARAGRAPH) and not t.title(i + 2)
    return opens and t.title(i + 1) and t.word(i + 1) not in _COUNTED


def year_in_words(t: Tokens, i: int) -> Parse | None:
    """``nineteen eighty-four`` and, after a preposition, ``two thousand sixteen``."""
    found = spelled_year(t, i)
    if found is None:
        return None
    value, j = found
    if t.dash(j) or t.word(j) in _COUNTED or not 1400 <= value <= 2100:
        return None
    listed = t.word(i - 1) == "and" and t.word(i) in _CENTURIES and {t.word(i - 2), t.word(i - 3)} & _SPELLED
    cued = (
        bool(listed)
        or t.word(i - 1) in _SURE
        or t.word(i - 1) in ("by", "from", "to", "before", "after", "of", "around", "about")
    )
    thousand = (
        t.word(i + 1) == "thousand" or t.word(j - 1) == "hundred" or t.word(i) in ("ten", "eleven", "twelve", "twenty")
    )
    return (
        (date(value), j)
        if cued or (not thousand and j - i >= 2 and value >= 1600 and t.word(i) in ("eighteen", "nineteen"))
        else None
    )


def era_year(t: Tokens, i: int) -> Parse | None:
    """``44 BC``, ``AD 842``."""
    found = era(t, i)
    return None if found is None else (date(found[0]), found[1])


def short_year(t: Tokens, i: int) -> Parse | None:
    """``the class of '71``, ``in '98``."""
    if t.word(i - 1) not in ("in", "since", "of") or (
        t.word(i - 1) == "of" and t.word(i - 2) not in ("class", *SEASONS)
    ):
        return None
    found = year(t, i)
    return (date(found[0]), found[1]) if found is not None and _open_to_year(t, found[1]) else None
