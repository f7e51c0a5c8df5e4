"""Recognising events of types that are known by their name, keywords and one example sentence, offline.

A logistic regression over `extractors.ontology.evidence` gives the probability that a word triggers a type. Its weights
are fitted on types that are treated as new in turn, each with the keywords and the one example that a user would give
(``ekg train newtypes``), so they hold for types that nobody has seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ekg.errors import MissingError
from extractors.events.stems import stem
from extractors.ontology.definition import Example, TypeDefinition
from extractors.ontology.evidence import COLUMNS, Evidence, Profile, Space, Words, name_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extractors.events.lexicon import Lexicon
    from extractors.events.tagger import EventTagger

    Array = NDArray[np.float64]

WEIGHTS = Path(__file__).parent / "fewshot.json"
GATE = 0.35
"""Least mean likeness, in the tagger's space, of a word that no keyword suggests."""


class Describer(Protocol):
    """What gives token vectors ``[tokens, width]`` and probabilities of a news event ``[tokens]`` of sentences."""

    def __call__(self, sentences: Sequence[Sequence[str]]) -> list[tuple[Array, Array]]:
        """Vectors and probabilities of each sentence."""
        ...


class Tagged(Protocol):
    """A parsed word, as spaCy's tokens are."""

    @property
    def text(self) -> str:
        """As written."""
        ...

    @property
    def lemma_(self) -> str:
        """Base form."""
        ...

    @property
    def pos_(self) -> str:
        """Universal part of speech."""
        ...


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted model.

    Args:
        space: of the tagger's vectors.
        weights: log-odds of each column of the evidence.
        bias: log-odds where all columns are 0.
        threshold: probability from which a type is given.
    """

    space: Space
    weights: Array
    bias: float
    threshold: float

    def odds(self, columns: Array) -> Array:
        """Log-odds of each row of ``[words, COLUMNS]``."""
        found: Array = columns @ self.weights + self.bias
        return found

    def probability(self, columns: Array) -> Array:
        """Of each row of ``[words, COLUMNS]``, four decimals."""
        found: Array = np.round(1.0 / (1.0 + np.exp(-np.clip(self.odds(columns), -30, 30))), 4)
        return found

    def to_json(self) -> dict[str, Any]:
        """Plain data for the file."""
        return {
            "columns": list(COLUMNS),
            "threshold": self.threshold,
            "bias": round(self.bias, 5),
            "weights": [round(float(x), 5) for x in self.weights],
            "mean": [round(float(x), 4) for x in self.space.mean],
            "directions": [[round(float(x), 4) for x in row] for row in self.space.directions],
        }

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> Weights:
        """The model in a file.

        Raises:
            MissingError: it is missing, or of another version.
        """
        hint = "reinstall ekg-platform, or make it with 'ekg train newtypes'"
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise MissingError(f"weights for new types cannot be read: {path}: {error}", hint=hint) from error
        if data.get("columns") != list(COLUMNS):
            raise MissingError(f"weights for new types do not fit this version: {path}", hint=hint)
        return cls(
            space=Space(np.array(data["mean"]), np.array(data["directions"])),
            weights=np.array(data["weights"]),
            bias=float(data["bias"]),
            threshold=float(data["threshold"]),
        )


def describe_with(tagger: EventTagger) -> Describer:
    """The tagger's vectors and probabilities of news events, as arrays; four decimals of the latter."""

    def describe(sentences: Sequence[Sequence[str]]) -> list[tuple[Array, Array]]:
        return [
            (vectors.double().numpy(), news.double().numpy().round(4)) for vectors, news in tagger.describe(sentences)
        ]

    return describe


def words_of(tokens: Sequence[Tagged], vectors: Array, news: Array, lexicon: Lexicon) -> Words:
    """A parsed sentence with its vectors (already in the space) and what the dictionary says of its words."""
    numbers = [lexicon.evidence(token.text)[0] for token in tokens]
    lemmas = tuple((token.lemma_ or token.text).lower() for token in tokens)
    return Words(
        stems=tuple(stem(token.text) for token in tokens),
        lemmas=lemmas,
        lemma_stems=tuple(stem(lemma) for lemma in lemmas),
        pos=tuple(token.pos_ for token in tokens),
        vectors=vectors,
        news=news,
        rate=np.array([found[0] for found in numbers]),
        seen=np.array([found[1] for found in numbers]),
    )


