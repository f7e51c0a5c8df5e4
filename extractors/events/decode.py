"""From scores of tokens to spans."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

SWITCH = 1.0
"""Log-score that a change of role from one token to the next costs; tuned on GENEVA val together with the bias."""


def rounded(scores: Tensor) -> Tensor:
    """Four decimals, so that decisions do not depend on the order of additions."""
    return torch.round(scores, decimals=4)


def spans_of(tags: Sequence[int]) -> list[tuple[int, int]]:
    """Spans of O (0), B (1) and I (2) tags; an I without a B begins a span.

    >>> spans_of([0, 1, 2, 1, 0, 2])
    [(1, 3), (3, 4), (5, 6)]
    """
    spans: list[tuple[int, int]] = []
    start = -1
    for place, tag in enumerate([*tags, 0]):
        if start >= 0 and tag != 2:
            spans.append((start, place))
            start = -1
        if tag == 1 or (tag == 2 and start < 0):
            start = place
    return spans


def trigger_spans(probabilities: Tensor, threshold: float, join: float = 1.0) -> list[tuple[int, int, float]]:
    """Spans whose tokens are triggers, with the probability of the first one.

    Args:
        probabilities: of O, B and I, ``[tokens, 3]``.
        threshold: least probability of B and I together.
        join: odds in favour of going on with a trigger, against beginning another one.
    """
    inside = 1.0 - probabilities[:, 0]
    within = torch.where(probabilities[:, 2] * join > probabilities[:, 1], 2, 1)
    tags = torch.where(inside >= threshold, within, 0).tolist()
    return [(start, end, float(inside[start])) for start, end in spans_of(tags)]


def _traced(last: Tensor, came_from: Sequence[Tensor]) -> Tensor:
    """The best path backwards from the scores of the last place and, for each place, the best label before each."""
    state = last.argmax(dim=-1, keepdim=True)
    path = [state]
    for back in reversed(came_from):
        state = back.gather(1, state)
        path.append(state)
    return torch.cat(path[::-1], dim=1)


def best_path(scores: Tensor, switch: float = SWITCH) -> Tensor:
    """The labels of the best path (Viterbi) where every change of label costs the same (a Potts model).

    Args:
        scores: log-probabilities, ``[sequences, tokens, labels]``.
        switch: cost of a change.

    Returns:
        Labels ``[sequences, tokens]``.
    """
    count, length, labels = scores.shape
    total = scores[:, 0]
    same = torch.arange(labels).expand(count, labels)
    came_from = []
    for place in range(1, length):
        best, label = total.max(dim=-1, keepdim=True)
        stays = total >= best - switch
        came_from.append(torch.where(stays, same, label.expand(count, labels)))
        total = torch.maximum(total, best - switch) + scores[:, place]
    return _traced(total, came_from)


def name_path(scores: Tensor) -> Tensor:
    """The best tags (Viterbi) of O, B and I of each kind, where an I follows only a B or an I of its kind.

    Args:
        scores: log-probabilities, ``[sequences, tokens, NAME_TAGS]``.

    Returns:
        Tags ``[sequences, tokens]``.
    """
    _, length, tags = scores.shape
    barred = torch.zeros((tags, tags))
    for inside in range(2, tags, 2):
        barred[:, inside] = float("-inf")
        barred[inside - 1, inside] = barred[inside, inside] = 0.0
    total = scores[:, 0] + barred[0]
    came_from = []
    for place in range(1, length):
        best, before = (total[:, :, None] + barred).max(dim=1)
        came_from.append(before)
        total = best + scores[:, place]
    return _traced(total, came_from)


def name_spans(tags: Sequence[int]) -> list[tuple[int, int, int]]:
    """Names in valid tags: first token, token after the last, kind.

    >>> name_spans([0, 1, 2, 3, 0])
    [(1, 3, 0), (3, 4, 1)]
    """
    found: list[tuple[int, int, int]] = []
    for place, tag in enumerate(tags):
        if tag % 2:
            found.append((place, place + 1, tag // 2))
        elif tag:
            start, _, kind = found.pop()
            found.append((start, place + 1, kind))
    return found


def runs(labels: Sequence[int]) -> list[tuple[int, int, int]]:
    """Runs of one label other than 0: first token, token after the last, label.

    >>> runs([0, 3, 3, 2, 0])
    [(1, 3, 3), (3, 4, 2)]
    """
    found = []
    start = 0
    for place in range(1, len(labels) + 1):
        if place == len(labels) or labels[place] != labels[start]:
            if labels[start]:
                found.append((start, place, labels[start]))
            start = place
    return found
