"""Events and entities in turns: entities tell which events are the same, and events which entities are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignment.assignment import assign
from alignment.constraints import Constraints
from alignment.event_links import EntityScores, EventPairs, compare_events
from alignment.event_sides import EventSide
from alignment.event_weights import EventWeights
from alignment.labels import recalibrated
from ekg.model import Alignment, Link, Zone

_TURNS = 2
# Log-odds that an event which both certainly take part in, in one role, adds to two entities; three add no more.
_SHARED, _AT_MOST = 0.7, 3.0
_LEAST = 0.05
Zones = Callable[[Sequence[float]], list[Zone]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What the turns found.

    Args:
        events: candidate pairs of event nodes, of the last turn.
        entities: probabilities of entity pairs after the last turn.
        shared: what shared events added to the log-odds of entity pairs.
    """

    events: EventPairs
    entities: EntityScores
    shared: EntityScores


def in_turns(
    left: EventSide,
    right: EventSide,
    entities: EntityScores,
    *,
    turns: int = _TURNS,
    weights: EventWeights | None = None,
    pair_weights: EventWeights | None = None,
    forced: Sequence[tuple[str, str]] = (),
) -> Turns:
    """Compare events by the entities they share, then entities by the events they share, then events again.

    Args:
        left: events of one graph.
        right: events of the other.
        entities: probabilities of entity pairs by all else that is known.
        turns: how often events are compared.
        weights: as in :func:`alignment.event_links.compare_events`.
        pair_weights: the same.
        forced: the same.
    """
    scores, shared = entities, dict[tuple[str, str], float]()
    for turn in range(turns):
        events = compare_events(left, right, scores, weights=weights, pair_weights=pair_weights, forced=forced)
        if turn + 1 < turns:
            shared = _shared(events, left, right, entities)
            scores = {pair: _raised(p, shared.get(pair, 0.0)) for pair, p in entities.items()}
    return Turns(events=events, entities=scores, shared=shared)


def _shared(
    events: EventPairs, left: EventSide, right: EventSide, entities: EntityScores
) -> dict[tuple[str, str], float]:
    """What events that are probably the same add to the log-odds of the entities that take part in both."""
    total: dict[tuple[str, str], float] = {}
    for row in chosen_rows(events):
        p = float(events.probability[row])
        if p < 0.5:
            continue
        a, b = left.nodes[events.left[row]], right.nodes[events.right[row]]
        for x, roles in a.roles.items():
            for y, others in b.roles.items():
                if (x, y) in entities and roles & others:
                    total[x, y] = total.get((x, y), 0.0) + p
        for x in a.places:
            for y in b.places:
                if (x, y) in entities:
                    total[x, y] = total.get((x, y), 0.0) + p
    return {pair: round(_SHARED * min(value, _AT_MOST), 4) for pair, value in sorted(total.items())}


def _raised(p: float, more: float) -> float:
    if not more:
        return p
    clipped = min(max(p, 1e-4), 1 - 1e-4)
    return round(float(1.0 / (1.0 + np.exp(-(np.log(clipped / (1 - clipped)) + more)))), 4)


def chosen_rows(events: EventPairs, free: np.ndarray | None = None) -> list[int]:
    """Rows of the one-to-one assignment of events that is best as a whole."""
    open_rows = np.flatnonzero((events.probability >= _LEAST) & (True if free is None else free))
    lefts = {key: n for n, key in enumerate(sorted(set(events.left)))}
    rights = {key: n for n, key in enumerate(sorted(set(events.right)))}
    i = np.array([lefts[events.left[row]] for row in open_rows], dtype=np.int64)
    j = np.array([rights[events.right[row]] for row in open_rows], dtype=np.int64)
    found: list[int] = open_rows[assign(i, j, events.probability[open_rows])].tolist()
    return found


