"""``ekg bench relations``: causal links between the gold events of a document, EventStoryLine topics 31-35.

Protocol: the 20 topics of the archive are those of the published five-fold splits of EventStoryLine v0.9 (its other
two, 37 and 41, are their development set). All pairs of event mentions of a document, within and across sentences,
undirected. ``as annotated`` counts the corpus's own links between mentions; ``expanded`` hands each link on to all
mentions of the same ECB+ chain, which is how published scores count. One scorer for the model and for every floor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.relations.model import Scored
    from extractors.training.readers.eventstoryline import StoryDocument, StoryEvent

Results = dict[str, Any]
Pair = tuple[str, str]
HELD_OUT = range(31, 36)

Neighbours = Callable[["StoryEvent", "StoryEvent", int], bool]
"""Whether a pair counts as neighbours: first event, second event, and how many events further on the second is."""

FLOORS: dict[str, Neighbours] = {
    "all pairs": lambda one, two, gap: True,
    "next event": lambda one, two, gap: gap == 1,
    "next two events": lambda one, two, gap: gap <= 2,
    "next three events": lambda one, two, gap: gap <= 3,
    "same sentence": lambda one, two, gap: one.sentence == two.sentence,
    "same sentence, next event": lambda one, two, gap: one.sentence == two.sentence and gap == 1,
    "same sentence, next two events": lambda one, two, gap: one.sentence == two.sentence and gap <= 2,
    "same or next sentence": lambda one, two, gap: two.sentence - one.sentence <= 1,
}


def run(data: Path, *, seed: int = 13) -> Results:
    """Measure the shipped model of causal links.

    Args:
        data: folder of the corpora, with ``eventstoryline.tar.gz`` and ``ecbplus/``.
        seed: unused, since nothing here is random; kept so that all benchmarks are called alike.

    Returns:
        Precision, recall and F1 of the floors and of the model under both ways to count, four decimals.

    Raises:
        DataError: a corpus is missing.
        MissingError: the weights are missing.
    """
    from extractors.relations.model import load_causal
    from extractors.relations.thresholds import RelationThresholds
    from extractors.training.readers.eventstoryline import chains, expanded, read_storylines
    from extractors.training.relations import gold_events, parse_story

    documents = read_storylines(data, HELD_OUT)
    model = load_causal()
    scored: list[tuple[list[str], Scored]] = []
    for document in documents:
        doc = parse_story(document)
        events = gold_events(document, doc)
        scored.append(([event.id for event in events], model.score(doc, events)))
    plain = [document.causal_pairs() for document in documents]
    spread = [expanded(document, chains(data / "ecbplus", document)) for document in documents]
    floors = {name: [neighbours(document, rule) for document in documents] for name, rule in FLOORS.items()}
    found = [_at(ids, result, model.link) for ids, result in scored]
    reported = [_at(ids, result, RelationThresholds().learned) for ids, result in scored]
    results: Results = {
        "documents": len(documents),
        "events": sum(len(document.events) for document in documents),
        "pairs": sum(len(pairs) for pairs in floors["all pairs"]),
    }
    for name, gold in (("as annotated", plain), ("expanded", spread)):
        figures: Results = {rule: score(pairs, gold) for rule, pairs in floors.items()}
        best = max(figure["f1"] for rule, figure in figures.items() if rule != "all pairs")
        model_figures = score(found, gold)
        results[name] = {
            "links": sum(len(pairs) for pairs in gold),
            "floors": figures,
            "model": model_figures,
            "model, above the best floor": round(model_figures["f1"] - max(best, figures["all pairs"]["f1"]), 4),
            "model, at the threshold of reports": score(reported, gold),
        }
    results["direction"] = _direction(documents, scored)
    return results


def neighbours(document: StoryDocument, rule: Neighbours) -> set[Pair]:
    """Pairs of a document that a floor takes as linked."""
    events = document.events
    return {
        (one.id, two.id)
        for place, one in enumerate(events)
        for gap, two in enumerate(events[place + 1 :], start=1)
        if rule(one, two, gap)
    }


def score(found: Sequence[set[Pair]], gold: Sequence[set[Pair]]) -> dict[str, float]:
    """Precision, recall and F1 over all documents together; a pair has no direction.

    >>> score([{("a", "b"), ("a", "c")}], [{("b", "a"), ("c", "d")}])
    {'precision': 0.5, 'recall': 0.5, 'f1': 0.5}
    """
    ours = [{frozenset(pair) for pair in pairs} for pairs in found]
    theirs = [{frozenset(pair) for pair in pairs} for pairs in gold]
    hits = sum(len(left & right) for left, right in zip(ours, theirs, strict=True))
    taken, wanted = sum(map(len, ours)), sum(map(len, theirs))
    return {
        "precision": round(hits / taken, 4) if taken else 0.0,
        "recall": round(hits / wanted, 4) if wanted else 0.0,
        "f1": round(2 * hits / (taken + wanted), 4) if taken + wanted else 0.0,
    }


def _at(ids: Sequence[str], scored: Scored, threshold: float) -> set[Pair]:
    return {
        (ids[i], ids[j])
        for i, j, linked in zip(scored.left.tolist(), scored.right.tolist(), scored.linked.tolist(), strict=True)
        if linked >= threshold
    }


def _direction(documents: Sequence[StoryDocument], scored: Sequence[tuple[list[str], Scored]]) -> dict[str, float]:
    """Share of gold links whose cause the model names rightly, of all within reach and of those it is sure of."""
    from extractors.relations.thresholds import RelationThresholds

    limits = RelationThresholds()
    right: list[bool] = []
    sure: list[bool] = []
    forward_gold: list[bool] = []
    for document, (ids, result) in zip(documents, scored, strict=True):
        causes = {
            (link.source, link.target) if link.kind == "precondition" else (link.target, link.source)
            for link in document.plot
        }
        for i, j, linked, forward in zip(
            result.left.tolist(), result.right.tolist(), result.linked.tolist(), result.forward.tolist(), strict=True
        ):
            ahead, behind = (ids[i], ids[j]) in causes, (ids[j], ids[i]) in causes
            if ahead or behind:
                forward_gold.append(ahead)
                right.append(ahead if forward >= 0.5 else behind)
                if linked >= limits.learned and max(forward, 1 - forward) >= limits.direction:
                    sure.append(right[-1])
    return {
        "floor, first told is the cause": round(sum(forward_gold) / max(1, len(forward_gold)), 4),
        "model": round(sum(right) / max(1, len(right)), 4),
        "model, links that it reports": round(sum(sure) / max(1, len(sure)), 4),
    }
