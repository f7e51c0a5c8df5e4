"""``ekg bench coref``: event coreference on ECB+ without gold topics, with gold mentions and from raw text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alignment import ResolveConfig, resolve
from alignment.words import stem
from ekg.bench.align_ecbplus import DEV_TOPICS, GoldEvents, geneva_types, read_ecbplus
from ekg.bench.coref_scores import coreference_scores
from ekg.model import Document, Event, Extraction

Results = dict[str, Any]
_OTHER_THRESHOLDS = (0.4, 0.6, 0.7)


def run(data: Path, *, seed: int = 13, topics: Iterable[int] = DEV_TOPICS) -> Results:
    """Measure resolution of the events of all documents of some topics in one pool.

    Gold mentions come with the participants, places and dates of their sentences. End to end, `extractors.extract`
    reads the text (tokens joined by blanks), found mentions are matched one-to-one to gold ones by overlap, and a gold
    mention that was not found is a cluster of its own.

    Args:
        data: folder of the corpora, with ``ecbplus/`` and ``geneva/``.
        seed: unused, since nothing here is random; kept so that all benchmarks are called alike.
        topics: topics of ECB+; the pair model was trained on 1 to 30.

    Raises:
        DataError: a corpus is missing.
        MissingError: the extractor's weights are missing.
    """
    gold = read_ecbplus(data / "ecbplus", topics, geneva_types(data / "geneva" / "train.json"))
    began = time.process_time()
    with_text = resolve(gold.records, texts=gold.texts).events
    spent = time.process_time() - began
    from extractors import extract

    began = time.process_time()
    records = [extract(Document(id=doc, text=text)) for doc, text in gold.texts.items()]
    reading = time.process_time() - began
    matched = match_mentions(gold.records, records)
    began = time.process_time()
    found = resolve(records, texts=gold.texts).events
    resolving = time.process_time() - began
    others = {}
    for threshold in _OTHER_THRESHOLDS:
        config = ResolveConfig(event_threshold=threshold)
        others[f"gold mentions, threshold {threshold}"] = coreference_scores(
            resolve(gold.records, texts=gold.texts, config=config).events, gold.clusters
        )
        others[f"end to end, threshold {threshold}"] = _end_to_end(
            gold, matched, resolve(records, texts=gold.texts, config=config).events
        )
    return {
        "documents": len(gold.records),
        "mentions": len(gold.clusters),
        "mentions found": round(len(matched) / max(len(gold.clusters), 1), 4),
        "floor, all singletons": coreference_scores({key: key for key in gold.clusters}, gold.clusters),
        "floor, same stem": coreference_scores(
            {e.id: stem(e.lemma) for r in gold.records for e in r.events}, gold.clusters
        ),
        "gold mentions": coreference_scores(with_text, gold.clusters),
        "gold mentions, records without text": coreference_scores(resolve(gold.records).events, gold.clusters),
        "end to end": _end_to_end(gold, matched, found),
        "floor, end to end, same stem": _end_to_end(
            gold, matched, {e.id: stem(e.lemma) for r in records for e in r.events}
        ),
        "other thresholds": others,
        "cost": {
            "resolution, gold mentions, cpu s": round(spent, 1),
            "extraction, cpu s": round(reading, 1),
            "resolution, cpu s": round(resolving, 1),
        },
    }


def match_mentions(gold: Sequence[Extraction], found: Sequence[Extraction]) -> dict[str, str]:
    """Found event mention by gold event mention: one-to-one within a document, the largest overlap first."""
    by_document = {record.document.id: record for record in found}
    matched: dict[str, str] = {}
    for record in gold:
        other = by_document.get(record.document.id)
        pairs = [
            (-common, abs(a.trigger.span[0] - b.trigger.span[0]), a.trigger.span, b.trigger.span, a.id, b.id)
            for a in record.events
            for b in (other.events if other else ())
            if (common := _overlap(a, b)) > 0
        ]
        taken: set[str] = set()
        for *_, mine, theirs in sorted(pairs):
            if mine not in matched and theirs not in taken:
                matched[mine] = theirs
                taken.add(theirs)
    return matched


def _overlap(a: Event, b: Event) -> int:
    return min(a.trigger.span[1], b.trigger.span[1]) - max(a.trigger.span[0], b.trigger.span[0])


def _end_to_end(gold: GoldEvents, matched: Mapping[str, str], clusters: Mapping[str, str]) -> dict[str, float]:
    predicted = {key: ("found", clusters[matched[key]]) if key in matched else ("missed", key) for key in gold.clusters}
    return coreference_scores(predicted, gold.clusters)
