"""Words of questions and sentences: tokens, stems, and which words speak of the same kind of happening."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_WORD = re.compile(r"\d[\d,.]*\d|\d+|[^\W\d_]+(?:[-’'][^\W_]+)*|[^\w\s]")
_SUFFIXES = ("ational", "ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "edly", "ed", "es", "s")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a text with its place and what it is compared by.

    Args:
        text: as written.
        start: first character in the text it was read from.
        end: the character after its last one.
        lower: folded: lower case, without accents.
        stem: what remains without endings.
        groups: names of the groups of related words that it belongs to.
    """

    text: str
    start: int
    end: int
    lower: str
    stem: str
    groups: frozenset[str]

    @property
    def capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[:1].isupper()

    @property
    def word(self) -> bool:
        """Whether it is a word or number, not a sign."""
        return self.text[:1].isalnum()


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Any]:
    """The word lists of ``resources/lexicon.json``."""
    text = files(__package__).joinpath("resources/lexicon.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def fold(text: str) -> str:
    """Lower case without accents, of the same length where that is possible.

    >>> fold("Tomás")
    'tomas'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().replace("’", "'")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What inflected and derived forms of a word have in common; irregular forms come from the lexicon.

    >>> [stem(w) for w in ("attacked", "attacking", "attacks", "evacuation", "evacuate", "won", "stopped")]
    ['attack', 'attack', 'attack', 'evacu', 'evacu', 'win', 'stop']
    """
    word = fold(word)
    if word.endswith(("'s", "s'")):
        word = word[:-2] if word.endswith("'s") else word[:-1]
    irregular: dict[str, str] = lexicon()["irregular"]
    word = irregular.get(word, word)
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = word[:-3] + "y"
    elif not word.endswith(("ss", "us", "is")) or word.endswith(("ings", "ions")):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                word = word[: -len(suffix)]
                break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgklmnprt":
        word = word[:-1]
    if len(word) > 5 and word.endswith("ate"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("at"):
        word = word[:-2] if len(word) > 6 else word
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


@lru_cache(maxsize=1)
def _group_index() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in lexicon()["groups"].items():
        for word in words.split():
            found.setdefault(stem(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


def groups_of(stemmed: str) -> frozenset[str]:
    """Groups of related words that a stem belongs to."""
    return _group_index().get(stemmed, frozenset())


@cache
def stems_of(name: str) -> frozenset[str]:
    """Stems of one of the lexicon's lists of words (``verbs``, ``stop``, ``people``, ``subject_patient``)."""
    return frozenset(stem(word) for word in lexicon()[name].split())


@cache
def words_in(name: str) -> frozenset[str]:
    """One of the lexicon's closed sets of words ("prepositions"), as written in lower case."""
    sets: dict[str, str] = lexicon()["sets"]
    return frozenset(sets[name].split())


@cache
def entity_type_of(noun: str) -> str | None:
    """The type of entity that a common noun asks for.

    >>> entity_type_of("companies"), entity_type_of("ship")
    ('organization', None)
    """
    kinds: dict[str, str] = lexicon()["kinds"]
    root = stem(noun)
    return next((kind for kind, nouns in kinds.items() if root in {stem(n) for n in nouns.split()}), None)


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Function words, as written in lower case."""
    return frozenset(lexicon()["stop"].split())


@lru_cache(maxsize=512)
def group_members(name: str) -> tuple[str, ...]:
    """Words of a group, for widening a text search."""
    return tuple(w for w in lexicon()["groups"][name].split() if "_" not in w)


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Tokens of a text; particle verbs ("stepped down") carry the stem of the verb they stand for.

    Args:
        text: any text.
        offset: added to the characters' numbers.
    """
    pieces = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
    split: list[tuple[str, int, int]] = []
    for piece, start, end in pieces:
        # A possessive is a word of its own, so that "Dane's" is found as "Dane".
        if len(piece) > 2 and piece[-2] in "'’" and piece[-1] in "sS":
            split += [(piece[:-2], start, end - 2), (piece[-2:], end - 2, end)]
        else:
            split.append((piece, start, end))
    lowers = [fold(piece) for piece, _, _ in split]
    phrases: dict[str, str] = lexicon()["phrases"]
    tokens = []
    for i, (piece, start, end) in enumerate(split):
        root = stem(piece)
        two, three = " ".join(lowers[i : i + 2]), " ".join(lowers[i : i + 3])
        special = phrases.get(three) or phrases.get(two)
        names = groups_of(root)
        if special:
            names = names | groups_of(stem(special))
            root = stem(special)
        tokens.append(Token(piece, start + offset, end + offset, lowers[i], root, names))
    return tokens


def is_past_form(word: str) -> bool:
    """Whether a word looks like a past form of a verb, regular or not.

    >>> is_past_form("struck"), is_past_form("fired"), is_past_form("strikes")
    (True, True, False)
    """
    lower = fold(word)
    return lower.endswith("ed") or (
        lower in lexicon()["irregular"] and not lower.endswith(("s", "ing")) and stem(lower) != lower
    )
