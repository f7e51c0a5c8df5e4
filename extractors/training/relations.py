"""``ekg train relations``: causal links between events, from EventStoryLine's topics up to 30 (CC BY 3.0).

Boosted trees, the mean of three seeds, give the probability of a link; a logistic regression spares them hopeless pairs
and another gives the direction. Everything is chosen in five folds by topic; topics 31-35 are never looked at. A topic
never sees link rates counted on itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extractors.relations.features import FAR, Pairs, WordSpace, pair_features, trigger_vectors
from extractors.relations.forest import Forest, Linear
from extractors.relations.model import CausalModel
from extractors.relations.occurrence import Occurrence, occurrences
from extractors.relations.rates import LinkRates
from extractors.training.readers.eventstoryline import StoryDocument, read_storylines
from extractors.training.relations_card import write_card

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

LAST_TRAINING_TOPIC = 30
FOLDS = 5
_COMPONENTS = 16
_CLASSES = 40
_TREES: dict[str, Any] = {
    "max_iter": 80,
    "learning_rate": 0.1,
    "max_leaf_nodes": 10,
    "min_samples_leaf": 30,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "max_bins": 32,
    "early_stopping": False,
}
_LINEAR: dict[str, Any] = {"C": 0.003, "max_iter": 80, "tol": 1e-3}
_BAGS = 3
_REPORTED = 0.5
_FLAT = 0.005


@dataclass(frozen=True, slots=True)
class Story:
    """A document with its events, pairs and gold.

    Args:
        topic: number of the topic.
        document: the document as read.
        doc: the document parsed.
        events: its gold events.
        pairs: pairs within reach, without link rates.
        linked: whether each pair is linked.
        forward: whether the first event of each pair is the cause; of use only where linked.
        gold: how many pairs of the document are linked, within reach or not.
    """

    topic: int
    document: StoryDocument
    doc: Doc
    events: tuple[Occurrence, ...]
    pairs: Pairs
    linked: NDArray[np.bool_]
    forward: NDArray[np.bool_]
    gold: int


def train_relations(
    data: Path, out: Path, *, seed: int = 13, epochs: int = 80, log: Callable[[str], None] | None = None
) -> dict[str, float]:
    """Train the model and write it with its card.

    Args:
        data: folder of the corpora.
        out: where the weights go.
        seed: of the trees and of the word classes.
        epochs: how many trees.
        log: where progress goes.

    Returns:
        Figures in cross-validation, by name.

    Raises:
        DataError: the corpus is missing.
    """
    say = log or (lambda _: None)
    documents = read_storylines(data, range(1, LAST_TRAINING_TOPIC + 1))
    say(f"parsing {len(documents)} documents")
    parsed = [parse_story(document) for document in documents]
    events = [gold_events(document, doc) for document, doc in zip(documents, parsed, strict=True)]
    space = word_space(events, seed)
    stories = [make_story(d, doc, found, space) for d, doc, found in zip(documents, parsed, events, strict=True)]
    settings = _TREES | {"max_iter": epochs, "random_state": seed}
    say(f"{sum(len(s.linked) for s in stories)} pairs, {sum(int(s.linked.sum()) for s in stories)} linked")
    guesses: dict[str, NDArray[np.float64]] = {}
    right_way: list[bool] = []
    for number, topics in enumerate(folds({story.topic for story in stories}), start=1):
        say(f"fold {number} of {FOLDS}: without topics {', '.join(map(str, sorted(topics)))}")
        model = fit([s for s in stories if s.topic not in topics], space, settings)
        for story in (s for s in stories if s.topic in topics):
            rows = story.pairs.with_rates(model.rates).rows
            guesses[story.document.name] = model.linked(rows)
            if story.linked.any():
                way = model.direction.probability(rows[story.linked]) >= 0.5
                right_way += (way == story.forward[story.linked]).tolist()
    scores = [guesses[story.document.name] for story in stories]
    threshold, figures = best_threshold(stories, scores)
    precision, recall = at_threshold(stories, scores, _REPORTED)
    figures |= {
        "precision where reported": precision,
        "recall where reported": recall,
        "direction": round(float(np.mean(right_way)), 4),
    }
    say("all topics")
    final = fit(stories, space, settings, threshold)
    final.write(out)
    write_card(out, figures, seed=seed, trees=epochs, threshold=threshold)
    return figures


def parse_story(document: StoryDocument) -> Doc:
    """The document parsed, a sentence of the corpus beginning a sentence."""
    from extractors.nlp import parse

    return parse(document.text, document.breaks)


def gold_events(document: StoryDocument, doc: Doc) -> tuple[Occurrence, ...]:
    """Gold events on the parsed document."""
    return tuple(occurrences(doc, [(event.id, event.span) for event in document.events]))


def make_story(
    document: StoryDocument, doc: Doc, events: tuple[Occurrence, ...], space: WordSpace, far: int = FAR
) -> Story:
    """A document with the features and the gold of its pairs."""
    pairs = pair_features(doc, events, space, far)
    causes = {
        (link.source, link.target) if link.kind == "precondition" else (link.target, link.source)
        for link in document.plot
    }
    ids = [event.id for event in events]
    ends = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    forward = np.asarray([(ids[i], ids[j]) in causes for i, j in ends], dtype=bool)
    backward = np.asarray([(ids[j], ids[i]) in causes for i, j in ends], dtype=bool)
    gold = len(document.causal_pairs())
    return Story(document.topic, document, doc, events, pairs, forward | backward, forward, gold)


def word_space(events: Sequence[Sequence[Occurrence]], seed: int) -> WordSpace:
    """Components and classes of the words that name events."""
    from sklearn.cluster import KMeans

    told: list[Any] = []
    forms: dict[str, Any] = {}
    for found in events:
        vectors = trigger_vectors(found)
        told.extend(vectors)
        forms.update({event.head.lower_: vector for event, vector in zip(found, vectors, strict=True)})
    table = np.asarray(told, dtype=np.float32)
    _, _, axes = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)
    # The sign of an axis is arbitrary: its largest part is made positive, so that every machine gets the same.
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
    words = np.asarray([forms[key] for key in sorted(forms)], dtype=np.float32)
    unit = words / (np.linalg.norm(words, axis=1, keepdims=True) + 1e-6)
    classes = min(_CLASSES, len(unit))
    centres = KMeans(classes, n_init=2, random_state=seed).fit(unit).cluster_centers_
    half = np.float16
    return WordSpace(axes[:_COMPONENTS].T.astype(half).astype(np.float32), centres.astype(half).astype(np.float32))


def folds(topics: Collection[int], count: int = FOLDS) -> list[set[int]]:
    """Topics dealt out in turn."""
    ordered = sorted(topics)
    return [set(ordered[start::count]) for start in range(count)]


def counted(story: Story) -> Iterator[tuple[tuple[str, str], tuple[str, str], bool]]:
    """A story's pairs as link rates count them: those at most a sentence apart."""
    words = story.pairs.words
    for i, j, linked in zip(story.pairs.left.tolist(), story.pairs.right.tolist(), story.linked.tolist(), strict=True):
        if abs(story.events[j].sentence - story.events[i].sentence) <= 1:
            yield words[i], words[j], linked


