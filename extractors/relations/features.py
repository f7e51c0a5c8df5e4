"""Features of a pair of events for the model of causal links, one row a pair.

A row has what holds of either event alone (tense, place in the tree and in the document, how often the document speaks
of it), how the two stand to each other (distance, path in the tree, connectives, common words, similarity) and how
often events of such words and types were linked in the training topics.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from extractors.relations.occurrence import Occurrence, verb_marks
from extractors.relations.pathways import between_words, tree_paths
from extractors.relations.rates import LinkRates
from extractors.words import word_set

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc, Token

FAR = 3
"""Sentences between two events at most; 96 % of the links of EventStoryLine's training topics are within it."""

OPENERS = word_set(
    "but however meanwhile then later also so therefore as after following since because in on the he she it they"
)
INTRODUCERS = (
    "after", "for", "in", "of", "with", "by", "from", "to", "as", "when", "because", "that", "on", "following",
)  # fmt: skip
_CONTENT = frozenset({"NOUN", "PROPN"})

Word = tuple[str, str]
"""Lemma and word class of a trigger."""

RATES = (
    "first lemma rate", "first lemma first rate", "first class rate",
    "second lemma rate", "second lemma first rate", "second class rate",
    "lemmas rate", "classes rate", "classes ordered rate",
)  # fmt: skip
"""Columns of `rate_features`."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of occurrences, ``left`` before ``right`` in the text, with their features.

    Args:
        left: index of the first event, one a pair.
        right: index of the second.
        rows: features, ``[pairs, features]``.
        columns: name of each feature.
        words: lemma and word class of each event.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    rows: NDArray[np.float32]
    columns: tuple[str, ...]
    words: tuple[Word, ...]

    def with_rates(self, rates: LinkRates) -> Pairs:
        """The same pairs with the link rates of their words as further features."""
        more = rate_features(self.words, self.left, self.right, rates)
        return replace(self, rows=np.concatenate([self.rows, more], axis=1), columns=(*self.columns, *RATES))


@dataclass(frozen=True, slots=True)
class WordSpace:
    """What the static vectors of words are reduced to.

    Args:
        basis: projection onto the components of most variance, ``[dimensions, components]``.
        centres: centres of word classes, ``[classes, dimensions]``.
    """

    basis: NDArray[np.float32]
    centres: NDArray[np.float32]

    def kinds(self, unit: NDArray[np.float32]) -> list[str]:
        """The class of each vector of length 1, ``[words, dimensions]``: the nearest centre."""
        distance = (self.centres**2).sum(axis=1) - 2 * np.einsum("wd,cd->wc", unit, self.centres)
        return [f"c{place}" for place in np.round(distance, 4).argmin(axis=1).tolist()]


def pair_features(doc: Doc, events: Sequence[Occurrence], space: WordSpace, far: int = FAR) -> Pairs:
    """All pairs of events at most ``far`` sentences apart, without link rates.

    Args:
        doc: the parsed document.
        events: in text order.
        space: projection and classes of words.
        far: sentences apart at most.
    """
    left, right = _near(events, far)
    vectors = trigger_vectors(events)
    unit = vectors / (np.linalg.norm(vectors, axis=1) + 1e-6)[:, None]
    kinds = space.kinds(unit)
    projected = np.einsum("wd,dc->wc", vectors, space.basis)
    alone, names = _alone(doc, events)
    both = _both(events, kinds, left, right)
    same = np.flatnonzero(both["same sentence"])
    paths, arcs = tree_paths(events, left, right, same)
    words, forms = between_words(doc, events, left, right, same)
    parts = [
        alone[left],
        alone[right],
        projected[left],
        projected[right],
        projected[left] * projected[right],
        np.stack(list(both.values()), axis=1).astype(np.float32),
        np.einsum("pd,pd->p", unit[left], unit[right])[:, None],
        paths,
        words,
    ]
    sides = [f"{side} {name}" for side in ("first", "second") for name in names]
    axes = [f"{side} vector {n}" for side in ("first", "second", "product") for n in range(space.basis.shape[1])]
    columns = (*sides, *axes, *both, "cosine", *arcs, *forms)
    rows = np.round(np.concatenate([part.astype(np.float32) for part in parts], axis=1), 4)
    return Pairs(left, right, rows, columns, tuple(zip([event.lemma for event in events], kinds, strict=True)))


def rate_features(
    words: Sequence[Word], left: NDArray[np.int64], right: NDArray[np.int64], rates: LinkRates
) -> NDArray[np.float32]:
    """Link rates of pairs, ``[pairs, len(RATES)]``.

    Args:
        words: lemma and word class of each event.
        left: index of the first event, one a pair.
        right: index of the second.
        rates: counts of the training topics.
    """
    alone = np.asarray(
        [(rates.lemma(lemma), rates.lemma_first(lemma), rates.kind(kind)) for lemma, kind in words], dtype=np.float32
    ).reshape(-1, 3)
    seen: dict[tuple[Word, Word], tuple[float, float, float]] = {}
    both = []
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        key = (words[i], words[j])
        if key not in seen:
            (lemma_one, kind_one), (lemma_two, kind_two) = key
            seen[key] = (
                rates.lemmas(lemma_one, lemma_two),
                rates.kinds(kind_one, kind_two),
                rates.kinds_ordered(kind_one, kind_two),
            )
        both.append(seen[key])
    together = np.asarray(both, dtype=np.float32).reshape(-1, 3)
    return np.round(np.concatenate([alone[left], alone[right], together], axis=1), 4)


def trigger_vectors(events: Sequence[Occurrence]) -> NDArray[np.float32]:
    """Static vectors of the heads of triggers, of our own table whatever pipeline parsed the document."""
    from extractors.nlp import load

    vocab = load().vocab
    vectors: Any = vocab.vectors
    table: NDArray[np.float32] = vectors.get_batch([vocab.strings.add(event.head.lower_) for event in events])
    return table


def _near(events: Sequence[Occurrence], far: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = []
    for i, event in enumerate(events):
        for j in range(i + 1, len(events)):
            if abs(events[j].sentence - event.sentence) > far:
                break
            pairs.append((i, j))
    table = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _alone(doc: Doc, events: Sequence[Occurrence]) -> tuple[NDArray[np.float32], list[str]]:
    lemmas, counts = np.unique(doc.to_array("LEMMA"), return_counts=True)
    frequency = dict(zip(lemmas.tolist(), counts.tolist(), strict=True))
    told = Counter(event.lemma for event in events)
    spread: dict[str, set[int]] = {}
    here = Counter(event.sentence for event in events)
    for event in events:
        spread.setdefault(event.lemma, set()).add(event.sentence)
    order = {number: place for place, number in enumerate(sorted(here))}
    table = []
    names: list[str] = []
    for event in events:
        rank = order[event.sentence]
        introducer = event.introducer
        values = {
            **verb_marks(event.head),
            "sentence": float(min(rank, 20)),
            "place": rank / max(1, len(order) - 1),
            "neighbours": float(here[event.sentence]),
            "frequency": math.log1p(frequency.get(event.head.lemma, 0)),
            "mentions": float(told[event.lemma]),
            "sentences": float(len(spread[event.lemma])),
            "words": float(event.end - event.start),
        }
        values |= {f"after {word}": float(introducer == word) for word in INTRODUCERS}
        names = names or list(values)
        table.append(list(values.values()))
    return np.asarray(table, dtype=np.float32).reshape(len(events), len(names)), names


def _both(
    events: Sequence[Occurrence], kinds: Sequence[str], left: NDArray[np.int64], right: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    def each(value: Callable[[Occurrence], int]) -> NDArray[np.int64]:
        return np.asarray([value(event) for event in events], dtype=np.int64)

    def same(values: Sequence[str]) -> NDArray[np.bool_]:
        _, number = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
        equal: NDArray[np.bool_] = number[left] == number[right]
        return equal

    sentence, start, end = each(lambda e: e.sentence), each(lambda e: e.start), each(lambda e: e.end)
    opener = each(_opener)
    edge = np.r_[True, sentence[1:] != sentence[:-1]] if len(events) else np.zeros(0, dtype=bool)
    last = np.r_[edge[1:], True] if len(events) else edge
    company = [_company(event) for event in events]
    common = [len(company[i] & company[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]
    apart = np.abs(sentence[right] - sentence[left])
    return {
        "sentences apart": apart,
        "same sentence": apart == 0,
        "tokens apart": np.log1p(np.maximum(0, start[right] - end[left])),
        "events between": right - left - 1,
        "same lemma": same([event.lemma for event in events]),
        "same stem": same([event.lemma[:4] for event in events]),
        "same class": same(kinds),
        "overlap": start[right] < end[left],
        "common words": np.minimum(3, np.asarray(common, dtype=np.int64)),
        "first of sentence": edge[left],
        "second first of sentence": edge[right],
        "second last of sentence": last[right],
        "opener": opener[right] * (apart > 0),
    }


def _opener(event: Occurrence) -> int:
    first = next((token for token in event.head.sent if not token.is_space and token.pos_ != "PUNCT"), event.head)
    return int(first.lower_ in OPENERS)


def _company(event: Occurrence) -> frozenset[str]:
    """Lemmas of the nouns that hang on an event."""
    near: list[Token] = [child for child in event.head.children if child.pos_ in _CONTENT]
    near += [grandchild for child in near for grandchild in child.children if grandchild.pos_ in _CONTENT]
    return frozenset(token.lemma_.lower() for token in near)
