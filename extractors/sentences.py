"""The sentences of a document that may tell of events, with their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekg.model import Document
from extractors.boilerplate import boilerplate_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NAMED_LINE = re.compile(r"^[A-Z][\w.'’-]*(?: [A-Z0-9][\w.'’-]*){0,3}:(?=\s)", re.MULTILINE)
_DIALOGUE = 6
"""Lines that a text needs to be taken for a dialogue."""
_PAUSE = 3.0
"""Seconds between two cues of a speaker that end a sentence."""


UNBROKEN = 30_000
"""Characters without an end of sentence or line, about five thousand words, of which no more is read."""
_RUN = re.compile(rf"[^.!?…。！？\n\r]{{{UNBROKEN},}}")


def without_endless(text: str) -> tuple[str, int]:
    """A text with blanks in place of what no sentence or line ends for `UNBROKEN` characters, and how many.

    Data pasted in one line would cost the parser minutes and tell nothing. Offsets stay as they are.
    """
    blanked = 0

    def shortened(match: re.Match[str]) -> str:
        nonlocal blanked
        run = match.group()
        cut = run.rfind(" ", 0, UNBROKEN)
        cut = cut if cut > 0 else UNBROKEN
        blanked += len(run) - cut
        return run[:cut] + " " * (len(run) - cut)

    return _RUN.sub(shortened, text), blanked


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the models see it.

    Args:
        number: position in the document, over the sentences that are kept.
        words: its tokens without white space.
        text: the whole document's text (spaCy's ``doc.text`` joins the tokens anew at every call).
    """

    number: int
    words: tuple[Token, ...]
    text: str

    @property
    def start(self) -> int:
        """First character."""
        return self.words[0].idx

    @property
    def end(self) -> int:
        """Character after the last one."""
        last = self.words[-1]
        return last.idx + len(last.text)

    def position(self) -> dict[int, int]:
        """Place in the sentence by index in the document."""
        return {word.i: place for place, word in enumerate(self.words)}


def unit_breaks(document: Document) -> list[int]:
    """Characters at which a sentence must begin: paragraphs, turns of another speaker, cues after a pause."""
    breaks = []
    before = None
    for segment in document.segments:
        if (
            before is None
            or segment.kind != "cue"
            or before.kind != "cue"
            or segment.speaker != before.speaker
            or (segment.media and before.media and segment.media[0] - before.media[1] > _PAUSE)
        ):
            breaks.append(segment.span[0])
        before = segment
    return breaks


def told_sentences(document: Document, doc: Doc) -> list[Sentence]:
    """Sentences outside boilerplate; a speaker's name at the beginning of a turn is left out."""
    skipped = boilerplate_spans(document.text)
    names = _speaker_names(document)
    found: list[Sentence] = []
    line = 0
    name = 0
    for span in doc.sents:
        words = [token for token in span if not token.is_space]
        if not words:
            continue
        start, end = words[0].idx, words[-1].idx + len(words[-1].text)
        while line < len(skipped) and skipped[line][1] <= start:
            line += 1
        if line < len(skipped) and skipped[line][0] < end:
            words = _outside(words, skipped[line:])
        while name < len(names) and names[name][1] <= start:
            name += 1
        if name < len(names) and names[name][0] < end:
            words = _outside(words, names[name : name + 1])
        if any(any(char.isalpha() for char in word.text) for word in words):
            found.append(Sentence(len(found), tuple(words), document.text))
    return found


def _speaker_names(document: Document) -> list[tuple[int, int]]:
    """Where a turn's text repeats its speaker's name, with the colon; plain text may write most lines so."""
    spans = []
    for segment in document.segments:
        start, end = segment.span
        if segment.speaker and document.text.startswith(segment.speaker + ":", start):
            spans.append((start, min(end, start + len(segment.speaker) + 1)))
    if not spans and not any(segment.speaker for segment in document.segments):
        lines = sum(bool(line.strip()) for line in document.text.splitlines())
        written = [match.span() for match in _NAMED_LINE.finditer(document.text)]
        if lines >= _DIALOGUE and len(written) * 2 > lines:
            return written
    return spans


def _outside(words: Sequence[Token], spans: Sequence[tuple[int, int]]) -> list[Token]:
    kept = []
    place = 0
    for word in words:
        while place < len(spans) and spans[place][1] <= word.idx:
            place += 1
        if place >= len(spans) or word.idx + len(word.text) <= spans[place][0]:
            kept.append(word)
    return kept
