"""What is to be aligned: two graphs, known links, sources and candidates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from alignment.config import Cardinality
from alignment.folder import read_ids, read_seeds
from alignment.graph import AlignGraph
from alignment.scoring import folds_of
from alignment.sparse import Bools, Ints
from ekg.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is to be aligned, as positions in the two graphs.

    Args:
        left: the left graph.
        right: the right graph.
        seeds: known links.
        rows: left nodes that are sources, seeds included.
        columns: right nodes that are candidates, seeds included.
        one_to_one: whether no node may have two partners.
    """

    left: AlignGraph
    right: AlignGraph
    seeds: tuple[Ints, Ints]
    rows: Bools
    columns: Bools
    one_to_one: bool = True

    def seed_of(self) -> Ints:
        """For every left node the right node that it is known to be, or -1."""
        result = np.full(len(self.left), -1, dtype=np.int64)
        result[self.seeds[0]] = self.seeds[1]
        return result

    def seed_folds(self) -> Ints:
        """For every left node the fold of its seed, or -1."""
        result = np.full(len(self.left), -1, dtype=np.int64)
        pairs = zip(self.seeds[0].tolist(), self.seeds[1].tolist(), strict=True)
        # By name where there is one; positions are canonical, so that ids do not decide either.
        keys = [" ".join((*self.left.nodes[a].names, *self.right.nodes[b].names)) or str(a) for a, b in pairs]
        result[self.seeds[0]] = folds_of(keys)
        return result


def make_problem(
    left: AlignGraph,
    right: AlignGraph,
    seeds: Iterable[tuple[str, str]] | Path | str | None,
    left_ids: Iterable[str] | Path | str | None,
    right_ids: Iterable[str] | Path | str | None,
    cardinality: Cardinality,
) -> tuple[Problem, tuple[Bools, Bools]]:
    """Check and index what the user gave.

    Returns:
        The problem, and which left and right nodes were asked for.

    Raises:
        DataError: a seed or id is unknown, or two seeds contradict the cardinality.
    """
    wanted = _wanted(left, left_ids, "left"), _wanted(right, right_ids, "right")
    pairs = sorted(set(read_seeds(Path(seeds)) if isinstance(seeds, (str, Path)) else seeds or ()))
    name = f"seeds {seeds}" if isinstance(seeds, (str, Path)) else "seeds"
    partner: tuple[dict[str, str], dict[str, str]] = ({}, {})
    kept: list[tuple[int, int]] = []
    for a, b in pairs:
        for side, key, value, graph in ((0, a, b, left), (1, b, a, right)):
            # A named id without any row in a graph's files is a node that nothing is known about, not an error here.
            if key in partner[side] and (cardinality == "1:1" or (side == 1 and cardinality == "1:n")):
                raise DataError(
                    f"{name}: '{key}' is linked with both '{partner[side][key]}' and '{value}'",
                    hint=f"keep one, or use another cardinality than {cardinality}",
                )
            partner[side][key] = value
            if key not in graph.index:
                raise DataError(
                    f"{name}: there is no '{key}' in the {('left', 'right')[side]} graph", hint="correct or remove it"
                )
        kept.append((left.index[a], right.index[b]))
    kept.sort()
    array = np.array(kept, dtype=np.int64).reshape(len(kept), 2)
    rows, columns = wanted[0].copy(), wanted[1].copy()
    rows[array[:, 0]] = True
    columns[array[:, 1]] = True
    problem = Problem(
        left=left,
        right=right,
        seeds=(array[:, 0], array[:, 1]),
        rows=rows,
        columns=columns,
        one_to_one=cardinality == "1:1",
    )
    return problem, wanted


def _wanted(graph: AlignGraph, ids: Iterable[str] | Path | str | None, side: str) -> Bools:
    if ids is None:
        return np.ones(len(graph), dtype=bool)
    mask = np.zeros(len(graph), dtype=bool)
    for key in read_ids(Path(ids)) if isinstance(ids, (str, Path)) else ids:
        if key not in graph.index:
            raise DataError(f"{side} ids: there is no '{key}' in the {side} graph", hint="correct or remove it")
        mask[graph.index[key]] = True
    return mask
