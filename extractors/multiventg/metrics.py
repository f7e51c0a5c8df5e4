"""How well predicted spans of roles fit annotated ones: words, seconds and boxes, by one-to-one matching.

Spans are compared within a video and a role (boxes also within a frame). Pairs are matched greedily, the best
intersection over union (IoU) first, and each span once. ``soft`` counts a matched pair by its IoU instead of by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from extractors.multiventg.model import Video

THRESHOLDS = (0.3, 0.5, 0.7)
Key = tuple[str, ...]
"""Video, for boxes the frame, and the role."""
Span = tuple[float, ...]
Groups = Mapping[Key, Sequence[Span]]


def iou_spans(left: Span, right: Span) -> float:
    """Intersection over union of two stretches.

    >>> iou_spans((0, 10), (5, 15))
    0.3333
    """
    shared = min(left[1], right[1]) - max(left[0], right[0])
    if shared < 0 or (shared == 0 and left != right):
        return 0.0
    whole = max(left[1], right[1]) - min(left[0], right[0])
    return round(shared / whole, 4) if whole else 1.0


def iou_boxes(left: Span, right: Span) -> float:
    """Intersection over union of two boxes ``x1, y1, x2, y2``.

    >>> iou_boxes((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333
    """
    width = min(left[2], right[2]) - max(left[0], right[0])
    height = min(left[3], right[3]) - max(left[1], right[1])
    shared = max(0.0, width) * max(0.0, height)
    whole = _area(left) + _area(right) - shared
    return round(shared / whole, 4) if whole else float(list(left) == list(right))


def _area(box: Span) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


@dataclass(slots=True)
class Tally:
    """Counts over groups of spans.

    Args:
        gold: annotated spans.
        found: predicted spans.
        pairs: IoU of every matched pair.
        first: best IoU of the first prediction of each group that has a gold span.
        groups: groups that have a gold span.
    """

    gold: int = 0
    found: int = 0
    pairs: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    groups: int = 0

    def f1(self, threshold: float) -> float:
        """F1 where a pair counts from this IoU on."""
        return _f1(sum(pair >= threshold for pair in self.pairs), self.found, self.gold)

    def soft(self) -> float:
        """F1 where a pair counts by its IoU."""
        return _f1(sum(self.pairs), self.found, self.gold)

    def mean(self) -> float:
        """Mean IoU over annotated spans; one that nothing matches counts 0."""
        return round(sum(self.pairs) / self.gold, 4) if self.gold else 0.0

    def recall_at_1(self, threshold: float) -> float:
        """Share of groups whose first prediction reaches the threshold with some annotated span."""
        return round(sum(best >= threshold for best in self.first) / self.groups, 4) if self.groups else 0.0


def _f1(right: float, found: int, gold: int) -> float:
    return round(2 * right / (found + gold), 4) if found + gold else 0.0


def tally(gold: Groups, found: Groups, overlap: Callable[[Span, Span], float]) -> Tally:
    """Match the spans of each group one to one, the best first."""
    result = Tally()
    for key in sorted({*gold, *found}):
        wanted, given = gold.get(key, ()), found.get(key, ())
        result.gold += len(wanted)
        result.found += len(given)
        if wanted:
            result.groups += 1
            result.first.append(max((overlap(span, given[0]) for span in wanted), default=0.0) if given else 0.0)
        pairs = [(overlap(a, b), i, j) for i, a in enumerate(wanted) for j, b in enumerate(given)]
        left: set[int] = set()
        right: set[int] = set()
        for value, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
            if value > 0 and i not in left and j not in right:
                left.add(i)
                right.add(j)
                result.pairs.append(value)
    return result


def text_groups(videos: Iterable[Video]) -> dict[Key, list[Span]]:
    """Character spans by video and role; the same span of a role counts once."""
    return _grouped(((v.id, item.role), item.span) for v in videos for item in v.passages if item.span is not None)


def time_groups(videos: Iterable[Video]) -> dict[Key, list[Span]]:
    """Seconds by video and role."""
    return _grouped(((v.id, item.role), item.media) for v in videos for item in v.moments)


def box_groups(videos: Iterable[Video]) -> dict[Key, list[Span]]:
    """Boxes by video, frame and role."""
    return _grouped(((v.id, str(item.frame), item.role), item.corners) for v in videos for item in v.boxes)


def without_role(groups: Groups) -> dict[Key, list[Span]]:
    """The same spans whatever their role is."""
    return _grouped((key[:-1], span) for key in groups for span in groups[key])


def of_role(groups: Groups, role: str) -> dict[Key, Sequence[Span]]:
    """The groups of one role."""
    return {key: spans for key, spans in groups.items() if key[-1] == role}


def _grouped(items: Iterable[tuple[Key, Span]]) -> dict[Key, list[Span]]:
    groups: dict[Key, list[Span]] = defaultdict(list)
    for key, span in items:
        if span not in groups[key]:
            groups[key].append(span)
    return groups
