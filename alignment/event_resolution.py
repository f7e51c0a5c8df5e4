"""Event mentions of many documents into nodes: scored pairs, average linkage, and constraints that always hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from alignment.clustering import UnionFind, average_linkage
from alignment.event_mentions import EventMentions, collect
from alignment.event_pairs import FEATURES, pair_features, pair_scores, propose
from alignment.event_weights import load_event_weights
from alignment.resolution import Pair, ResolveConfig
from ekg.errors import DataError
from ekg.model import EventTime, Extraction, Link
from ekg.time import TimeInterval, compare


def resolve_events(
    records: Sequence[Extraction],
    nodes: dict[str, str],
    *,
    must_link: Sequence[Pair],
    cannot_link: Sequence[Pair],
    config: ResolveConfig,
    texts: Mapping[str, str] | None = None,
) -> tuple[dict[str, str], list[Link]]:
    """Node of every event mention, and a link for each that is not the first of its node.

    Args:
        records: in the order on which node ids depend.
        nodes: node of every document-level entity.
        must_link: pairs of event ids that are the same.
        cannot_link: pairs that are not.
        config: limits.
        texts: text by document id, of those documents whose text is at hand.

    Raises:
        DataError: ``must_link`` joins events with disjoint times, or a denied one with one that is not.
    """
    mentions = collect(records, nodes, neighbours=config.neighbours, texts=texts)
    if not len(mentions):
        return {}, []
    weights = config.weights or load_event_weights()
    i, j = propose(mentions, limit=config.candidates)
    features = pair_features(mentions, i, j)
    coefficients = np.array([weights.coefficients.get(name, 0.0) for name in FEATURES])
    scores = pair_scores(features, weights)

    index = {event.id: n for n, event in enumerate(mentions.events)}
    together = [(index[a], index[b]) for a, b in must_link]
    apart = {(min(index[a], index[b]), max(index[a], index[b])) for a, b in cannot_link}
    _check_possible(mentions, together)

    def allowed(left: Sequence[int], right: Sequence[int]) -> bool:
        a, b = np.array(left), np.array(right)
        # Within a cluster all times overlap, so that the latest begin and earliest end decide.
        latest = max(mentions.begin[a].max(), mentions.begin[b].max())
        earliest = min(mentions.end[a].min(), mentions.end[b].min())
        if latest >= earliest or mentions.negative[a[0]] != mentions.negative[b[0]]:
            return False
        return not apart or not any((min(x, y), max(x, y)) in apart for x in left for y in right)

    label = average_linkage(
        len(mentions),
        ((int(x), int(y), float(s)) for x, y, s in zip(i, j, scores, strict=True) if (x, y) not in apart),
        threshold=config.event_threshold,
        allowed=allowed,
        unscored=config.unscored,
        initial=together,
    )
    best: dict[int, tuple[float, int, int]] = {}
    for row, (x, y, s) in enumerate(zip(i.tolist(), j.tolist(), scores.tolist(), strict=True)):
        # The best earlier member of the same cluster is what a mention was joined to.
        if label[x] == label[y] and (y not in best or s > best[y][0]):
            best[y] = (s, x, row)
    ids = [event.id for event in mentions.events]
    links = []
    for n, first in enumerate(label):
        if n == first:
            continue
        score, partner, row = best.get(n, (1.0, first, -1))
        evidence: dict[str, float | str] = {"rule": "event pair" if row >= 0 else "cluster", "with": ids[partner]}
        if row >= 0:
            contributions = features[row] * coefficients
            evidence |= {
                name: round(float(c), 4) for name, c in zip(FEATURES, contributions, strict=True) if abs(c) >= 0.05
            }
            evidence["time"] = _verdict(mentions.events[partner].time, mentions.events[n].time)
        links.append(Link(left=ids[first], right=ids[n], score=score, zone="merge", evidence=evidence))
    return {ids[n]: ids[first] for n, first in enumerate(label)}, links


def _check_possible(mentions: EventMentions, together: Sequence[tuple[int, int]]) -> None:
    """Refuse demanded pairs that, taken together, join disjoint times or a denied event with one that is not."""
    sets = UnionFind(len(mentions))
    for i, j in together:
        sets.union(i, j)
    for members in sets.groups():
        disjoint = mentions.begin[members].max() >= mentions.end[members].min()
        if len(members) > 1 and (disjoint or len(set(mentions.negative[members].tolist())) > 1):
            names = ", ".join(f"'{mentions.events[m].id}'" for m in members)
            raise DataError(
                f"must_link: {names} have disjoint times or only some of them are denied",
                hint="remove a pair or correct the events",
            )


def _verdict(left: EventTime | None, right: EventTime | None) -> str:
    if left is None or right is None:
        return "unknown"
    return compare(TimeInterval(begin=left.begin, end=left.end), TimeInterval(begin=right.begin, end=right.end))
