"""Why one pair of nodes was linked, or was not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alignment.aligner import SeedList
from alignment.candidates import score_one
from alignment.combination import PRIOR, Pairs, contributions, probability
from alignment.config import AlignConfig
from alignment.evidence import EvidenceOf
from alignment.graph import AlignGraph
from alignment.joint import score_pairs
from alignment.problem import make_problem
from ekg.errors import NotFoundError
from ekg.model import Link, Zone


def explain(
    left: AlignGraph | Path | str,
    right: AlignGraph | Path | str,
    a: str,
    b: str,
    *,
    seeds: SeedList | Path | str | None = None,
    precision: float = 0.95,
    seed: int = 13,
    config: AlignConfig | None = None,
) -> Link:
    """Score of one pair and what each feature contributes to its log-odds, also for pairs that did not match.

    A pair that blocking never proposed is compared by its names and times alone; ``evidence["proposed"]`` says so.

    Args:
        left: a graph or a path.
        right: the same.
        a: id of a left node.
        b: id of a right node.
        seeds: as in :func:`alignment.align`.
        precision: from which score on the pair counts as one to merge here.
        seed: for everything random.
        config: as in :func:`alignment.align`.

    Raises:
        NotFoundError: there is no such node.
        DataError: a file is malformed.
    """
    config = config or AlignConfig()
    first = left if isinstance(left, AlignGraph) else AlignGraph.read(left)
    second = right if isinstance(right, AlignGraph) else AlignGraph.read(right)
    for key, graph, name in ((a, first, "left"), (b, second, "right")):
        if key not in graph.index:
            raise NotFoundError(f"there is no node '{key}' in the {name} graph", hint="give ids as the graph has them")
    problem, _ = make_problem(first, second, seeds, None, None, "n:m")
    i, j = first.index[a], second.index[b]
    pairs, literal, weights = score_pairs(problem, config, seed, lambda _: None)
    rows = np.flatnonzero((pairs.left == i) & (pairs.right == j))
    proposed = len(rows) > 0
    if not proposed:
        literal = score_one(problem, i, j)
        pairs, weights = _alone(literal.probability, i, j), PRIOR
    row = int(rows[0]) if proposed else 0
    features = pairs.features()
    score = float(probability(features, weights)[row])
    evidence = EvidenceOf(problem, pairs, literal, contributions(features, weights)).of(row)
    evidence["proposed"] = "yes" if proposed else "no"
    if proposed:
        rivals = np.flatnonzero((pairs.left == i) & (pairs.right != j))
        if len(rivals):
            best = int(rivals[np.argmax(probability(features, weights)[rivals])])
            evidence["best other"] = second.nodes[int(pairs.right[best])].id
            evidence["best other score"] = float(probability(features, weights)[best])
    if (i, j) in set(zip(problem.seeds[0].tolist(), problem.seeds[1].tolist(), strict=True)):
        evidence["seed"] = 1.0
    zone: Zone = "merge" if score >= precision else "review" if score >= config.review else "reject"
    return Link(left=a, right=b, score=score, zone=zone, evidence=evidence)


def _alone(names: np.ndarray, i: int, j: int) -> Pairs:
    one = np.zeros(1)
    return Pairs(
        left=np.array([i]),
        right=np.array([j]),
        names=names if len(names) else one,
        has_names=np.array([len(names) > 0]),
        structure=one,
        has_structure=np.array([False]),
        neighbourhood=one,
    )
