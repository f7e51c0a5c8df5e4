"""``ekg bench multiventg``: predicted text, time and picture spans of template roles against MultiVENT-G's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekg.errors import DataError

if TYPE_CHECKING:
    from extractors.multiventg import Annotations, Video
    from extractors.multiventg.metrics import Groups, Span, Tally

Results = dict[str, Any]
_WHOLE_FRAME = (0.0, 0.0, 100.0, 100.0)


def run(
    data: Path, *, seed: int = 13, gold: Path | None = None, pred: Path | None = None, certainty: float | None = None
) -> Results:
    """Score predictions, or our extractor's where none are given, with floors beside them.

    Args:
        data: folder of the corpora; ``multiventg/multivent_g.json`` in it is the default for ``gold``.
        seed: unused, since nothing here is random; kept so that all benchmarks are called alike.
        gold: annotations in MultiVENT-G's format.
        pred: predictions in the same format; None has our extractor fill roles from the descriptions.
        certainty: leave out annotated boxes of which the annotators are less certain.

    Returns:
        ``text``, ``temporal`` and ``spatial``: scores for role and span, for the span alone, and by role, beside the
        floors: the whole description, video or frame for every annotated role.

    Raises:
        DataError: a file is missing or not in the format.
    """
    from extractors.multiventg import read_multiventg
    from extractors.multiventg.metrics import box_groups, iou_boxes, iou_spans, text_groups, time_groups

    path = gold or data / "multiventg" / "multivent_g.json"
    annotated = read_multiventg(path)
    videos = tuple(_certain(video, certainty) for video in annotated.videos)
    given = _extracted(videos) if pred is None else _known(read_multiventg(pred), videos, pred)
    results: Results = {
        "gold": {"file": str(path), "videos": len(videos), **_problems(annotated)},
        "predictions": {
            "from": str(pred) if pred else "our extractor on the descriptions (text only)",
            "videos": len(given.videos),
            **_problems(given),
        },
        "text": _layer(text_groups, iou_spans, _text_scores, videos, given.videos),
        "temporal": _layer(time_groups, iou_spans, _media_scores, videos, given.videos),
        "spatial": _layer(box_groups, iou_boxes, _media_scores, videos, given.videos),
    }
    return results


def _problems(found: Annotations) -> Results:
    return {"problems": dict(found.problems)} if found.problems else {}


def _certain(video: Video, least: float | None) -> Video:
    if least is None:
        return video
    return replace(video, boxes=tuple(b for b in video.boxes if b.certainty is None or b.certainty >= least))


def _known(found: Annotations, videos: Sequence[Video], path: Path) -> Annotations:
    """The predictions for annotated videos, their words placed in the annotated descriptions."""
    from extractors.multiventg.read import placed

    described = {video.id: video.description for video in videos}
    kept = [video for video in found.videos if video.id in described]
    if not kept:
        raise DataError("predicts for none of the annotated videos", path=path, hint="records are named by video id")
    return replace(
        found,
        videos=tuple(
            replace(v, passages=tuple(replace(p, span=placed(described[v.id], p.text, p.span)) for p in v.passages))
            for v in kept
        ),
    )


def _extracted(videos: Sequence[Video]) -> Annotations:
    from ekg.model import Document
    from extractors import extract
    from extractors.multiventg import Annotations, predict

    found = [
        predict(video, extract(Document(id=video.id, kind="video", text=video.description)))
        for video in videos
        if video.description
    ]
    return Annotations(videos=tuple(found))


def _layer(
    groups_of: Callable[[Sequence[Video]], Groups],
    overlap: Callable[[Span, Span], float],
    scores: Callable[[Tally], Results],
    videos: Sequence[Video],
    found: Sequence[Video],
) -> Results:
    from extractors.multiventg.metrics import of_role, tally, without_role

    gold, given = groups_of(videos), groups_of(found)
    floor = groups_of([_floor(video) for video in videos])
    roles = sorted({key[-1] for key in gold})
    return {
        "spans": sum(len(spans) for spans in gold.values()),
        "role and span": scores(tally(gold, given, overlap)),
        "span, any role": scores(tally(without_role(gold), without_role(given), overlap)),
        "floor, all of it": scores(tally(gold, floor, overlap)),
        "by role": {role: scores(tally(of_role(gold, role), of_role(given, role), overlap)) for role in roles},
    }


def _floor(video: Video) -> Video:
    """Every annotated role filled with the whole description, video (as far as it is annotated) and frame."""
    whole = (0.0, max((moment.media[1] for moment in video.moments), default=0.0))
    return replace(
        video,
        passages=tuple(replace(item, span=(0, len(video.description))) for item in video.passages),
        moments=tuple(replace(item, media=whole) for item in video.moments),
        boxes=tuple(replace(item, corners=_WHOLE_FRAME) for item in video.boxes),
    )


def _text_scores(counts: Tally) -> Results:
    return {"exact F1": counts.f1(1.0), "overlap F1": counts.f1(0.0001), "soft F1": counts.soft()}


def _media_scores(counts: Tally) -> Results:
    from extractors.multiventg.metrics import THRESHOLDS

    return {
        "mean IoU": counts.mean(),
        **{f"F1 at IoU {threshold}": counts.f1(threshold) for threshold in THRESHOLDS},
        **{f"R@1 at IoU {threshold}": counts.recall_at_1(threshold) for threshold in THRESHOLDS},
    }
