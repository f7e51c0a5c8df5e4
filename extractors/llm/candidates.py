"""Which event types a sentence may hold, from words alone, so that the model is asked about few."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.events.labels import PLAIN
from extractors.events.stems import stem
from extractors.ontology.load import OWN
from extractors.words import word_set

if TYPE_CHECKING:
    from extractors.events.found import FoundEvent
    from extractors.events.lexicon import Lexicon
    from extractors.ontology import EventType, KeywordTypes

_WORD = re.compile(r"[^\W\d_]{3,}")
_STOP = word_set(
    """
    the and that this with from for not has have had was were are been its his her their they which who whom into out
    one two some any all other others something someone somebody event events type geneva people person thing
    """
)
_KEYWORDS = 8
_EXAMPLES = 3
_LEAST = 0.15
_SURE, _CLAIMED = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event type that is asked about: what the model is told of it; a keyword with a hyphen at its end is a stem."""

    name: str
    definition: str
    keywords: tuple[str, ...]
    roles: tuple[str, ...]
    examples: tuple[str, ...] = ()


class TypeIndex:
    """The types of the ontology by their words.

    Args:
        types: all event types by name.
        keywords: words of the ontology files.
        lexicon: stems of the training data with the types they trigger.
    """

    def __init__(self, types: dict[str, EventType], keywords: KeywordTypes, lexicon: Lexicon) -> None:
        self._keywords, self._lexicon = keywords, lexicon
        words: dict[str, dict[str, str]] = {name: {} for name in types}
        # The user's own types have no forms in `keywords`; those of the others are in both.
        self._own: defaultdict[str, list[str]] = defaultdict(list)
        for name, kind in types.items():
            details = kind.details
            if details is None:
                continue
            for word in (*details.nouns, *details.verbs, *details.words, *details.forms, *details.phrases):
                words[name].setdefault(stem(word), word)
            for example in details.examples:
                trigger = example.text[example.start : example.end].lower()
                words[name].setdefault(stem(trigger), trigger)
            if kind.source == OWN:
                for key in words[name]:
                    self._own[key].append(name)
        for (form, _), name in sorted(keywords.forms.items(), key=lambda item: (len(item[0][0]), item)):
            if name in words:
                words[name].setdefault(stem(form), form)
        counted = ((-count, key, name) for key, counts in lexicon.types.items() for name, count in counts.items())
        for count, key, name in sorted(counted):
            if name in words and count <= -2:
                words[name].setdefault(key, f"{key}-")
        self._candidates: dict[str, Candidate] = {}
        self._profiles: dict[str, Counter[str]] = {}
        for name, kind in types.items():
            listed = tuple(list(words[name].values())[:_KEYWORDS])
            examples = tuple(example.marked for example in kind.details.examples) if kind.details else ()
            self._candidates[name] = Candidate(name, kind.definition, listed, kind.roles, examples[:_EXAMPLES])
            self._profiles[name] = Counter(_stems([name.replace("_", " "), kind.definition, *words[name].values()]))
        seen = Counter(word for profile in self._profiles.values() for word in profile)
        self._weight = {word: math.log((1 + len(types)) / count) for word, count in seen.items()}
        self._length = {name: math.sqrt(sum(self._weight[w] ** 2 for w in p)) for name, p in self._profiles.items()}

    def candidates(
        self, words: Sequence[str], tags: Sequence[str], found: Sequence[FoundEvent], limit: int
    ) -> list[Candidate]:
        """Types of a sentence, the likeliest first.

        A type is likely by the offline tagger's events, by words that trigger it in the training data, by the
        ontology's keywords and by similarity of its name, keywords and definition to the sentence.

        Args:
            words: forms of the sentence.
            tags: their universal part-of-speech tags.
            found: what the offline tagger found.
            limit: how many types at most; a plain ``Event`` for untyped triggers comes on top.
        """
        scores: defaultdict[str, float] = defaultdict(float)
        for place, (word, tag) in enumerate(zip(words, tags, strict=True)):
            claimed = self._keywords.type_of(word, tag, words[place - 1] if place else "")
            if claimed in self._candidates:
                scores[claimed] += _CLAIMED
            for name in self._own.get(stem(word), ()):
                scores[name] += _CLAIMED
            evidence, shares = self._lexicon.evidence(word)
            for name, share in shares.items():
                scores[name] += evidence[0] * share
        for event in found:
            if event.type != PLAIN:
                scores[event.type] += _SURE * event.confidence
        for name, similarity in self._similar(words):
            scores[name] += similarity
        ranked = sorted((-round(score, 4), name) for name, score in scores.items() if name in self._candidates)
        chosen = [self._candidates[name] for score, name in ranked if -score >= _LEAST and name != PLAIN][:limit]
        untyped = [" ".join(words[event.start : event.end]) for event in found if event.type == PLAIN]
        if untyped:
            plain = self._candidates[PLAIN]
            chosen.append(Candidate(PLAIN, plain.definition, tuple(untyped[:_KEYWORDS]), plain.roles))
        return chosen

    def _similar(self, words: Sequence[str]) -> Iterable[tuple[str, float]]:
        """Cosine of a sentence and each type that shares a word with it."""
        here = sorted({word for word in _stems(words) if word in self._weight})
        length = math.sqrt(sum(self._weight[word] ** 2 for word in here))
        for name, profile in self._profiles.items():
            shared = sum(self._weight[word] ** 2 for word in here if word in profile)
            if shared:
                yield name, shared / (length * self._length[name])


def _stems(texts: Iterable[str]) -> list[str]:
    return [stem(word) for text in texts for word in _WORD.findall(text.lower()) if word not in _STOP]
