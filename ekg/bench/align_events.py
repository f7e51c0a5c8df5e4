"""Alignment of events: cross-document event coreference on ECB+."""

from __future__ import annotations

import time
from pathlib import Path

from alignment import resolve
from ekg.bench.align_ecbplus import DEV_TOPICS, geneva_types, read_ecbplus
from ekg.bench.align_tasks import Bench, Figures
from ekg.bench.coref_scores import b_cubed


def ecbplus_figures(bench: Bench, name: str) -> Figures:
    """The set ``ecbplus-events``."""
    return event_coreference(bench.data)


def event_coreference(data: Path) -> Figures:
    """B³ F1 of event resolution on topics 31-35 of ECB+ with gold mentions, corpus-wide, beside two baselines.

    ``ekg bench coref`` has the other scores, and what resolution makes of raw text.
    """
    from alignment.words import stem

    types = geneva_types(data / "geneva" / "train.json")
    gold = read_ecbplus(data / "ecbplus", DEV_TOPICS, types)
    began = time.process_time()
    ours = b_cubed(resolve(gold.records, texts=gold.texts).events, gold.clusters)
    spent = time.process_time() - began
    singletons = b_cubed({key: key for key in gold.clusters}, gold.clusters)
    same_stem = b_cubed({e.id: stem(e.lemma) for r in gold.records for e in r.events}, gold.clusters)
    return {
        "mentions": len(gold.clusters),
        "b3_f1": ours["f1"],
        "b3_precision": ours["precision"],
        "b3_recall": ours["recall"],
        "b3_f1_singletons": singletons["f1"],
        "b3_f1_same_stem": same_stem["f1"],
        "cpu_s": round(spent, 1),
    }
