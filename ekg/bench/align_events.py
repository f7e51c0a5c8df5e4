"""Alignment of events: cross-document event coreference on ECB+, and its documents cut into two graphs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from alignment import resolve
from alignment.aligner import zones_of
from alignment.constraints import Constraints
from alignment.event_turns import event_links, in_turns
from alignment.event_weights import EventWeights
from ekg.bench.align_ecbplus import DEV_TOPICS, GoldEvents, geneva_types, read_ecbplus
from ekg.bench.align_tasks import Bench, Figures
from ekg.bench.coref_scores import b_cubed
from ekg.bench.event_halves import (
    Cut,
    HalvesTask,
    found_task,
    gold_task,
    halves,
    judge,
    judged_figures,
    names_alike,
    read_raw,
    same_type_and_day,
    stories,
)
from ekg.bench.event_links_train import Examples, fit_links, fold_examples, pair_models, read_folds
from ekg.model import Extraction, Link

_CUTS: dict[str, Cut] = {"ecbplus-halves": halves, "ecbplus-stories": stories}
_WANTED = 0.95


def ecbplus_figures(bench: Bench, name: str) -> Figures:
    """The set ``ecbplus-events``."""
    return event_coreference(bench.data)


def halves_figures(bench: Bench, name: str) -> Figures:
    """The sets ``ecbplus-halves`` and ``ecbplus-stories``, see :mod:`ekg.bench.event_halves`.

    Gold events on topics 1 to 35, each by models that never saw its topic. From raw text on topics 31 to 35 with the
    weights that ship, which were learned from topics 1 to 30.
    """
    return _figures(bench.data, _CUTS[name], raw=False)


def raw_figures(bench: Bench, name: str) -> Figures:
    """The sets ``ecbplus-halves-raw`` and ``ecbplus-stories-raw``: from raw text on topics 1 to 35, cross-fitted too.

    The extractor itself has learned from topics 1 to 30; it takes some ten minutes to read them, once for both sets.
    """
    return _figures(bench.data, _CUTS[name.removesuffix("-raw")], raw=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corpus:
    """What both cuts of the documents share: the folds and the last topics, as gold and as found, and what is learned.

    ``folds_raw`` is empty where the folds were not read.
    """

    folds: Sequence[GoldEvents]
    dev: GoldEvents
    folds_raw: Sequence[Sequence[Extraction]]
    dev_raw: Sequence[Extraction]
    models: Sequence[EventWeights]
    examples: Sequence[Sequence[Examples]]


@lru_cache(maxsize=1)
def _corpus(data: Path, *, raw: bool) -> _Corpus:
    types = geneva_types(data / "geneva" / "train.json")
    dev = read_ecbplus(data / "ecbplus", DEV_TOPICS, types)
    folds = read_folds(data)
    folds_raw = [read_raw(fold.texts) for fold in folds] if raw else []
    models = pair_models(folds)
    examples = [fold_examples(fold, folds_raw[n] if raw else (), models[n]) for n, fold in enumerate(folds)]
    return _Corpus(
        folds=folds, dev=dev, folds_raw=folds_raw, dev_raw=read_raw(dev.texts), models=models, examples=examples
    )


def _figures(data: Path, cut: Cut, *, raw: bool) -> Figures:
    corpus = _corpus(data, raw=raw)
    folds, dev, models = corpus.folds, corpus.dev, corpus.models
    gold_tasks = [gold_task(fold, cut) for fold in (*folds, dev)]
    raw_tasks = [found_task(fold, found, cut) for fold, found in zip(folds, corpus.folds_raw, strict=False)]
    raw_tasks.append(found_task(dev, corpus.dev_raw, cut))
    result: Figures = {}
    for name, tasks in (("gold", gold_tasks), ("raw", raw_tasks)):
        judged, floor = [], []
        began = time.process_time()
        for n, task in zip(range(len(folds) + 1 - len(tasks), len(folds) + 1), tasks, strict=True):
            unseen = n < len(folds)
            links = linked(task, _without(corpus.examples, n) if unseen else None, models[n] if unseen else None)
            judged.append(judge(task, links))
            floor.append(judge(task, same_type_and_day(task)))
        spent = time.process_time() - began
        result |= {f"{name}_{key}": value for key, value in judged_figures(judged).items()}
        result[f"{name}_f1_same_type_and_day"] = judged_figures(floor)["f1"]
        result[f"{name}_cpu_s"] = round(spent, 1)
    return result


def _without(examples: Sequence[Sequence[Examples]], fold: int) -> EventWeights:
    return fit_links([part for n, parts in enumerate(examples) if n != fold for part in parts])


def linked(
    task: HalvesTask, weights: EventWeights | None = None, pair_weights: EventWeights | None = None
) -> list[Link]:
    """Links between the events of a task, with zones for a wanted precision of .95."""
    turns = in_turns(task.left, task.right, names_alike(task), weights=weights, pair_weights=pair_weights)
    return event_links(
        turns,
        task.left,
        task.right,
        allowed=(task.left.nodes, task.right.nodes),
        known=Constraints(),
        zones=lambda scores: zones_of(np.array(scores), _WANTED, 0.25),
    )


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
