"""Named periods: wars, reigns, dynasties, ages. Bounds are the usual ones; those of ages are marked as approximate."""

from __future__ import annotations

from ekg.time.instant import parse_iso
from ekg.time.lexicon import CLOSED, words
from ekg.time.tokens import Tokens
from ekg.time.values import Fixed, Parse

_WARS = {
    "1337/1453": "hundred years war",
    "1618/1648": "thirty years war",
    "1756/1763": "seven years war",
    "1775-04-19/1783-09-03": "american revolutionary war/american revolution/american war of independence",
    "1789-05-05/1799-11-09": "french revolution",
    "1803-05-18/1815-11-20": "napoleonic wars",
    "1853-10-16/1856-03-30": "crimean war",
    "1861-04-12/1865-04-09": "american civil war",
    "1899-10-11/1902-05-31": "boer war",
    "1904-02-08/1905-09-05": "russo japanese war",
    "1914-07-28/1918-11-11": "world war i/world war 1/world war one/first world war/great war/wwi/ww1",
    "1917-03-08/1923-06-16": "russian revolution",
    "1929/1939": "great depression",
    "1936-07-17/1939-04-01": "spanish civil war",
    "1939-09-01/1945-09-02": "world war ii/world war 2/world war two/second world war/wwii/ww2",
    "1947/1991": "cold war",
    "1950-06-25/1953-07-27": "korean war",
    "1955-11-01/1975-04-30": "vietnam war",
    "1966-05-16/1976-10-06": "cultural revolution",
    "1980-09-22/1988-08-20": "iran iraq war",
    "1982-04-02/1982-06-14": "falklands war",
    "1990-08-02/1991-02-28": "gulf war",
    "2003-03-20/2011-12-18": "iraq war",
    "2007-12/2009-06": "great recession",
}
"""These name a happening as well as its time: they need a word that makes them a time."""

_AGES = {
    "-0205/0220": "han dynasty",
    "0400/1499": "middle ages",
    "0618/0907": "tang dynasty",
    "0793/1066": "viking age",
    "0960/1279": "song dynasty",
    "1095/1291": "crusades",
    "1300/1599": "renaissance",
    "1368/1644": "ming dynasty",
    "1485/1603": "tudor period/tudor era/tudor times",
    "1558-11-17/1603-03-24": "elizabethan era/elizabethan age/elizabethan times",
    "1603/1868": "edo period",
    "1644/1912": "qing dynasty",
    "1685/1815": "age of enlightenment",
    "1714/1837": "georgian era/georgian period/georgian times",
    "1760/1840": "industrial revolution",
    "1811-02-05/1820-01-29": "regency era/regency period",
    "1837-06-20/1901-01-22": "victorian era/victorian age/victorian period/victorian times",
    "1868-10-23/1912-07-30": "meiji era/meiji period",
    "1870/1900": "gilded age",
    "1896/1917": "progressive era",
    "1901-01-22/1910-05-06": "edwardian era/edwardian period",
    "1918-11-09/1933-03-23": "weimar republic",
    "1918-11-11/1939-09-01": "interwar period/interwar years",
    "1920-01-17/1933-12-05": "prohibition era",
    "1922-12-30/1991-12-26": "soviet era/soviet times/soviet period",
    "1933-01-30/1945-05-08": "nazi era/nazi period",
    "1948/1994": "apartheid era",
}
"""These are times by name, where an article stands before them."""


def _table() -> dict[str, list[tuple[tuple[str, ...], Fixed, bool]]]:
    by_first: dict[str, list[tuple[tuple[str, ...], Fixed, bool]]] = {}
    for table, war in ((_WARS, True), (_AGES, False)):
        for bounds, names in table.items():
            low, high = bounds.split("/")
            value = Fixed((parse_iso(low)[0], parse_iso(high)[1]), "period", approximate=not war)
            for name in names.split("/"):
                by_first.setdefault(words(name)[0], []).append((words(name), value, war))
    return by_first


_PERIODS = _table()
ERA_STARTS = frozenset(_PERIODS)
_CUES = frozenset(words("during after before since until till in throughout through to from between by pre post"))
_SPANS = frozenset(words("era period age times years dynasty"))
_EDGES = frozenset(
    words("outbreak end start beginning eve aftermath height remainder rest course years days close onset")
)


def named_period(t: Tokens, i: int) -> Parse | None:
    """``World War II``, ``the Cold War``, ``the Victorian era``: where it says when, not what."""
    for phrase, value, war in _PERIODS.get(t.word(i), ()):
        j = _matched(t, i, phrase)
        if j is None or not t.title(i):
            continue
        first = i - 1 if t.word(i - 1) == "the" else i
        before = t.word(first - 1)
        cued = before in _CUES or (before == "of" and t.word(first - 2) in _EDGES)
        named = not war and first < i
        if (cued or named) and (_complete(t, j) or (named and phrase[-1] in _SPANS)):
            return value, j
    return None


def _matched(t: Tokens, i: int, phrase: tuple[str, ...]) -> int | None:
    """The index after a name; hyphens, dashes and apostrophes between its words do not matter."""
    j = i
    for word in phrase:
        while j > i and (t.dash(j) or t.apostrophe(j)):
            j += 1
        if t.word(j) != word:
            return None
        j += 1
    return j


def _complete(t: Tokens, j: int) -> bool:
    after = t.word(j)
    return not after or not after[0].isalnum() or after in CLOSED