def make_profile(
    name: str, keywords: Sequence[str], example: Sequence[Tagged], place: int, describe: Describer, space: Space
) -> Profile:
    """What is known of a type by its keywords and a parsed example with its trigger at ``place``."""
    forms = [token.text for token in example]
    single = list(dict.fromkeys(word for word in keywords if " " not in word))
    variants = [forms, *([*forms[:place], word, *forms[place + 1 :]] for word in single)]
    described = describe(variants)
    vectors = space(np.stack([found[place] for found, _ in described]))
    trigger = example[place]
    return Profile(
        name=name,
        stems=tuple(stem(word) for word in single),
        keywords=tuple(single),
        phrases=tuple(tuple(stem(part) for part in word.split()) for word in keywords if " " in word),
        name_words=name_words(name),
        example_stem=stem(trigger.text),
        example_pos=trigger.pos_,
        example_news=float(described[0][1][place]),
        vectors=vectors,
        alike=vectors[:1],
        against=vectors[:0],
    )


class NewTypes:
    """Types of a user's own, ready to be recognised.

    Args:
        kinds: their definitions; those without an example are left out, since they can only be parents.
        tagger: for vectors and its dictionary.
        weights: the fitted model.
    """

    def __init__(self, kinds: Sequence[TypeDefinition], tagger: EventTagger, weights: Weights | None = None) -> None:
        self.weights = weights or Weights.read()
        self._lexicon = tagger.lexicon
        self._describe = describe_with(tagger)
        self._evidence = Evidence(GATE)
        self.profiles = [profile for kind in kinds for profile in self._profiles(kind)]

    def _profiles(self, kind: TypeDefinition) -> list[Profile]:
        keywords = [*kind.nouns, *kind.verbs, *kind.words, *kind.forms, *kind.phrases]
        found = []
        for example in kind.examples[:1]:
            tokens, place = _parsed(example)
            words = list(dict.fromkeys([*keywords, tokens[place].lemma_.lower()]))
            made = make_profile(kind.name, words, tokens, place, self._describe, self.weights.space)
            found.append(replace(made, alike=self._marked(kind.examples), against=self._marked(kind.counterexamples)))
        return found

    def _marked(self, examples: Sequence[Example]) -> Array:
        """Unit vectors of the marked words, ``[examples, width]``."""
        found = []
        for example in examples:
            tokens, place = _parsed(example)
            ((vectors, _),) = self._describe([[token.text for token in tokens]])
            found.append(self.weights.space(vectors[place : place + 1]))
        return np.concatenate(found) if found else np.zeros((0, len(self.weights.space.mean)))

    def find(self, sentences: Sequence[Sequence[Tagged]]) -> list[dict[int, tuple[str, float]]]:
        """By sentence, the places of triggers with their type and its probability; one type a trigger."""
        if not self.profiles:
            return [{} for _ in sentences]
        found = []
        for tokens in sentences:
            ((vectors, news),) = self._describe([[token.text for token in tokens]])
            words = words_of(tokens, self.weights.space(vectors), news, self._lexicon)
            found.append(best_types(self.profiles, words, self._evidence, self.weights))
        return found


def best_types(
    profiles: Sequence[Profile], words: Words, evidence: Evidence, weights: Weights | Mapping[str, Weights]
) -> dict[int, tuple[str, float]]:
    """The most probable type of each word that reaches the threshold, by place; the first by name in a tie.

    Args:
        profiles: of the types.
        words: of a sentence.
        evidence: what to weigh.
        weights: for all types, or by type.
    """
    best: dict[int, tuple[str, float]] = {}
    for profile in sorted(profiles, key=lambda each: each.name):
        places, columns = evidence.candidates(profile, words)
        own = weights[profile.name] if isinstance(weights, Mapping) else weights
        for place, score in zip(places.tolist(), own.probability(columns).tolist(), strict=True):
            if score >= own.threshold and score > best.get(place, ("", 0.0))[1]:
                best[place] = (profile.name, score)
    return dict(sorted(best.items()))


def _parsed(example: Example) -> tuple[list[Tagged], int]:
    """The words of an example and the place of its trigger's head."""
    from extractors.nlp import parse
    from extractors.tree import head_of

    tokens = [token for token in parse(example.text) if not token.is_space]
    inside = [token for token in tokens if token.idx < example.end and token.idx + len(token.text) > example.start]
    head = head_of(inside)
    return list(tokens), tokens.index(head)
