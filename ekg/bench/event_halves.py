"""Event alignment on ECB+: the documents of a topic in two graphs, with gold events and from raw text.

Two ways to cut. ``halves`` puts every second document of each story in the other graph, so that most events are told in
both. ``stories`` puts the documents named ``…ecb`` in one graph and those named ``…ecbplus`` in the other: these are
two stories of one kind, chosen to be confused, and hardly any event is in both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from alignment import AlignGraph, AlignNode, align, resolve
from alignment.event_links import EntityScores
from alignment.event_sides import EventSide
from alignment.event_turns import entity_scores
from ekg.bench.align_ecbplus import GoldEvents
from ekg.bench.align_figures import calibration_error
from ekg.bench.coref import match_mentions
from ekg.model import Document, Extraction, Link

KEPT = 0.5
"""Probability from which a link counts in F1; what is merged is chosen by the wanted precision instead."""
Cut = Callable[[Sequence[str]], tuple[list[str], list[str]]]
Figures = dict[str, float | int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HalvesTask:
    """Two graphs and what is the same in them.

    Args:
        left: events of one graph.
        right: events of the other.
        clusters: gold cluster of every node of the left and of the right graph that has one.
        shared: gold clusters with mentions in both graphs.
    """

    left: EventSide
    right: EventSide
    clusters: tuple[Mapping[str, str], Mapping[str, str]]
    shared: frozenset[str]


def halves(documents: Sequence[str]) -> tuple[list[str], list[str]]:
    """Every second document of each story.

    >>> halves(["1_1ecb", "1_2ecb", "1_3ecb", "1_1ecbplus"])
    (['1_1ecb', '1_3ecb', '1_1ecbplus'], ['1_2ecb'])
    """
    stories: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for doc in documents:
        stories[doc.split("_")[0], doc.endswith("plus")].append(doc)
    left = [doc for docs in stories.values() for doc in docs[::2]]
    return left, [doc for doc in documents if doc not in set(left)]


def stories(documents: Sequence[str]) -> tuple[list[str], list[str]]:
    """One story of each topic, and the other."""
    return [doc for doc in documents if not doc.endswith("plus")], [doc for doc in documents if doc.endswith("plus")]


def gold_task(gold: GoldEvents, cut: Cut) -> HalvesTask:
    """Nodes are the gold clusters of each graph; entities are resolved by names as everywhere."""
    sides, clusters = [], []
    for name, docs in zip(("left", "right"), cut(list(gold.texts)), strict=True):
        records = [r for r in gold.records if r.document.id in set(docs)]
        events = {e.id: f"{name} {gold.clusters[e.id]}" for r in records for e in r.events}
        sides.append(_side(records, gold.texts, events, name))
        clusters.append({node: gold.clusters[mention] for mention, node in events.items()})
    return HalvesTask(
        left=sides[0],
        right=sides[1],
        clusters=(clusters[0], clusters[1]),
        shared=frozenset(clusters[0].values()) & frozenset(clusters[1].values()),
    )


def found_task(gold: GoldEvents, found: Sequence[Extraction], cut: Cut) -> HalvesTask:
    """Nodes are what extraction and resolution make of raw text, with the commonest gold cluster of their mentions.

    As everywhere on ECB+, only events of the validated sentences count: nobody marked those of the others.
    """
    found = [_validated(record, gold.validated[record.document.id]) for record in found]
    matched = match_mentions(gold.records, found)
    cluster_of = {mention: gold.clusters[key] for key, mention in matched.items()}
    sides, clusters, there = [], [], []
    for name, docs in zip(("left", "right"), cut(list(gold.texts)), strict=True):
        records = [r for r in found if r.document.id in set(docs)]
        texts = {doc: gold.texts[doc] for doc in docs}
        events = {m: f"{name} {node}" for m, node in resolve(records, texts=texts).events.items()}
        sides.append(_side(records, gold.texts, events, name))
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for mention, node in events.items():
            if mention in cluster_of:
                votes[node][cluster_of[mention]] += 1
        clusters.append({node: min(c, key=lambda k: (-c[k], k)) for node, c in votes.items()})
        there.append({gold.clusters[e.id] for r in gold.records if r.document.id in set(docs) for e in r.events})
    return HalvesTask(
        left=sides[0], right=sides[1], clusters=(clusters[0], clusters[1]), shared=frozenset(there[0] & there[1])
    )


def _validated(record: Extraction, sentences: Sequence[tuple[int, int]]) -> Extraction:
    inside = (e for e in record.events if any(a <= e.trigger.span[0] and e.trigger.span[1] <= b for a, b in sentences))
    return replace(record, events=tuple(inside), relations=())


def read_raw(texts: Mapping[str, str]) -> list[Extraction]:
    """Extraction records of the documents' texts."""
    from extractors import extract

    return [extract(Document(id=doc, text=text)) for doc, text in texts.items()]


