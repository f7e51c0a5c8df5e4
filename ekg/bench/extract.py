"""``ekg bench extract``: triggers and arguments on GENEVA val and unseen ECB+ topics, with the dictionary as floor."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.events.example import EventSentence
    from extractors.events.found import FoundEvent

Results = dict[str, Any]


def run(data: Path, *, seed: int = 13) -> Results:
    """Measure the shipped event model.

    Text is the corpus's tokens joined by blanks, tokenised by the pipeline; triggers match when their spans are equal.

    Args:
        data: folder of the corpora, with ``geneva/`` and ``ecbplus/``.
        seed: unused, since nothing here is random; kept so that all benchmarks are called alike.

    Returns:
        By corpus, F1 values with four decimals, and speed as a ratio to one pass of the dictionary.

    Raises:
        DataError: a corpus is missing.
        MissingError: the weights are missing.
    """
    import torch

    from extractors.config import ExtractConfig
    from extractors.events.found import Thresholds
    from extractors.events.lexicon import Lexicon
    from extractors.events.tagger import EventTagger
    from extractors.training.event_scores import trigger_scores
    from extractors.training.events import HELD_OUT_TOPICS, pipeline_tokeniser
    from extractors.training.readers.ecbplus import read_ecbplus
    from extractors.training.readers.geneva import read_geneva

    torch.set_num_threads(1)
    config = ExtractConfig()
    both = Thresholds(typed=config.typed, news=config.news, role_bias=config.role_bias)
    typed_only = Thresholds(typed=config.typed, news=2.0, role_bias=config.role_bias)
    tokenise = pipeline_tokeniser()
    train = read_geneva(data / "geneva" / "train.json", tokenise)
    val = read_geneva(data / "geneva" / "val.json", tokenise)
    news = read_ecbplus(data / "ecbplus", HELD_OUT_TOPICS)
    lexicon = Lexicon.build(train)
    tagger = EventTagger()

    def tag(sentences: Sequence[EventSentence], thresholds: Thresholds) -> list[list[FoundEvent]]:
        return tagger.tag([sentence.tokens for sentence in sentences], thresholds)

    def look_up(sentences: Sequence[EventSentence]) -> list[list[tuple[int, int, str | None]]]:
        return [
            [(place, place + 1, kind) for place, token in enumerate(s.tokens) if (kind := lexicon.best(token))]
            for s in sentences
        ]

    floor_seconds, floor = _timed(lambda: look_up(val))
    model_seconds, found = _timed(lambda: tag(val, typed_only))
    everything = tag(val, both)
    given = tagger.tag_arguments(
        [s.tokens for s in val], [[(e.start, e.end, e.type or "") for e in s.events] for s in val], config.role_bias
    )
    unseen = tag(news, both)
    return {
        "geneva val": {
            "sentences": len(val),
            "dictionary floor": trigger_scores(val, floor),
            "model": trigger_scores(val, _spans(found)),
            "model with news events": trigger_scores(val, _spans(everything)),
            "whole pipeline": _whole_pipeline(data / "geneva" / "val.json"),
            "arguments, gold triggers": _argument_f1(val, given),
            "arguments, predicted triggers": _argument_f1(val, found),
        },
        "ecb+ topics 31-35": {
            "sentences": len(news),
            "dictionary floor": _untyped(trigger_scores(news, look_up(news))),
            "model": _untyped(trigger_scores(news, _spans(unseen))),
        },
        "speed": {
            "sentences a second": round(len(val) / model_seconds, 1),
            "times the dictionary": round(model_seconds / floor_seconds, 1),
        },
    }


def _whole_pipeline(path: Path) -> dict[str, float]:
    """F1 of GENEVA's types in what `extractors.extract` gives for each sentence as a document of its own."""
    from ekg.model import Document
    from extractors import extract
    from extractors.ontology import load_ontology
    from extractors.training.event_scores import Counts
    from extractors.training.readers.geneva import read_records

    ontology = load_ontology()
    identified, typed = Counts(), Counts()
    for record in read_records(path):
        words: list[str] = record["tokens"]
        starts = [sum(len(word) + 1 for word in words[:place]) for place in range(len(words) + 1)]
        gold = {
            (starts[mention["trigger"]["start"]], starts[mention["trigger"]["end"]] - 1): mention["event_type"]
            for mention in record["event_mentions"]
        }
        result = extract(Document(id=str(record["wnd_id"]), text=" ".join(words)))
        found = {event.trigger.span: event.type for event in result.events if ontology[event.type].source == "geneva"}
        for counts in (identified, typed):
            counts.gold += len(gold)
            counts.found += len(found)
        identified.right += len(found.keys() & gold.keys())
        typed.right += sum(gold.get(span) == kind for span, kind in found.items())
    return {"ti": identified.f1, "tc": typed.f1}


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds and the result."""
    began = time.process_time()
    result = work()
    return max(time.process_time() - began, 1e-6), result


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
