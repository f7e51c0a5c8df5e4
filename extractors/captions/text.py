"""One running text out of cues, with the segment of each cue."""

from __future__ import annotations

from collections.abc import Sequence

from ekg.model import Segment
from extractors.captions.model import Cue

PAUSE = 2.0
"""Seconds of silence that end a line."""
LONG_PAUSE = 5.0
"""Seconds of silence that end a line even within what looks like a sentence."""

_CLOSED = (".", "!", "?", "…", '"', "”", "»", "。", "！", "？", "♪")


def compose(cues: Sequence[Cue], *, kind: str = "cue") -> tuple[str, tuple[Segment, ...]]:
    """The text of a recording and a segment for every cue.

    Cues of one speaker are joined by a space, so that sentences that run over several cues stay whole; a line feed
    stands where the speaker changes or pauses (``PAUSE`` seconds after a finished sentence, or in captions without
    punctuation; ``LONG_PAUSE`` otherwise).

    >>> said = ((0, 1, "The mayor"), (1, 2, "resigned."), (9, 10, "Why?"))
    >>> cues = [Cue(media=(start, end), text=text) for start, end, text in said]
    >>> compose(cues)[0]
    'The mayor resigned.\\nWhy?'
    """
    punctuated = 8 * sum(any(mark in cue.text for mark in ".?!。？！") for cue in cues) >= len(cues)
    pieces: list[str] = []
    segments: list[Segment] = []
    length = 0
    before: Cue | None = None
    for cue in cues:
        if not cue.text:
            continue
        if before is not None:
            joint = "\n" if _breaks(before, cue, punctuated) else " "
            pieces.append(joint)
            length += len(joint)
        pieces.append(cue.text)
        segments.append(Segment(span=(length, length + len(cue.text)), media=cue.media, speaker=cue.speaker, kind=kind))
        length += len(cue.text)
        before = cue
    return "".join(pieces), tuple(segments)


def _breaks(before: Cue, cue: Cue, punctuated: bool) -> bool:
    if cue.turn or cue.speaker != before.speaker:
        return True
    pause = cue.media[0] - before.media[1]
    finished = before.text.endswith(_CLOSED) or not punctuated
    return pause >= (PAUSE if finished else LONG_PAUSE)