def event_links(
    turns: Turns,
    left: EventSide,
    right: EventSide,
    *,
    allowed: tuple[Collection[str], Collection[str]],
    known: Constraints,
    zones: Zones,
) -> list[Link]:
    """Links between event nodes, one-to-one, best first.

    A document that both graphs hold joins the nodes of its mentions with certainty, unless a person said otherwise.

    Args:
        turns: what is compared.
        left: events of one graph.
        right: events of the other.
        allowed: left and right nodes that are asked for.
        known: what a person said.
        zones: zones of links from their probabilities.
    """
    events = turns.events
    certain: dict[tuple[str, str], dict[str, float | str]] = {pair: {"label": "accept"} for pair in known.accepted}
    for mention, node in left.events.items():
        pair = node, right.events.get(mention, "")
        if pair[1] and pair not in known.apart:
            certain.setdefault(pair, {"same_mention": 1.0})
    certain = _one_to_one(certain)
    taken = {a for a, _ in certain}, {b for _, b in certain}
    pairs = list(zip(events.left, events.right, strict=True))
    judged = known.accepted | known.rejected
    probability = recalibrated(
        events.probability,
        [
            (float(p), pair in known.accepted)
            for pair, p in zip(pairs, events.probability, strict=True)
            if pair in judged
        ],
    )
    events = replace(events, probability=probability)
    free = np.array(
        [
            a in allowed[0]
            and b in allowed[1]
            and a not in taken[0]
            and b not in taken[1]
            and (a, b) not in known.apart
            for a, b in pairs
        ],
        dtype=bool,
    )
    rows = chosen_rows(events, free)
    links = [
        Link(
            left=events.left[row],
            right=events.right[row],
            score=float(probability[row]),
            zone=zone,
            evidence=events.evidence(row, (left, right)),
        )
        for row, zone in zip(rows, zones([float(probability[row]) for row in rows]), strict=True)
    ]
    links += [
        Link(left=a, right=b, score=1.0, zone="merge", evidence=reason)
        for (a, b), reason in certain.items()
        if a in allowed[0] and b in allowed[1]
    ]
    return sorted(links, key=lambda k: (-k.score, k.left, k.right))


def _one_to_one(
    certain: dict[tuple[str, str], dict[str, float | str]],
) -> dict[tuple[str, str], dict[str, float | str]]:
    """Certain pairs, of those that share a node only the first: what a person accepted before what documents say."""
    kept: dict[tuple[str, str], dict[str, float | str]] = {}
    taken: tuple[set[str], set[str]] = set(), set()
    for pair in sorted(certain, key=lambda pair: ("label" not in certain[pair], pair)):
        if pair[0] not in taken[0] and pair[1] not in taken[1]:
            kept[pair] = certain[pair]
            taken[0].add(pair[0])
            taken[1].add(pair[1])
    return kept


def entity_links(found: Alignment, turns: Turns, known: Constraints, zones: Zones) -> Alignment:
    """An alignment of entities after the turns: links are assigned again by the probabilities that they left."""
    certain = [k for k in found.links if "label" in k.evidence or "seed" in k.evidence]
    taken = {k.left for k in certain}, {k.right for k in certain}
    pairs = sorted(
        pair
        for pair in turns.entities
        if pair[0] not in taken[0] and pair[1] not in taken[1] and pair not in known.apart
    )
    lefts = {key: n for n, key in enumerate(sorted({a for a, _ in pairs}))}
    rights = {key: n for n, key in enumerate(sorted({b for _, b in pairs}))}
    i = np.array([lefts[a] for a, _ in pairs], dtype=np.int64)
    j = np.array([rights[b] for _, b in pairs], dtype=np.int64)
    score = np.array([turns.entities[pair] for pair in pairs])
    rows = np.flatnonzero(assign(i, j, score)).tolist()
    before = {(k.left, k.right): k for k in found.links}
    links = list(certain)
    for row, zone in zip(rows, zones([float(score[row]) for row in rows]), strict=True):
        pair = pairs[row]
        old = before.get(pair)
        evidence: dict[str, float | str] = dict(old.evidence) if old else {"best before": "another candidate"}
        if pair in turns.shared:
            evidence["shared events"] = turns.shared[pair]
        if old and turns.entities[pair] < old.score:
            evidence["rules of names"] = "these two are not joined by them"
        links.append(Link(left=pair[0], right=pair[1], score=float(score[row]), zone=zone, evidence=evidence))
    ranking: dict[str, list[tuple[str, float]]] = {}
    for left, ranks in found.ranking.items():
        again = [(right, turns.entities.get((left, right), p)) for right, p in ranks]
        ranking[left] = sorted(again, key=lambda item: -item[1])
    linked = {k.left for k in links}
    asked = {k.left for k in found.links} | set(found.unmatched)
    return replace(
        found,
        links=tuple(sorted(links, key=lambda k: (-k.score, k.left, k.right))),
        unmatched=tuple(dict.fromkeys(key for key in (*found.unmatched, *sorted(asked)) if key not in linked)),
        ranking={left: tuple(ranks) for left, ranks in ranking.items()},
    )


def entity_scores(found: Alignment) -> dict[tuple[str, str], float]:
    """Probabilities of entity pairs from an alignment's ranking and links."""
    scores = {(left, right): p for left, ranks in found.ranking.items() for right, p in ranks}
    return scores | {(k.left, k.right): k.score for k in found.links}
