"""Why one pair of nodes was linked, or was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alignment.aligner import SeedList, align
from alignment.candidates import score_one
from alignment.combination import PRIOR, Pairs, contributions, probability
from alignment.config import AlignConfig, Cardinality
from alignment.constraints import known_id
from alignment.entity_pool import AT_MOST, joined_entities
from alignment.event_sides import EventSide
from alignment.event_turns import entity_scores, in_turns
from alignment.evidence import EvidenceOf
from alignment.folder import read_seeds
from alignment.graph import AlignGraph
from alignment.joint import score_pairs
from alignment.knowledge import open_if_graph
from alignment.problem import make_problem
from ekg.errors import NotFoundError
from ekg.model import Alignment, Link, Zone

if TYPE_CHECKING:
    from ekg.graph import EventGraph


def explain(
    left: AlignGraph | EventGraph | Path | str,
    right: AlignGraph | EventGraph | Path | str,
    a: str,
    b: str,
    *,
    seeds: SeedList | Path | str | None = None,
    precision: float = 0.95,
    seed: int = 13,
    config: AlignConfig | None = None,
) -> Link:
    """Score of one pair and what each feature contributes to its log-odds, also for pairs that did not match.

    A pair that :func:`alignment.align` links has the score, zone and evidence that it has there. Another pair is
    compared by itself and is never one to merge; one that blocking never proposed is compared by its names and times
    alone, and ``evidence["proposed"]`` says so.

    Args:
        left: a graph or a path.
        right: the same.
        a: id of a left node.
        b: id of a right node.
        seeds: as in :func:`alignment.align`.
        precision: as in :func:`alignment.align`.
        seed: for everything random.
        config: as in :func:`alignment.align`.

    Raises:
        NotFoundError: there is no such node.
        DataError: a file is malformed.
    """
    config = config or AlignConfig()
    graphs = open_if_graph(left), open_if_graph(right)
    try:
        first, second = (_read(source, graph) for source, graph in zip((left, right), graphs, strict=True))
        a, b = _known(a, first, "left"), _known(b, second, "right")
        pairs_known = None if seeds is None else _listed(seeds)
        cardinality = _cardinality(pairs_known or [])
        decided = align(
            graphs[0] or first,
            graphs[1] or second,
            seeds=pairs_known,
            cardinality=cardinality,
            precision=precision,
            seed=seed,
            config=config,
        )
        link = next((k for k in decided.links if (k.left, k.right) == (a, b)), None)
        if link is not None and "seed" not in link.evidence:
            return replace(link, evidence=link.evidence | {"proposed": "yes"} | _best_other(decided, a, b))
        of_event = [graph.nodes[graph.index[key]].kind == "event" for graph, key in ((first, a), (second, b))]
        joined = True
        ids: list[list[str] | None] = [None, None]
        if graphs[0] is not None and graphs[1] is not None:
            ids = [[n.id for n in graph.nodes if n.kind == "entity"] for graph in (first, second)]
            if all(of_event):
                entities = align(first, second, left_ids=ids[0], right_ids=ids[1], seed=seed, config=config)
                return _explain_events(graphs[0], graphs[1], a, b, entities, config)
            joined = (a, b) in joined_entities(EventSide.of(graphs[0]), EventSide.of(graphs[1]))
    finally:
        for graph, source in zip(graphs, (left, right), strict=True):
            if graph is not None and graph is not source:
                graph.close()
    problem, _ = make_problem(first, second, pairs_known, ids[0], ids[1], cardinality)
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
    evidence = EvidenceOf(problem, pairs, literal, np.array([row]), contributions(features[[row]], weights)).of(row)
    evidence["proposed"] = "yes" if proposed else "no"
    if proposed:
        rivals = np.flatnonzero((pairs.left == i) & (pairs.right != j))
        if len(rivals):
            best = int(rivals[np.argmax(probability(features, weights)[rivals])])
            evidence["best other"] = second.nodes[int(pairs.right[best])].id
            evidence["best other score"] = float(probability(features, weights)[best])
    if not joined and seeds is None and score > AT_MOST:
        score, evidence["rules of names"] = AT_MOST, "these two are not joined by them"
    if (i, j) in set(zip(problem.seeds[0].tolist(), problem.seeds[1].tolist(), strict=True)):
        evidence["seed"] = 1.0
    zone: Zone = "merge" if "seed" in evidence else _zone(score, config)
    return Link(left=a, right=b, score=score, zone=zone, evidence=evidence)


def _read(source: AlignGraph | EventGraph | Path | str, graph: EventGraph | None) -> AlignGraph:
    if graph is not None:
        return AlignGraph.from_event_graph(graph)
    if isinstance(source, AlignGraph):
        return source
    return AlignGraph.read(source) if isinstance(source, Path | str) else AlignGraph.from_event_graph(source)


def _known(key: str, graph: AlignGraph, name: str) -> str:
    found = known_id(key, graph.index)
    if found is None:
        raise NotFoundError(f"there is no node '{key}' in the {name} graph", hint="give ids as the graph has them")
    return found


def _explain_events(
    left: EventGraph, right: EventGraph, a: str, b: str, entities: Alignment, config: AlignConfig
) -> Link:
    sides = EventSide.of(left), EventSide.of(right)
    turns = in_turns(*sides, entity_scores(entities), forced=[(a, b)])
    rows = {pair: row for row, pair in enumerate(zip(turns.events.left, turns.events.right, strict=True))}
    if (a, b) not in rows:
        # Only two nodes of one and the same mention have no pair of mentions to compare.
        return Link(left=a, right=b, score=1.0, zone="merge", evidence={"same_mention": 1.0})
    row = rows[a, b]
    score = float(turns.events.probability[row])
    evidence = turns.events.evidence(row, sides)
    others = [(float(turns.events.probability[n]), y) for (x, y), n in rows.items() if x == a and y != b]
    if others:
        best, other = min(others, key=lambda item: (-item[0], item[1]))
        evidence |= {"best other": other, "best other score": best}
    return Link(left=a, right=b, score=score, zone=_zone(score, config), evidence=evidence)


def _listed(seeds: SeedList | Path | str) -> list[tuple[str, str]]:
    return read_seeds(Path(seeds)) if isinstance(seeds, Path | str) else list(seeds)


def _cardinality(seeds: list[tuple[str, str]]) -> Cardinality:
    """1:1 unless the seeds say that a node has several partners."""
    known = set(seeds)
    alone = all(len({pair[side] for pair in known}) == len(known) for side in (0, 1))
    return "1:1" if alone else "n:m"


def _best_other(decided: Alignment, a: str, b: str) -> dict[str, float | str]:
    others = [(other, score) for other, score in decided.ranking.get(a, ()) if other != b]
    return {"best other": others[0][0], "best other score": others[0][1]} if others else {}


def _zone(score: float, config: AlignConfig) -> Zone:
    """Zone of a pair that was not chosen."""
    return "review" if score >= config.review else "reject"


def _alone(names: np.ndarray, i: int, j: int) -> Pairs:
    one = np.zeros(1)
    return Pairs(
        left=np.array([i]),
        right=np.array([j]),
        names=names if len(names) else one,
        has_names=np.array([len(names) > 0]),
        structure=one,
        has_structure=np.array([False]),
        competition=one,
        neighbourhood=one,
    )
