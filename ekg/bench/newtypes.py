"""``ekg bench newtypes``: 25 types of GENEVA known by keywords and one example only, beside keyword matching."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.ontology.definition import TypeDefinition
    from extractors.training.newtypes import Corpus

Results = dict[str, Any]
DRAWS = 5
"""Sets of examples that the types are measured with."""


def run(data: Path, *, seed: int = 13, weights: Path | None = None) -> Results:
    """Measure the recognition of new types.

    The 25 types are a sample by ``seed`` of those with at least 10 mentions in GENEVA's train and 5 in its val. Of
    each, the keywords are the commonest trigger lemmas in train, the example is one training sentence; the example is
    drawn five times, and the scores are means. The types are made and read as ``ekg ontology add`` does it. Typed F1
    counts triggers of these types in val, exact span and type; a word gets one new type at most. The weights of the
    evidence are fitted on the other types of train alone, each treated as new in turn; on the 25 nothing is fitted.

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
    from extractors.ontology.evidence import OPEN, Evidence
    from extractors.ontology.fewshot import GATE, NewTypes, best_types, describe_with
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
    others = [kind for kind in newtypes.choose_types(train_sentences, val_sentences) if kind not in withheld]
    fitted, simulated = newtypes.fit_on(train, others, withheld, describe, seed=seed)
    tagger.lexicon = newtypes.forgetful(train_sentences, withheld)
    words = newtypes.corpus_words(val, range(len(val_sentences)), fitted.space, tagger.lexicon)
    mentions = train.mentions()

    def found(kinds: Sequence[TypeDefinition]) -> list[dict[int, str]]:
        profiles, evidence = NewTypes(kinds, tagger, fitted).profiles, Evidence(GATE)
        each = (best_types(profiles, here, evidence, fitted) for here in words)
        return [{place: kind for place, (kind, _) in best.items()} for best in each]

    def measured(count: int) -> Results:
        keywords = {kind: newtypes.top_keywords(train, mentions[kind], count) for kind in withheld}
        draws = []
        for draw in range(DRAWS):
            rng = random.Random(f"{seed}:{draw}")
            kinds = [made_type(train, kind, keywords[kind], rng.choice(mentions[kind])) for kind in withheld]
            draws.append(_scores(val, found(kinds), withheld))
        of_open = newtypes.keyword_floor(val, keywords, pos={*OPEN, "PROPN"})
        return {
            "floor: keywords alone": _scores(val, newtypes.keyword_floor(val, keywords), withheld),
            "floor: keywords that are nouns, verbs, adjectives or conjunctions": _scores(val, of_open, withheld),
            "keywords and one example": {name: round(fmean(each[name] for each in draws), 4) for name in draws[0]}
            | {"f1 by draw": ", ".join(f"{each['f1']:.4f}" for each in draws)},
        }

    return {
        "types": ", ".join(withheld),
        "mentions in val": sum(len(places) for kind, places in val.mentions().items() if kind in withheld),
        "the event model has seen": sorted(set(withheld) & set(tagger.labels.types)) or "none of them",
        "simulation on the other types of train": {
            "types": len(others),
            "f1": simulated,
            "threshold": fitted.threshold,
        },
        **{f"{count} keyword{'s' * (count > 1)}": measured(count) for count in newtypes.KEYWORDS},
    }


def made_type(corpus: Corpus, name: str, keywords: Sequence[str], mention: tuple[int, int]) -> TypeDefinition:
    """The type as `ekg ontology add` makes it.

    Args:
        corpus: of the example.
        name: of the type.
        keywords: single words.
        mention: sentence and token of the example's trigger; its tokens are joined by blanks.
    """
    from extractors.ontology.definition import Example
    from extractors.ontology.write import make_type

    number, place = mention
    tokens = corpus.sentences[number].tokens
    start = sum(len(token) + 1 for token in tokens[:place])
    example = Example(text=" ".join(tokens), start=start, end=start + len(tokens[place]))
    return make_type(name, keywords=",".join(keywords), example=example)


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
