"""The time layer of names: a name is a template with a time signature and numbers in it.

The idea is EventEA's (Tian et al., "EventEA: Benchmarking Entity Alignment for Event-centric Knowledge Graphs", 2022):
"1998–99 Fußball-Bundesliga" and "1999–2000 Fußball-Bundesliga" are one template at two times, almost equal as strings
and never the same event.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ekg.time.instant import DAY, days_from_civil, days_in_month

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier januar enero jan", "february fevrier februar febrero feb", "march mars marz marzo",
            "april avril abril apr", "may mai mayo", "june juin juni junio", "july juillet juli julio",
            "august aout agosto aug", "september septembre septiembre sept", "october octobre oktober octubre oct",
            "november novembre noviembre nov", "december decembre dezember diciembre dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ORDINALS = {
    word: str(number)
    for number, words in enumerate(
        (
            "first premier premiere 1re 1er", "second deuxieme seconde", "third troisieme", "fourth quatrieme",
            "fifth cinquieme", "sixth sixieme", "seventh septieme", "eighth huitieme", "ninth neuvieme",
            "tenth dixieme", "eleventh onzieme", "twelfth douzieme",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_CARDINALS = {
    word: str(number)
    for number, words in enumerate(
        ("two deux zwei dos", "three trois drei tres", "four quatre vier", "five cinq funf", "six sechs", "seven sept",
         "eight huit acht", "nine neuf neun", "ten dix zehn", "eleven onze elf", "twelve douze zwolf"),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_QUALIFIER = re.compile(r"(?<=\w)\s*[(,]")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | {ord("_"): " "}
_BETWEEN = re.compile(r"\s*[-/]\s*")
_ROMAN = re.compile(r"(?=[IVXLC]{2})(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th", "er", "re", "e", "eme", "nde"})
_BEFORE_CHRIST = frozenset({"bc", "bce"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """One name, taken apart.

    Args:
        text: the whole name, folded: no case, accents or punctuation, one blank between tokens.
        template: the same with ``#t`` for each time and ``#n`` for each other number.
        words: the words of the template.
        core: the template up to the first parenthesis or comma, which begins what tells namesakes apart.
        time: the times in it, as text that is equal for equal times ("1998 1999", "2010-11").
        begin: first second of the time, None without one.
        end: second after it.
        numbers: other numbers, ordinals and roman numerals, in order.
    """

    text: str
    template: str
    words: tuple[str, ...]
    core: str
    time: str
    begin: int | None
    end: int | None
    numbers: tuple[str, ...]

    @property
    def key(self) -> str:
        """Time and numbers as one text, empty without either: what editions of one series differ in."""
        return f"{self.time}|{' '.join(sorted(self.numbers))}" if self.time or self.numbers else ""


def split_name(name: str) -> NameParts:
    """Split a name into template, time signature and numbers.

    >>> parts = split_name("1998–99 Fußball-Bundesliga")
    >>> parts.template, parts.time
    ('#t fussball bundesliga', '1998 1999')
    >>> split_name("Saison 1998-1999 de Bundesliga").time
    '1998 1999'
    >>> split_name("Super Bowl XXI").numbers, split_name("21st Super Bowl").numbers
    (('21',), ('21',))
    >>> split_name("November 2010 Baghdad bombings").time
    '2010-11'
    >>> split_name("2001 LG Cup (Iran)").core, split_name("2001 LG Cup (Iran)").key
    ('#t lg cup', '2001|')
    """
    plain = _plain(name)
    qualifier = _QUALIFIER.search(plain)
    core_end = qualifier.start() if qualifier else len(plain)
    core_length = -1
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(plain)]
    folded = [t[0].casefold() for t in tokens]
    years: list[int] = []
    months: list[int] = []
    days: list[int] = []
    numbers: list[str] = []
    template: list[str] = []
    i = 0
    while i < len(tokens):
        if core_length < 0 and tokens[i][1] >= core_end:
            core_length = len(template)
        word, follower = folded[i], folded[i + 1] if i + 1 < len(tokens) else ""
        if word.isdigit():
            joined = i + 1 < len(tokens) and tokens[i + 1][1] == tokens[i][2]
            if follower in _BEFORE_CHRIST:
                years.append(1 - int(word))
                _mark(template, "#t")
                i += 1
            elif _is_year(word):
                years.append(int(word))
                _mark(template, "#t")
                i += _range_end(plain, tokens, i, years)
                if joined and follower == "s":
                    years.append(int(word) + 9)
                    i += 1
            elif len(word) <= 2 and (follower in _MONTHS or (i and folded[i - 1] in _MONTHS)):
                days.append(int(word))
                _mark(template, "#t")
            else:
                numbers.append(word.lstrip("0") or "0")
                template.append("#n")
                if joined and follower in _ORDINAL_ENDINGS:
                    i += 1
        elif word in _MONTHS and (_near_number(folded, i)):
            months.append(_MONTHS[word])
            _mark(template, "#t")
        elif word in _ORDINALS or word in _CARDINALS:
            numbers.append(_ORDINALS.get(word) or _CARDINALS[word])
            template.append("#n")
        elif _ROMAN.fullmatch(tokens[i][0]) or (tokens[i][0] in {"I", "V", "X"} and i and i == len(tokens) - 1):
            numbers.append(str(_roman(tokens[i][0])))
            template.append("#n")
        else:
            template.append(word)
        i += 1
    begin, end, time = _interval(years, months, days)
    return NameParts(
        text=" ".join(folded),
        template=" ".join(template),
        words=tuple(w for w in template if not w.startswith("#")),
        core=" ".join(template[:core_length] if core_length >= 0 else template),
        time=time,
        begin=begin,
        end=end,
        numbers=tuple(numbers),
    )


def _plain(name: str) -> str:
    """Without accents, every dash a hyphen, underscores as blanks."""
    if name.isascii():
        return name.replace("_", " ")
    plain = unicodedata.normalize("NFKD", name).translate(_DASHES)
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


def _mark(template: list[str], sign: str) -> None:
    if not template or template[-1] != sign:
        template.append(sign)


def _is_year(word: str) -> bool:
    return len(word) == 4 and "1000" <= word <= "2099"


def _near_number(folded: list[str], i: int) -> bool:
    return any(0 <= k < len(folded) and folded[k].isdigit() for k in (i - 1, i + 1, i + 2))


def _range_end(plain: str, tokens: list[tuple[str, int, int]], i: int, years: list[int]) -> int:
    """Read the second year of "1998-99" or "1975/1976"; the number of tokens it takes."""
    if i + 1 >= len(tokens) or not _BETWEEN.fullmatch(plain[tokens[i][2] : tokens[i + 1][1]]):
        return 0
    word, first = tokens[i + 1][0], int(tokens[i][0])
    if _is_year(word) and int(word) >= first:
        years.append(int(word))
        return 1
    if word.isdigit() and len(word) == 2:
        second = first - first % 100 + int(word)
        second += 100 if second <= first else 0
        if second - first <= 60:
            years.append(second)
            return 1
    return 0


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[c] for c in text]
    return sum(-v if values[k + 1 : k + 2] > [v] else v for k, v in enumerate(values))


def _interval(years: list[int], months: list[int], days: list[int]) -> tuple[int | None, int | None, str]:
    if not years:
        return None, None, " ".join(f"m{m:02}" for m in months)
    low, high = min(years), max(years)
    if low == high and len(set(months)) == 1:
        month = months[0]
        first, length = days_from_civil(low, month, 1), days_in_month(low, month)
        if len(set(days)) == 1 and 1 <= days[0] <= length:
            return (first + days[0] - 1) * DAY, (first + days[0]) * DAY, f"{low}-{month:02}-{days[0]:02}"
        return first * DAY, (first + length) * DAY, f"{low}-{month:02}"
    signature = " ".join(str(y) for y in sorted(set(years)))
    return days_from_civil(low, 1, 1) * DAY, days_from_civil(high + 1, 1, 1) * DAY, signature
