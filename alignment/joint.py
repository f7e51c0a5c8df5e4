"""Names and structure in turns: literal pairs start structural rounds, and both are joined into one score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from alignment.candidates import LiteralPairs, no_literals, score_literals
from alignment.combination import COMBINED_FEATURES, PRIOR, Pairs, fit_combination, log_odds
from alignment.config import AlignConfig
from alignment.problem import Problem
from alignment.sparse import Bools, Floats
from alignment.structure import Incidence, incidence
from alignment.structure_rounds import NameEvidence, StructuralPairs, align_structure

# With fewer, a third of them is too few to calibrate on: the prior is closer (YAGO-WIKI20K, 400 seeds: .07 and .15).
_MANY_SEEDS = 600
# Rounds of keys alone, at most; they only find the first anchors.
_KEY_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Candidates by names and by facts, before one score is made of them.

    Args:
        literal: pairs by name.
        sides: facts of both graphs; None where one has none, or where they do not count.
        found: pairs by facts with all seeds as anchors; None without facts.
        without: the same without the seeds of one fold, for fitting on them; None where there are too few.
        fold: which of the seeds those are.
    """

    literal: LiteralPairs
    sides: tuple[Incidence, Incidence] | None
    found: StructuralPairs | None
    without: StructuralPairs | None
    fold: Bools


Lesson = tuple[Floats, Bools]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All pairs with their features.

    Args:
        pairs: the pairs.
        lesson: features and labels of the pairs of one fold of the seeds, made by structure that has not seen it.
        structural: whether facts count.
    """

    pairs: Pairs
    lesson: Lesson | None
    structural: bool

    def weights(self, only: Sequence[str] = COMBINED_FEATURES) -> dict[str, float]:
        """Weights of the features, or of some of them alone; those set by hand where nothing can be fitted."""
        if not self.structural:
            return {"intercept": 0.0, "names": 1.0}
        if self.lesson is None:
            return PRIOR
        used = np.isin(COMBINED_FEATURES, only)
        return fit_combination(self.lesson[0] * used, self.lesson[1]) or PRIOR


def score_pairs(
    problem: Problem, config: AlignConfig, seed: int, progress: Callable[[str], None]
) -> tuple[Pairs, LiteralPairs, dict[str, float]]:
    """Candidate pairs with what names and structure say, and the weights that join the two."""
    gathered = gather(problem, config, seed, progress)
    table = tabulate(problem, gathered, config, seed, progress)
    return table.pairs, gathered.literal, table.weights()


def gather(problem: Problem, config: AlignConfig, seed: int, progress: Callable[[str], None]) -> Gathered:
    """Candidates by names, then by structure in rounds."""
    literal = no_literals()
    if config.literals:
        progress("names: candidates and features")
        encoder = Path(config.encoder) if config.encoder else None
        literal = score_literals(problem, block_k=config.block_k, learn=config.learn, seed=seed, encoder=encoder)
    seeds = problem.seeds
    fold = np.zeros(len(seeds[0]), dtype=bool)
    if not (config.structure and problem.left.facts and problem.right.facts):
        return Gathered(literal=literal, sides=None, found=None, without=None, fold=fold)
    sides = incidence(problem.left), incidence(problem.right)

    # Nodes that nobody asked for are not linked, but as anchors they help those that are.
    def run(seed_mask: Bools, rounds: int, known: StructuralPairs | None = None) -> StructuralPairs:
        return align_structure(
            *sides,
            (seeds[0][seed_mask], seeds[1][seed_mask]),
            names=_name_evidence(problem, literal),
            key_rounds=_KEY_ROUNDS,
            rounds=rounds,
            top_k=config.structure_k,
            known=known.anchors if known else None,
            progress=progress,
        )

    without: StructuralPairs | None = None
    if config.learn and len(seeds[0]) >= _MANY_SEEDS:
        # One fold of the seeds is no anchor at first, so that what is fitted on it has never seen its labels.
        fold = problem.seed_folds()[seeds[0]] == 0
        without = run(~fold, config.rounds)
    everything = np.ones(len(seeds[0]), dtype=bool)
    found = run(everything, config.rounds if without is None else 1, without)
    return Gathered(literal=literal, sides=sides, found=found, without=without, fold=fold)


def tabulate(
    problem: Problem, gathered: Gathered, config: AlignConfig, seed: int, progress: Callable[[str], None]
) -> Table:
    """All pairs with their features, and those that weights are fitted on where there are seeds enough.

    Where there are not, the similarity of neighbourhoods would have no weight, and is not computed.
    """
    lesson: Lesson | None = None
    if gathered.without is None:
        if config.network:
            progress(f"network: fewer than {_MANY_SEEDS} seeds to weigh it by, not trained")
        config = replace(config, network=False, message_passing=False)
    if gathered.without is not None:
        pairs = _pairs(problem, gathered.literal, gathered.without, gathered.sides, config, seed, progress)
        rows = np.isin(pairs.left, problem.seeds[0][gathered.fold])
        lesson = pairs.features()[rows], (problem.seed_of()[pairs.left] == pairs.right)[rows]
    pairs = _pairs(problem, gathered.literal, gathered.found, gathered.sides, config, seed, progress)
    return Table(pairs=pairs, lesson=lesson, structural=gathered.found is not None)


def _pairs(
    problem: Problem,
    literal: LiteralPairs,
    structural: StructuralPairs | None,
    sides: tuple[Incidence, Incidence] | None,
    config: AlignConfig,
    seed: int,
    progress: Callable[[str], None],
) -> Pairs:
    width = len(problem.right)
    literal_keys = literal.left * width + literal.right
    keys = np.unique(literal_keys)
    if structural is not None:
        keys = np.union1d(literal_keys, structural.left * width + structural.right)
    left, right = keys // max(width, 1), keys % max(width, 1)
    names = np.zeros(len(keys))
    names[np.searchsorted(keys, literal_keys)] = literal.probability
    named = _named(problem)
    has_names = named[0][left] & named[1][right] if config.literals else np.zeros(len(keys), dtype=bool)
    facts, competition, neighbourhood = (np.zeros(len(keys)) for _ in range(3))
    has_facts = np.zeros(len(keys), dtype=bool)
    if structural is not None and sides is not None:
        # Names are candidates of structure too, so every pair has been weighed.
        facts = structural.facts
        competition = log_odds(structural.probability) - facts - np.where(has_names, log_odds(names), 0.0)
        if config.network:
            from alignment.network_training import trained_similarity

            neighbourhood = trained_similarity(
                *sides,
                structural,
                width=config.dimensions,
                parts=config.partitions,
                seed=seed,
                progress=progress,
            )
        elif config.message_passing:
            from alignment.propagation import neighbourhood_similarity

            anchors = structural.anchors.left, structural.anchors.right
            neighbourhood = neighbourhood_similarity(
                *sides, anchors, left, right, dimensions=config.dimensions, seed=seed
            )
        degree = [np.bincount(side.node, minlength=side.size) > 0 for side in sides]
        has_facts = degree[0][left] & degree[1][right]
    return Pairs(
        left=left,
        right=right,
        names=names,
        has_names=has_names,
        structure=facts,
        has_structure=has_facts,
        competition=competition,
        neighbourhood=neighbourhood,
    )


def _name_evidence(problem: Problem, literal: LiteralPairs) -> NameEvidence:
    return NameEvidence(left=literal.left, right=literal.right, probability=literal.probability, named=_named(problem))


def _named(problem: Problem) -> tuple[Bools, Bools]:
    left, right = (np.array([bool(n.names) for n in g.nodes], dtype=bool) for g in (problem.left, problem.right))
    return left, right
