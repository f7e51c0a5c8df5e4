"""Which event mentions are worth comparing, and how alike the two of a pair are."""

from __future__ import annotations

import numpy as np

from alignment.event_context import NEAR, WIDE
from alignment.event_mentions import OPEN, EventMentions
from alignment.event_weights import EventWeights
from alignment.sparse import Bools, Floats, Ints, row_dots

FEATURES = (
    "same_stem_light", "same_stem_story", "same_stem_document", "word", "word_story", "grams", "same_type",
    "type_differs", "near", "names", "arguments_stem", "place_differs", "document_names", "document_rank",
    "same_document", "position", "repeats", "common", "confined", "log_days_apart", "unsupported",
    "unsupported_document", "light_document",
)  # fmt: skip
# Triggers less alike than this are compared only if their types or participants are the same.
_ALIKE, _SOMEWHAT = 0.45, 0.2
# Likeness of what stands around two triggers from which it supports that they are one event.
_SUPPORT = 0.3


def propose(mentions: EventMentions, *, limit: int) -> tuple[Ints, Ints]:
    """Pairs of mentions with like triggers or equal types, in one document or in similar ones.

    Never pairs that a hard constraint forbids. At most about ``limit`` pairs a mention, its best ones; one document
    at a time is compared with its neighbours, so that the work grows with the number of documents.

    Returns:
        Two arrays ``(i, j)`` with ``i < j``, sorted, without repeats.
    """
    similarity = mentions.documents.similarity
    first = np.searchsorted(mentions.document, np.arange(similarity.shape[0] + 1))
    stems, types, typed = _codes(mentions)
    none = np.zeros(0, dtype=np.int64)
    left: list[Ints] = [none]
    right: list[Ints] = [none]
    weight: list[Floats] = [np.zeros(0)]
    for d in range(similarity.shape[0]):
        here = slice(similarity.indptr[d], similarity.indptr[d + 1])
        near, closeness = similarity.indices[here], similarity.data[here]
        near, closeness = near[near >= d], closeness[near >= d]
        own = np.arange(first[d], first[d + 1])
        if not len(own) or not len(near):
            continue
        others = np.concatenate([np.arange(first[e], first[e + 1]) for e in near])
        close = np.repeat(closeness, first[near + 1] - first[near])
        same_stem = stems[own][:, None] == stems[others][None]
        same_type = (types[own][:, None] == types[others][None]) & typed[own][:, None]
        alike = np.round(mentions.vectors[own] @ mentions.vectors[others].T, 4)
        shared = (mentions.entities[own] @ mentions.entities[others].T).toarray() > 0
        wanted = same_stem | (alike >= _ALIKE) | ((same_type | shared) & (alike >= _SOMEWHAT))
        x, y = np.nonzero(wanted & (own[:, None] < others[None]))
        i, j = own[x], others[y]
        possible = ~forbidden(mentions, i, j)
        i, j, x, y = i[possible], j[possible], x[possible], y[possible]
        score = np.where(same_stem[x, y], 3.0, alike[x, y]) + 0.5 * same_type[x, y] + 0.5 * shared[x, y] + close[y]
        left.append(i)
        right.append(j)
        weight.append(score)
    i, j = np.concatenate(left), np.concatenate(right)
    keep = _best_of_each(i, j, np.concatenate(weight), limit)
    i, j = i[keep], j[keep]
    order = np.lexsort((j, i))
    return i[order], j[order]


def forbidden(mentions: EventMentions, i: Ints, j: Ints) -> Bools:
    """Whether two mentions can never be one event: known times are disjoint, or only one of them is denied."""
    disjoint = (mentions.end[i] <= mentions.begin[j]) | (mentions.end[j] <= mentions.begin[i])
    different: Bools = disjoint | (mentions.negative[i] != mentions.negative[j])
    return different


