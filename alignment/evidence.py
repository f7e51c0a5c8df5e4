"""Why two nodes are or are not linked: the contribution of each feature, and the verdict on their times."""

from __future__ import annotations

import numpy as np

from alignment.candidates import LiteralPairs
from alignment.combination import COMBINED_FEATURES, Pairs
from alignment.feature_table import unpacked
from alignment.features import LITERAL_FEATURES, VERDICTS, time_verdicts
from alignment.graph import OPEN, AlignNode, Bounds
from alignment.names import split_name
from alignment.problem import Problem
from alignment.sparse import Floats, Ints

_SHOWN = 0.05


class EvidenceOf:
    """Evidence of some candidate pairs.

    Args:
        problem: what is aligned.
        pairs: all candidates.
        literal: those with names.
        rows: rows of ``pairs`` whose evidence is wanted.
        contributions: summands of the log-odds of these rows.
    """

    def __init__(
        self, problem: Problem, pairs: Pairs, literal: LiteralPairs, rows: Ints, contributions: Floats
    ) -> None:
        self._problem = problem
        self._pairs = pairs
        self._contributions = dict(zip(rows.tolist(), contributions.tolist(), strict=True))
        width = max(len(problem.right), 1)
        keys = literal.left * width + literal.right
        order = np.argsort(keys)
        wanted = pairs.left[rows] * width + pairs.right[rows]
        at = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
        found = keys[order[at]] == wanted if len(keys) else np.zeros(len(rows), dtype=bool)
        similar = unpacked(literal.features[order[at[found]]])
        self._similar = dict(zip(rows[found].tolist(), similar, strict=True))

    def of(self, row: int) -> dict[str, float | str]:
        """Contributions to the log-odds by feature, similarities under ``names: …``, and the time verdict.

        Features that change the log-odds by less than 0.05 are left out.
        """
        left, right = int(self._pairs.left[row]), int(self._pairs.right[row])
        values = zip(("prior", *COMBINED_FEATURES), self._contributions[row], strict=True)
        result: dict[str, float | str] = {name: round(v, 4) for name, v in values if abs(v) >= _SHOWN}
        if row in self._similar:
            similar = zip(LITERAL_FEATURES, self._similar[row].tolist(), strict=True)
            result |= {f"names: {name}": round(v, 4) for name, v in similar if v >= _SHOWN}
        if self._pairs.structure[row] > 0:
            result["shared facts"] = float(self._pairs.structure[row])
        result["time"] = verdict(self._problem.left.nodes[left], self._problem.right.nodes[right])
        return result


def verdict(left: AlignNode, right: AlignNode) -> str:
    """Verdict on the times of two nodes, their own or else the ones in their names.

    >>> a = AlignNode(id="a", names=("1998–99 Bundesliga",))
    >>> verdict(a, AlignNode(id="b", names=("Bundesliga 1999-2000",)))
    'overlaps'
    >>> verdict(a, AlignNode(id="c", names=("Bundesliga",)))
    'unknown'
    """
    bounds = [np.array([b]) for b in (*_bounds(left), *_bounds(right))]
    return VERDICTS[int(time_verdicts(*bounds)[0])]


def _bounds(node: AlignNode) -> Bounds:
    if (node.begin, node.end) != (-OPEN, OPEN):
        return node.begin, node.end
    for name in node.names:
        parts = split_name(name)
        if parts.begin is not None and parts.end is not None:
            return parts.begin, parts.end
    return -OPEN, OPEN
