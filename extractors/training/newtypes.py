"""``ekg train newtypes``: how much each piece of evidence says about types that are known by keywords and an example.

Every type of GENEVA with enough mentions is treated as new in turn: it gets the keywords (one, three or five) and the
example that a user would give, taken from four fifths of the sentences; its other mentions, in the last fifth, are to
be found. What the dictionary knows of it is forgotten meanwhile. A logistic regression weighs the words' forms. What
the event model's vectors say is left out: they would be trusted too much on types that it was trained for.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extractors.events.lexicon import Lexicon
from extractors.events.stems import stem
from extractors.ontology.evidence import COLUMNS, Evidence, Profile, Space, Words
from extractors.ontology.fewshot import GATE, Describer, Tagged, Weights, describe_with, make_profile, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extractors.events.example import EventSentence

FOLDS = 5
GROUP = 19
"""Types that are treated as new at once."""
THRESHOLDS = tuple(round(0.15 + 0.025 * step, 3) for step in range(19))
LEAST_TRAIN, LEAST_VAL = 10, 5
"""Mentions that a type needs in train and val to take part."""
KEYWORDS = (1, 3, 5)
"""How many keywords a user gives."""

Parsed = Sequence[Tagged]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Sentences with all that is computed once.

    Args:
        sentences: of GENEVA.
        parsed: their words with lemma and part of speech.
        vectors: of the tagger, by sentence.
        news: probability of a news event, by sentence.
    """

    sentences: Sequence[EventSentence]
    parsed: Sequence[Parsed]
    vectors: Sequence[NDArray[np.float64]]
    news: Sequence[NDArray[np.float64]]

    def mentions(self) -> dict[str, list[tuple[int, int]]]:
        """By type, sentence and first token of each trigger."""
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, sentence in enumerate(self.sentences):
            for event in sentence.events:
                if event.type is not None:
                    found[event.type].append((number, event.start))
        return dict(found)


def parse_sentences(sentences: Sequence[EventSentence]) -> list[Parsed]:
    """The pipeline's analysis of given tokens."""
    from spacy.tokens import Doc

    from extractors.nlp import load

    nlp = load()
    return [list(nlp(Doc(nlp.vocab, words=list(sentence.tokens)))) for sentence in sentences]


def read_corpus(
    sentences: Sequence[EventSentence],
    describe: Describer,
    parse: Callable[[Sequence[EventSentence]], Sequence[Parsed]] = parse_sentences,
) -> Corpus:
    """Parse and describe sentences."""
    described = describe([sentence.tokens for sentence in sentences])
    return Corpus(sentences, parse(sentences), [vectors for vectors, _ in described], [news for _, news in described])


def choose_types(train: Sequence[EventSentence], val: Sequence[EventSentence]) -> list[str]:
    """Types with enough mentions to be measured, sorted."""
    counts = [Counter(event.type for s in split for event in s.events if event.type) for split in (train, val)]
    return sorted(kind for kind in counts[0] if counts[0][kind] >= LEAST_TRAIN and counts[1][kind] >= LEAST_VAL)


def withheld_types(train: Sequence[EventSentence], val: Sequence[EventSentence], seed: int = 13) -> list[str]:
    """The 25 types of the benchmark: a sample, by seed, of those with enough mentions."""
    return sorted(random.Random(seed).sample(choose_types(train, val), 25))


def top_keywords(corpus: Corpus, mentions: Sequence[tuple[int, int]], count: int) -> list[str]:
    """The commonest lemmas of a type's triggers: what a user would name first."""
    lemmas = Counter(corpus.parsed[number][place].lemma_.lower() for number, place in mentions)
    return sorted(lemmas, key=lambda lemma: (-lemmas[lemma], lemma))[:count]


def profiles_of(
    corpus: Corpus,
    types: Sequence[str],
    numbers: Collection[int],
    describe: Describer,
    space: Space,
    *,
    keywords: int,
    rng: random.Random,
) -> list[Profile]:
    """Profiles of types from some of the sentences: their commonest trigger lemmas and one mention by chance."""
    inside = set(numbers)
    mentions = corpus.mentions()
    found = []
    for kind in types:
        own = [(number, place) for number, place in mentions.get(kind, ()) if number in inside]
        if len(own) < keywords:
            continue
        number, place = rng.choice(own)
        words = top_keywords(corpus, own, keywords)
        found.append(make_profile(kind, words, corpus.parsed[number], place, describe, space))
    return found


