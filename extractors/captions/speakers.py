"""Who says what: speaker labels, marks of a change of speaker, and sounds, over a whole file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from extractors.captions.clean import drop_sounds, speaker_label, turn_mark
from extractors.captions.model import Cue, RawCue
from extractors.captions.rollup import Line

_CLOSED = (".", "!", "?", "…", '"', "”", "»", "。", "！", "？")
_RUNNING_ON = 2.0


def assign_speakers(cues: list[tuple[RawCue, list[Line]]], repairs: Counter[str]) -> list[Cue]:
    """Cues with speakers taken out of the text; a cue in which two named people speak becomes two.

    A cue without a label keeps the speaker of the one before while a sentence runs on.
    """
    accepted = _accepted_labels(cues)
    made: list[Cue] = []
    for raw, lines in cues:
        media = (raw.start or 0.0, raw.end or 0.0)
        parts = _parts(lines, raw.speaker, accepted, repairs)
        for part in parts:
            if part.speaker is None and not part.turn and made and _runs_on(made[-1], media[0]):
                part = replace(part, speaker=made[-1].speaker)
            made.append(replace(part, media=media))
        if lines and not parts:
            repairs["cue_without_speech"] += 1
    return made


def _runs_on(before: Cue, start: float) -> bool:
    return not before.text.endswith(_CLOSED) and start - before.media[1] < _RUNNING_ON


def _accepted_labels(cues: list[tuple[RawCue, list[Line]]]) -> set[str]:
    """Labels that are names for sure, or that the file uses as such more than once."""
    sure: set[str] = set()
    seen: Counter[str] = Counter()
    for _, lines in cues:
        for voice, line in lines:
            if voice is not None:
                continue
            mark, rest = turn_mark(line)
            label = speaker_label(rest, marked=mark is not None)
            if label is not None:
                seen[label[0]] += 1
                if label[2]:
                    sure.add(label[0])
    dialogue = len(seen) >= 2 and 3 * sum(seen.values()) >= len(cues)
    return sure | {name for name, count in seen.items() if count >= 2 or dialogue}


def _parts(lines: list[Line], speaker: str | None, accepted: set[str], repairs: Counter[str]) -> list[Cue]:
    parts: list[Cue] = []
    dashes = sum(turn_mark(line)[0] == "-" for _, line in lines)
    for voice, line in lines:
        mark, rest = turn_mark(line)
        if mark == "-" and len(lines) > dashes + 1:
            mark, rest = None, line
        name = voice or speaker
        label = speaker_label(rest, marked=mark is not None) if name is None else None
        labelled = label is not None and label[0] in accepted
        if label is not None and labelled:
            name, rest = label[0], label[1]
        text = drop_sounds(rest, repairs)
        fresh = mark is not None or labelled
        if not text and not fresh:
            continue
        if parts and not fresh and (name is None or name == parts[-1].speaker):
            parts[-1] = replace(parts[-1], text=f"{parts[-1].text} {text}".strip())
        elif parts and name is None and parts[-1].speaker is None:
            parts[-1] = replace(parts[-1], text=f"{parts[-1].text}\n{text}".strip())
        else:
            parts.append(Cue(media=(0.0, 0.0), text=text, speaker=name, turn=fresh))
    return [part for part in parts if part.text]