def fit(stories: Sequence[Story], space: WordSpace, settings: dict[str, Any], threshold: float = 0.5) -> CausalModel:
    """Train on some stories; each topic's rows have the link rates of the others."""
    rates = LinkRates()
    for story in stories:
        rates.add(counted(story))
    rows, linked, forward = [], [], []
    columns: tuple[str, ...] = ()
    for topic in sorted({story.topic for story in stories}):
        own = [story for story in stories if story.topic == topic]
        for story in own:
            rates.add(counted(story), -1)
        for story in (story for story in own if len(story.linked)):
            rated = story.pairs.with_rates(rates)
            columns = rated.columns
            rows.append(rated.rows)
            linked.append(story.linked)
            forward.append(story.forward)
        for story in own:
            rates.add(counted(story))
    table, gold, ahead = np.concatenate(rows), np.concatenate(linked), np.concatenate(forward)
    return CausalModel(
        space,
        rates,
        stacked(
            [fit_trees(table, gold, settings | {"random_state": settings["random_state"] + k}) for k in range(_BAGS)]
        ),
        fit_linear(table, gold, _LINEAR),
        fit_linear(table[gold], ahead[gold], _LINEAR),
        columns,
        threshold,
    )


def fit_linear(rows: NDArray[np.float32], labels: NDArray[np.bool_], settings: dict[str, Any]) -> Linear:
    """A regularised logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression

    mean = rows.mean(axis=0).astype(np.float32)
    scale = (rows.std(axis=0) + 1e-3).astype(np.float32)
    model = LogisticRegression(**settings).fit(np.clip((rows - mean) / scale, -5, 5), labels)
    return Linear(mean, scale, model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def fit_trees(rows: NDArray[np.float32], labels: NDArray[np.bool_], settings: dict[str, Any]) -> Forest:
    """Boosted trees, copied into plain arrays."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(**settings).fit(rows, labels)
    trees = [predictors[0].nodes for predictors in model._predictors]
    size = max(len(nodes) for nodes in trees)

    def column(name: str, kind: type) -> NDArray[Any]:
        table: NDArray[Any] = np.zeros((len(trees), size), dtype=kind)
        for place, nodes in enumerate(trees):
            table[place, : len(nodes)] = nodes[name]
        return table

    leaf = np.ones((len(trees), size), dtype=bool)
    for place, nodes in enumerate(trees):
        leaf[place, : len(nodes)] = nodes["is_leaf"].astype(bool)
    value = column("value", np.float32)
    value[~leaf] = 0.0
    return Forest(
        np.where(leaf, -1, column("feature_idx", np.int32)).astype(np.int32),
        column("num_threshold", np.float32),
        column("left", np.int32),
        column("right", np.int32),
        value,
        float(np.asarray(model._baseline_prediction).ravel()[0]),
        max(int(nodes["depth"].max()) for nodes in trees),
    )


