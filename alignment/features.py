"""How alike the two names, times and types of a candidate pair are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alignment.graph import OPEN, AlignNode
from alignment.literals import LiteralSide
from alignment.sparse import Floats, Ints, row_dots
from alignment.translation import Translation

LITERAL_FEATURES = (
    "characters", "words", "translated", "template", "template_known", "template_evidence", "template_other",
    "same_name", "covers_left", "covers_right", "length",
    "time_equal", "time_nested", "time_overlaps", "time_conflict", "time_one_sided",
    "numbers", "numbers_conflict", "numbers_one_sided", "same_type", "type_conflict",
)  # fmt: skip
VERDICTS = ("unknown", "equal", "contains", "within", "overlaps", "conflict")


def time_verdicts(begin_a: Ints, end_a: Ints, begin_b: Ints, end_b: Ints) -> Ints:
    """Verdict on two times claimed for one thing, as a position in :data:`VERDICTS`; arrays of seconds.

    Disjoint times are a conflict; a missing time is never one.
    """
    unknown = ((begin_a == -OPEN) & (end_a == OPEN)) | ((begin_b == -OPEN) & (end_b == OPEN))
    disjoint = (end_a <= begin_b) | (end_b <= begin_a)
    half_open = (begin_a == -OPEN) | (end_a == OPEN) | (begin_b == -OPEN) | (end_b == OPEN)
    equal = (begin_a == begin_b) & (end_a == end_b)
    contains = (begin_a <= begin_b) & (end_b <= end_a)
    within = (begin_b <= begin_a) & (end_a <= end_b)
    return np.select(
        [unknown, disjoint, equal, half_open, contains, within],
        [0, 5, 1, 4, 2, 3],
        default=4,
    ).astype(np.int64)


def literal_features(
    left: LiteralSide,
    right: LiteralSide,
    nodes: tuple[Sequence[AlignNode], Sequence[AlignNode]],
    i: Ints,
    j: Ints,
    translation: Translation | None,
) -> Floats:
    """Features of pairs of name rows, columns as in :data:`LITERAL_FEATURES`."""
    words = row_dots(left.words, right.words, i, j)
    if translation is None:
        translated, known = words, np.zeros((len(i), 3))
    else:
        translated = row_dots(translation.words, right.words, i, j)
        known = _template_features(translation, left, right, i, j)
    same = np.array([left.parts[a].text == right.parts[b].text for a, b in zip(i.tolist(), j.tolist(), strict=True)])
    covers = _coverage(left, right, i, j)
    lengths = [np.array([len(p.text) for p in side.parts], dtype=np.float64) for side in (left, right)]
    verdict = time_verdicts(left.begin[i], left.end[i], right.begin[j], right.end[j])
    has_time = [(side.begin != -OPEN) | (side.end != OPEN) for side in (left, right)]
    has_number = [np.diff(side.numbers.indptr) > 0 for side in (left, right)]
    numbers = row_dots(left.numbers, right.numbers, i, j)
    both_numbers = has_number[0][i] & has_number[1][j]
    types = _type_codes(nodes)
    a, b = types[0][left.node[i]], types[1][right.node[j]]
    columns = [
        row_dots(left.grams, right.grams, i, j),
        words,
        translated,
        row_dots(left.template, right.template, i, j),
        *known.T,
        same,
        *covers.T,
        np.abs(lengths[0][i] - lengths[1][j]) / np.maximum(lengths[0][i], lengths[1][j]).clip(1),
        verdict == 1,
        (verdict == 2) | (verdict == 3),
        verdict == 4,
        verdict == 5,
        has_time[0][i] != has_time[1][j],
        numbers,
        both_numbers & (numbers == 0),
        has_number[0][i] != has_number[1][j],
        (a == b) & (a >= 0),
        (a != b) & (a >= 0) & (b >= 0),
    ]
    return np.round(np.column_stack(columns).astype(np.float64).reshape(len(i), len(LITERAL_FEATURES)), 5)


def _template_features(translation: Translation, left: LiteralSide, right: LiteralSide, i: Ints, j: Ints) -> Floats:
    """Share of the left template's known links that go to the right one, their number, share that go elsewhere."""
    result = np.zeros((len(i), 3))
    for row, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        known = translation.templates.get(left.parts[a].template)
        if known:
            total = sum(known.values())
            here = known.get(right.parts[b].template, 0)
            result[row] = here / total, np.log1p(here), np.log1p(total - here)
    return result


def _coverage(left: LiteralSide, right: LiteralSide, i: Ints, j: Ints) -> Floats:
    """Share of the weight of each name's words that stand in the other name too."""
    result = np.zeros((len(i), 2))
    for side, (mine, other, a, b) in enumerate(((left.words, right.words, i, j), (right.words, left.words, j, i))):
        squares = mine.copy()
        squares.data = squares.data**2
        binary = other.copy()
        binary.data = np.ones_like(binary.data)
        result[:, side] = row_dots(squares, binary, a, b)
    return result


def _type_codes(nodes: tuple[Sequence[AlignNode], Sequence[AlignNode]]) -> tuple[Ints, Ints]:
    """Types as numbers; -1 where a type is missing or does not occur on both sides, so that it cannot be compared."""
    shared = sorted({n.type for n in nodes[0]} & {n.type for n in nodes[1]} - {""})
    codes = {name: k for k, name in enumerate(shared)}
    first, second = (np.array([codes.get(n.type, -1) for n in side], dtype=np.int64) for side in nodes)
    return first, second
