"""What words say about who can be meant: pronouns, nouns for people and groups, first names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from extractors.words import word_set

Gender = Literal["m", "f", ""]

PRONOUNS = word_set(
    """
    i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our
    ours ourselves they them their theirs themselves this that these those who whom whose which what one someone
    somebody anyone anybody everyone everybody nobody none there here
    """
)
"""Words that are never a name."""

HE = word_set("he him his himself")
SHE = word_set("she her hers herself")
IT = word_set("it its itself")
THEY = word_set("they them their theirs themselves")
FIRST = word_set("i me my mine myself")
THIRD = HE | SHE | IT | THEY
REFLEXIVE = word_set("himself herself itself themselves")
POSSESSIVE = word_set("his her hers its their theirs")

MALE_TITLES = word_set("mr mr. sir king prince lord father brother pope duke emperor congressman actor")
FEMALE_TITLES = word_set("mrs mrs. ms ms. miss queen princess lady dame mother sister duchess congresswoman actress")
_MEN = word_set(
    """
    man boy father son brother husband uncle nephew grandfather king prince gentleman actor guy dad businessman
    spokesman policeman congressman chairman salesman fisherman boyfriend waiter monk priest widower lad gunman
    """
)
_WOMEN = word_set(
    """
    woman girl mother daughter sister wife aunt niece grandmother queen princess lady actress mom mum businesswoman
    spokeswoman policewoman congresswoman chairwoman girlfriend waitress nun widow lass
    """
)
_PEOPLE = word_set(
    """
    person people child baby kid parent friend president minister senator governor mayor judge lawyer attorney
    prosecutor officer official leader director executive ceo founder scientist researcher engineer professor teacher
    student doctor nurse patient driver pilot astronaut soldier sergeant general captain colonel commander chief
    suspect victim killer shooter attacker gunman assailant terrorist thief robber witness survivor hostage prisoner
    author writer poet journalist reporter editor critic artist painter singer musician rapper star celebrity player
    coach footballer athlete champion goalkeeper striker candidate politician lawmaker representative diplomat
    ambassador secretary chancellor king monarch emperor pope bishop priest refugee migrant immigrant citizen resident
    neighbor neighbour colleague employee worker boss manager owner customer client analyst economist expert
    spokesperson teenager adult youth fan guest host speaker reader viewer user member cousin spouse partner twin
    defendant plaintiff detective investigator inspector agent guard veteran activist protester demonstrator
    philosopher historian mathematician physicist chemist biologist inventor explorer composer architect hero rebel
    farmer fisherman nanny passenger tourist visitor traveler traveller voter billionaire entrepreneur comedian
    """
)
_GROUPS = word_set(
    """
    company firm carrier airline bank agency carmaker manufacturer retailer automaker corporation group government
    team party committee council commission ministry department police army university college school church court
    institute foundation association organization organisation union network newspaper magazine band club squad
    startup developer publisher administration regime militia parliament congress senate cabinet military crew family
    """
)
_PLACES = word_set("city town country village province state nation region island capital district county kingdom")

COMPANY = word_set("company firm carrier airline bank carmaker manufacturer retailer automaker agency")
"""Nouns that stand for the one organization a passage is about."""

NounKind = Literal["person", "group", "place", "thing"]


def noun_kind(lemma: str) -> NounKind:
    """What a common noun stands for.

    >>> noun_kind("singer"), noun_kind("airline"), noun_kind("table")
    ('person', 'group', 'thing')
    """
    if lemma in _MEN or lemma in _WOMEN or lemma in _PEOPLE:
        return "person"
    if lemma in _GROUPS:
        return "group"
    return "place" if lemma in _PLACES else "thing"


def noun_gender(lemma: str) -> Gender:
    """The gender that a common noun itself says."""
    return "m" if lemma in _MEN else "f" if lemma in _WOMEN else ""


@cache
def _first_names() -> dict[str, str]:
    path = Path(__file__).parent.parent / "linking" / "first_names.tsv"
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: kind for kind, names in lines for name in names.split()}


def first_name_gender(name: str) -> Gender | None:
    """Gender of those who bear a first name; "" for names of either, None for words that are no first name.

    >>> first_name_gender("Mary"), first_name_gender("Robin"), first_name_gender("Boeing")
    ('f', '', None)
    """
    kind = _first_names().get(name.casefold())
    return None if kind is None else "m" if kind == "m" else "f" if kind == "f" else ""