def pair_features(mentions: EventMentions, i: Ints, j: Ints) -> Floats:
    """Features of pairs: one row a pair, columns as in :data:`FEATURES`, which ``docs/coreference.md`` describes."""
    stems, types, typed = _codes(mentions)
    d, e = mentions.document[i], mentions.document[j]
    document_names, rank = mentions.documents.of_pairs(d, e)
    story = (mentions.documents.group[d] == mentions.documents.group[e]).astype(float)
    same_document = (d == e).astype(float)
    same_stem = (stems[i] == stems[j]).astype(float)
    light = np.maximum(mentions.light[i], mentions.light[j]).astype(float)
    word = np.einsum("nk,nk->n", mentions.vectors[i], mentions.vectors[j], dtype=np.float64)
    word = np.where(same_stem > 0, 1.0, word)
    grams = np.zeros(len(i))
    unlike = np.flatnonzero(same_stem == 0)
    grams[unlike] = row_dots(mentions.grams, mentions.grams, i[unlike], j[unlike])
    # What two windows of one text have in common because they overlap says nothing.
    gap = np.where(d == e, np.abs(mentions.start[i] - mentions.start[j]), 2 * WIDE)
    near = np.where(gap >= 2 * NEAR, row_dots(mentions.near, mentions.near, i, j), 0.0)
    wide, names = (np.where(gap >= 2 * WIDE, row_dots(m, m, i, j), 0.0) for m in (mentions.wide, mentions.names))
    arguments = row_dots(mentions.arguments, mentions.arguments, i, j)
    common = np.minimum(mentions.common[i], mentions.common[j])
    # Sentences of one document are about the same things anyway; only the phrase itself supports a pair there.
    support = np.maximum(np.maximum(near, np.where(d == e, 0.0, wide)), arguments)
    unsupported = 1.0 - np.minimum(support / _SUPPORT, 1.0)
    placed = np.diff(mentions.places.indptr) > 0
    place_same = row_dots(mentions.places, mentions.places, i, j) > 0
    dated = (mentions.published[d] != OPEN) & (mentions.published[e] != OPEN)
    days = np.where(dated, mentions.published[d], 0) - np.where(dated, mentions.published[e], 0)
    values = {
        "same_stem_light": same_stem * light,
        "same_stem_story": same_stem * story,
        "same_stem_document": same_stem * same_document,
        "word": word,
        "word_story": word * story,
        "grams": grams,
        "same_type": ((types[i] == types[j]) & typed[i]).astype(float),
        "type_differs": ((types[i] != types[j]) & typed[i] & typed[j]).astype(float),
        "near": near,
        "names": names,
        "arguments_stem": arguments * same_stem,
        "place_differs": (placed[i] & placed[j] & ~place_same).astype(float),
        "document_names": document_names,
        "document_rank": rank,
        "same_document": same_document,
        "position": np.maximum(mentions.position[i], mentions.position[j]),
        "repeats": same_stem * (mentions.repeats[i] + mentions.repeats[j]),
        "common": common,
        "confined": np.minimum(mentions.confined[i], mentions.confined[j]),
        "log_days_apart": np.log1p(np.abs(days)),
        "unsupported": unsupported * (1.0 - common) * (1.0 - same_document),
        "unsupported_document": unsupported * same_document,
        "light_document": light * same_document,
    }
    return np.round(np.column_stack([values[name] for name in FEATURES]).reshape(len(i), len(FEATURES)), 5)


def pair_scores(features: Floats, weights: EventWeights) -> Floats:
    """Probability of every pair by the pair model, four decimals."""
    coefficients = np.array([weights.coefficients.get(name, 0.0) for name in FEATURES])
    scores: Floats = np.round(1.0 / (1.0 + np.exp(-(features @ coefficients + weights.intercept))), 4)
    return scores


def _codes(mentions: EventMentions) -> tuple[Ints, Ints, Bools]:
    """Numbers of stems and of types, and whether a mention has a type that says something."""
    types = [e.type if e.type not in {"Event", ""} else "" for e in mentions.events]
    if not types:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    return (
        np.unique(mentions.stems, return_inverse=True)[1],
        np.unique(types, return_inverse=True)[1],
        np.array([bool(t) for t in types], dtype=bool),
    )


def _best_of_each(i: Ints, j: Ints, weight: Floats, limit: int) -> Bools:
    """Whether a pair is among the ``limit`` best of one of its two mentions."""
    keep = np.zeros(len(i), dtype=bool)
    for mine, other in ((i, j), (j, i)):
        order = np.lexsort((other, -np.round(weight, 4), mine))
        ranks = np.arange(len(order)) - np.searchsorted(mine[order], mine[order])
        keep[order[ranks < limit]] = True
    return keep
