"""Figures of an alignment beside its gold links, and the yardstick of processor time."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from alignment import align
from ekg.bench.align_tasks import Bench, Figures, Task, eventea
from ekg.model import Alignment


def measure(bench: Bench, task: Task, *, yardstick: float) -> tuple[Alignment, Figures]:
    """Align a task, and its figures with CPU seconds, their multiple of the yardstick and peak memory so far in MiB."""
    began = time.process_time()
    found = align(
        task.left,
        task.right,
        seeds=task.seeds,
        left_ids=task.sources(),
        right_ids=task.candidates(),
        seed=bench.seed,
        config=bench.config,
        progress=bench.progress,
    )
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found, figures(found, task) | {
        "cpu_s": round(spent, 1),
        "cpu_ratio": round(spent / yardstick, 2),
        "peak_mib": round(peak),
    }


def figures(found: Alignment, task: Task) -> Figures:
    """Hits@1 and MRR ranked and assigned, precision of the merge zone, calibration error."""
    gold, total = dict(task.test), len(task.test) + task.missing
    rankings = [(left, ranks) for left, ranks in found.ranking.items() if left in gold]
    first = sum(ranks[0][0] == gold[left] for left, ranks in rankings if ranks)
    orders = [(left, [right for right, _ in ranks]) for left, ranks in rankings]
    right_links = [(link, gold[link.left] == link.right) for link in found.links if link.left in gold]
    merged = [ok for link, ok in right_links if link.zone == "merge"]
    return {
        "test": total,
        "hits1_ranked": round(first / total, 4),
        "hits1_assigned": round(sum(ok for _, ok in right_links) / total, 4),
        "mrr_ranked": round(_reciprocal_ranks(orders, gold) / total, 4),
        "mrr_assigned": round(_reciprocal_ranks(assigned_orders(found, gold), gold) / total, 4),
        "merged": len(merged),
        "merged_precision": round(sum(merged) / max(len(merged), 1), 4),
        "calibration_error": calibration_error([(link.score, ok) for link, ok in right_links]),
    }


def assigned_orders(found: Alignment, gold: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Candidates of each left node of ``gold`` after assignment.

    Its own link stands first, what is linked to another node last, and each group is in the order of scores.
    """
    partner = {link.left: link.right for link in found.links}
    taken = set(partner.values())
    result = []
    for left in gold:
        own = [partner[left]] if left in partner else []
        others = [right for right, _ in found.ranking.get(left, ()) if right not in own]
        rest = [[right for right in others if (right in taken) is used] for used in (False, True)]
        result.append((left, own + rest[0] + rest[1]))
    return result


def _reciprocal_ranks(orders: Iterable[tuple[str, list[str]]], gold: Mapping[str, str]) -> float:
    return sum(1 / (order.index(gold[left]) + 1) for left, order in orders if gold[left] in order)


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


@lru_cache(maxsize=2)
def yardstick(data: Path, seed: int) -> float:
    """CPU seconds of :func:`tf_idf_pass` over EventEA EN_EN, once a process: for sets without names."""
    return tf_idf_pass(eventea(data, "eventea-en-en", seed))


def tf_idf_pass(task: Task) -> float:
    """CPU seconds of the yardstick: scikit-learn's TF-IDF over character 2-4-grams and the 20 best targets of each."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    left = [task.left.nodes[task.left.index[a]].names[0] for a in task.sources()]
    right = [task.right.nodes[task.right.index[b]].names[0] for b in task.candidates()]
    began = time.process_time()
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 4)).fit(left + right)
    a, b = vectors.transform(left), vectors.transform(right).T.tocsr()
    for low in range(0, a.shape[0], 512):
        product = (a[low : low + 512] @ b).toarray()
        np.argpartition(product, -min(20, product.shape[1]), axis=1)
    return max(time.process_time() - began, 1e-3)
