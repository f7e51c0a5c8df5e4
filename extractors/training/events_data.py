"""What the shared model is trained on, and how its sentences are varied."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from extractors.events.example import EventSentence, GoldArgument, GoldEvent
from extractors.training.base_examples import recased, without_punctuation
from extractors.training.readers import AnnotatedDoc, Sentence, read_ecbplus_names, read_gum, read_wikigold, read_wnut17
from extractors.training.readers.ecbplus import read_ecbplus
from extractors.training.readers.geneva import Tokenise, read_geneva
from extractors.training.readers.litbank import read_litbank

TRAIN_TOPICS = range(1, 31)
HELD_OUT_TOPICS = range(31, 36)
MAX_TOKENS = 100
"""Longer sentences are left out of training."""

NAME_CORPORA = ("gum", "wikigold", "wnut17", "ecbplus")
"""Rows of the model's corpus embedding."""


@dataclass(frozen=True, slots=True)
class NamedSentence:
    """A sentence with names, and the corpus whose way of marking names it follows."""

    sentence: Sentence
    corpus: str

    @property
    def tokens(self) -> tuple[str, ...]:
        """Word forms."""
        return tuple(token.form for token in self.sentence.tokens)


_Sentence = TypeVar("_Sentence", EventSentence, NamedSentence)


@dataclass(frozen=True, slots=True)
class Corpora:
    """Training sentences by task; every pass takes all of the first two and a sample of the others."""

    geneva: list[EventSentence]
    ecb: list[EventSentence]
    litbank: list[EventSentence]
    names: list[NamedSentence]


def pipeline_tokeniser() -> Tokenise:
    """The pipeline's own tokeniser, without white space."""
    import spacy

    from extractors.nlp.tokens import english_tokenizer

    tokenizer = english_tokenizer(spacy.blank("en"))

    def tokenise(text: str) -> list[tuple[str, int]]:
        return [(token.text, token.idx) for token in tokenizer(text) if not token.is_space]

    return tokenise


def read_corpora(data: Path, *, limit: int | None = None, without: Collection[str] = ()) -> Corpora:
    """All training sentences.

    Args:
        data: folder of the corpora.
        limit: sentences of each corpus at most.
        without: event types whose triggers are left unmarked, to try out types that the model never saw.

    Raises:
        DataError: a corpus is missing or damaged.
    """
    geneva = read_geneva(data / "geneva" / "train.json", pipeline_tokeniser())
    if without:
        geneva = [replace(s, events=tuple(e for e in s.events if e.type not in without)) for s in geneva]
    parts = [
        ("gum", read_gum(data, "train")),
        ("wikigold", read_wikigold(data)[0]),
        ("wnut17", read_wnut17(data, "train")),
        ("ecbplus", [doc for doc in read_ecbplus_names(data) if topic_of(doc) in TRAIN_TOPICS]),
    ]
    names = [
        NamedSentence(sentence, corpus)
        for corpus, docs in parts
        for doc in docs[:limit]
        for sentence in doc.sentences
        if sentence.mentions is not None and len(sentence.tokens) > 2
    ]
    return Corpora(
        geneva[:limit],
        read_ecbplus(data / "ecbplus", TRAIN_TOPICS)[:limit],
        [s for s in read_litbank(data / "litbank")[:limit] if 2 < len(s.tokens) <= MAX_TOKENS],
        [n for n in names if len(n.sentence.tokens) <= MAX_TOKENS],
    )


def topic_of(doc: AnnotatedDoc) -> int:
    """ECB+ topic of a document by its id.

    >>> topic_of(AnnotatedDoc("31_4ecb#2", ()))
    31
    """
    return int(doc.id.partition("_")[0])


def groups(
    corpora: Corpora, rng: random.Random, *, size: int, names: int, litbank: int
) -> list[list[EventSentence] | list[NamedSentence]]:
    """Shuffled batches of one pass; a batch holds sentences of similar length of one task.

    Args:
        corpora: the sentences.
        rng: source of the order and of the samples.
        size: sentences in a batch.
        names: sentences with names in a pass; half of them GUM's, whose way is wanted.
        litbank: LitBank's sentences in a pass.
    """
    gum = [n for n in corpora.names if n.corpus == "gum"]
    other = [n for n in corpora.names if n.corpus != "gum"]
    chosen = rng.sample(gum, min(names // 2, len(gum))) + rng.sample(other, min(names - names // 2, len(other)))
    told = rng.sample(corpora.litbank, min(litbank, len(corpora.litbank)))
    result: list[list[EventSentence] | list[NamedSentence]] = []
    result += _cut([*corpora.geneva, *corpora.ecb], size, rng)
    result += _cut(told, size, rng)
    result += _cut(chosen, size, rng)
    rng.shuffle(result)
    return result


def _cut(sentences: Sequence[_Sentence], size: int, rng: random.Random) -> list[list[_Sentence]]:
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].tokens) + rng.uniform(0, 8))
    return [[sentences[i] for i in order[first : first + size]] for first in range(0, len(order), size)]


def as_transcript(sentence: EventSentence) -> EventSentence:
    """The sentence as speech recognition would write it: lower case, no punctuation.

    >>> as_transcript(EventSentence("s", ("Then", ",", "Reid", "fled", "."), (GoldEvent(3, 4),), "ecb")).tokens
    ('then', 'reid', 'fled')
    """
    kept = [place for place, token in enumerate(sentence.tokens) if any(char.isalnum() for char in token)]
    moved = {}
    for new, old in enumerate(kept):
        moved[old] = new

    def shift(start: int, end: int) -> tuple[int, int] | None:
        inside = [moved[place] for place in range(start, end) if place in moved]
        return (inside[0], inside[-1] + 1) if inside else None

    events = []
    for event in sentence.events:
        trigger = shift(event.start, event.end)
        if trigger:
            spans = [(shift(a.start, a.end), a.role) for a in event.arguments]
            arguments = tuple(GoldArgument(*span, role) for span, role in spans if span)
            events.append(GoldEvent(*trigger, event.type, arguments))
    tokens = tuple(sentence.tokens[place].lower() for place in kept)
    return EventSentence(sentence.id, tokens, tuple(events), sentence.source)


def varied_events(sentence: EventSentence, rng: random.Random) -> EventSentence:
    """A fifth of the sentences as transcripts, a few in capitals as some headlines are."""
    draw = rng.random()
    if draw < 0.2 and any(char.isalnum() for token in sentence.tokens for char in token):
        return as_transcript(sentence)
    if draw < 0.23:
        return replace(sentence, tokens=tuple(token.upper() for token in sentence.tokens))
    return sentence


def varied_names(named: NamedSentence, rng: random.Random) -> NamedSentence:
    """An eighth of the sentences as transcripts, some without case, some in capitals."""
    draw = rng.random()
    sentence = named.sentence
    if draw < 0.12:
        sentence = recased(without_punctuation(sentence), upper=False)
    elif draw < 0.16:
        sentence = recased(sentence, upper=True)
    elif draw < 0.20:
        sentence = recased(sentence, upper=False)
    return replace(named, sentence=sentence)


Log = Callable[[str], None]
