"""The stem→type dictionary: how often each stem triggers an event, and of which type.

It is both the floor that the model is measured against and the model's strongest single feature.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from extractors.events.example import EventSentence
from extractors.events.stems import stem

FEATURES = 4
"""How many numbers `Lexicon.evidence` gives."""


@dataclass(slots=True)
class Lexicon:
    """Counts over a training set.

    Args:
        seen: occurrences of each stem.
        types: by stem, how often it triggered each type.
    """

    seen: Counter[str] = field(default_factory=Counter)
    types: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def build(cls, sentences: Iterable[EventSentence]) -> Lexicon:
        """Count typed triggers, each under its first token."""
        lexicon = cls()
        for sentence in sentences:
            lexicon.seen.update(stem(token) for token in sentence.tokens)
            for event in sentence.events:
                if event.type is not None:
                    lexicon.types[stem(sentence.tokens[event.start])][event.type] += 1
        return lexicon

    def without(self, sentence: EventSentence) -> Lexicon:
        """The counts of the stems of one sentence as if it had not been seen, so that training cannot peek."""
        own = Lexicon.build([sentence])
        keys = sorted(own.seen)
        rest = Lexicon(Counter({key: self.seen[key] - own.seen[key] for key in keys}))
        for key in keys:
            if key in self.types:
                rest.types[key] = self.types[key] - own.types[key] if key in own.types else self.types[key]
        return rest

    def evidence(self, token: str) -> tuple[tuple[float, float, float, float], dict[str, float]]:
        """``(trigger rate, log count, purity of the type, known)`` of a token and its smoothed types."""
        key = stem(token)
        seen = self.seen.get(key, 0)
        types: Mapping[str, int] = self.types.get(key, {})
        hits = sum(types.values())
        if not seen:
            return (0.0, 0.0, 0.0, 0.0), {}
        shares = {name: count / hits for name, count in sorted(types.items()) if count > 0} if hits else {}
        rate = (hits + 0.1) / (seen + 0.5)
        return (rate, min(seen, 60) ** 0.25, max(shares.values(), default=0.0), 1.0), shares

    def counts(self, token: str) -> tuple[int, dict[str, int]]:
        """How often a token's stem was seen, and how often as a trigger of each type, commonest first."""
        key = stem(token)
        types = self.types[key] if key in self.types else Counter()
        return self.seen.get(key, 0), dict(sorted(types.items(), key=lambda item: (-item[1], item[0])))

    def best(self, token: str, threshold: float = 0.5) -> str | None:
        """The floor: the commonest type where at least ``threshold`` of the stem's occurrences trigger an event."""
        key = stem(token)
        types = self.types.get(key)
        if not types or sum(types.values()) < threshold * self.seen.get(key, 0):
            return None
        return min(types, key=lambda name: (-types[name], name))

    def to_json(self) -> dict[str, list[object]]:
        """Plain data: stem to ``[seen, {type: count}]``; stems that never trigger keep their count only."""
        return {key: [self.seen[key], dict(sorted(self.types.get(key, {}).items()))] for key in sorted(self.seen)}

    @classmethod
    def from_json(cls, data: Mapping[str, list[object]]) -> Lexicon:
        """The dictionary that `to_json` gave."""
        lexicon = cls()
        for key, (seen, types) in data.items():
            assert isinstance(seen, int)
            assert isinstance(types, dict)
            lexicon.seen[key] = seen
            if types:
                lexicon.types[key] = Counter(types)
        return lexicon
