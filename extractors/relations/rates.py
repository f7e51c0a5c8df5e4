"""How often events of such words and types were linked in the training topics, smoothed.

A rate is ``(links + strength · prior) / (pairs + strength)`` over pairs of events at most a sentence apart; the prior
of a pair of lemmas is the mean rate of the two, that of a lemma the rate of all; so for word classes. In training, the
rates that a topic sees are counted without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Count = tuple[int, int]
"""Links and pairs."""

_STRENGTH = 8.0


@dataclass(slots=True)
class LinkRates:
    """Counts of links and pairs by key; a key is a lemma, a type, or two of them joined by a tab."""

    links: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)

    def _rate(self, key: str, prior: float) -> float:
        pairs = self.pairs.get(key, 0)
        return (self.links.get(key, 0) + _STRENGTH * prior) / (pairs + _STRENGTH)

    @property
    def all(self) -> float:
        """Rate over all pairs."""
        return self._rate("", 0.1)

    def lemma(self, lemma: str) -> float:
        """Rate of pairs with a lemma."""
        return self._rate(f"l\t{lemma}", self.all)

    def lemma_first(self, lemma: str) -> float:
        """Rate of pairs whose first event has the lemma."""
        return self._rate(f"f\t{lemma}", self.all)

    def kind(self, kind: str) -> float:
        """Rate of pairs with a type."""
        return self._rate(f"k\t{kind}", self.all)

    def kinds(self, one: str, two: str) -> float:
        """Rate of pairs of two types in either order."""
        low, high = sorted((one, two))
        return self._rate(f"kk\t{low}\t{high}", (self.kind(one) + self.kind(two)) / 2)

    def kinds_ordered(self, one: str, two: str) -> float:
        """Rate of pairs of two types in this order."""
        return self._rate(f"ko\t{one}\t{two}", self.kinds(one, two))

    def lemmas(self, one: str, two: str) -> float:
        """Rate of pairs of two lemmas in either order."""
        low, high = sorted((one, two))
        return self._rate(f"ll\t{low}\t{high}", (self.lemma(one) + self.lemma(two)) / 2)

    def add(self, pairs: Iterable[tuple[tuple[str, str], tuple[str, str], bool]], sign: int = 1) -> None:
        """Count pairs, ``(lemma, type)`` of the first, of the second, and whether they are linked."""
        for (lemma_one, kind_one), (lemma_two, kind_two), linked in pairs:
            keys = ["", f"f\t{lemma_one}", f"ko\t{kind_one}\t{kind_two}"]
            keys += [f"l\t{lemma}" for lemma in sorted({lemma_one, lemma_two})]
            keys += [f"k\t{kind}" for kind in sorted({kind_one, kind_two})]
            keys.append("kk\t" + "\t".join(sorted((kind_one, kind_two))))
            keys.append("ll\t" + "\t".join(sorted((lemma_one, lemma_two))))
            for key in keys:
                self.pairs[key] += sign
                if linked:
                    self.links[key] += sign

    def to_json(self, least: int = 3) -> dict[str, list[int]]:
        """Counts of keys with at least ``least`` pairs, sorted."""
        kept = sorted(key for key, count in self.pairs.items() if count >= least)
        return {key: [self.links.get(key, 0), self.pairs[key]] for key in kept}

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> LinkRates:
        """Counts that `to_json` wrote."""
        return cls(
            Counter({key: int(links) for key, (links, _) in table.items()}),
            Counter({key: int(pairs) for key, (_, pairs) in table.items()}),
        )
