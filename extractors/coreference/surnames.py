"""Whose a bare surname is where several people of one document bear it: "Trump" beside Melania Trump.

News calls the person that a text is about by the surname alone, and the relatives by their first names. So a bare
surname is not that of somebody who is called by the first name elsewhere or is introduced as a relative ("his wife
Melania Trump"), nor of one whose first name does not fit the title before it ("Mr Trump").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from extractors.coreference.words import FEMALE_TITLES, MALE_TITLES, Gender, first_name_gender
from extractors.words import word_set

if TYPE_CHECKING:
    from extractors.coreference.groups import Group

_KIN = word_set(
    "wife husband son daughter sister brother father mother mom dad widow fiancee fiance girlfriend boyfriend partner "
    "spouse lady cousin niece nephew grandson granddaughter ex-wife ex-husband twin uncle aunt"
)
_BEFORE = 48
"""Characters before a name in which a word of kinship introduces it."""
_WORD = re.compile(r"[\w’'-]+")


def bearers(surname: Group, people: Sequence[Group], called: Mapping[str, Group], text: str) -> list[Group]:
    """Those of the people with a surname whom it can mean when it stands alone.

    Args:
        surname: the mentions of the bare surname.
        people: people whose name ends in it.
        called: groups of the document by key, before short names were joined with long ones.
        text: the document's text.

    Returns:
        a part of ``people``; none where each of them is ruled out.
    """
    gender = _titled(surname.mentions, text)
    fitting = [person for person in people if not gender or _gender(person) in {"", gender}]
    first = min(start for start, _ in surname.mentions)
    relatives = [
        person for person in fitting if person.key.split()[0] in called or _introduced_as_relative(person, text)
    ]
    others = [person for person in fitting if person not in relatives]
    if others:
        return others
    # Alone in the text, a relative may bear the name too ("Melania Trump … Trump wore"), unless it came before her.
    return [person for person in relatives if min(start for start, _ in person.mentions) < first]


def _introduced_as_relative(person: Group, text: str) -> bool:
    """Whether the first mention of a person follows a word of kinship, with nothing but titles and names between."""
    start, end = min(person.mentions)
    before = re.split(r"[.!?;:\n]", text[max(0, start - _BEFORE) : start])[-1]
    near = {word.lower() for word in _WORD.findall(before)[-3:]}
    after = _WORD.findall(re.split(r"[.!?;:\n]", text[end : end + _BEFORE])[0])[:4]
    apposed = text[end : end + 1] == "," and {word.lower() for word in after} & _KIN and "'s" in text[end : end + 30]
    return bool(near & _KIN) or bool(apposed)


def _titled(mentions: Collection[tuple[int, int]], text: str) -> Gender:
    before = {word for start, _ in mentions for word in text[max(0, start - 8) : start].lower().split()[-1:]}
    inside = {text[start:end].split()[0].lower() for start, end in mentions}
    male, female = (bool((before | inside) & titles) for titles in (MALE_TITLES, FEMALE_TITLES))
    return "m" if male and not female else "f" if female and not male else ""


def _gender(person: Group) -> Gender:
    return first_name_gender(person.key.split()[0]) or ""
