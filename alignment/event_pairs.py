"""Which event mentions are worth comparing, and how alike the two of a pair are."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy import sparse

from alignment.event_mentions import OPEN, EventMentions
from alignment.sparse import Bools, Floats, Ints, row_dots

FEATURES = (
    "same_stem", "same_stem_light", "same_stem_rare", "trigger", "same_type", "same_type_not_stem",
    "arguments", "arguments_both", "entities", "entities_disjoint", "place_same", "place_differs",
    "time_equal", "time_overlap", "document", "same_document", "document_stem", "document_arguments",
    "position", "repeats", "modality_differs", "stem_arguments", "log_days_apart",
)  # fmt: skip


def propose(mentions: EventMentions, *, limit: int) -> tuple[Ints, Ints]:
    """Pairs of mentions that share a stem, a type or a participant, in one document or in similar ones.

    Never pairs that a hard constraint forbids. At most about ``limit`` pairs a mention, those of the most similar
    documents; the work grows with the number of pairs, not with the square of the mentions.

    Returns:
        Two arrays ``(i, j)`` with ``i < j``, sorted, without repeats.
    """
    keys: dict[str, list[int]] = defaultdict(list)
    for row, event in enumerate(mentions.events):
        keys[f"stem:{mentions.stems[row]}"].append(row)
        if event.type not in {"Event", ""}:
            keys[f"type:{event.type}"].append(row)
    entities = mentions.entities.tocsc()
    for column in range(entities.shape[1]):
        rows = entities.indices[entities.indptr[column] : entities.indptr[column + 1]]
        if len(rows) > 1:
            keys[f"entity:{column}"] = rows.tolist()
    columns = {key: i for i, key in enumerate(sorted(keys))}
    similarity = mentions.similarity
    by_document = np.searchsorted(mentions.document, np.arange(similarity.shape[0] + 1))
    incidence = sparse.csr_matrix(
        (
            np.ones(sum(map(len, keys.values()))),
            (
                np.concatenate([np.zeros(0, dtype=np.int64), *(np.array(keys[k], dtype=np.int64) for k in columns)]),
                np.repeat(np.arange(len(columns)), [len(keys[k]) for k in columns]),
            ),
        ),
        shape=(len(mentions), max(len(columns), 1)),
    )
    left, right, weight = [], [], []
    for d in range(similarity.shape[0]):
        near = slice(similarity.indptr[d], similarity.indptr[d + 1])
        a = slice(by_document[d], by_document[d + 1])
        for e, closeness in zip(similarity.indices[near], similarity.data[near], strict=True):
            b = slice(by_document[e], by_document[e + 1])
            if e < d or a.start == a.stop or b.start == b.stop:
                continue
            shared = sparse.coo_matrix(incidence[a] @ incidence[b].T)
            left.append(shared.row + a.start)
            right.append(shared.col + b.start)
            weight.append(shared.data + closeness)
    none = np.zeros(0, dtype=np.int64)
    i: Ints = np.concatenate([none, *left])
    j: Ints = np.concatenate([none, *right])
    w: Floats = np.concatenate([np.zeros(0), *weight])
    keep = (i < j) & ~forbidden(mentions, i, j)
    i, j, w = i[keep], j[keep], w[keep]
    keep = _best_of_each(i, j, w, limit)
    i, j = i[keep], j[keep]
    order = np.lexsort((j, i))
    return i[order], j[order]


def forbidden(mentions: EventMentions, i: Ints, j: Ints) -> Bools:
    """Whether two mentions can never be one event: known times are disjoint, or only one of them is denied."""
    disjoint = (mentions.end[i] <= mentions.begin[j]) | (mentions.end[j] <= mentions.begin[i])
    different: Bools = disjoint | (mentions.negative[i] != mentions.negative[j])
    return different


def pair_features(mentions: EventMentions, i: Ints, j: Ints) -> Floats:
    """Features of pairs: one row a pair, columns as in :data:`FEATURES`."""
    stem_codes = np.unique(mentions.stems, return_inverse=True)[1] if len(mentions) else np.zeros(0, dtype=np.int64)
    types = [e.type if e.type not in {"Event", ""} else "" for e in mentions.events]
    type_codes = np.unique(types, return_inverse=True)[1] if types else np.zeros(0, dtype=np.int64)
    typed = np.array([bool(t) for t in types], dtype=bool)
    same_stem = (stem_codes[i] == stem_codes[j]).astype(float)
    same_type = ((type_codes[i] == type_codes[j]) & typed[i]).astype(float)
    light = mentions.light[i].astype(float)
    arguments = row_dots(mentions.words, mentions.words, i, j)
    has_words = np.diff(mentions.words.indptr) > 0
    shared = row_dots(mentions.entities, mentions.entities, i, j)
    counts = np.diff(mentions.entities.indptr)
    either = np.minimum(counts[i], counts[j])
    jaccard = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    placed = np.diff(mentions.places.indptr) > 0
    place_same = row_dots(mentions.places, mentions.places, i, j) > 0
    known = (mentions.begin != -OPEN) & (mentions.end != OPEN)
    time_equal = known[i] & known[j] & (mentions.begin[i] == mentions.begin[j]) & (mentions.end[i] == mentions.end[j])
    d, e = mentions.document[i], mentions.document[j]
    document = np.asarray(mentions.similarity[d, e]).ravel() if len(i) else np.zeros(0)
    same_document = (d == e).astype(float)
    document = np.where(d == e, 0.0, document)
    dated = (mentions.published[d] != OPEN) & (mentions.published[e] != OPEN)
    gap = np.where(
        dated, np.abs(np.where(dated, mentions.published[d], 0) - np.where(dated, mentions.published[e], 0)), 0
    )
    values = {
        "same_stem": same_stem,
        "same_stem_light": same_stem * light,
        "same_stem_rare": same_stem * mentions.rarity[i],
        "trigger": row_dots(mentions.trigger, mentions.trigger, i, j) * (1 - same_stem),
        "same_type": same_type,
        "same_type_not_stem": same_type * (1 - same_stem),
        "arguments": arguments,
        "arguments_both": (has_words[i] & has_words[j]).astype(float),
        "entities": jaccard,
        "entities_disjoint": ((either > 0) & (shared == 0)).astype(float),
        "place_same": place_same.astype(float),
        "place_differs": (placed[i] & placed[j] & ~place_same).astype(float),
        "time_equal": time_equal.astype(float),
        "time_overlap": (known[i] & known[j] & ~time_equal).astype(float),
        "document": document,
        "same_document": same_document,
        "document_stem": document * same_stem * (1 - light),
        "document_arguments": document * arguments,
        "position": np.maximum(mentions.position[i], mentions.position[j]),
        "repeats": same_stem * (mentions.repeats[i] + mentions.repeats[j]),
        "modality_differs": (mentions.actual[i] != mentions.actual[j]).astype(float),
        "stem_arguments": same_stem * arguments,
        "log_days_apart": np.log1p(gap),
    }
    return np.round(np.column_stack([values[name] for name in FEATURES]).reshape(len(i), len(FEATURES)), 6)


def _best_of_each(i: Ints, j: Ints, weight: Floats, limit: int) -> Bools:
    """Whether a pair is among the ``limit`` best of one of its two mentions."""
    keep = np.zeros(len(i), dtype=bool)
    for mine, other in ((i, j), (j, i)):
        order = np.lexsort((other, -np.round(weight, 6), mine))
        ranks = np.arange(len(order)) - np.searchsorted(mine[order], mine[order])
        keep[order[ranks < limit]] = True
    return keep
