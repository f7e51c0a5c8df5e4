"""Blocks: stretches of text that no sentence leaves, found from line breaks before any model runs.

A blank line always ends a block. A single line break ends one where it closes a title, a paragraph, a list item or
a speaker's turn, and does not where the text is merely wrapped, as in mail, plain-text books and captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CLOSED = re.compile(r"[.!?…。:;][\"'”’»)\]]*$")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|St|Mt|Ft|No|vs|v|e\.g|i\.e|cf|[A-Z])\.)$"
)
_ITEM = re.compile(
    r"(?:[-*•–—▪·>]+|\(?\d{1,3}[.)]|\(?[a-z]\))\s|#{1,6}\s|\[?\(?\d{1,2}:\d\d|[A-Z][\w .'’-]{0,30}:\s|>>"
)
_OPEN_END = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|as|that|than|which|who|whose|is|are|was|were|be"
    r"|been|has|have|had|will|would|can|could|may|might|must|should|into|over|under|about|after|before|between|against"
    r"|during|through|his|her|its|their|our|my|your|this|these|those|not|Mr|Mrs|Ms|Dr))$",
    re.IGNORECASE,
)
WRAP_LIMIT = 120
"""No text is wrapped at more characters than this."""
MIN_WRAP = 30
"""Nor at fewer than this."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def _lines(text: str) -> list[_Line]:
    lines = []
    for match in _LINE.finditer(text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            lines.append(_Line(start, start + len(stripped), stripped))
    return lines


def _blank_between(text: str, left: _Line, right: _Line) -> bool:
    gap = text[left.end : right.start].replace("\r\n", "\n")
    return sum(gap.count(mark) for mark in "\n\r\x0b\x0c\x85\u2028\u2029") > 1 or "\u2029" in gap or "\x0c" in gap


def _runs_on(left: _Line, right: _Line) -> bool:
    """Whether the wording shows that the sentence goes on after the line break."""
    return right.text[0].islower() or bool(_OPEN_END.search(left.text))


def _is_wrapped(group: Sequence[_Line]) -> bool:
    """Whether the lines are one text broken at a width, by the wording or by lines that fill it."""
    pairs = list(pairwise(group))
    if len(pairs) < 2:
        return False
    running = sum(_runs_on(left, right) for left, right in pairs)
    width = max(len(line.text) for line in group)
    filled = sum(len(left.text) + 1 + len(right.text.split(maxsplit=1)[0]) > width for left, right in pairs)
    enough = len(pairs) >= 3 and width <= WRAP_LIMIT
    return enough and (running >= 0.4 * len(pairs) or (width >= MIN_WRAP and filled >= 0.7 * len(pairs)))


def _ends_block(left: _Line, right: _Line, wrapped: bool) -> bool:
    if _ITEM.match(right.text):
        return True
    if _CLOSED.search(left.text):
        return not _ABBREVIATION.search(left.text)
    return not (_runs_on(left, right) or wrapped or (left.text.isupper() and right.text.isupper()))


def block_starts(text: str, breaks: Iterable[int] = ()) -> list[int]:
    """Offsets at which a new block begins, in order, the first block's included.

    Args:
        text: any text.
        breaks: offsets where the source itself starts a new unit, such as the first character of a turn.

    >>> block_starts("Quake hits Chile\\nA quake of 8.3\\nhit Chile.")
    [0, 17]
    """
    lines = _lines(text)
    known = sorted(set(breaks))
    starts: list[int] = []
    group: Sequence[_Line] = ()
    begin = 0
    while begin < len(lines):
        end = begin + 1
        while end < len(lines) and not _blank_between(text, lines[end - 1], lines[end]):
            end += 1
        group = lines[begin:end]
        wrapped = _is_wrapped(group)
        starts.append(group[0].start)
        for left, right in pairwise(group):
            if _ends_block(left, right, wrapped):
                starts.append(right.start)
        begin = end
    inside = [offset for offset in known if starts and starts[0] < offset < len(text)]
    return sorted({*starts, *inside})


def cut_long(words: Sequence[str], limit: int) -> list[int]:
    """Where to cut a block that is too long for the parser: indices at which pieces start, the first being 0.

    Cuts after the last sentence-final mark in the second half of a piece, and hard at the limit where there is none.

    >>> cut_long(["a", "b", ".", "C", "d"], 4)
    [0, 3]
    """
    starts = [0]
    while len(words) - starts[-1] > limit:
        begin = starts[-1]
        candidates = (
            at + 1
            for at in range(begin + limit - 1, begin + limit // 2 - 1, -1)
            if words[at] in {".", "!", "?", "…", "..."} and at + 1 < len(words) and not words[at + 1][:1].islower()
        )
        starts.append(next(candidates, begin + limit))
    return starts
