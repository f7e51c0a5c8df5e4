"""What speaks for a word being the trigger of a type that is known by keywords and one example: numbers a word.

The words' forms say most (is it a keyword, or derived from one?); the tagger's vectors say whether the word is used as
in the example, where each keyword is also put in place of the trigger; its probability of a news event, compared with
that of the example, says whether anything happens at all; its dictionary says whether the word belongs to other types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from extractors.events.stems import stem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

OPEN = frozenset({"VERB", "NOUN", "ADJ", "SCONJ"})
"""Parts of speech that a trigger may have; a proper name only where it is a keyword."""
_SHORTEST = 4
_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NO_NAMES = frozenset({"event", "action", "act", "and", "the", "for", "of", "to", "in", "on", "or"})

FEATURES = (
    "keyword", "first_keyword", "example_stem", "name", "derived", "derived_name", "example", "nearest", "mean",
    "margin", "news", "example_news", "news_gain", "rate", "seen", "verb", "noun", "adjective",
    "same_pos",
)  # fmt: skip
_PARTNERS = (
    "example", "nearest", "mean", "margin", "news", "example_news", "news_gain", "rate", "seen", "verb", "noun",
    "same_pos", "name",
)  # fmt: skip
_PRODUCTS = (
    *(("keyword", other) for other in _PARTNERS),
    *(("derived", other) for other in _PARTNERS),
    *(("mean", other) for other in ("news", "rate", "same_pos")),
)
COLUMNS = (*FEATURES, *(f"{first}*{second}" for first, second in _PRODUCTS))
"""The numbers of a word, in order: the features and products of two of them."""


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence's words as a new type is compared with them.

    Args:
        stems: of the forms.
        lemmas: lower case.
        lemma_stems: of the lemmas.
        pos: universal parts of speech.
        vectors: unit vectors in `Space`, ``[words, width]``.
        news: probability that the word is a trigger in news, ``[words]``.
        rate: share of the word's occurrences that trigger a trained type, in the tagger's dictionary, ``[words]``.
        seen: how well the dictionary knows the word, ``[words]``.
    """

    stems: tuple[str, ...]
    lemmas: tuple[str, ...]
    lemma_stems: tuple[str, ...]
    pos: tuple[str, ...]
    vectors: Array
    news: Array
    rate: Array
    seen: Array


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a new type.

    Args:
        name: of the type.
        stems: stem of each keyword, in order of importance.
        keywords: keywords in lower case.
        phrases: keywords of several words, as stems.
        name_words: words of the type's name.
        example_stem: of the example's trigger.
        example_pos: part of speech of the example's trigger.
        example_news: probability of a news event there.
        vectors: unit vectors in `Space`: the example's trigger, then each keyword in its place, ``[1 + k, width]``.
        alike: of the triggers of all examples, ``[examples, width]``.
        against: of the marked words of counterexamples, ``[counterexamples, width]``.
    """

    name: str
    stems: tuple[str, ...]
    keywords: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    name_words: tuple[str, ...]
    example_stem: str
    example_pos: str
    example_news: float
    vectors: Array
    alike: Array
    against: Array


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors without what all words share: their mean and the first directions of variance (Mu and Viswanath 2018).

    Args:
        mean: ``[width]``.
        directions: orthonormal, ``[directions, width]``.
    """

    mean: Array
    directions: Array

    @classmethod
    def fit(cls, vectors: Array, directions: int = 4) -> Space:
        """The space of many token vectors ``[tokens, width]``."""
        mean = vectors.mean(axis=0)
        _, _, found = np.linalg.svd(vectors - mean, full_matrices=False)
        return cls(np.round(mean, 4), np.round(found[:directions], 4))

    def __call__(self, vectors: Array) -> Array:
        """Unit vectors; zero stays zero."""
        centred = vectors - self.mean
        centred = centred - centred @ self.directions.T @ self.directions
        length = np.linalg.norm(centred, axis=-1, keepdims=True)
        unit: Array = centred / np.maximum(length, 1e-9)
        return unit


def name_words(name: str) -> tuple[str, ...]:
    """The words of a type's name that may say what it is.

    >>> name_words("ProductRecall"), name_words("Sign_agreement")
    (('product', 'recall'), ('sign', 'agreement'))
    """
    words = (word.lower() for word in _NAME_PART.findall(name))
    return tuple(word for word in words if len(word) > 2 and word not in _NO_NAMES)


