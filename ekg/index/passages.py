"""Cutting a document into passages: what ``search`` finds and what the evidence of an answer is quoted from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ekg.model import CharSpan, Document

TARGET = 400
"""Wanted length of a passage in characters; paragraphs shorter than this are kept whole."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")


def passages(document: Document, target: int = TARGET) -> Iterator[CharSpan]:
    """Spans of passages in text order: never across a blank line, cut at sentence ends near ``target`` characters.

    Text without any sentence end is cut at white space, and after twice ``target`` characters where it has none.
    """
    start = 0
    for gap in (*(m.span() for m in _BLANK_LINE.finditer(document.text)), (len(document.text), len(document.text))):
        yield from _cut(document.text, start, gap[0], target)
        start = gap[1]


def _cut(text: str, low: int, high: int, target: int) -> Iterator[CharSpan]:
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    while high - low > target:
        cut = _cut_at(text, low, high, target)
        end = cut
        while end > low and text[end - 1].isspace():
            end -= 1
        yield low, end
        low = cut
        while low < high and text[low].isspace():
            low += 1
    if low < high:
        yield low, high


def _cut_at(text: str, low: int, high: int, target: int) -> int:
    """The last sentence end within ``target``, else the first after it, else white space, else a hard cut."""
    limit = min(high, low + 2 * target)
    ends = [m.end() for m in _BREAK.finditer(text, low, limit)]
    inside = [end for end in ends if low < end <= low + target]
    if inside:
        return inside[-1]
    after = [end for end in ends if end > low + target]
    if after:
        return after[0]
    if limit == high:
        return high
    space = text.rfind(" ", low + 1, limit)
    return space + 1 if space > low else limit
