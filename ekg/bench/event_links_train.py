"""``ekg train event-links``: the model that compares event nodes of two graphs, on ECB+ topics 1 to 30.

It is fitted to stories that are cut in two, with gold events and with what extraction finds, and, with a small weight,
to pairs of stories that are easily confused and have hardly an event in common. The scores of mention pairs that it
builds on come from pair models that never saw the topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from alignment.event_links import FEATURES, compare_events
from alignment.event_weights import EventWeights, save_event_weights
from alignment.sparse import Bools, Floats
from ekg.bench.align_ecbplus import TRAIN_TOPICS, GoldEvents, geneva_types, read_ecbplus
from ekg.bench.coref_train import bounded_logistic, fit, learned_parts
from ekg.bench.event_halves import HalvesTask, found_task, gold_task, halves, names_alike, read_raw, stories
from ekg.model import Extraction

FOLDS = 4
LESS = frozenset({"participants differ", "place differs", "types differ"})
EITHER = frozenset({"sizes"})
CONFUSED = 0.05
"""Weight of a pair from two stories that are easily confused; with 1 the probabilities suit only such graphs."""
EXTRACTED = 0.5
"""Weight of a pair of extracted events; a pair of gold events has 1."""
_NOTHING = EventWeights(source="", intercept=0.0, coefficients={})

Examples = tuple[Floats, Bools, float]


def train_event_links(
    data: Path, out: Path, *, seed: int, log: Callable[[str], None], epochs: int = 0
) -> dict[str, float]:
    """Fit the model and write ``event_links.json``.

    Args:
        data: folder of the corpora.
        out: folder for the weights.
        seed: unused, since nothing here is random.
        log: called with progress.
        epochs: unused: the fit is to convergence.

    Returns:
        The number of pairs that were learned from, and how many of them are links.
    """
    folds = read_folds(data)
    models = pair_models(folds)
    examples: list[Examples] = []
    for number, (fold, model) in enumerate(zip(folds, models, strict=True), start=1):
        found = read_raw(fold.texts)
        examples += fold_examples(fold, found, model)
        log(f"fold {number}: {sum(len(y) for _, y, _ in examples)} pairs")
    out.mkdir(parents=True, exist_ok=True)
    save_event_weights(out / "event_links.json", fit_links(examples))
    pairs, links = sum(len(y) for _, y, _ in examples), sum(int(y.sum()) for _, y, _ in examples)
    return {"pairs": float(pairs), "links": float(links)}


def read_folds(data: Path) -> list[GoldEvents]:
    """Topics 1 to 30 in four folds."""
    types = geneva_types(data / "geneva" / "train.json")
    return [read_ecbplus(data / "ecbplus", TRAIN_TOPICS[k::FOLDS], types) for k in range(FOLDS)]


def pair_models(folds: Sequence[GoldEvents]) -> list[EventWeights]:
    """For every fold the model of mention pairs that was fitted to the others."""
    parts = [list(learned_parts(fold)) for fold in folds]
    return [fit([pairs for n, part in enumerate(parts) if n != k for pairs in part]) for k in range(len(folds))]


def fold_examples(gold: GoldEvents, found: Sequence[Extraction], model: EventWeights) -> list[Examples]:
    """Features, labels and weight of the candidate pairs of some topics, cut both ways; ``found`` may be empty."""
    result = []
    for cut, weight in ((halves, 1.0), (stories, CONFUSED)):
        result.append((*_judged(gold_task(gold, cut), model), weight))
        if found:
            result.append((*_judged(found_task(gold, found, cut), model), weight * EXTRACTED))
    return result


def _judged(task: HalvesTask, model: EventWeights) -> tuple[Floats, Bools]:
    """Candidate pairs of nodes that both have a gold cluster: of the others nobody knows what is right.

    Resolution can leave an event as several nodes on both sides. Links are one-to-one, so only the most alike pairs of
    them are examples, and the rest is left out.
    """
    pairs = compare_events(task.left, task.right, names_alike(task), weights=_NOTHING, pair_weights=model)
    clusters = [
        (task.clusters[0].get(a), task.clusters[1].get(b)) for a, b in zip(pairs.left, pairs.right, strict=True)
    ]
    same = np.array([a is not None and a == b for a, b in clusters], dtype=bool)
    kept = np.array([a is not None and b is not None for a, b in clusters], dtype=bool) & ~same
    alike = pairs.features[:, FEATURES.index("mentions")] + pairs.features[:, FEATURES.index("mentions mean")]
    taken: tuple[set[str], set[str]] = set(), set()
    for row in sorted(np.flatnonzero(same).tolist(), key=lambda n: (-alike[n], pairs.left[n], pairs.right[n])):
        if pairs.left[row] not in taken[0] and pairs.right[row] not in taken[1]:
            kept[row] = True
            taken[0].add(pairs.left[row])
            taken[1].add(pairs.right[row])
    return pairs.features[kept], same[kept]


def fit_links(examples: Iterable[Examples]) -> EventWeights:
    """Logistic regression whose coefficients have the sign that their feature means."""
    parts = list(examples)
    x, y = np.vstack([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    weight = np.concatenate([np.full(len(part[1]), part[2]) for part in parts])
    coefficients, intercept = bounded_logistic(x, y, FEATURES, less=LESS, either=EITHER, weight=weight)
    return EventWeights(
        source="ECB+ topics 1-30, documents of a story in two graphs, gold events and extracted ones (CC BY 3.0)",
        intercept=intercept,
        coefficients=coefficients,
    )