def stacked(forests: Sequence[Forest]) -> Forest:
    """Forests as one whose log-odds are the mean of theirs."""
    size = max(forest.feature.shape[1] for forest in forests)

    def join(name: str, empty: int) -> NDArray[Any]:
        tables = [getattr(forest, name) for forest in forests]
        return np.concatenate(
            [np.pad(t, ((0, 0), (0, size - t.shape[1])), constant_values=empty) for t in tables], axis=0
        )

    return Forest(
        join("feature", -1),
        join("threshold", 0),
        join("left", 0),
        join("right", 0),
        (join("value", 0) / len(forests)).astype(np.float32),
        float(np.mean([forest.base for forest in forests])),
        max(forest.depth for forest in forests),
    )


def best_threshold(stories: Sequence[Story], scores: Sequence[NDArray[np.float64]]) -> tuple[float, dict[str, float]]:
    """The highest threshold whose F1 is within half a point of the best, with the figures there.

    F1 is flat around its best, and fewer links that are surer are worth more at the same score.
    """
    flat = np.concatenate(scores)
    linked = np.concatenate([story.linked for story in stories])
    gold = sum(story.gold for story in stories)
    order = np.argsort(-flat, kind="stable")
    hits = np.cumsum(linked[order])
    f1 = 2 * hits / (np.arange(1, len(flat) + 1) + gold)
    best = int(np.flatnonzero(f1 >= f1.max() - _FLAT)[0])
    figures = {
        "f1": round(float(f1[best]), 4),
        "precision": round(float(hits[best] / (best + 1)), 4),
        "recall": round(float(hits[best] / gold), 4),
    }
    return round(float(flat[order[best]]), 4), figures


def at_threshold(
    stories: Sequence[Story], scores: Sequence[NDArray[np.float64]], threshold: float
) -> tuple[float, float]:
    """Precision and recall at a threshold."""
    taken = np.concatenate(scores) >= threshold
    linked = np.concatenate([story.linked for story in stories])
    hits = int((taken & linked).sum())
    return round(hits / max(1, int(taken.sum())), 4), round(hits / sum(story.gold for story in stories), 4)