def corpus_words(corpus: Corpus, numbers: Sequence[int], space: Space, lexicon: Lexicon) -> list[Words]:
    """Words of some of the sentences, as new types are compared with them."""
    return [words_of(corpus.parsed[n], space(corpus.vectors[n]), corpus.news[n], lexicon) for n in numbers]


def forgetful(sentences: Sequence[EventSentence], hidden: Collection[str]) -> Lexicon:
    """The dictionary of sentences in which some types are not marked."""
    lexicon = Lexicon.build(sentences)
    for types in lexicon.types.values():
        for kind in hidden:
            types.pop(kind, None)
    return lexicon


@dataclass(frozen=True, slots=True)
class Simulated:
    """Candidates of one simulated type in one fold, with their evidence and whether each is a trigger of it."""

    kind: str
    keys: tuple[tuple[int, int], ...]
    columns: NDArray[np.float64]
    right: NDArray[np.bool_]


def simulate(
    corpus: Corpus,
    types: Sequence[str],
    hidden: Collection[str],
    describe: Describer,
    space: Space,
    *,
    keywords: int,
    seed: int,
) -> list[Simulated]:
    """Treat each type as new in each fold; ``hidden`` types are unmarked throughout."""
    rng = random.Random(seed)
    order = list(range(len(corpus.sentences)))
    rng.shuffle(order)
    found: list[Simulated] = []
    for fold in range(FOLDS):
        test = sorted(order[fold::FOLDS])
        train = sorted(set(order) - set(test))
        shuffled = list(types)
        rng.shuffle(shuffled)
        for first in range(0, len(shuffled), GROUP):
            group = sorted(shuffled[first : first + GROUP])
            lexicon = forgetful([corpus.sentences[n] for n in train], {*hidden, *group})
            words = corpus_words(corpus, test, space, lexicon)
            evidence = Evidence(GATE)
            for profile in profiles_of(corpus, group, train, describe, space, keywords=keywords, rng=rng):
                found.append(_candidates(corpus, profile, test, words, evidence))
    return found


def _candidates(
    corpus: Corpus, profile: Profile, numbers: Sequence[int], words: Sequence[Words], evidence: Evidence
) -> Simulated:
    keys: list[tuple[int, int]] = []
    columns = [np.zeros((0, len(COLUMNS)))]
    right: list[bool] = []
    for number, here in zip(numbers, words, strict=True):
        gold = {event.start for event in corpus.sentences[number].events if event.type == profile.name}
        places, numbers_ = evidence.candidates(profile, here)
        keys += [(number, int(place)) for place in places]
        right += [int(place) in gold for place in places]
        columns.append(numbers_)
    return Simulated(profile.name, tuple(keys), np.concatenate(columns), np.array(right, dtype=bool))


_TAUGHT = frozenset({"example", "nearest", "mean", "margin", "news", "example_news", "news_gain"})
"""Features that come from the tagger, which knows the types of the simulation."""
FORM = tuple(place for place, column in enumerate(COLUMNS) if _TAUGHT.isdisjoint(column.split("*")))


def fit_form(simulated: Sequence[Simulated], space: Space) -> Weights:
    """Weights of the evidence that does not come from the tagger's vectors; all others are 0."""
    columns = np.concatenate([each.columns for each in simulated])[:, FORM]
    right = np.concatenate([each.right for each in simulated])
    center, scale = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-6)
    odds, bias = _regression((columns - center) / scale, right, 0.05)
    weights = np.zeros(len(COLUMNS))
    weights[list(FORM)] = odds / scale
    return Weights(space, weights, bias - float(center @ (odds / scale)), 0.5)


def with_threshold(weights: Weights, runs: Sequence[Sequence[Simulated]], gold: int) -> tuple[Weights, float]:
    """The weights with the threshold of the best mean F1 over simulations, and that F1.

    Args:
        weights: fitted.
        runs: simulations of the same types, each with another number of keywords.
        gold: mentions of these types.
    """
    scores = [[weights.probability(each.columns) for each in run] for run in runs]
    found = {
        threshold: sum(_f1(run, given, threshold, gold) for run, given in zip(runs, scores, strict=True)) / len(runs)
        for threshold in THRESHOLDS
    }
    best = max(THRESHOLDS, key=lambda each: (round(found[each], 4), -each))
    return replace(weights, threshold=best), round(found[best], 4)