def _side(records: Sequence[Extraction], texts: Mapping[str, str], events: Mapping[str, str], name: str) -> EventSide:
    entities = {m: f"{name} {node}" for m, node in resolve([replace(r, events=()) for r in records]).entities.items()}
    return EventSide(
        records=tuple(records),
        texts={r.document.id: texts[r.document.id] for r in records},
        events=events,
        entities=entities,
    )


def names_alike(task: HalvesTask) -> EntityScores:
    """Probabilities of entity pairs by their names and types."""
    graphs = []
    for side in (task.left, task.right):
        names: dict[str, list[str]] = defaultdict(list)
        types: dict[str, str] = {}
        for record in side.records:
            for entity in record.entities:
                node = side.entities[entity.id]
                names[node].append(entity.name)
                types.setdefault(node, entity.type)
        graphs.append(
            AlignGraph.build(
                AlignNode(id=node, names=tuple(dict.fromkeys(found)), kind="entity", type=types[node])
                for node, found in names.items()
            )
        )
    return entity_scores(align(*graphs))


def same_type_and_day(task: HalvesTask) -> list[Link]:
    """The floor: events of one type that are dated to one day, one-to-one in the order of their ids."""
    links, taken = [], set[str]()
    for a, node in task.left.nodes.items():
        for b, other in task.right.nodes.items():
            one_day = node.bounds == other.bounds and node.bounds[1] - node.bounds[0] <= 86_400
            if one_day and node.type == other.type and a not in taken and b not in taken:
                taken |= {a, b}
                links.append(Link(left=a, right=b, score=1.0, zone="merge"))
    return links


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Links against the gold clusters that both graphs tell of.

    Args:
        right: score and zone of each link that is right.
        wrong: of each that is wrong.
        found: clusters that a link of at least 0.5 joins.
        repeated: right links of at least 0.5 between other nodes of a cluster that is joined already.
        shared: how many clusters there are to join.
    """

    right: tuple[tuple[float, str], ...]
    wrong: tuple[tuple[float, str], ...]
    found: int
    repeated: int
    shared: int


def judge(task: HalvesTask, links: Iterable[Link]) -> Judged:
    """Judge links between nodes of which at least one has a gold event; with only one such node a link is wrong."""
    right: list[tuple[float, str]] = []
    wrong: list[tuple[float, str]] = []
    joined: Counter[str] = Counter()
    for link in links:
        a, b = task.clusters[0].get(link.left), task.clusters[1].get(link.right)
        if a is None and b is None:
            continue
        (right if a == b else wrong).append((link.score, link.zone))
        if a is not None and a == b and link.score >= KEPT:
            joined[a] += 1
    return Judged(
        right=tuple(right),
        wrong=tuple(wrong),
        found=len(joined),
        repeated=sum(joined.values()) - len(joined),
        shared=len(task.shared),
    )


def judged_figures(parts: Sequence[Judged]) -> Figures:
    """Precision, recall and F1 of links of at least 0.5 (a cluster counts once), and how right the merge zone is."""
    found, shared = sum(p.found for p in parts), sum(p.shared for p in parts)
    wrong = sum(score >= KEPT for p in parts for score, _ in p.wrong)
    merged = [
        ok for p in parts for ok, side in ((True, p.right), (False, p.wrong)) for _, zone in side if zone == "merge"
    ]
    scored = [(score, True) for p in parts for score, _ in p.right] + [(s, False) for p in parts for s, _ in p.wrong]
    precision, recall = found / max(found + wrong, 1), found / max(shared, 1)
    return {
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "shared": shared,
        "merged": len(merged),
        "merged_precision": round(sum(merged) / max(len(merged), 1), 4),
        "calibration_error": calibration_error(scored),
    }
