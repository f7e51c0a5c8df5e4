"""What each part of alignment adds, on one graph with names and facts, over five seeds.

DBP15K zh_en with the names that its URIs end in (Chinese on one side, English on the other, so that names alone find
little), 3,000 seeds and five numbers for everything random: the permutation of ids and rows, random codes, batches.
Names and structure are found once a number, and each part is joined to them in turn, so that the rows differ in that
part alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import mean, stdev
from typing import Any

import numpy as np

from alignment import AlignConfig
from alignment.aligner import zones_of
from alignment.assignment import assign
from alignment.combination import Pairs, probability
from alignment.joint import Gathered, gather, score_pairs, tabulate
from alignment.problem import Problem, make_problem
from alignment.sparse import Bools, Floats
from ekg.bench.align_figures import figures
from ekg.bench.align_tasks import Bench, Figures, Task, dbp15k
from ekg.model import Alignment, Link

SEEDS = 5
_WIDTH = 64
# Neighbourhoods by name: nothing, propagation without training, the trained network.
_NEIGHBOURHOODS: dict[str, dict[str, Any]] = {
    "": {"message_passing": False},
    "propagation": {"message_passing": True},
    "network": {"network": True, "dimensions": _WIDTH},
}
_SHOWN = ("hits1_ranked", "hits1_assigned", "mrr_ranked", "merged", "merged_precision")
_COMPARED = ("hits1_ranked", "hits1_assigned", "valid_hits1_ranked", "valid_hits1_assigned")
Tasks = tuple[Task, Task]


def ablation_figures(bench: Bench, name: str) -> Figures:
    """The set ``ablation``: Hits@1, MRR and the merge zone by part, on the test links and on those to tune on.

    Returns:
        By part mean and standard deviation (of the sample) over :data:`SEEDS` seeds from the bench's on. For what
        propagation and the network add also the mean of the differences with the same seed, and their deviation.
    """
    rows = dict[str, list[Figures]]()
    for seed in range(bench.seed, bench.seed + SEEDS):
        for arm, found in _arms(replace(bench, seed=seed)):
            rows.setdefault(arm, []).append(found)
            if bench.progress:
                bench.progress(f"seed {seed}, {arm}: {found}")
    result: Figures = {"seeds": SEEDS, "test": rows["names"][0]["test"]}
    for arm, each in rows.items():
        for key in (*_SHOWN, *_COMPARED[2:]):
            _add(result, f"{arm}: {key}", [float(f[key]) for f in each])
    for arm in rows:
        base, _, part = arm.rpartition(" + ")
        for key in _COMPARED if part in _NEIGHBOURHOODS else ():
            gains = [float(a[key]) - float(b[key]) for a, b in zip(rows[arm], rows[base], strict=True)]
            _add(result, f"{part} over {base}: {key}", gains)
    return result


def _add(result: Figures, key: str, values: list[float]) -> None:
    result[key] = round(mean(values), 4)
    result[f"{key} ±"] = round(stdev(values), 4)


def _arms(bench: Bench) -> Iterator[tuple[str, Figures]]:
    """Every part by name, with its figures."""
    config, tell = bench.config or AlignConfig(), bench.progress or (lambda _: None)
    for named in (False, True):
        test, valid = (dbp15k(bench.data, bench.seed, named=named, valid=part) for part in (False, True))
        problem, _ = make_problem(test.left, test.right, test.seeds, valid.sources(), valid.candidates(), "1:1")
        if named:
            names = replace(config, structure=False)
            pairs, _, weights = score_pairs(problem, names, bench.seed, tell)
            yield "names", _both((test, valid), problem, pairs, probability(pairs.features(), weights))
        facts = replace(config, literals=named)
        gathered = gather(problem, facts, bench.seed, tell)
        yield from _joined((test, valid), problem, gathered, facts, bench.seed, tell)


def _joined(
    tasks: Tasks, problem: Problem, gathered: Gathered, config: AlignConfig, seed: int, tell: Callable[[str], None]
) -> Iterator[tuple[str, Figures]]:
    """Structure, with each neighbourhood; without names also each neighbourhood by itself."""
    base = "names + structure" if config.literals else "structure"
    for neighbourhood, switches in _NEIGHBOURHOODS.items():
        table = tabulate(problem, gathered, replace(config, **switches), seed, tell)
        features = table.pairs.features()
        arms = {f"{base} + {neighbourhood}" if neighbourhood else base: table.weights()}
        if neighbourhood and not config.literals:
            arms[f"{neighbourhood} alone"] = table.weights(["neighbourhood"])
        for arm, weights in arms.items():
            yield arm, _both(tasks, problem, table.pairs, probability(features, weights))


def _both(tasks: Tasks, problem: Problem, pairs: Pairs, score: Floats) -> Figures:
    """Figures on the test links, and with ``valid_`` before their names those on the links to tune on."""
    test, valid = (_scored(task, problem, pairs, score) for task in tasks)
    return test | {f"valid_{key}": value for key, value in valid.items()}


def _scored(task: Task, problem: Problem, pairs: Pairs, score: Floats) -> Figures:
    """Figures of the test nodes ranked by score, and assigned one-to-one."""
    wanted: list[Bools] = []
    for graph, ids in ((problem.left, task.sources()), (problem.right, task.candidates())):
        mask = np.zeros(len(graph), dtype=bool)
        mask[[graph.index[key] for key in ids]] = True
        wanted.append(mask)
    rows = np.flatnonzero(wanted[0][pairs.left] & wanted[1][pairs.right])
    i, j, p = pairs.left[rows], pairs.right[rows], score[rows]
    left, right = ([node.id for node in graph.nodes] for graph in (problem.left, problem.right))
    ranking: dict[str, list[tuple[str, float]]] = {}
    for row in np.lexsort((j, -pairs.names[rows], -p, i)).tolist():
        ranking.setdefault(left[i[row]], []).append((right[j[row]], float(p[row])))
    chosen = np.flatnonzero(assign(i, j, p))
    zones = zones_of(p[chosen], 0.95, 0.25)
    links = (
        Link(left=left[i[row]], right=right[j[row]], score=float(p[row]), zone=zone)
        for row, zone in zip(chosen.tolist(), zones, strict=True)
    )
    found = Alignment(
        links=tuple(links),
        unmatched=(),
        ranking={key: tuple(ranks[:10]) for key, ranks in ranking.items()},
        run="ablation",
        settings={},
    )
    return figures(found, task)
