"""A text as parallel lists of words, numbers and signs, with their characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

_TOKEN = re.compile(r"\d+|[^\W\d_]+|\n[ \t\r]*\n\s*|[^\w\s]|_+")
_PERSON_MAY = re.compile(r"\b(?:Theresa|Mrs\.?|Ms\.?|Minister|PM) May\b")
_ANCIENT = re.compile(
    r"(?:\d|century|centuries) ?(?:BCE?|CE|AD|B\.C\.|A\.D\.)(?!\w)|\b(?:AD|A\.D\.) ?\d|\b(?:c\. ?|year |"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) )"
    r"\d{3}(?![\d,]| (?:people|men|days))"
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:\d{4}|\d\d)(?![\d/])")
PARAGRAPH = "\n"
_PADDING = [""] * 32
DASHES = frozenset({"-", "–", "—", "‐", "‑", "−"})  # hyphen-minus, en, em, hyphen, non-breaking hyphen, minus
APOSTROPHES = frozenset({"'", "’", "‘", "`"})


class Tokens:
    """Tokens of a text; a blank line is the token :data:`PARAGRAPH`, which no expression crosses.

    Reading outside the text gives an empty token, so that the grammar need not check for its ends.

    Attributes:
        word: the lower-case token at an index, empty outside the text (up to 32 tokens away).
        shape: the token at an index as written, likewise.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        spans = [match.span() for match in _TOKEN.finditer(text)]
        raw = [text[start:end] for start, end in spans]
        lower = [PARAGRAPH if token[0] == "\n" else token for token in map(str.lower, raw)]
        self.size = len(spans)
        # The padding is read for indexes past the end and, as Python counts those from the end, before the start.
        self.raw = raw + _PADDING
        self.lower = lower + _PADDING
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.word: Callable[[int], str] = self.lower.__getitem__
        self.shape: Callable[[int], str] = self.raw.__getitem__

    @cached_property
    def person_may(self) -> bool:
        """Whether the text names a person May, so that a bare "May" needs more to be a month."""
        return _PERSON_MAY.search(self.text) is not None

    @cached_property
    def ancient(self) -> bool:
        """Whether the text names an era or a year of three digits, so that such years are expected."""
        return _ANCIENT.search(self.text) is not None

    @cached_property
    def day_first(self) -> bool:
        """Whether some numeric dates of the text can only be read day first, and none the other way round."""
        pairs = [(int(match[1]), int(match[2])) for match in _SLASHED.finditer(self.text)]
        return any(a > 12 >= b for a, b in pairs) and not any(b > 12 >= a for a, b in pairs)

    def title(self, i: int) -> bool:
        """Whether a token starts with a capital letter."""
        return self.shape(i)[:1].isupper()

    def glued(self, i: int) -> bool:
        """Whether nothing stands between a token and the one before it."""
        return 0 < i < self.size and self.ends[i - 1] == self.starts[i]

    def number(self, i: int) -> int | None:
        """The value of a token of at most nine ASCII digits."""
        token = self.shape(i)
        return int(token) if token.isascii() and token.isdigit() and len(token) <= 9 else None

    def dash(self, i: int) -> bool:
        """Whether a token is a hyphen or dash."""
        return self.word(i) in DASHES

    def apostrophe(self, i: int) -> bool:
        """Whether a token is an apostrophe."""
        return self.word(i) in APOSTROPHES

    def phrase(self, i: int, *words: str) -> bool:
        """Whether these words stand at an index."""
        return tuple(self.lower[i : i + len(words)]) == words

    def sentence_start(self, i: int) -> bool:
        """Whether a token opens the text, a paragraph or a sentence."""
        before = self.word(i - 1)
        if before in ('"', "“", "‘", "'", "("):
            before = self.word(i - 2)
        return before in ("", PARAGRAPH, ".", "!", "?", ":")
