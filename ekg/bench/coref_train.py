"""``ekg train coref``: the pair model of event coreference, a bounded logistic regression on ECB+ topics 1 to 30."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from alignment.event_pairs import FEATURES, pair_features, propose
from alignment.event_weights import EventWeights, save_event_weights
from alignment.resolution import ResolveConfig, ordered, resolve
from alignment.sparse import Bools, Floats
from ekg.bench.align_ecbplus import TRAIN_TOPICS, GoldEvents, geneva_types, read_ecbplus
from ekg.bench.coref_scores import b_cubed
from ekg.model import Extraction

LESS = frozenset({"same_stem_light", "type_differs", "place_differs", "repeats", "confined"})
"""Features that can only speak against a pair; the others of :data:`FEATURES`, but for these, only for it."""
EITHER = frozenset({"same_document", "position"})
# The validated sentences of ECB+ have neither dates of publication nor the many passing mentions of whole articles, so
# these were set by looking at joins in news, as far as they cost next to nothing in cross-validation.
HAND_SET = {
    "log_days_apart": -0.35,
    "unsupported": -3.5,
    "unsupported_document": -3.5,
    "light_document": -2.0,
}
SAME_DOCUMENT = -3.0
"""Added to what is learned of pairs in one document, for the same reason."""

Part = tuple[Floats, Bools]


def train_coref(data: Path, out: Path, *, seed: int, log: Callable[[str], None], epochs: int = 0) -> dict[str, float]:
    """Fit the pair model and write ``event_pairs.json``.

    Records with arguments and text, with arguments only and with text only are learned from together, so that the model
    does not lean on any one of them.

    Args:
        data: folder of the corpora.
        out: folder for the weights.
        seed: unused, since nothing here is random.
        log: called with progress.
        epochs: unused: the fit is to convergence.

    Returns:
        B³ of four-fold cross-validation by topic, with gold mentions and the default threshold.
    """
    types = geneva_types(data / "geneva" / "train.json")
    folds = [read_ecbplus(data / "ecbplus", TRAIN_TOPICS[k::4], types) for k in range(4)]
    parts = [list(learned_parts(fold)) for fold in folds]
    log(f"{sum(len(y) for part in parts for _, y in part)} pairs")
    scores = []
    for k, fold in enumerate(folds):
        weights = fit([pairs for n, part in enumerate(parts) if n != k for pairs in part])
        found = resolve(fold.records, texts=fold.texts, config=ResolveConfig(weights=weights)).events
        scores.append(b_cubed(found, fold.clusters))
        log(f"fold {k + 1}: B³ F1 {scores[-1]['f1']:.4f}")
    out.mkdir(parents=True, exist_ok=True)
    save_event_weights(out / "event_pairs.json", fit([pairs for part in parts for pairs in part]))
    return {f"b3_{name}": round(float(np.mean([s[name] for s in scores])), 4) for name in ("f1", "precision", "recall")}


def learned_parts(gold: GoldEvents) -> Iterable[Part]:
    """What the pair model learns from: records with arguments and text, and with either alone."""
    yield gold_pairs(gold.records, gold.clusters, gold.texts)
    yield gold_pairs(gold.records, gold.clusters, {})
    yield gold_pairs([_bare(record) for record in gold.records], gold.clusters, gold.texts)


def _bare(record: Extraction) -> Extraction:
    events = tuple(replace(e, type="Event", arguments=(), place=None, time=None) for e in record.events)
    return replace(record, events=events, entities=())


def gold_pairs(records: Sequence[Extraction], clusters: dict[str, str], texts: dict[str, str]) -> Part:
    """Features of the pairs that are proposed, and whether each is one event."""
    from alignment.entity_resolution import resolve_entities
    from alignment.event_mentions import collect

    config = ResolveConfig()
    in_order = ordered(records)
    nodes, _ = resolve_entities(in_order, must_link=(), cannot_link=(), config=config)
    mentions = collect(in_order, nodes, neighbours=config.neighbours, texts=texts)
    i, j = propose(mentions, limit=config.candidates)
    cluster = np.array([clusters[e.id] for e in mentions.events])
    return pair_features(mentions, i, j), cluster[i] == cluster[j]


def fit(parts: Sequence[Part], *, c: float = 1.0) -> EventWeights:
    """Logistic regression whose coefficients keep the sign that their feature means, so that reasons read sensibly.

    Args:
        parts: features and labels.
        c: inverse of the strength of the quadratic penalty, for features scaled to unit variance.
    """
    learned = [name for name in FEATURES if name not in HAND_SET]
    x = np.vstack([part[0] for part in parts])[:, [FEATURES.index(name) for name in learned]]
    y = np.concatenate([part[1] for part in parts])
    coefficients, intercept = bounded_logistic(x, y, learned, less=LESS, either=EITHER, c=c)
    coefficients["same_document"] = round(coefficients["same_document"] + SAME_DOCUMENT, 4)
    return EventWeights(
        source="ECB+ topics 1-30, gold mentions (CC BY 3.0); "
        f"set by hand: {', '.join(sorted(HAND_SET))}, {SAME_DOCUMENT} of same_document",
        intercept=intercept,
        coefficients=coefficients | HAND_SET,
    )


def bounded_logistic(
    x: Floats,
    y: Bools,
    names: Sequence[str],
    *,
    less: Collection[str],
    either: Collection[str],
    c: float = 1.0,
    weight: Floats | None = None,
) -> tuple[dict[str, float], float]:
    """Logistic regression with signs: coefficients by name and the intercept, four decimals.

    Args:
        x: features, one column a name.
        y: labels.
        names: of the features.
        less: those whose coefficient is not positive; all others but ``either`` have none that is negative.
        either: those of any sign.
        c: inverse of the strength of the quadratic penalty, for features scaled to unit variance.
        weight: of each row; 1 by default.
    """
    from scipy.optimize import minimize

    labels = y.astype(np.float64)
    weights = np.ones(len(labels)) if weight is None else weight
    scale = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    table = np.column_stack([x / scale, np.ones(len(labels))])
    bounds: list[tuple[float | None, float | None]] = [
        (None, None) if name in either else (None, 0.0) if name in less else (0.0, None) for name in names
    ]
    bounds.append((None, None))

    def loss(w: Floats) -> tuple[float, Floats]:
        z = table @ w
        gradient = table.T @ (weights * (1.0 / (1.0 + np.exp(-z)) - labels))
        gradient[:-1] += w[:-1] / c
        penalty = w[:-1] @ w[:-1] / (2 * c)
        return float((weights * (np.logaddexp(0.0, z) - labels * z)).sum() + penalty), gradient

    found = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    coefficients = {name: round(float(v), 4) for name, v in zip(names, found.x[:-1] / scale, strict=True)}
    return coefficients, round(float(found.x[-1]), 4)
