"""Where in a recording a stretch of text is said; `ekg.model.Document.media_at` for many questions to one document."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from ekg.model import CharSpan, Document, MediaSpan


class MediaIndex:
    """The timed segments of a document, sorted once."""

    def __init__(self, document: Document) -> None:
        timed = [(segment.span, segment.media) for segment in document.segments if segment.media is not None]
        self._starts = [span[0] for span, _ in timed]
        self._ends = [span[1] for span, _ in timed]
        self._media = [media for _, media in timed]

    def at(self, span: CharSpan) -> MediaSpan | None:
        """Seconds during which the characters are said; None where no timed segment has them."""
        first = bisect_right(self._ends, span[0])
        last = bisect_left(self._starts, span[1])
        hits = self._media[first:last]
        return (hits[0][0], max(end for _, end in hits)) if hits else None
