"""Alignment of two graphs: candidates, scores, assignment, zones, and links with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alignment.assignment import assign
from alignment.combination import Pairs, contributions, probability
from alignment.config import AlignConfig, Cardinality
from alignment.constraints import Constraints, make_constraints
from alignment.evidence import EvidenceOf
from alignment.folder import read_ids
from alignment.graph import AlignGraph
from alignment.joint import score_pairs
from alignment.knowledge import align_knowledge, open_if_graph
from alignment.labels import Label, recalibrated
from alignment.problem import Problem, make_problem
from alignment.sparse import Bools, Floats, Ints
from ekg.errors import ConfigError
from ekg.ids import digest
from ekg.model import Alignment, Link, Zone

if TYPE_CHECKING:
    from ekg.graph import EventGraph

SeedList = Iterable[tuple[str, str]]


def align(
    left: AlignGraph | EventGraph | Path | str,
    right: AlignGraph | EventGraph | Path | str,
    *,
    seeds: SeedList | Path | str | None = None,
    left_ids: Iterable[str] | Path | str | None = None,
    right_ids: Iterable[str] | Path | str | None = None,
    cardinality: Cardinality = "1:1",
    precision: float = 0.95,
    cannot_link: Iterable[tuple[str, str]] = (),
    labels: Iterable[Label] = (),
    top_k: int = 10,
    seed: int = 13,
    config: AlignConfig | None = None,
    progress: Callable[[str], None] | None = None,
) -> Alignment:
    """Find which nodes of two graphs are the same.

    Args:
        left: a graph, open or read, or the path of a folder, an RDF file or a knowledge graph.
        right: the same.
        seeds: known links, or a file of them.
        left_ids: what to align, or a file; all left nodes by default.
        right_ids: the candidates, or a file; all right nodes by default.
        cardinality: ``1:1``; ``1:n`` lets a left node have several right ones; ``n:m`` keeps every probable pair.
        precision: share of right links wanted among those to merge.
        cannot_link: pairs of ids that must not be linked; either may come first.
        labels: a person's verdicts: what was accepted is linked, what was rejected is not, and the other probabilities
            are calibrated by both.
        top_k: candidates in the ranking of each left node.
        seed: for everything random.
        config: limits and switches.
        progress: told what is being done.

    Two knowledge graphs that hold their documents have their events aligned by the resolution of mentions, unless there
    are seeds or another cardinality (see :mod:`alignment.knowledge`).

    Returns:
        The whole assignment, best first, with zones, evidence and the ranking before assignment. Seeds are links of
        it when their nodes are asked for.

    Raises:
        DataError: a file is malformed; a seed, a label or a pair to keep apart names an unknown node or contradicts
            another.
        ConfigError: precision, top_k or cardinality have no meaning.
    """
    config = config or AlignConfig()
    _check(cardinality, precision, top_k)
    cannot_link, labels = list(cannot_link), list(labels)
    if seeds is None and cardinality == "1:1":
        graphs = open_if_graph(left), open_if_graph(right)
        try:
            if graphs[0] is not None and graphs[1] is not None:
                return align_knowledge(
                    graphs[0],
                    graphs[1],
                    left_ids=_listed(left_ids),
                    right_ids=_listed(right_ids),
                    cannot_link=cannot_link,
                    labels=labels,
                    zones=lambda scores: zones_of(np.array(scores), precision, config.review),
                    align_entities=lambda a, b, left_ids, right_ids, apart, judged: align(
                        a,
                        b,
                        left_ids=left_ids,
                        right_ids=right_ids,
                        precision=precision,
                        cannot_link=apart,
                        labels=judged,
                        top_k=top_k,
                        seed=seed,
                        config=config,
                        progress=progress,
                    ),
                )
        finally:
            for graph, source in zip(graphs, (left, right), strict=True):
                if graph is not None and graph is not source:
                    graph.close()
    a, b = _read(left), _read(right)
    problem, wanted = make_problem(a, b, seeds, left_ids, right_ids, cardinality)
    known = make_constraints(
        a.index,
        b.index,
        cannot_link=cannot_link,
        labels=labels,
        seeds=[(a.nodes[x].id, b.nodes[y].id) for x, y in zip(*(s.tolist() for s in problem.seeds), strict=True)],
        cardinality=cardinality,
    )
    pairs, literal, weights = score_pairs(problem, config, seed, progress or (lambda _: None))
    features = pairs.features()
    score = probability(features, weights)
    judged = _rows_of(problem, pairs, known.accepted | known.rejected)
    score = recalibrated(score, [(float(score[row]), pair in known.accepted) for pair, row in sorted(judged.items())])
    # Nodes without a certain partner that are asked for; certain links stand beside them.
    certain = _certain(problem, known)
    taken = problem.seed_of() >= 0, np.zeros(len(b), dtype=bool)
    taken[1][problem.seeds[1]] = cardinality == "1:1"
    for a_id, b_id in known.accepted:
        taken[0][a.index[a_id]] |= cardinality == "1:1"
        taken[1][b.index[b_id]] |= cardinality != "n:m"
    usable = wanted[0][pairs.left] & wanted[1][pairs.right] & ~taken[0][pairs.left]
    usable[list(_rows_of(problem, pairs, known.accepted | known.apart).values())] = False
    candidates = np.flatnonzero(usable)
    i, j = pairs.left[candidates], pairs.right[candidates]
    ranking = _ranking(a, b, i, j, score[candidates], features[candidates, 0], top_k)
    chosen = candidates[_choose(i, j, score[candidates], ~taken[1][j], cardinality)]
    zones = zones_of(score[chosen], precision, config.review)
    evidence = EvidenceOf(problem, pairs, literal, chosen, contributions(features[chosen], weights))
    # Links and evidence of many nodes need the room that all candidates took.
    del features, literal, candidates, usable, i, j
    links = [
        Link(
            left=a.nodes[int(pairs.left[row])].id,
            right=b.nodes[int(pairs.right[row])].id,
            score=float(score[row]),
            zone=zone,
            evidence=evidence.of(int(row)),
        )
        for row, zone in zip(chosen.tolist(), zones, strict=True)
    ]
    for (x, y), reason in certain.items():
        if wanted[0][x] and wanted[1][y]:
            links.append(Link(left=a.nodes[x].id, right=b.nodes[y].id, score=1.0, zone="merge", evidence=reason))
    order = {node.id: n for n, node in enumerate(a.nodes)}
    links.sort(key=lambda link: (-link.score, order[link.left], b.index[link.right]))
    linked = {link.left for link in links}
    unmatched = tuple(a.nodes[n].id for n in np.flatnonzero(wanted[0]).tolist() if a.nodes[n].id not in linked)
    settings = config.settings() | {"cardinality": cardinality, "precision": precision, "top_k": top_k, "seed": seed}
    return Alignment(
        links=tuple(links),
        unmatched=unmatched,
        ranking=ranking,
        run=_run_id(problem, wanted, settings, known),
        settings=settings,
    )


def _read(source: AlignGraph | EventGraph | Path | str) -> AlignGraph:
    if isinstance(source, AlignGraph):
        return source
    return AlignGraph.read(source) if isinstance(source, Path | str) else AlignGraph.from_event_graph(source)


def _listed(ids: Iterable[str] | Path | str | None) -> list[str] | None:
    return None if ids is None else read_ids(Path(ids)) if isinstance(ids, Path | str) else list(ids)


def _check(cardinality: str, precision: float, top_k: int) -> None:
    if cardinality not in ("1:1", "1:n", "n:m"):
        raise ConfigError(f"cardinality '{cardinality}' is unknown", hint="use 1:1, 1:n or n:m")
    if not 0.0 < precision <= 1.0:
        raise ConfigError(f"precision must lie in 0 to 1, not {precision}", hint="0.95 is usual")
    if top_k < 1:
        raise ConfigError(f"top_k must be at least 1, not {top_k}")


def _rows_of(problem: Problem, pairs: Pairs, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Row of each pair that is a candidate."""
    width = max(len(problem.right), 1)
    keys = pairs.left * width + pairs.right
    found = {}
    for a, b in wanted:
        at = np.flatnonzero(keys == problem.left.index[a] * width + problem.right.index[b])
        if len(at):
            found[a, b] = int(at[0])
    return found


