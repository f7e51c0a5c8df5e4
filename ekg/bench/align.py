"""Benchmarks of alignment: EventEA, YAGO-WIKI20K, and cross-document event coreference on ECB+.

Protocols: EventEA (Tian et al. 2022) ranks the test targets by score; a second figure is after one-to-one assignment.
YAGO-WIKI20K (Xu et al., TEA-GNN, EMNLP 2021) has facts only. Ids are replaced and rows shuffled before every run. Fits
see the train links or seeds alone.
"""

from __future__ import annotations

import gzip
import random
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignment import AlignConfig, AlignGraph, AlignNode, align, resolve
from alignment.folder import fact_bounds
from alignment.graph import Fact
from ekg.bench.align_ecbplus import DEV_TOPICS, geneva_types, read_ecbplus
from ekg.bench.coref_scores import b_cubed
from ekg.errors import DataError
from ekg.model import Alignment

SETS = ("eventea-en-en", "eventea-en-fr", "yago-wiki20k", "yago-wiki20k-unseeded", "ecbplus-events")
Figures = dict[str, float | int | str]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Two graphs with opaque ids, seeds, and the test links; ``missing`` test links have an end in neither file."""

    left: AlignGraph
    right: AlignGraph
    seeds: Pairs
    test: Pairs
    missing: int


def run(
    data: Path,
    *,
    seed: int = 13,
    sets: Sequence[str] = SETS,
    config: AlignConfig | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Figures]:
    """Measure alignment on some of :data:`SETS`.

    Args:
        data: the folder of corpora.
        seed: for the permutation of ids and rows, and for the aligner.
        sets: which to measure.
        config: the aligner's settings.
        progress: told what is being done.

    Returns:
        By set: Hits@1 ranked and assigned, MRR, precision of the merge zone, calibration error, CPU seconds, CPU time
        as a multiple of one scikit-learn character 2-4-gram TF-IDF top-20 pass over the names of the same run (YAGO
        has none, so over EventEA's), and peak memory of the process so far in MiB.

    Raises:
        DataError: a set is unknown or its data are absent.
    """
    result: dict[str, Figures] = {}
    baseline: float | None = None
    for name in sets:
        if name not in SETS:
            raise DataError(f"there is no set '{name}'", hint=f"choose from {', '.join(SETS)}")
        if name == "ecbplus-events":
            result[name] = event_coreference(data)
            continue
        task = _eventea(data, name, seed) if name.startswith("eventea") else _yago(data, seed, name)
        names = task if name.startswith("eventea") else None
        if baseline is None:
            baseline = tf_idf_pass(names or _eventea(data, "eventea-en-en", seed))
        began = time.process_time()
        found = align(
            task.left,
            task.right,
            seeds=task.seeds,
            left_ids=[a for a, _ in task.test],
            right_ids=[b for _, b in task.test],
            seed=seed,
            config=config,
            progress=progress,
        )
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        result[name] = figures(found, task) | {
            "cpu_s": round(spent, 1),
            "cpu_ratio": round(spent / baseline, 2),
            "peak_mib": round(peak),
        }
    return result


def figures(found: Alignment, task: Task) -> Figures:
    """Hits@1 ranked and assigned, MRR of the ranking, precision of the merge zone, calibration error."""
    gold, total = dict(task.test), len(task.test) + task.missing
    first = sum(ranks[0][0] == gold[left] for left, ranks in found.ranking.items() if ranks)
    reciprocal = 0.0
    for left, ranks in found.ranking.items():
        reciprocal += sum(1 / n for n, (right, _) in enumerate(ranks, start=1) if right == gold[left])
    right_links = [(link, gold[link.left] == link.right) for link in found.links]
    merged = [ok for link, ok in right_links if link.zone == "merge"]
    return {
        "test": total,
        "hits1_ranked": round(first / total, 4),
        "hits1_assigned": round(sum(ok for _, ok in right_links) / total, 4),
        "mrr_ranked": round(reciprocal / total, 4),
        "merged": len(merged),
        "merged_precision": round(sum(merged) / max(len(merged), 1), 4),
        "calibration_error": calibration_error([(link.score, ok) for link, ok in right_links]),
    }


def calibration_error(scored: Iterable[tuple[float, bool]], bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass (Naeini et al. 2015).

    >>> calibration_error([(1.0, True), (0.5, False)], bins=2)
    0.25
    """
    items = sorted(scored)
    error = 0.0
    for n in range(bins):
        part = items[len(items) * n // bins : len(items) * (n + 1) // bins]
        error += abs(sum(score - ok for score, ok in part)) / max(len(items), 1)
    return round(error, 4)


def tf_idf_pass(task: Task) -> float:
    """CPU seconds of the yardstick: scikit-learn's TF-IDF over character 2-4-grams and the 20 best targets of each."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    left = [task.left.nodes[task.left.index[a]].names[0] for a, _ in task.test]
    right = [task.right.nodes[task.right.index[b]].names[0] for _, b in task.test]
    began = time.process_time()
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 4)).fit(left + right)
    a, b = vectors.transform(left), vectors.transform(right).T.tocsr()
    for low in range(0, a.shape[0], 512):
        product = (a[low : low + 512] @ b).toarray()
        np.argpartition(product, -min(20, product.shape[1]), axis=1)
    return max(time.process_time() - began, 1e-3)


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


def _eventea(data: Path, name: str, seed: int) -> Task:
    folder = data / "eventea" / ("EN_EN_20K" if name.endswith("en-en") else "EN_FR_20K")
    shuffle = random.Random(seed)
    graphs, ids = [], []
    for side in "12":
        rows = _tsv(folder / f"name_list_{side}")
        opaque = _opaque([row[0] for row in rows], shuffle)
        shuffle.shuffle(rows)
        graphs.append(AlignGraph.build(AlignNode(id=opaque[row[0]], names=(row[1],)) for row in rows))
        ids.append(opaque)
    seeds, test = ([(ids[0][a], ids[1][b]) for a, b in _tsv(folder / part)] for part in ("train_links", "test_links"))
    return Task(left=graphs[0], right=graphs[1], seeds=seeds, test=test, missing=0)


def _yago(data: Path, seed: int, name: str) -> Task:
    folder = data / "yago-wiki20k"
    shuffle = random.Random(seed)
    graphs, ids = [], []
    for side in "12":
        path = folder / f"facts_{side}.tsv.gz"
        rows = _tsv(path)
        opaque = _opaque(sorted({row[0] for row in rows} | {row[2] for row in rows}), shuffle)
        shuffle.shuffle(rows)
        facts: list[Fact] = [
            (opaque[s], p, opaque[o], *fact_bounds(b, e, path, n)) for n, (s, p, o, b, e) in enumerate(rows, start=1)
        ]
        graphs.append(AlignGraph.build((), facts))
        ids.append(opaque)
    links = _tsv(folder / "links_test.tsv")
    test = [(ids[0][a], ids[1][b]) for a, b in links if a in ids[0] and b in ids[1]]
    seeds: Pairs = []
    if not name.endswith("unseeded"):
        rows = _tsv(folder / "links_seed400.tsv")
        seeds = [(ids[0][a], ids[1][b]) for a, b in rows if a in ids[0] and b in ids[1]]
    return Task(left=graphs[0], right=graphs[1], seeds=seeds, test=test, missing=len(links) - len(test))


def _opaque(ids: Sequence[str], shuffle: random.Random) -> dict[str, str]:
    numbers = list(range(len(ids)))
    shuffle.shuffle(numbers)
    return {key: f"n{number}" for key, number in zip(ids, numbers, strict=True)}


def _tsv(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise DataError(
            "the data of this benchmark are absent", path=path, hint="set EKG_DATA or --data to the corpora"
        )
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line.split("\t") for line in text.decode("utf-8").split("\n") if line]
