"""How alike the two names, times and types of a candidate pair are.

Features come in two groups: what the names say by themselves, and what known or believed links say about words and
series. The second group is computed anew whenever the links change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alignment.graph import OPEN, AlignNode
from alignment.literals import LiteralSide
from alignment.meaning import dots
from alignment.series import OFFSET_FEATURES, offsets
from alignment.sparse import Floats, Ints, Matrix, row_dots
from alignment.templates import PROFILE_FEATURES, VOTE_FEATURES, Links, profiles, votes

OWN_FEATURES = (
    "characters", "words", "meaning", "template", "same_name", "same_core", "left_is_core", "right_is_core",
    "same_template", "covers_left", "covers_right", "length", "namesakes_left", "namesakes_right",
    "time_equal", "time_nested", "time_overlaps", "time_conflict", "time_left_only", "time_right_only",
    "numbers", "numbers_conflict", "numbers_left_only", "numbers_right_only", "same_type", "type_conflict",
    *PROFILE_FEATURES,
)  # fmt: skip
TAUGHT_FEATURES = ("translated", *VOTE_FEATURES, *OFFSET_FEATURES)
LITERAL_FEATURES = (*OWN_FEATURES, *TAUGHT_FEATURES)
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


def own_features(
    left: LiteralSide, right: LiteralSide, nodes: tuple[Sequence[AlignNode], Sequence[AlignNode]], i: Ints, j: Ints
) -> Floats:
    """What the names of pairs of rows say by themselves, columns as in :data:`OWN_FEATURES`."""
    verdict = time_verdicts(left.begin[i], left.end[i], right.begin[j], right.end[j])
    timed = [(side.begin != -OPEN) | (side.end != OPEN) for side in (left, right)]
    numbered = [np.diff(side.numbers.indptr) > 0 for side in (left, right)]
    numbers = row_dots(left.numbers, right.numbers, i, j)
    types = _type_codes(nodes)
    a, b = types[0][left.node[i]], types[1][right.node[j]]
    columns = [
        row_dots(left.grams, right.grams, i, j),
        row_dots(left.words, right.words, i, j),
        dots(left.meaning, right.meaning, i, j),
        row_dots(left.template_grams, right.template_grams, i, j),
        left.text[i] == right.text[j],
        left.core[i] == right.core[j],
        left.template[i] == right.core[j],
        left.core[i] == right.template[j],
        left.template[i] == right.template[j],
        *_coverage(left, right, i, j).T,
        np.abs(left.length[i] - right.length[j]) / np.maximum(left.length[i], right.length[j]).clip(1),
        np.log(np.bincount(left.text)[left.text[i]]),
        np.log(np.bincount(right.core)[right.core[j]]),
        verdict == 1,
        (verdict == 2) | (verdict == 3),
        verdict == 4,
        verdict == 5,
        timed[0][i] & ~timed[1][j],
        timed[1][j] & ~timed[0][i],
        numbers,
        numbered[0][i] & numbered[1][j] & (numbers == 0),
        numbered[0][i] & ~numbered[1][j],
        numbered[1][j] & ~numbered[0][i],
        (a == b) & (a >= 0),
        (a != b) & (a >= 0) & (b >= 0),
        *profiles(left, right, i, j).T,
    ]
    table: Floats = np.column_stack(columns).reshape(len(i), len(OWN_FEATURES))
    return np.round(table, 5, out=table)


def taught_features(
    left: LiteralSide, right: LiteralSide, translated: Matrix, links: Links, i: Ints, j: Ints
) -> Floats:
    """What other links say about the words and series of pairs of rows, columns as in :data:`TAUGHT_FEATURES`."""
    columns = (
        row_dots(translated, right.words, i, j),
        votes(left, right, links, i, j),
        offsets(left, right, links, i, j),
    )
    table: Floats = np.column_stack(columns).reshape(len(i), len(TAUGHT_FEATURES))
    return np.round(table, 5, out=table)


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