def _regression(columns: NDArray[np.float64], right: NDArray[np.bool_], strength: float) -> tuple[Any, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=400).fit(columns, right)
    return model.coef_[0], float(model.intercept_[0])


def _f1(simulated: Sequence[Simulated], scores: Sequence[NDArray[np.float64]], threshold: float, gold: int) -> float:
    best: dict[tuple[int, int], tuple[float, bool]] = {}
    for each, probabilities in zip(simulated, scores, strict=True):
        for key, score, right in zip(each.keys, probabilities.tolist(), each.right.tolist(), strict=True):
            if score >= threshold and score > best.get(key, (0.0, False))[0]:
                best[key] = (score, right)
    return 2 * sum(right for _, right in best.values()) / (len(best) + gold)


def train_newtypes(
    data: Path,
    out: Path,
    *,
    seed: int = 13,
    log: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Fit the weights for new types on all types of GENEVA with enough mentions and write ``out/fewshot.json``.

    Args:
        data: folder of corpora, with ``geneva/``.
        out: folder for the file; the shipped one is ``extractors/ontology``.
        seed: of folds, groups and examples.
        log: takes a line of progress.

    Returns:
        ``f1`` in the simulation on training sentences, and ``threshold``.

    Raises:
        DataError: GENEVA is not there.
        MissingError: the weights of the event model or of the pipeline are missing.
    """
    import torch

    from extractors.events.tagger import EventTagger
    from extractors.training.events_data import pipeline_tokeniser
    from extractors.training.readers.geneva import read_geneva

    torch.set_num_threads(1)
    tokenise = pipeline_tokeniser()
    train = read_geneva(data / "geneva" / "train.json", tokenise)
    val = read_geneva(data / "geneva" / "val.json", tokenise)
    describe = describe_with(EventTagger())
    log("parsing and describing the sentences")
    fitted, score = fit_on(read_corpus(train, describe), choose_types(train, val), (), describe, seed=seed, log=log)
    out.mkdir(parents=True, exist_ok=True)
    (out / "fewshot.json").write_text(json.dumps(fitted.to_json(), indent=0) + "\n", encoding="utf-8")
    return {"f1": score, "threshold": fitted.threshold}


def fit_on(
    corpus: Corpus,
    types: Sequence[str],
    hidden: Collection[str],
    describe: Describer,
    *,
    seed: int,
    log: Callable[[str], None] = lambda line: None,
) -> tuple[Weights, float]:
    """Simulate with one, three and five keywords, fit on all three; also the mean F1 in the simulation.

    Args:
        corpus: training sentences.
        types: to be treated as new in turn.
        hidden: types that are unmarked throughout, and on which nothing is fitted.
        describe: for vectors.
        seed: of folds, groups and examples.
        log: takes a line of progress.
    """
    space = Space.fit(np.concatenate(corpus.vectors)[::7])
    runs = []
    for count in KEYWORDS:
        log(f"types as new, with {count} keywords")
        runs.append(simulate(corpus, types, hidden, describe, space, keywords=count, seed=seed))
    mentions = corpus.mentions()
    gold = sum(len(mentions[kind]) for kind in types)
    return with_threshold(fit_form([each for run in runs for each in run], space), runs, gold)


def keyword_floor(
    corpus: Corpus, keywords: Mapping[str, Sequence[str]], *, pos: Collection[str] | None = None
) -> list[dict[int, str]]:
    """The floor: by sentence, every token whose own or whose lemma's stem is a keyword's, with the type.

    A word that several types claim goes to the one that names it first.

    Args:
        corpus: sentences.
        keywords: by type, most important first.
        pos: parts of speech that count; all where None.
    """
    owner: dict[str, tuple[int, str]] = {}
    for kind in sorted(keywords):
        for rank, word in enumerate(keywords[kind]):
            key = stem(word)
            owner[key] = min(owner.get(key, (rank, kind)), (rank, kind))
    found = []
    for parsed in corpus.parsed:
        here = {}
        for place, token in enumerate(parsed):
            hit = owner.get(stem(token.text)) or owner.get(stem(token.lemma_))
            if hit is not None and (pos is None or token.pos_ in pos):
                here[place] = hit[1]
        found.append(here)
    return found
