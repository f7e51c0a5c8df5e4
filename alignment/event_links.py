"""Event nodes of two graphs compared: by the mentions of both, participants, time, place and type.

A logistic regression over features of node pairs gives the probability, so that what each feature adds can be told.
Its weights are learned by ``ekg train event-links`` on stories that are cut in two (see docs/alignment.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import msgspec
import numpy as np

from alignment.event_copies import copied
from alignment.event_mentions import collect
from alignment.event_pairs import FEATURES as PAIR_FEATURES
from alignment.event_pairs import pair_features, pair_scores, propose
from alignment.event_sides import EventNode, EventSide
from alignment.event_weights import EventWeights, load_event_weights
from alignment.features import VERDICTS, time_verdicts
from alignment.resolution import ResolveConfig, ordered
from alignment.scoring import compete
from alignment.sparse import Floats, Ints
from ekg.model import Extraction

FEATURES = (
    "mentions", "mentions mean", "participants", "participants differ", "place", "place differs",
    "same day", "time overlaps", "types", "types differ", "sizes", "document names", "document rank",
    "left_rank", "right_rank", "left_margin", "right_margin",
)  # fmt: skip
# Log-odds that copied words add, and the probability above which they add nothing. Set by hand, since ECB+ has too few
# for a regression: 69 pairs of gold events in copied words, of which its annotators joined 66. A higher ceiling would
# make room for other links in the merge zone.
_COPIED, _COPIED_CEILING = 3.0, 0.95
REASONS = ("prior", *FEATURES, "same words")
EntityScores = Mapping[tuple[str, str], float]
_DOCUMENTS = [PAIR_FEATURES.index(name) for name in ("document_names", "document_rank")]
MentionPair = tuple[float, float, float, bool]
"""Probability of a pair of mentions, how alike the names and the words of their documents are, and whether they
stand in copied words."""
_UNSCORED = 0.3
_LIMIT = 6.0
_SAME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPairs:
    """Candidate pairs of event nodes.

    Args:
        left: ids of left nodes.
        right: ids of right nodes.
        features: one row a pair, columns as in :data:`FEATURES`.
        probability: of every pair, four decimals.
        contributions: summands of the log-odds, columns as in :data:`REASONS`: the intercept, the features and what
            copied words add.
    """

    left: list[str]
    right: list[str]
    features: Floats
    probability: Floats
    contributions: Floats

    def __len__(self) -> int:
        return len(self.left)

    def evidence(self, row: int, sides: tuple[EventSide, EventSide]) -> dict[str, float | str]:
        """Why a pair has its probability: triggers, type and time in words, then contributions of 0.05 and more."""
        a, b = sides[0].nodes[self.left[row]], sides[1].nodes[self.right[row]]
        found: dict[str, float | str] = {
            "triggers": f"{', '.join(a.triggers[:3])} – {', '.join(b.triggers[:3])}",
            "time": verdict_of(a, b),
        }
        if a.type or b.type:
            found["event types"] = f"{a.type or 'Event'} – {b.type or 'Event'}"
        values = zip(REASONS, self.contributions[row].tolist(), strict=True)
        return found | {name: round(v, 4) for name, v in values if abs(v) >= 0.05}


def compare_events(
    left: EventSide,
    right: EventSide,
    entities: EntityScores,
    *,
    weights: EventWeights | None = None,
    pair_weights: EventWeights | None = None,
    forced: Sequence[tuple[str, str]] = (),
    config: ResolveConfig | None = None,
) -> EventPairs:
    """Candidate pairs of event nodes with their probabilities.

    Args:
        left: events of one graph.
        right: events of the other.
        entities: probability that a left and a right entity node are the same.
        weights: of this model; None loads those that ship.
        pair_weights: of the model of mention pairs; None loads those that ship.
        forced: pairs of nodes to compare in any case.
        config: limits of the comparison of mentions.
    """
    config = config or ResolveConfig()
    mention_pairs = _mention_pairs(left, right, entities, pair_weights or load_event_weights(), forced, config)
    keys = sorted(mention_pairs)
    features = _features(keys, mention_pairs, left, right, entities)
    weights = weights or load_link_weights()
    coefficients = np.array([weights.coefficients.get(name, 0.0) for name in FEATURES])
    odds = weights.intercept + (features * coefficients).sum(axis=1)
    room = np.maximum(_log_odds(_COPIED_CEILING) - odds, 0.0)
    copies = np.minimum(_COPIED, room) * np.array([any(pair[3] for pair in mention_pairs[key]) for key in keys])
    contributions = np.column_stack([np.full(len(keys), weights.intercept), features * coefficients, copies])
    return EventPairs(
        left=[a for a, _ in keys],
        right=[b for _, b in keys],
        features=features,
        probability=np.round(1.0 / (1.0 + np.exp(-contributions.sum(axis=1))), 4),
        contributions=contributions,
    )


def verdict_of(a: EventNode, b: EventNode) -> str:
    """Verdict on the times of two events."""
    return VERDICTS[int(time_verdicts(*(np.array([v]) for v in (*a.bounds, *b.bounds)))[0])]


@lru_cache(maxsize=1)
def load_link_weights() -> EventWeights:
    """The weights that ship."""
    return msgspec.json.decode((files("alignment") / "weights" / "event_links.json").read_bytes(), type=EventWeights)


def _mention_pairs(
    left: EventSide,
    right: EventSide,
    entities: EntityScores,
    weights: EventWeights,
    forced: Sequence[tuple[str, str]],
    config: ResolveConfig,
) -> dict[tuple[str, str], list[MentionPair]]:
    """The mention pairs between two nodes, by the nodes."""
    records: dict[str, Extraction] = {}
    for record in (*left.records, *right.records):
        records.setdefault(record.document.id, record)
    nodes = dict(left.entities)
    partner = _partners(entities)
    for mention, node in right.entities.items():
        nodes.setdefault(mention, partner.get(node, node))
    texts, sequence = {**right.texts, **left.texts}, ordered(records.values())
    mentions = collect(sequence, nodes, neighbours=config.neighbours, texts=texts)
    i, j = propose(mentions, limit=config.candidates)
    ids = [event.id for event in mentions.events]
    if forced:
        i, j = _with_forced(i, j, ids, left, right, forced)
    features = pair_features(mentions, i, j)
    documents = [sequence[d].document.id for d in mentions.document.tolist()]
    same_words = copied(mentions.events, documents, texts, i, j)
    columns = pair_scores(features, weights).tolist(), *features[:, _DOCUMENTS].T.tolist(), same_words.tolist()
    found: dict[tuple[str, str], list[MentionPair]] = {}
    for x, y, *values in zip(i.tolist(), j.tolist(), *columns, strict=True):
        for a, b in ((ids[x], ids[y]), (ids[y], ids[x])):
            if a in left.events and b in right.events:
                found.setdefault((left.events[a], right.events[b]), []).append(
                    (values[0], values[1], values[2], values[3])
                )
    return found


def _with_forced(
    i: Ints, j: Ints, ids: list[str], left: EventSide, right: EventSide, forced: Sequence[tuple[str, str]]
) -> tuple[Ints, Ints]:
    pairs = set(zip(i.tolist(), j.tolist(), strict=True))
    for a, b in forced:
        of_left = [n for n, key in enumerate(ids) if left.events.get(key) == a]
        of_right = [n for n, key in enumerate(ids) if right.events.get(key) == b]
        pairs |= {(min(x, y), max(x, y)) for x in of_left for y in of_right if x != y}
    array = np.array(sorted(pairs), dtype=np.int64).reshape(len(pairs), 2)
    return array[:, 0], array[:, 1]


def _partners(entities: EntityScores) -> dict[str, str]:
    """For every right entity node the left one that it probably is."""
    best: dict[str, tuple[float, str]] = {}
    for (a, b), score in sorted(entities.items()):
        if score >= _SAME and score > best.get(b, (0.0, ""))[0]:
            best[b] = score, a
    return {b: a for b, (_, a) in best.items()}


def _features(
    keys: Sequence[tuple[str, str]],
    mention_pairs: Mapping[tuple[str, str], list[MentionPair]],
    left: EventSide,
    right: EventSide,
    entities: EntityScores,
) -> Floats:
    rows = []
    for key in keys:
        a, b = left.nodes[key[0]], right.nodes[key[1]]
        found = mention_pairs[key]
        missing = a.mentions * b.mentions - len(found)
        best, document_names, document_rank, _ = max(found)
        mean = sum(pair[0] for pair in found) / (len(found) + _UNSCORED * missing)
        shared, apart = _overlap(a.roles, b.roles, entities)
        same_place, other_place = _overlap(a.places, b.places, entities)
        verdict = verdict_of(a, b)
        day = verdict == "equal" and a.bounds[1] - a.bounds[0] <= 86_400
        typed = bool(a.type and b.type)
        rows.append((
            _log_odds(best), _log_odds(mean), shared, apart, same_place, other_place,
            float(day), float(verdict in ("equal", "contains", "within", "overlaps") and not day),
            float(typed and a.type == b.type), float(typed and a.type != b.type),
            float(np.log(min(a.mentions, b.mentions))), document_names, document_rank,
        ))  # fmt: skip
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES) - 4)
    ids = [{key: n for n, key in enumerate(sorted({k[side] for k in keys}))} for side in (0, 1)]
    strength = 1.0 / (1.0 + np.exp(-(table[:, 0] + table[:, 1] + table[:, 2] + table[:, 6]) / 2))
    i, j = (np.array([ids[side][k[side]] for k in keys], dtype=np.int64) for side in (0, 1))
    features: Floats = np.column_stack([table, compete(i, j, np.round(strength, 4)).columns()]).astype(np.float64)
    return features.round(5)


def _overlap(a: Iterable[str], b: Iterable[str], entities: EntityScores) -> tuple[float, float]:
    """How many of the smaller set are in the other too, 0 to 1, and 1 if both are known and none is."""
    first, second = sorted(a), sorted(b)
    if not first or not second:
        return 0.0, 0.0
    best = [max(1.0 if x == y else entities.get((x, y), 0.0) for y in second) for x in first]
    return min(sum(best) / min(len(first), len(second)), 1.0), float(max(best) < 0.1)


def _log_odds(p: float) -> float:
    clipped = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.clip(np.log(clipped / (1 - clipped)), -_LIMIT, _LIMIT))
