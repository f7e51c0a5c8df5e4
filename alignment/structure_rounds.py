"""Structure in rounds: anchors name candidates, facts weigh them, candidates compete, and the winners are new anchors.

Three ideas carry it. An anchor counts with its probability, so that doubtful ones help a little and hurt little (as in
PARIS, Suchanek, Abiteboul and Senellart, VLDB 2011). Pairs compete on both sides before anchors are chosen. And nodes
that nothing surely claims are searched a second time among themselves: of a club's two hundred players whose dates
nobody knows, only the few that are left over are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alignment.assignment import assign
from alignment.combination import log_odds
from alignment.competing import competing_probability
from alignment.fact_evidence import FactEvidence
from alignment.sparse import Bools, Floats, Ints
from alignment.structure import Incidence, key_anchors, similar_by_keys, with_seeds

# Witnesses are not independent of one another: log-odds of facts are divided by this.
_TEMPER = 1.5
# Log-odds at which a node stays alone. Low, since most nodes of two graphs that are worth aligning have a partner.
_ALONE = 1.3
# Log-odds of a seed.
_CERTAIN = 40.0
# Both nodes have names, but not alike enough to be candidates by name.
_OTHER_NAME = -2.0
# From this probability a pair is an anchor; from the next its nodes are claimed; from the last rates are counted on it.
_ANCHOR, _CLAIMED, _SURE = 0.001, 0.9, 0.8
_ANCHOR_CEILING = 0.99
_NEW_ANCHOR = 0.9
_SECOND_SEARCH = 3
_SETTLED = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class NameEvidence:
    """What names say: pairs with their probability, and which nodes have names at all."""

    left: Ints
    right: Ints
    probability: Floats
    named: tuple[Bools, Bools]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """Pairs of nodes taken to be the same, seeds first, with the probability of each."""

    left: Ints
    right: Ints
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralPairs:
    """Candidate pairs.

    Args:
        left: left nodes.
        right: right nodes.
        facts: log-odds that the facts give, tempered.
        probability: of being the same, after competition, with names where there are any.
        anchors: what the last round took to be the same.
        rounds: how many rounds it took.
    """

    left: Ints
    right: Ints
    facts: Floats
    probability: Floats
    anchors: Anchors
    rounds: int


def align_structure(
    left: Incidence,
    right: Incidence,
    seeds: tuple[Ints, Ints],
    *,
    names: NameEvidence,
    key_rounds: int,
    rounds: int,
    top_k: int,
    known: Anchors | None = None,
    progress: Callable[[str], None] | None = None,
) -> StructuralPairs:
    """Candidate pairs by facts, and by names where there are any.

    Args:
        left: facts of the left graph.
        right: facts of the right graph.
        seeds: pairs that are certain.
        names: pairs by name; they are candidates too and add their log-odds.
        key_rounds: rounds of shared keys alone, at most; they find the first anchors.
        rounds: rounds of evidence, at most; stops when fewer than one in a hundred anchors change.
        top_k: candidates to keep of each left node, thrice as many in the search among unclaimed nodes.
        known: anchors to start from instead of rounds of keys.
        progress: told about each round.
    """
    tell = progress or (lambda _: None)
    if known is None:
        found = key_anchors(
            left, right, seeds, literal=(names.left, names.right, names.probability), rounds=key_rounds, top_k=top_k
        )
        tell(f"structure, keys: {len(found[0])} anchors")
        anchors = _anchors(seeds, found, np.full(len(found[0]), _NEW_ANCHOR))
    else:
        anchors = _anchors(seeds, (known.left, known.right), known.weight)
    width = max(right.size, 1)
    result = None
    for done in range(1, rounds + 1):
        i, j = _candidates(left, right, seeds, anchors, names, top_k)
        evidence = FactEvidence.count(
            left, right, (anchors.left, anchors.right), anchors.weight, anchors.weight >= _SURE
        )
        facts = np.round(evidence.log_odds(i, j) / _TEMPER, 4)
        total = facts + _name_odds(names, i, j, right.size)
        total[np.searchsorted(i * width + j, seeds[0] * width + seeds[1])] = _CERTAIN
        probability = competing_probability(i, j, total, alone=_ALONE)
        before = anchors
        free = np.flatnonzero(~np.isin(i, seeds[0]) & ~np.isin(j, seeds[1]) & (np.round(probability, 6) >= _ANCHOR))
        chosen = free[assign(i[free], j[free], np.round(probability[free], 6), dustbin=_ANCHOR / 10)]
        anchors = _anchors(seeds, (i[chosen], j[chosen]), np.round(probability[chosen], 4).clip(0, _ANCHOR_CEILING))
        tell(f"structure, round {done}: {len(anchors.left)} anchors")
        result = StructuralPairs(left=i, right=j, facts=facts, probability=probability, anchors=anchors, rounds=done)
        changed = np.setxor1d(anchors.left * width + anchors.right, before.left * width + before.right)
        if len(changed) <= _SETTLED * len(anchors.left):
            break
    if result is None:
        raise ValueError(f"rounds must be at least 1, not {rounds}")
    return result


def _candidates(
    left: Incidence,
    right: Incidence,
    seeds: tuple[Ints, Ints],
    anchors: Anchors,
    names: NameEvidence,
    top_k: int,
) -> tuple[Ints, Ints]:
    """Pairs by keys, by keys among unclaimed nodes, by name, and seeds; sorted."""
    pairs = anchors.left, anchors.right
    every = np.ones(left.size, dtype=bool), np.ones(right.size, dtype=bool)
    unclaimed = every[0].copy(), every[1].copy()
    claimed = anchors.weight >= _CLAIMED
    unclaimed[0][anchors.left[claimed]] = False
    unclaimed[1][anchors.right[claimed]] = False
    width = max(right.size, 1)
    keys = [names.left * width + names.right, seeds[0] * width + seeds[1]]
    for (rows, columns), k in ((every, top_k), (unclaimed, _SECOND_SEARCH * top_k)):
        i, j, _ = similar_by_keys(left, right, pairs, top_k=k, rows=rows, columns=columns)
        keys.append(i * width + j)
    found = np.unique(np.concatenate(keys))
    return found // width, found % width


def _name_odds(names: NameEvidence, i: Ints, j: Ints, size: int) -> Floats:
    """Log-odds by names, on the scale of the evidence of facts: as a ratio to those of a chance pair."""
    odds = np.where(names.named[0][i] & names.named[1][j], _OTHER_NAME, 0.0)
    width = max(size, 1)
    # Candidates contain all pairs by name.
    odds[np.searchsorted(i * width + j, names.left * width + names.right)] = log_odds(names.probability) + np.log(width)
    return odds


def _anchors(seeds: tuple[Ints, Ints], found: tuple[Ints, Ints], weight: Floats) -> Anchors:
    pairs, kept = with_seeds(seeds, found)
    return Anchors(left=pairs[0], right=pairs[1], weight=np.concatenate([np.ones(len(seeds[0])), weight[kept]]))
