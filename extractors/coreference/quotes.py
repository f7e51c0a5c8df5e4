"""Who speaks: the quotations of a text with their speakers, and the turns of a transcript."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekg.model import CharSpan, Segment
from extractors.tree import children
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.sentences import Sentence

_SAYING = word_set(
    """
    say tell add write tweet explain note claim ask reply answer state declare insist argue recall announce warn joke
    continue admit deny comment report remark respond suggest confirm post conclude acknowledge quip observe joke
    """
)
_LONGEST = 1500
_GENERIC = re.compile(
    r"(?:speaker|spk|voice|unknown|participant|s)?[ _-]*[\dA-Z]?\d*|>>+|audience|all|both", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: the characters between its marks, and the word for who says it, if the text tells."""

    span: CharSpan
    speaker: Token | None


def find_quotes(sentences: Sequence[Sentence]) -> list[Quote]:
    """Quotations in double marks, each with the subject of the verb of saying beside it."""
    if not sentences:
        return []
    text = sentences[0].text
    found: list[Quote] = []
    for span in quoted_spans(text, sentences[0].start, sentences[-1].end):
        speaker = _speaker(span, sentences)
        before = found[-1] if found else None
        # A quotation of several paragraphs is opened at each of them and closed at the last.
        if before is not None and text[before.span[1]] == "\n" and not text[before.span[1] : span[0] - 1].strip():
            speaker = before.speaker or speaker
        found.append(Quote(span, speaker))
    return found


def quoted_spans(text: str, begin: int, end: int) -> list[CharSpan]:
    """Stretches between double quotation marks; a mark left open ends with its paragraph.

    >>> quoted_spans('He said: "Go on." Then “no”.', 0, 28)
    [(10, 16), (24, 26)]
    """
    spans: list[CharSpan] = []
    opened: int | None = None
    for match in re.finditer(r"[\"“”„]|''|``|\n\s*\n|\n", text[begin:end]):
        mark, place = match[0], begin + match.start()
        if mark.startswith("\n"):
            if opened is not None and place - opened > 20:
                spans.append((opened, place))
            opened = None
        elif opened is None or mark in {"“", "„", "``"}:
            if mark not in {"”", "''"}:
                opened = begin + match.end()
        else:
            if place - opened <= _LONGEST:
                spans.append((opened, place))
            opened = None
    return spans


def quote_at(quotes: Sequence[Quote], position: int) -> Quote | None:
    """The quotation that covers a character; quotations come in text order and do not overlap."""
    place = bisect_right(quotes, position, key=lambda quote: quote.span[0]) - 1
    return quotes[place] if place >= 0 and position < quotes[place].span[1] else None


def _speaker(span: CharSpan, sentences: Sequence[Sentence]) -> Token | None:
    """The subject of the nearest verb of saying outside the quotation, in the sentences that it touches."""
    begin = bisect_right(sentences, span[0] - 2, key=lambda sentence: sentence.end)
    end = bisect_left(sentences, span[1] + 2, key=lambda sentence: sentence.start)
    options = []
    for sentence in sentences[begin:end]:
        for word in sentence.words:
            if span[0] <= word.idx < span[1] or word.lemma_.lower() not in _SAYING or word.pos_ not in {"VERB", "AUX"}:
                continue
            subject = next(iter(children(word, "nsubj")), None)
            if subject is not None and not span[0] <= subject.idx < span[1]:
                gap = word.idx - span[1] if word.idx >= span[1] else span[0] - word.idx
                options.append((gap, word.i, subject))
    if not options:
        return None
    return min(options, key=lambda option: option[:2])[2]


def speaker_turns(segments: Sequence[Segment]) -> list[tuple[CharSpan, str]]:
    """Stretches of text with the name of who says them; generic labels such as "Speaker 2" name nobody."""
    return [
        (segment.span, segment.speaker.strip())
        for segment in segments
        if segment.speaker and names_somebody(segment.speaker)
    ]


def names_somebody(speaker: str) -> bool:
    """Whether a speaker's label is a name.

    >>> names_somebody("SPEAKER_01"), names_somebody("Ann Bell")
    (False, True)
    """
    return any(char.isalpha() for char in speaker) and _GENERIC.fullmatch(speaker.strip()) is None