def likeness(left: str, right: str) -> float:
    """Share of the longer word that two words have in common from the start; 0 below four letters.

    >>> likeness("participate", "participation"), likeness("sell", "sale")
    (0.769..., 0.0)
    """
    same = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        same += 1
    return same / max(len(left), len(right)) if same >= _SHORTEST else 0.0


class Evidence:
    """Numbers of words for types; what depends on a word's form alone is computed once a form."""

    def __init__(self, gate: float) -> None:
        self._gate = gate
        self._like: dict[tuple[tuple[str, ...], str], float] = {}

    def candidates(self, profile: Profile, words: Words) -> tuple[NDArray[np.int64], Array]:
        """Places of the words that may be triggers of a type, and their numbers ``[candidates, COLUMNS]``."""
        rank = {key: place for place, key in reversed(list(enumerate(profile.stems)))}
        ranks = [min(rank.get(a, 99), rank.get(b, 99)) for a, b in zip(words.stems, words.lemma_stems, strict=True)]
        allowed = _allowed(profile, words)
        for place in _phrases(profile, words):
            ranks[place], allowed[place] = 0, True
        cosines = words.vectors @ profile.vectors.T
        mean = cosines.mean(axis=1)
        like = [self._likeness(profile.keywords, lemma) for lemma in words.lemmas]
        name_stems = {stem(word) for word in profile.name_words}
        chosen = [
            place
            for place, pos in enumerate(words.pos)
            if allowed[place]
            and (
                ranks[place] < 99
                or (pos in OPEN and (like[place] > 0 or mean[place] >= self._gate or words.stems[place] in name_stems))
            )
        ]
        if not chosen:
            return np.zeros(0, dtype=np.int64), np.zeros((0, len(COLUMNS)))
        places = np.array(chosen, dtype=np.int64)
        best, nearest = np.array(ranks)[places], cosines[places].max(axis=1)
        stems, pos = [words.stems[place] for place in chosen], [words.pos[place] for place in chosen]
        columns: dict[str, Array] = {
            "keyword": (best < 99).astype(float),
            "first_keyword": (best == 0).astype(float),
            "example_stem": np.array([float(key == profile.example_stem) for key in stems]),
            "name": np.array([float(key in name_stems) for key in stems]),
            "derived": np.array([like[place] for place in chosen]),
            "derived_name": np.array([self._likeness(profile.name_words, words.lemmas[place]) for place in chosen]),
            "example": cosines[places, 0],
            "nearest": nearest,
            "mean": mean[places],
            "margin": nearest - mean[places],
            "news": words.news[places],
            "example_news": np.full(len(chosen), profile.example_news),
            "news_gain": words.news[places] - profile.example_news,
            "rate": words.rate[places],
            "seen": words.seen[places],
            "verb": np.array([float(each == "VERB") for each in pos]),
            "noun": np.array([float(each == "NOUN") for each in pos]),
            "adjective": np.array([float(each == "ADJ") for each in pos]),
            "same_pos": np.array([float(each == profile.example_pos) for each in pos]),
        }
        numbers = [columns[feature] for feature in FEATURES]
        numbers += [columns[first] * columns[second] for first, second in _PRODUCTS]
        return places, np.stack(numbers, axis=1)

    def _likeness(self, keywords: tuple[str, ...], lemma: str) -> float:
        key = (keywords, lemma)
        if key not in self._like:
            self._like[key] = max((likeness(lemma, word) for word in keywords), default=0.0)
        return self._like[key]


def _phrases(profile: Profile, words: Words) -> list[int]:
    """Places of the heads of the phrases in a sentence: of a verb the first word, of a noun the last."""
    found = []
    for phrase in profile.phrases:
        for place in range(len(words.stems) - len(phrase) + 1):
            if words.stems[place : place + len(phrase)] == phrase:
                found.append(place if words.pos[place] == "VERB" else place + len(phrase) - 1)
    return found


def _allowed(profile: Profile, words: Words) -> list[bool]:
    """Whether each word is at least as much used as in an example as in a counterexample."""
    if not len(profile.against):
        return [True] * len(words.pos)
    alike = (words.vectors @ profile.alike.T).max(axis=1)
    against = (words.vectors @ profile.against.T).max(axis=1)
    return [bool(hit) for hit in np.round(alike, 4) >= np.round(against, 4)]
