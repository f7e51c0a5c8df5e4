"""What MultiVENT-G says of a video."""

from __future__ import annotations

from dataclasses import dataclass, field

from ekg.model import CharSpan, MediaSpan

Corners = tuple[float, float, float, float]
"""``x1, y1, x2, y2`` of a bounding box, in per cent of the frame's width and height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of the description that fill a role; ``span`` is None where the description does not hold them."""

    role: str
    text: str
    span: CharSpan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Seconds of the video during which a role's filler is to be seen or heard."""

    role: str
    media: MediaSpan
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A role's filler in one frame.

    Args:
        role: field of the template.
        entity: what it is, in words.
        frame: number of the frame in the video.
        corners: see `Corners`.
        certainty: how sure the annotator is, 5 the most; None where it is not said.
        ocr: whether the filler is text in the picture.
    """

    role: str
    entity: str
    frame: int
    corners: Corners
    certainty: float | None = None
    ocr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """One record.

    Args:
        id: the video's id.
        description: its text.
        event_type: the event's type, as it is named there.
        template: roles of the type with what each stands for.
        metadata: whatever else is said, as strings.
        passages: role fillers in the description.
        moments: role fillers in time.
        boxes: role fillers in single frames.
    """

    id: str
    description: str = ""
    event_type: str = ""
    template: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    moments: tuple[Moment, ...] = ()
    boxes: tuple[Box, ...] = ()

    def roles(self) -> tuple[str, ...]:
        """The template's roles and those that only an annotation names, in order of appearance."""
        named = (item.role for items in (self.passages, self.moments, self.boxes) for item in items)
        return tuple(dict.fromkeys((*self.template, *named)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """A file: its videos, and what in it could not be used, as ``(where, message)``."""

    videos: tuple[Video, ...]
    problems: tuple[tuple[str, str], ...] = ()
