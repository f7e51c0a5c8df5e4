"""Alignment by names: EventEA (Tian et al. 2022), EventEA with nodes that have no counterpart, ICEWS-WIKI."""

from __future__ import annotations

from collections.abc import Iterable

from ekg.bench.align_figures import calibration_error, measure, tf_idf_pass
from ekg.bench.align_tasks import Bench, Figures, Task, dangling, eventea, icews_wiki
from ekg.model import Alignment

_RECALL = 0.95


def eventea_figures(bench: Bench, name: str) -> Figures:
    """EventEA: the test targets ranked by score, and after one-to-one assignment."""
    task = eventea(bench.data, name, bench.seed)
    return measure(bench, task, yardstick=tf_idf_pass(task))[1]


def dangling_figures(bench: Bench, name: str) -> Figures:
    """F1 of the links from the threshold that is best on the valid links; calibration of the best link a source."""
    valid, test = (dangling(bench.data, bench.seed, valid=part) for part in (True, False))
    yardstick = tf_idf_pass(test)
    of_valid, of_test = (measure(bench, task, yardstick=yardstick)[0] for task in (valid, test))
    whole = eventea(bench.data, "eventea-en-en-valid", bench.seed)
    threshold = _best_threshold(_assigned(of_valid, valid, (a for a, _ in whole.test)), len(valid.test))
    scored = _assigned(of_test, test, test.sources())
    kept = [right for score, right in scored if score >= threshold]
    return {
        "links": len(test.test),
        "threshold": threshold,
        "f1": _f1(sum(kept), len(kept), len(test.test)),
        "precision": round(sum(kept) / max(len(kept), 1), 4),
        "recall": round(sum(kept) / len(test.test), 4),
        "f1_best_on_test": max((f1 for f1, _ in _f1_by_threshold(scored, len(test.test))), default=0.0),
        "calibration_error": calibration_error(_best_links(of_test, test)),
    }


def icews_figures(bench: Bench, name: str) -> Figures:
    """ICEWS-WIKI: the precision of the best assigned links that hold 95 % of the true ones."""
    task = icews_wiki(bench.data, bench.seed)
    found, figures = measure(bench, task, yardstick=tf_idf_pass(task))
    scored = _assigned(found, task, task.sources())
    return figures | {"precision_at_recall_95": precision_at_recall(scored, len(task.test), _RECALL)}


def precision_at_recall(scored: Iterable[tuple[float, bool]], links: int, recall: float) -> float:
    """Precision of the highest scored pairs that hold so much of the links; 0 where there never are as many.

    >>> precision_at_recall([(0.9, True), (0.8, False), (0.7, True)], 2, 0.95)
    0.6667
    """
    right = 0
    for n, (_, ok) in enumerate(sorted(scored, reverse=True), start=1):
        right += ok
        if right >= recall * links:
            return round(right / n, 4)
    return 0.0


def _assigned(found: Alignment, task: Task, asked: Iterable[str]) -> list[tuple[float, bool]]:
    gold, sources = dict(task.test), set(asked)
    return [(link.score, gold.get(link.left) == link.right) for link in found.links if link.left in sources]


def _best_links(found: Alignment, task: Task) -> list[tuple[float, bool]]:
    gold = dict(task.test)
    return [(ranks[0][1], gold.get(left) == ranks[0][0]) for left, ranks in found.ranking.items() if ranks]


def _f1(right: int, predicted: int, gold: int) -> float:
    return round(2 * right / max(predicted + gold, 1), 4)


def _f1_by_threshold(scored: list[tuple[float, bool]], links: int) -> list[tuple[float, float]]:
    """F1 and the score down to which links count, for every score."""
    right, result = 0, []
    for n, (score, ok) in enumerate(sorted(scored, reverse=True), start=1):
        right += ok
        result.append((_f1(right, n, links), score))
    return result


def _best_threshold(scored: list[tuple[float, bool]], links: int) -> float:
    return max(_f1_by_threshold(scored, links), default=(0.0, 1.0))[1]
