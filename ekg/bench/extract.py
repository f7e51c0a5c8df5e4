"""``ekg bench extract``: triggers, arguments, robustness, time and memory, beside their floors.

Everything is measured on development parts: GENEVA val and topics 31-35 of ECB+. Names are in ``ekg bench entities``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekg.bench.extract_gold import GoldText, as_spoken, ecbplus_texts, geneva_texts, pipeline_scores

if TYPE_CHECKING:
    from extractors.events.example import EventSentence
    from extractors.events.found import FoundEvent

Results = dict[str, Any]

_TIMED = 25
"""Documents of ECB+ over which time is measured."""


def run(data: Path, *, seed: int = 13, floors: bool = False) -> Results:
    """Measure the shipped models.

    Text is the corpus's tokens joined by blanks. Of GENEVA, a sentence is a document and only its own types count; of
    ECB+, whole documents are read and the events in validated sentences count. ``tagger`` is the model alone on given
    tokens and sentences; ``pipeline`` is `extractors.extract` on raw text; ``spoken`` is the same text lower-cased
    and without punctuation.

    Args:
        data: folder of the corpora, with ``geneva/`` and ``ecbplus/``.
        seed: of the frozen encoder's MLP; nothing else here is random.
        floors: also train and measure the floor of a frozen MiniLM, which needs the extra ``train``.

    Returns:
        By corpus, F1 values with four decimals, and time as a ratio to one pass of the encoder.

    Raises:
        DataError: a corpus is missing.
        MissingError: the weights, or for ``floors`` the pretrained encoder, are missing.
    """
    import torch

    from extractors.nlp.pipeline import shared_tagger
    from extractors.training.events_data import HELD_OUT_TOPICS

    torch.set_num_threads(1)
    frozen = _frozen(data, seed) if floors else {}
    own = frozenset(shared_tagger().labels.types)
    val = list(geneva_texts(data / "geneva" / "val.json"))
    news = list(ecbplus_texts(data / "ecbplus", HELD_OUT_TOPICS))
    return {
        **({"floor: frozen MiniLM, given tokens": frozen} if frozen else {}),
        "geneva val": _geneva_tagger(data)
        | {
            "pipeline": pipeline_scores(val, kinds=own),
            "pipeline, spoken": pipeline_scores([as_spoken(text) for text in val], kinds=own),
        },
        "ecb+ topics 31-35": _news_tagger(data)
        | {"pipeline": pipeline_scores(news), "pipeline, spoken": pipeline_scores([as_spoken(text) for text in news])},
        "time": _times(news[:_TIMED]),
        "peak memory, GiB": _peak(),
    }


def _frozen(data: Path, seed: int) -> Results:
    from ekg.bench.extract_floor import frozen_floor
    from extractors.training.events_data import HELD_OUT_TOPICS, TRAIN_TOPICS, pipeline_tokeniser
    from extractors.training.readers.ecbplus import read_ecbplus
    from extractors.training.readers.geneva import read_geneva

    tokenise = pipeline_tokeniser()
    train, val = (read_geneva(data / "geneva" / f"{part}.json", tokenise) for part in ("train", "val"))
    typed = frozen_floor(train, val, by="tc", seed=seed)
    told = (read_ecbplus(data / "ecbplus", topics) for topics in (TRAIN_TOPICS, HELD_OUT_TOPICS))
    news = frozen_floor(*told, by="overlap", seed=seed)
    return {"geneva val": typed, "ecb+ topics 31-35": _untyped(news) | {"threshold": news["threshold"]}}


def _geneva_tagger(data: Path) -> Results:
    from extractors.config import ExtractConfig
    from extractors.events.lexicon import Lexicon
    from extractors.nlp.pipeline import shared_tagger
    from extractors.training.event_scores import trigger_scores
    from extractors.training.events_data import pipeline_tokeniser
    from extractors.training.readers.geneva import read_geneva

    config = ExtractConfig()
    tokenise = pipeline_tokeniser()
    val = read_geneva(data / "geneva" / "val.json", tokenise)
    floor = dictionary_triggers(Lexicon.build(read_geneva(data / "geneva" / "train.json", tokenise)), val)
    tagger = shared_tagger()
    found = tagger.tag([s.tokens for s in val], replace(config.thresholds(), news=2.0, faint=2.0))
    given = tagger.tag_arguments(
        [s.tokens for s in val], [[(e.start, e.end, e.type or "") for e in s.events] for s in val], config.role_bias
    )
    return {
        "floor: dictionary": trigger_scores(val, floor),
        "tagger": trigger_scores(val, _spans(found)) | {"arguments": _argument_f1(val, found)},
        "arguments, gold triggers": _argument_f1(val, given),
    }


def _news_tagger(data: Path) -> Results:
    from extractors.config import ExtractConfig
    from extractors.nlp.pipeline import shared_tagger
    from extractors.training.event_scores import trigger_scores
    from extractors.training.events_data import HELD_OUT_TOPICS
    from extractors.training.readers.ecbplus import read_ecbplus

    config = ExtractConfig()
    news = read_ecbplus(data / "ecbplus", HELD_OUT_TOPICS)
    tagger = shared_tagger()
    found = tagger.tag([s.tokens for s in news], replace(config.thresholds(), faint=2.0))
    floor = dictionary_triggers(tagger.lexicon, news)
    return {
        "floor: dictionary": _untyped(trigger_scores(news, floor)),
        "tagger": _untyped(trigger_scores(news, _spans(found))),
    }


def dictionary_triggers(lexicon: Any, sentences: Sequence[EventSentence]) -> list[list[tuple[int, int, str | None]]]:
    """The floor: every token whose stem mostly triggered an event in training, with its commonest type."""
    return [
        [(place, place + 1, kind) for place, token in enumerate(s.tokens) if (kind := lexicon.best(token))]
        for s in sentences
    ]


def _times(texts: Sequence[GoldText]) -> Results:
    """Processor seconds of whole extraction over those of one pass of the encoder over the same sentences."""
    import torch

    from ekg.model import Document
    from extractors import extract
    from extractors.nlp import parse
    from extractors.nlp.pipeline import shared_tagger

    documents = [Document(id=text.id, text=text.text, published="2011-05-04") for text in texts]
    extract(documents[0])
    sentences = [
        [[token.text for token in sentence if not token.is_space] for sentence in parse(document.text).sents]
        for document in documents
    ]
    tagger = shared_tagger()

    def encode() -> None:
        with torch.inference_mode():
            for each in sentences:
                for _, batch in tagger.batches(each):
                    tagger.model.encoder(batch.pieces, batch.cases, batch.mask)

    whole, once = 0.0, 0.0
    for _ in range(3):
        once += _seconds(encode)
        whole += _seconds(lambda: [extract(document) for document in documents])
    count = 3 * sum(len(each) for each in sentences)
    return {
        "whole extraction / one pass of the encoder": round(whole / once, 3),
        "sentences a second, whole": round(count / whole, 1),
    }


def _seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return max(time.process_time() - began, 1e-6)


def _peak() -> float:
    """The most memory that this process has held."""
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 3)


def _spans(found: Sequence[Sequence[FoundEvent]]) -> list[list[tuple[int, int, str | None]]]:
    return [[(event.start, event.end, event.type) for event in events] for events in found]


def _untyped(scores: dict[str, float]) -> dict[str, float]:
    return {"exact": scores["ti"], "overlap": scores["overlap"]}


def _argument_f1(sentences: Sequence[EventSentence], found: Sequence[Sequence[FoundEvent]]) -> float:
    from extractors.training.event_scores import argument_scores

    return argument_scores(
        sentences,
        [
            [
                (event.start, event.end, event.type, [(a.start, a.end, a.role) for a in event.arguments])
                for event in events
            ]
            for events in found
        ],
    )
