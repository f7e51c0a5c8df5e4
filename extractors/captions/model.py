"""What a caption file says: cues, and what had to be repaired to read them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ekg.model import MediaSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One caption, cleaned.

    Args:
        media: seconds of the recording, start and end.
        text: what is said, without markup, speaker labels or sound descriptions. A line feed stands where
            the speaker changes without being named.
        speaker: who says it, where the file tells.
        turn: whether the file marks that a new speaker begins here.
    """

    media: MediaSpan
    text: str
    speaker: str | None = None
    turn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """A caption file or transcript, read and repaired.

    Args:
        format: ``vtt``, ``srt``, ``json3``, ``whisper``, ``whisper.cpp`` or ``transcript``.
        encoding: the codec the bytes were read with.
        cues: in order of start.
        repairs: how often each kind of repair was made, by name.
        lang: BCP 47 code, if the file says so.
        note: a doubt about the encoding, None if there is none.
    """

    format: str
    encoding: str
    cues: tuple[Cue, ...]
    repairs: dict[str, int] = field(default_factory=dict)
    lang: str | None = None
    note: str | None = None


@dataclass(slots=True, kw_only=True)
class RawCue:
    """A cue as the file has it; an end or start of None could not be read."""

    start: float | None
    end: float | None
    lines: list[str]
    speaker: str | None = None
