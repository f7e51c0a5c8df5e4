"""What the words around a name, and in it, say about what it names: titles, ages, company suffixes, spokesmen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from extractors.words import word_set

_TITLES = word_set(
    """
    mr mr. mrs mrs. ms ms. miss dr dr. prof. professor sir dame lord lady president chancellor senator sen. rep. gov.
    governor mayor judge justice king queen prince princess pope general gen. col. colonel capt. captain sgt. sergeant
    lt. detective officer congressman congresswoman actor actress singer rapper comedian director coach
    """
)
_ORGANIZATION_LAST = word_set(
    """
    inc inc. corp corp. ltd ltd. llc plc co. company corporation group holdings bank university college institute
    ministry department agency committee commission council association foundation party union federation league
    airlines airways motors pictures records entertainment technologies systems partners capital ventures police army
    navy times post journal news network church school hospital court parliament congress senate assembly organization
    organisation bureau authority club fc f.c. united rovers
    """
)
_PLACE_LAST = word_set(
    """
    island islands river lake mountain mountains valley bay sea ocean desert street avenue road boulevard square park
    airport bridge beach county province city town village peninsula coast canal strait gulf hills forest
    """
)
_PLACE_FIRST = word_set("sea gulf bay lake mount mt mt. strait isle port cape")
_OTHER_LAST = word_set("act treaty resolution agreement accord prize award awards papers code constitution amendment")
_OF_ORGANIZATION = word_set(
    """
    spokesman spokeswoman spokesperson ceo cfo employees employee executives executive shares stock users user
    shareholders investors founder co-founder co-founders officials lawyers headquarters inc inc. corp corp. ltd company
    subsidiary customers newspaper magazine
    """
)
_KINDS_OF_ORGANIZATION = word_set("firm company giant startup start-up retailer newspaper carrier airline watchdog")
_VESSELS = word_set("ship vessel tanker boat spacecraft rocket probe telescope")
_LOCATING = word_set("in near outside around throughout")
_VERBS_OF_PERSONS = word_set("tweeted smiled laughed cried died married born wrote recalled sang")
_ONLINE = word_set("twitter facebook instagram youtube telegram whatsapp snapchat reddit linkedin google netflix")
_SERIES = frozenset({("formula", "one"), ("formula", "1"), ("formula", "two"), ("formula", "2"), ("formula", "e")})
"""Racing series: one races in them, as one does in places."""
_CONTESTS = frozenset(
    {("grand", "prix"), ("world", "cup"), ("super", "bowl"), ("world", "series"), ("winter", "olympics")}
)
_STRONG, _WEAK = 2, 1


@cache
def _first_names() -> frozenset[str]:
    path = Path(__file__).parent.parent / "linking" / "first_names.tsv"
    return frozenset(
        name for line in path.read_text(encoding="utf-8").splitlines() for name in line.partition("\t")[2].split()
    )


def cue_votes(words: Sequence[str], start: int, end: int) -> Counter[str]:
    """Votes for classes of the name at ``words[start:end]``: two for a sure sign, one for a hint.

    >>> cue_votes("said Mr. Bell , a".split(), 2, 3)
    Counter({'person': 2})
    >>> cue_votes("an Equifax spokesman said".split(), 1, 2)
    Counter({'organization': 2})
    """
    votes: Counter[str] = Counter()
    before = words[start - 1].lower() if start else ""
    after = words[end].lower() if end < len(words) else ""
    next_after = words[end + 1] if end + 1 < len(words) else ""
    first, last = words[start].lower(), words[end - 1].lower()
    length = end - start
    if before in _TITLES and length <= 3:
        votes["person"] += _STRONG
    if after == "," and next_after.isdigit() and 1 <= int(next_after) <= 105 and length <= 4:
        ends = words[end + 2] if end + 2 < len(words) else ""
        votes["person"] += _STRONG if ends in {",", ".", ")"} and len(next_after) <= 3 else 0
    if before in _KINDS_OF_ORGANIZATION:
        votes["organization"] += _STRONG
    elif before in _VESSELS:
        votes["other"] += _STRONG
    ending = tuple(word.lower() for word in words[max(start, end - 2) : end])
    if ending in _SERIES:
        votes["other"] += _STRONG + _WEAK
    elif ending in _CONTESTS:
        votes["event"] += _STRONG + _WEAK
    elif before in _LOCATING and length <= 3:
        votes["place"] += _WEAK
    if after in _VERBS_OF_PERSONS:
        votes["person"] += _WEAK
    if length > 1 and last in _ORGANIZATION_LAST:
        votes["organization"] += _STRONG
    elif length > 1 and last in _OTHER_LAST:
        votes["other"] += _STRONG
    elif length > 1 and first in _PLACE_FIRST:
        votes["place"] += _STRONG
    elif length > 1 and last in _PLACE_LAST:
        votes["place"] += _WEAK
    elif 1 < length <= 3 and first in _first_names() and before != "the":
        votes["person"] += _WEAK
    if after in _OF_ORGANIZATION or (after in {"'s", "’s"} and next_after.lower() in _OF_ORGANIZATION):
        votes["organization"] += _STRONG
    if length == 1 and first in _ONLINE:
        votes["organization"] += _STRONG
    if after == "(" and next_after.isupper() and _abbreviates(next_after, words[start:end]):
        votes["organization"] += _STRONG
    return +votes


def _abbreviates(letters: str, words: Sequence[str]) -> bool:
    """Whether letters in brackets are the initials of the capitalised words before: "Missile Defense Agency (MDA)"."""
    initials = "".join(word[0] for word in words if word[:1].isupper())
    return len(letters) >= 2 and letters.replace(".", "") == initials
