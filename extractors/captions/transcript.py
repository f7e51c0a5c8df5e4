"""Plain transcripts: ``[hh:mm:ss] Name: text``, a line a turn."""

from __future__ import annotations

import re
from collections import Counter

from extractors.captions.model import RawCue
from extractors.captions.timecode import parse_time
from extractors.captions.times import later_starts, reading_time

_TURN = re.compile(
    r"^\s*[\[(](?P<time>-?(?:\d+:){1,3}\d{1,2}(?:[.,]\d+)?)"
    r"(?:\s*(?:-->?|[–—])\s*(?P<end>(?:\d+:){1,3}\d{1,2}(?:[.,]\d+)?))?[\])]\s*(?P<rest>.*)$"
)
_NAME = re.compile(
    r"^(?P<name>(?=[^\W_a-z])"
    r"(?:\b(?:Jr|Sr|Dr|Mr|Mrs|Ms|St|Prof|Gen|Gov|Sen|Rep|Lt|Col|Capt|Sgt|[A-Z])\.|[^:\n.!?]){1,60}?):(?:\s+|$)"
)
_HEAD = 60


def looks_like_transcript(text: str) -> bool:
    """Whether a text's first lines are time-stamped turns.

    >>> looks_like_transcript("[00:00:05] Ana: Go ahead.\\n[00:00:09] Ben: Thanks.")
    True
    """
    lines = [line for line in text[:20_000].split("\n") if line.strip()][:_HEAD]
    stamped = [n for n, line in enumerate(lines) if _TURN.match(line)]
    return bool(stamped) and stamped[0] < 5 and 4 * len(stamped) >= len(lines) and (len(stamped) > 1 or len(lines) == 1)


def read_transcript(text: str, repairs: Counter[str]) -> list[RawCue]:
    """Turns with their speakers; lines without a stamp continue the turn before.

    A turn ends where the text says so, else when the next one begins, but lasts no longer than it takes to say it.
    """
    turns: list[RawCue] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        match = _TURN.match(line)
        if match is None:
            if turns:
                turns[-1].lines.append(line)
            else:
                repairs["text_before_first_cue"] += 1
            continue
        name = _NAME.match(match["rest"])
        speaker = name["name"].strip() if name and len(name["name"].split()) <= 8 else None
        rest = match["rest"][name.end() :] if name and speaker else match["rest"]
        ends = parse_time(match["end"]) if match["end"] else None
        turns.append(RawCue(start=parse_time(match["time"]), end=ends, lines=[rest], speaker=speaker))
    for turn, following in zip(turns, later_starts([turn.start or 0.0 for turn in turns]), strict=True):
        if turn.end is None:
            guess = (turn.start or 0.0) + 1.0 + reading_time(" ".join(turn.lines))
            turn.end = round(guess if following is None else min(guess, following), 3)
    return turns
