"""Names: what to show, what to compare, and which short form can stand for which long one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ekg.ids import normal_name
from ekg.model import CharSpan
from extractors.words import word_set

_TITLES = word_set(
    """
    mr mrs ms miss dr prof professor sir lord lady president vice senator sen rep representative congressman
    congresswoman gov governor mayor judge justice gen general col colonel capt captain lt sgt king queen prince
    princess pope chancellor secretary minister prime rev reverend judge ambassador attorney coach
    """
)
_SUFFIXES = word_set("inc corp corporation co company ltd limited plc llc group holdings ag sa nv gmbh")
_ALIASES = {
    "us": "united states", "u s": "united states", "usa": "united states", "u s a": "united states",
    "america": "united states", "united states of america": "united states", "uk": "united kingdom",
    "u k": "united kingdom", "britain": "united kingdom", "great britain": "united kingdom", "eu": "european union",
    "u n": "united nations", "un": "united nations", "dprk": "north korea",
    "democratic people s republic of korea": "north korea", "uae": "united arab emirates",
}  # fmt: skip
_EDGE = re.compile(r"^[\s\"'“”‘’(\[]+|[\s\"“”‘’()\[\],;:]+$")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_SMALL = word_set("of the and for in on de la du &")


def shown_name(text: str, start: int) -> tuple[CharSpan, str]:
    """Trim quotes, a leading article and a possessive; the span and the name in one line.

    >>> shown_name("the European Union's", 10)
    ((14, 28), 'European Union')
    """
    end = start + len(text)
    lead = re.match(r"[\s\"'“”‘’(\[]*(?:the\s+)?", text, re.IGNORECASE)
    if lead and lead.end() < len(text):
        start += lead.end()
        text = text[lead.end() :]
    trimmed = _POSSESSIVE.sub("", _EDGE.sub("", text).rstrip("."))
    if text.rstrip().endswith(".") and re.search(r"\b(?:[A-Z]\.)+$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr)\.$", text.rstrip()):
        trimmed = text.rstrip()
    if trimmed and text.startswith(trimmed):
        end = start + len(trimmed)
    elif not trimmed:
        trimmed = text
    return (start, end), " ".join(trimmed.split())


def name_key(name: str) -> str:
    """What two mentions of one name share: folded, without titles, known aliases spelled out.

    >>> name_key("President Donald Trump's"), name_key("U.S.")
    ('donald trump', 'united states')
    """
    folded = normal_name(name)
    if folded in _ALIASES:
        return _ALIASES[folded]
    words = folded.split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return " ".join(words)


def same_organization(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether two organisations' names differ only in a company suffix.

    >>> same_organization(["boeing"], ["boeing", "co"])
    True
    """
    return (
        len(short) < len(long)
        and list(long[: len(short)]) == list(short)
        and all(word in _SUFFIXES for word in long[len(short) :])
    )


def is_acronym_of(short: Iterable[str], long: Iterable[str], text: str) -> bool:
    """Whether one of the short names abbreviates one of the long ones: by initials, or in brackets after it.

    >>> is_acronym_of(["FBI"], ["Federal Bureau of Investigation"], "")
    True
    """
    for name in short:
        letters = name.replace(".", "")
        if not (2 <= len(letters) <= 7 and letters.isalpha() and sum(char.isupper() for char in letters) >= 2):
            continue
        for whole in long:
            words = re.findall(r"[^\W_]+", whole)
            if len(words) < 2:
                continue
            initials = "".join(word[0] for word in words if word.lower() not in _SMALL).upper()
            every = "".join(word[0] for word in words).upper()
            if letters.upper() in {initials, every} or f"{whole} ({name})" in text:
                return True
    return False
