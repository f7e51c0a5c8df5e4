"""Documents: the text that everything else points into, with its segments, dates and media time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

CharSpan = tuple[int, int]
"""``(start, end)`` in characters (Unicode code points) of ``Document.text``, end excluded."""

MediaSpan = tuple[float, float]
"""``(start, end)`` in seconds into a video or recording."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of one document's text.

    Args:
        doc: the document's id.
        start: first character.
        end: character after the last one.
    """

    doc: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A unit that the source itself marks: a title, a paragraph, a caption cue, a speaker's turn.

    Args:
        span: characters of ``Document.text`` that the segment covers.
        media: seconds of the recording, for captions and transcripts.
        speaker: who speaks, where the source says so.
        kind: ``title``, ``lead``, ``paragraph``, ``heading``, ``table``, ``code``, ``cue`` or ``turn``.
    """

    span: CharSpan
    media: MediaSpan | None = None
    speaker: str | None = None
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One source document, read and decoded; extraction depends on nothing else.

    Args:
        id: stable id (a record's ``id``, else the path below the source without extension).
        text: the text all spans refer to. For a JSON record it is exactly the record's ``text``.
        kind: ``article`` or ``video``.
        title: headline; not part of ``text`` unless the source has it there.
        lead: description or standfirst; not part of ``text``.
        published: ISO date or date-time of publication; anchors relative dates.
        segments: in text order, not overlapping; may leave white space uncovered.
        lang: BCP 47 code, where known.
        url: address of the source.
        publisher: outlet or channel.
        authors: names as given.
        duration: seconds, for media.
        meta: whatever else the source says and a user may want to filter by; strings only.
        diagnostics: what the reader repaired or left out, as ``(code, message)``.
    """

    id: str
    text: str
    kind: str = "article"
    title: str | None = None
    lead: str | None = None
    published: str | None = None
    segments: tuple[Segment, ...] = ()
    lang: str | None = None
    url: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    duration: float | None = None
    meta: dict[str, str] = field(default_factory=dict)
    diagnostics: tuple[tuple[str, str], ...] = ()

    def media_at(self, start: int, end: int) -> MediaSpan | None:
        """Seconds of the recording during which characters ``start:end`` are said, or None if none are timed."""
        hits: list[MediaSpan] = []
        position = self._segment_at(start)
        while position < len(self.segments) and self.segments[position].span[0] < end:
            segment = self.segments[position]
            if segment.media is not None and segment.span[1] > start:
                hits.append(segment.media)
            position += 1
        return (hits[0][0], max(h[1] for h in hits)) if hits else None

    def speaker_at(self, position: int) -> str | None:
        """The speaker of the segment that covers a character, if any."""
        number = self._segment_at(position)
        if number < len(self.segments):
            low, high = self.segments[number].span
            if low <= position < high:
                return self.segments[number].speaker
        return None

    def _segment_at(self, position: int) -> int:
        """Number of the last segment that begins at or before a character, 0 if none does."""
        return max(0, bisect_right(self.segments, position, key=lambda segment: segment.span[0]) - 1)
