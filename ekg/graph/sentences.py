"""The sentence around a span, found in the text alone, for quotes."""

from __future__ import annotations

import re

_END = re.compile(r"(?P<stop>[.!?…]+[\"'”’)\]]*)(?=\s+[\"'“‘(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Gov|Sen|Rep|Rev|Hon|St|Jr|Sr|Inc|Corp|Co|Ltd|vs|Jan|Feb|Mar|Apr"
    r"|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.K|U\.N|e\.g|i\.e)|\b[A-Z])\.$"
)
_CLOCK = re.compile(r"\b[ap]\.m\.$")
_AFTER_CLOCK = re.compile(
    r"\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[A-Z]{2,4}\b)"
)
_REACH = 1200


def sentence_span(text: str, start: int, end: int, reach: int = _REACH) -> tuple[int, int]:
    """Span of the sentence (or sentences) that characters ``start:end`` lie in, without white space around it.

    A line feed always ends a sentence. Looks at most ``reach`` characters to either side.

    >>> sentence_span("Mr. Fox ran. Dr. Owl slept.", 4, 7)
    (0, 12)
    """
    floor, ceiling = max(0, start - reach), min(len(text), end + reach)
    low, high = floor, ceiling
    for match in _END.finditer(text, floor, ceiling):
        before = max(floor, match.start() - 8), match.start() + 1
        if match["stop"] and _ABBREVIATION.search(text, *before):
            continue
        if match["stop"] and _CLOCK.search(text, *before) and _AFTER_CLOCK.match(text, match.end()):
            continue
        if match.end() <= start:
            low = match.end()
        elif match.end() >= end and match.start() >= start:
            high = match.end() if match["stop"] else match.start()
            break
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return low, high
