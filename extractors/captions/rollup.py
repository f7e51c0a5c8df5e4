"""Roll-up captions: live and automatic captions repeat the line above in every cue."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from extractors.captions.model import RawCue

_TOUCHING = 0.3
_FLASH = 0.05

Line = tuple[str | None, str]


def remove_repeats(cues: list[tuple[RawCue, list[Line]]], repairs: Counter[str]) -> list[tuple[RawCue, list[Line]]]:
    """The cues with each line only where it first appears; cues that only repeat are left out.

    Lines count as repeated if they end the preceding cue's display, begin this one's, and the two cues touch in
    time. A single cue that only says the same again ("No." "No.") is a repetition by the speaker, unless the file
    rolls up elsewhere, the times are equal, or it flashes for a few hundredths of a second.
    """
    rolling = any(
        0 < _overlap(shown, lines) < len(lines)
        for (before, shown), (cue, lines) in pairwise(cues)
        if _touch(before, cue)
    )
    kept: list[tuple[RawCue, list[Line]]] = []
    before: RawCue | None = None
    shown: list[Line] = []
    for cue, lines in cues:
        fresh = lines
        if before is not None and lines and _touch(before, cue):
            size = _overlap(shown, lines)
            same_time = (before.start, before.end) == (cue.start, cue.end)
            flash = (cue.end or 0.0) - (cue.start or 0.0) <= _FLASH
            if size and (size < len(lines) or rolling or same_time or flash):
                fresh = lines[size:]
            elif not size:
                fresh = _grown(shown, lines)
        if len(fresh) < len(lines) or fresh != lines:
            repairs["rollup"] += 1
        before, shown = cue, lines or shown
        if fresh:
            kept.append((cue, fresh))
        elif lines and kept and cue.end is not None:
            last = kept[-1][0]
            last.end = max(last.end or 0.0, cue.end)
    return kept


def _touch(before: RawCue, cue: RawCue) -> bool:
    return (cue.start or 0.0) - (before.end or 0.0) <= _TOUCHING


def _overlap(shown: list[Line], lines: list[Line]) -> int:
    """How many lines at the end of one display begin the next."""
    for size in range(min(len(shown), len(lines)), 0, -1):
        if [text for _, text in shown[-size:]] == [text for _, text in lines[:size]]:
            return size
    return 0


def _grown(shown: list[Line], lines: list[Line]) -> list[Line]:
    """The new words of a display that grows word by word ("I", "I think", "I think so")."""
    if not shown or len(lines) != len(shown) or shown[:-1] != lines[:-1]:
        return lines
    old, (voice, new) = shown[-1][1].split(), lines[-1]
    words = new.split()
    if len(words) > len(old) >= 1 and words[: len(old)] == old:
        return [(voice, " ".join(words[len(old) :]))]
    return lines
