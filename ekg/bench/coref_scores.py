"""Scores of coreference: MUC, B³, CEAF-e, and their mean as CoNLL's shared tasks take it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

Clusters = Mapping[str, Hashable]
"""Item → cluster. Both sides of a comparison have the same items."""
Scores = dict[str, float]


def muc(predicted: Clusters, gold: Clusters) -> Scores:
    """MUC (Vilain et al. 1995): links that have to be added to the other side's clusters to join each cluster.

    Singletons have no links and do not count.

    >>> muc({"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 1, "c": 1})
    {'precision': 1.0, 'recall': 0.5, 'f1': 0.6667}
    """
    _check(predicted, gold)
    return _scores(_links(predicted, gold), _links(gold, predicted))


def b_cubed(predicted: Clusters, gold: Clusters) -> Scores:
    """B³ (Bagga and Baldwin 1998): the mean over items of how much of the item's cluster is right.

    >>> b_cubed({"a": "x", "b": "x"}, {"a": "1", "b": "2"})
    {'precision': 0.5, 'recall': 1.0, 'f1': 0.6667}
    """
    _check(predicted, gold)
    sizes, gold_sizes = Counter(predicted[k] for k in gold), Counter(gold.values())
    both = Counter((predicted[k], gold[k]) for k in gold)
    items = max(len(gold), 1)
    precision = sum(n * n / sizes[p] for (p, _), n in both.items()) / items
    recall = sum(n * n / gold_sizes[g] for (_, g), n in both.items()) / items
    return _scores(precision, recall)


def ceaf_e(predicted: Clusters, gold: Clusters) -> Scores:
    """CEAF-e (Luo 2005): the best one-to-one match of clusters, each pair worth 2 |P ∩ G| / (|P| + |G|).

    >>> ceaf_e({"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 2, "c": 2})
    {'precision': 0.6667, 'recall': 0.6667, 'f1': 0.6667}
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_matrix, csgraph

    _check(predicted, gold)
    sizes, gold_sizes = Counter(predicted[k] for k in gold), Counter(gold.values())
    if not gold:
        return _scores(0.0, 0.0)
    rows = {cluster: n for n, cluster in enumerate(sizes)}
    columns = {cluster: n for n, cluster in enumerate(gold_sizes)}
    both = Counter((predicted[k], gold[k]) for k in gold)
    worth = {(rows[p], columns[g]): 2 * n / (sizes[p] + gold_sizes[g]) for (p, g), n in both.items()}
    # Clusters without a common item never match, so each connected part is an assignment of its own.
    whole = len(rows) + len(columns)
    ends = np.array([(p, len(rows) + g) for p, g in worth], dtype=np.int64)
    edges = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(whole, whole))
    _, part = csgraph.connected_components(edges, directed=False)
    parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for p, g in sorted(worth):
        parts[int(part[p])].append((p, g))
    total = 0.0
    for pairs in parts.values():
        left, right = (sorted({pair[side] for pair in pairs}) for side in (0, 1))
        table = [[worth.get((p, g), 0.0) for g in right] for p in left]
        chosen = linear_sum_assignment(table, maximize=True)
        total += sum(table[p][g] for p, g in zip(*(side.tolist() for side in chosen), strict=True))
    return _scores(total / len(rows), total / len(columns))


def coreference_scores(predicted: Clusters, gold: Clusters) -> dict[str, float]:
    """B³ with precision and recall, F1 of MUC and CEAF-e, and CoNLL F1, the mean of the three."""
    cubed = b_cubed(predicted, gold)
    first, last = muc(predicted, gold)["f1"], ceaf_e(predicted, gold)["f1"]
    return {
        "b3_f1": cubed["f1"],
        "b3_precision": cubed["precision"],
        "b3_recall": cubed["recall"],
        "muc_f1": first,
        "ceaf_e_f1": last,
        "conll_f1": round((cubed["f1"] + first + last) / 3, 4),
    }


def _links(clusters: Clusters, other: Clusters) -> float:
    """Share of the links of ``clusters`` that ``other`` has: Σ (|C| - parts of C in other) / Σ (|C| - 1)."""
    members: dict[Hashable, list[str]] = defaultdict(list)
    for item, cluster in clusters.items():
        members[cluster].append(item)
    links = sum(len(items) - 1 for items in members.values())
    kept = sum(len(items) - len({other[item] for item in items}) for items in members.values())
    return kept / links if links else 0.0


def _check(predicted: Clusters, gold: Clusters) -> None:
    if predicted.keys() != gold.keys():
        raise ValueError("both clusterings must have the same items")


def _scores(precision: float, recall: float) -> Scores:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}
