"""Broken cue times: unreadable, negative, reversed, zero-length, unsorted."""

from __future__ import annotations

from collections import Counter

from extractors.captions.model import RawCue

_CHARACTERS_PER_SECOND = 15.0
_SHORTEST = 0.5


def reading_time(text: str) -> float:
    """Seconds it takes to say or read a text, for cues that have no usable end."""
    return round(max(_SHORTEST, len(text) / _CHARACTERS_PER_SECOND), 3)


def later_starts(starts: list[float]) -> list[float | None]:
    """For each start, the nearest one after it in the list that is later, None if there is none.

    >>> later_starts([1.0, 1.0, 4.0])
    [4.0, 4.0, None]
    """
    found: list[float | None] = [None] * len(starts)
    waiting: list[int] = []
    for number, start in enumerate(starts):
        while waiting and starts[waiting[-1]] < start:
            found[waiting.pop()] = start
        waiting.append(number)
    return found


def repair_times(cues: list[RawCue], repairs: Counter[str]) -> list[RawCue]:
    """The cues in order of start, each with ``0 <= start < end``.

    A time that cannot be read is taken from its neighbours in the file. Overlapping cues keep their times, since
    both formats allow two at once; they are only counted.

    >>> found = Counter()
    >>> cues = repair_times([RawCue(start=5.0, end=4.0, lines=["b"]), RawCue(start=1.0, end=6.0, lines=["a"])], found)
    >>> [(cue.start, cue.end) for cue in cues], sorted(found)
    ([(1.0, 6.0), (5.0, 5.5)], ['negative_duration', 'overlap', 'unsorted'])
    """
    previous = 0.0
    for cue in cues:
        if cue.start is None:
            cue.start = previous if cue.end is None else min(previous, cue.end)
        if cue.start < 0:
            repairs["negative_time"] += 1
            cue.start = 0.0
        previous = cue.end if cue.end is not None and cue.end > cue.start else cue.start
    latest = 0.0
    for cue in cues:
        if (cue.start or 0.0) < latest:
            repairs["unsorted"] += 1
        latest = max(latest, cue.start or 0.0)
    ordered = sorted(cues, key=lambda cue: cue.start or 0.0)
    for cue, following in zip(ordered, later_starts([cue.start or 0.0 for cue in ordered]), strict=True):
        start = cue.start or 0.0
        if cue.end is not None and cue.end > start:
            if following is not None and following < cue.end:
                repairs["overlap"] += 1
            continue
        if cue.end is not None:
            repairs["zero_length" if cue.end == start else "negative_duration"] += 1
        guess = round(start + reading_time(" ".join(cue.lines)), 3)
        cue.end = guess if following is None else min(guess, following)
    return ordered
