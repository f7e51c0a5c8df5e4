"""``ekg bench newtypes``: 25 types of GENEVA known by keywords and one example only, beside keyword matching."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.training.newtypes import Corpus

Results = dict[str, Any]
COUNTS = (1, 3, 5)
"""How many keywords a user gives."""


def run(data: Path, *, seed: int = 13, weights: Path | None = None) -> Results:
    """Measure the recognition of new types.

    The 25 types are a sample by ``seed`` of those with at least 10 mentions in GENEVA's train and 5 in its val. Of
    each, the keywords are the commonest trigger lemmas in train, the example is one training sentence by ``seed``.
    Typed F1 counts triggers of these types in val, exact span and type. The weights of a type are fitted on other types
    alone: form on those that the event model knows, context on withheld ones of the other four parts.

    The event model must not have seen the types, so one trained by ``ekg train events --without-types`` is needed.
    With the shipped model the figures are not of new types, and the result says so.

    Args:
        data: folder of the corpora, with ``geneva/``.
        seed: of the types and their examples.
        weights: folder of the event model; default: the shipped one.

    Raises:
        DataError: the corpus is missing.
        MissingError: weights are missing.
    """
    import torch

    from extractors.events.tagger import EventTagger
    from extractors.events.weights import FOLDER
    from extractors.ontology.evidence import OPEN, Evidence, Space
    from extractors.ontology.fewshot import GATE, best_types, describe_with
    from extractors.training import newtypes
    from extractors.training.events_data import pipeline_tokeniser
    from extractors.training.readers.geneva import read_geneva

    torch.set_num_threads(1)
    tokenise = pipeline_tokeniser()
    train_sentences = read_geneva(data / "geneva" / "train.json", tokenise)
    val_sentences = read_geneva(data / "geneva" / "val.json", tokenise)
    withheld = newtypes.withheld_types(train_sentences, val_sentences, seed)
    tagger = EventTagger(weights or FOLDER)
    describe = describe_with(tagger)
    train = newtypes.read_corpus(train_sentences, describe)
    val = newtypes.read_corpus(val_sentences, describe)
    types = newtypes.choose_types(train_sentences, val_sentences)
    by_type, fitted, simulated = newtypes.fit_on(train, withheld, tagger, types, seed=seed)
    lexicon = newtypes.forgetful(train_sentences, withheld)
    space: Space = fitted.space
    words = newtypes.corpus_words(val, range(len(val_sentences)), space, lexicon)
    results: Results = {
        "types": ", ".join(withheld),
        "mentions in val": sum(len(found) for kind, found in val.mentions().items() if kind in withheld),
        "the event model has seen": sorted(set(withheld) & set(tagger.labels.types)) or "none of them",
        "simulation on train": simulated | {"threshold": fitted.threshold},
    }
    mentions = train.mentions()
    for count in COUNTS:
        keywords = {kind: newtypes.top_keywords(train, mentions[kind], count) for kind in withheld}
        rng = random.Random(seed)
        everywhere = range(len(train_sentences))
        profiles = newtypes.profiles_of(train, withheld, everywhere, describe, space, keywords=count, rng=rng)
        evidence = Evidence(GATE)
        found = [
            {place: kind for place, (kind, _) in best_types(profiles, here, evidence, by_type).items()}
            for here in words
        ]
        results[f"{count} keywords"] = {
            "keywords alone": _scores(val, newtypes.keyword_floor(val, keywords), withheld),
            "keywords that are no auxiliaries": _scores(
                val, newtypes.keyword_floor(val, keywords, pos={*OPEN, "PROPN"}), withheld
            ),
            "keywords and one example": _scores(val, found, withheld),
        }
    return results


def _scores(corpus: Corpus, found: Sequence[dict[int, str]], types: Sequence[str]) -> dict[str, float]:
    """Micro precision, recall and F1 of single-token triggers with their types."""
    gold = {
        (number, event.start, event.type)
        for number, sentence in enumerate(corpus.sentences)
        for event in sentence.events
        if event.type in types
    }
    predicted = {(number, place, kind) for number, here in enumerate(found) for place, kind in here.items()}
    right = len(gold & predicted)
    return {
        "p": round(right / max(len(predicted), 1), 4),
        "r": round(right / max(len(gold), 1), 4),
        "f1": round(2 * right / max(len(predicted) + len(gold), 1), 4),
    }
