"""Clusters under constraints: union-find, and average-linkage merging of scored pairs."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence

Edge = tuple[int, int, float]


class UnionFind:
    """Disjoint sets over ``0 … n-1``; the representative is the smallest member.

    >>> sets = UnionFind(3)
    >>> sets.union(2, 1)
    >>> sets.find(2)
    1
    """

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, i: int) -> int:
        """Smallest member of the set that ``i`` is in."""
        root = i
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[i] != root:
            self._parent[i], i = root, self._parent[i]
        return root

    def union(self, i: int, j: int) -> None:
        """Join the sets of ``i`` and ``j``."""
        a, b = self.find(i), self.find(j)
        self._parent[max(a, b)] = min(a, b)

    def groups(self) -> list[list[int]]:
        """All sets, members ascending, ordered by their smallest member."""
        result: dict[int, list[int]] = {}
        for i in range(len(self._parent)):
            result.setdefault(self.find(i), []).append(i)
        return list(result.values())


def average_linkage(
    n: int,
    edges: Iterable[Edge],
    *,
    threshold: float,
    allowed: Callable[[Sequence[int], Sequence[int]], bool],
    unscored: float = 0.0,
    initial: Iterable[tuple[int, int]] = (),
) -> list[int]:
    """Merge the two closest clusters until none are as close as ``threshold``.

    Closeness is the mean score over the pairs of members that were scored; pairs that blocking never proposed count
    with weight ``unscored`` and score 0. Ties are broken by the smallest members, so the result does not depend on
    the order of edges.

    Args:
        n: number of items.
        edges: ``(i, j, score)`` with i ≠ j; each pair at most once.
        threshold: the least mean score for a merge.
        allowed: hard constraints: whether two clusters may become one.
        unscored: weight of a pair without a score, 0 to 1.
        initial: pairs to start from as one cluster.

    Returns:
        For every item the smallest item of its cluster.
    """
    sets = UnionFind(n)
    for i, j in initial:
        sets.union(i, j)
    members = {group[0]: group for group in sets.groups()}
    label = [sets.find(i) for i in range(n)]
    # A merge needs an edge that reaches the threshold, so no cluster outgrows the components of such edges.
    edges = list(edges)
    for i, j, score in edges:
        if score >= threshold:
            sets.union(i, j)
    # sums[a][b] = (sum of scores, number of scored pairs) between clusters a and b.
    sums: dict[int, dict[int, tuple[float, int]]] = {}
    for i, j, score in edges:
        a, b = label[i], label[j]
        if a != b and sets.find(i) == sets.find(j):
            total, count = sums.setdefault(a, {}).get(b, (0.0, 0))
            sums[a][b] = sums.setdefault(b, {})[a] = (total + score, count + 1)

    def closeness(a: int, b: int) -> float:
        total, count = sums[a][b]
        missing = len(members[a]) * len(members[b]) - count
        return round(total / (count + unscored * missing), 6)

    heap = [(-closeness(a, b), a, b) for a, row in sums.items() for b in row if a < b]
    heap = [item for item in heap if -item[0] >= threshold]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or b not in sums[a] or closeness(a, b) != -negative:
            continue
        if not allowed(members[a], members[b]):
            del sums[a][b], sums[b][a]
            continue
        members[a] = sorted(members[a] + members.pop(b))
        del sums[a][b]
        for c, (total, count) in sums.pop(b).items():
            if c == a:
                continue
            del sums[c][b]
            old_total, old_count = sums[a].get(c, (0.0, 0))
            sums[a][c] = sums[c][a] = (old_total + total, old_count + count)
        for c in sums[a]:
            value = closeness(a, c)
            if value >= threshold:
                heapq.heappush(heap, (-value, min(a, c), max(a, c)))
    for first, group in members.items():
        for i in group:
            label[i] = first
    return label