def _certain(problem: Problem, known: Constraints) -> dict[tuple[int, int], dict[str, float | str]]:
    """Pairs that need no score, with the reason: seeds, and what a person accepted."""
    accepted = sorted((problem.left.index[a], problem.right.index[b]) for a, b in known.accepted)
    found: dict[tuple[int, int], dict[str, float | str]] = {pair: {"label": "accept"} for pair in accepted}
    for x, y in zip(problem.seeds[0].tolist(), problem.seeds[1].tolist(), strict=True):
        found[x, y] = {"seed": 1.0}
    return found


def _choose(i: Ints, j: Ints, score: Floats, free: Bools, cardinality: Cardinality) -> Ints:
    """Rows of the links."""
    if cardinality == "1:1":
        open_rows = np.flatnonzero(free)
        return open_rows[assign(i[open_rows], j[open_rows], score[open_rows])]
    if cardinality == "n:m":
        return np.flatnonzero(score >= 0.5)
    # Every right node goes to its best left node.
    order = np.lexsort((i, -score, j))
    first = np.r_[True, j[order][1:] != j[order][:-1]] if len(order) else np.zeros(0, dtype=bool)
    best = order[first]
    return np.sort(best[score[best] >= 0.5])


def _ranking(
    a: AlignGraph, b: AlignGraph, i: Ints, j: Ints, score: Floats, tie: Floats, top_k: int
) -> dict[str, tuple[tuple[str, float], ...]]:
    order = np.lexsort((j, -tie, -score, i))
    result: dict[str, list[tuple[str, float]]] = {}
    for row in order.tolist():
        found = result.setdefault(a.nodes[int(i[row])].id, [])
        if len(found) < top_k:
            found.append((b.nodes[int(j[row])].id, float(score[row])))
    return {key: tuple(found) for key, found in result.items()}


def zones_of(score: Floats, precision: float, review: float) -> list[Zone]:
    """Merge as many of the best links as keep the expected share of right ones; calibrated scores make it hold."""
    order = np.argsort(-score, kind="stable")
    expected = np.cumsum(score[order]) / np.arange(1, len(order) + 1)
    merged = np.zeros(len(score), dtype=bool)
    # Many links of exactly the wanted precision have that as their mean, whatever their sum is rounded to.
    merged[order] = (expected >= precision - 1e-9) & (score[order] >= 0.5)
    return ["merge" if m else "review" if s >= review else "reject" for m, s in zip(merged, score, strict=True)]


def _run_id(
    problem: Problem,
    wanted: tuple[Bools, Bools],
    settings: dict[str, float | int | str | bool | None],
    known: Constraints,
) -> str:
    parts: list[object] = [sorted(settings.items())]
    for graph, mask in zip((problem.left, problem.right), wanted, strict=True):
        parts += [graph.nodes, graph.facts, [graph.nodes[n].id for n in np.flatnonzero(mask).tolist()]]
    pairs = zip(problem.seeds[0].tolist(), problem.seeds[1].tolist(), strict=True)
    parts.append(sorted((problem.left.nodes[x].id, problem.right.nodes[y].id) for x, y in pairs))
    if known.accepted or known.apart:
        parts += known.parts()
    return f"al_{digest(*parts)}"
