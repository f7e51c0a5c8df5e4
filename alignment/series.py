"""Editions of series: "1994 Grammy Awards" and "36th Annual Grammy Awards" differ by what other editions differ by.

A name has at most two values, its year and its first number. A link between two names teaches the difference of their
values for their two templates; pairs with the same templates and the same difference are then alike, whether or not
they have a word in common.
"""

from __future__ import annotations

import numpy as np

from alignment.literals import LiteralSide
from alignment.sparse import Floats, Ints
from alignment.templates import Links, Sums

OFFSET_FEATURES = ("offset_known", "offset_other")
_SPAN = 8192
_LEAST = 0.5


def offsets(left: LiteralSide, right: LiteralSide, links: Links, i: Ints, j: Ints) -> Floats:
    """What links of other nodes say about the difference of two names' values, columns as in :data:`OFFSET_FEATURES`.

    Returns:
        Logarithms of the sum of links with the pair's templates and difference, and of those with another difference;
        of year and number the kinds of values that say most.
    """
    result = np.zeros((len(i), 2))
    a, b, weight = links
    for s in (0, 1):
        for t in (0, 1):
            taught, asked = _differences(left, right, a, b, s, t), _differences(left, right, i, j, s, t)
            use = taught >= 0
            pair = left.template[a] * _width(left, right) + right.template[b]
            of_pair = Sums.of(pair[use], weight[use])
            of_difference = Sums.of(pair[use] * _SPAN + taught[use], weight[use])
            own_pair = Sums.of(a[use] * _width(left, right) + right.template[b][use], weight[use])
            own = Sums.of((a[use] * _width(left, right) + right.template[b][use]) * _SPAN + taught[use], weight[use])
            ask = np.flatnonzero(asked >= 0)
            pair = left.template[i[ask]] * _width(left, right) + right.template[j[ask]]
            mine = i[ask] * _width(left, right) + right.template[j[ask]]
            here = (of_difference[pair * _SPAN + asked[ask]] - own[mine * _SPAN + asked[ask]]).clip(0)
            other = (of_pair[pair] - own_pair[mine] - here).clip(0)
            best, against = result[ask].T
            better = (here > best) | ((here == best) & (other > against))
            result[ask[better]] = np.column_stack([here, other])[better]
    return np.log1p(result)


def next_editions(left: LiteralSide, right: LiteralSide, links: Links) -> tuple[Ints, Ints]:
    """Pairs that have the templates and the difference of values of a link between other nodes."""
    width = _width(left, right)
    a, b, weight = links
    found: list[tuple[Ints, Ints]] = []
    for s in (0, 1):
        for t in (0, 1):
            taught = _differences(left, right, a, b, s, t)
            use = taught >= 0
            rule = (left.template[a] * width + right.template[b])[use] * _SPAN + taught[use]
            rules = Sums.of(rule, weight[use])
            own = Sums.of((a * width + right.template[b])[use] * _SPAN + taught[use], weight[use])
            template, difference = rules.keys // (_SPAN * width), rules.keys % _SPAN
            goal = rules.keys // _SPAN % width
            rows = np.flatnonzero(left.values[:, s] >= 0)
            at, row = matches(template, left.template[rows])
            row = rows[row]
            believed = rules.sums[at] - own[(row * width + goal[at]) * _SPAN + difference[at]] >= _LEAST
            at, row = at[believed], row[believed]
            value = left.values[row, s] - (difference[at] - _SPAN // 2)
            possible = (value >= 0) & (value < _SPAN)
            at, row, value = at[possible], row[possible], value[possible]
            columns = np.flatnonzero(right.values[:, t] >= 0)
            keys = right.template[columns] * _SPAN + right.values[columns, t]
            order = np.argsort(keys, kind="stable")
            column, query = matches(keys[order], goal[at] * _SPAN + value)
            found.append((row[query], columns[order[column]]))
    return np.concatenate([x for x, _ in found]), np.concatenate([y for _, y in found])


def matches(ordered: Ints, queries: Ints) -> tuple[Ints, Ints]:
    """All (position in ``ordered``, position in ``queries``) with equal values."""
    low, high = np.searchsorted(ordered, queries), np.searchsorted(ordered, queries, side="right")
    query = np.repeat(np.arange(len(queries)), high - low)
    within = np.arange(len(query)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    return low[query] + within, query


def _width(left: LiteralSide, right: LiteralSide) -> int:
    return int(max(left.template.max(initial=0), right.template.max(initial=0))) + 1


def _differences(left: LiteralSide, right: LiteralSide, i: Ints, j: Ints, s: int, t: int) -> Ints:
    """Left value less right value, moved up to be positive; -1 where either is missing or they are too far apart."""
    x, y = left.values[i, s], right.values[j, t]
    difference = x - y + _SPAN // 2
    result: Ints = np.where((x >= 0) & (y >= 0) & (difference >= 0) & (difference < _SPAN), difference, -1)
    return result
