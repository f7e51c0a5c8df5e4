"""Segments of a running text: its title where it repeats it, its lead, and its paragraphs."""

from __future__ import annotations

import re
from itertools import pairwise

from ekg.ids import normal_name
from ekg.model import CharSpan, Segment

_LINE = re.compile(r"[^\n]+")
_BLANK = re.compile(r"\n[^\S\n]*\n")
_WIDEST_WRAP = 100
_TITLE_LINES = 4


def strip_span(text: str, start: int, end: int) -> CharSpan:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def paragraph_spans(text: str) -> list[CharSpan]:
    """Spans of the paragraphs: lines, or blocks between blank lines where the text is wrapped to a line width.

    >>> paragraph_spans("One.\\nTwo.\\n\\n Three.")
    [(0, 4), (5, 9), (12, 18)]
    """
    spans = [strip_span(text, *match.span()) for match in _LINE.finditer(text)]
    spans = [span for span in spans if span[1] > span[0]]
    if not _BLANK.search(text) or not _is_wrapped(text, spans):
        return spans
    blocks: list[CharSpan] = []
    for start, end in spans:
        if blocks and not _BLANK.search(text, blocks[-1][1], start):
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks


def _is_wrapped(text: str, lines: list[CharSpan]) -> bool:
    """Whether line breaks within blocks come from wrapping: no long line, and most inner ones end in mid-sentence."""
    if not lines or max(end - start for start, end in lines) > _WIDEST_WRAP:
        return False
    inner = [
        text[end - 1] not in ".!?\"”'’:"
        for (_, end), (start, _) in pairwise(lines)
        if not _BLANK.search(text, end, start)
    ]
    return bool(inner) and 2 * sum(inner) > len(inner)


def segment_text(text: str, *, title: str | None = None, lead: str | None = None) -> tuple[Segment, ...]:
    """Segments of an article's text: a line near the beginning that repeats the title is a ``title``, one that repeats
    the lead a ``lead``; all others, and the only or last line of a text, are paragraphs.

    >>> [s.kind for s in segment_text("Fire in Oslo\\nA fire broke out.", title="Fire in Oslo")]
    ['title', 'paragraph']
    """
    segments: list[Segment] = []
    names = {kind: normal_name(name) for kind, name in (("title", title), ("lead", lead)) if name}
    spans = paragraph_spans(text)
    for number, (start, end) in enumerate(spans):
        kind = "paragraph"
        if number < min(_TITLE_LINES, len(spans) - 1) and names and end - start < 1000:
            folded = normal_name(text[start:end])
            kind = next((k for k, name in names.items() if name == folded), "paragraph")
        names.pop(kind, None)
        segments.append(Segment(span=(start, end), kind=kind))
    return tuple(segments)
