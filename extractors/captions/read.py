"""Read a caption file of any supported format into cues."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from extractors.captions.blocks import read_blocks
from extractors.captions.clean import clean_lines
from extractors.captions.encoding import decode
from extractors.captions.jsonforms import json_form, read_json_captions
from extractors.captions.model import Captions, RawCue
from extractors.captions.rollup import remove_repeats
from extractors.captions.speakers import assign_speakers
from extractors.captions.times import repair_times
from extractors.captions.transcript import looks_like_transcript, read_transcript

_ARROW = re.compile(r"^\s*-?[\d:.,]+\s*-{1,3}>\s*-?\d", re.MULTILINE)
_HINT = "supported: WebVTT, SubRip, json3, Whisper and whisper.cpp JSON, and '[hh:mm:ss] Name: text' lines"


def read_captions(path: str | Path, *, encoding: str | None = None) -> Captions:
    """Read a caption file or transcript; its content decides the format, its extension only between equals.

    Args:
        path: the file.
        encoding: forced by the user, else found out.

    Raises:
        DataError: no such file, binary, undecodable, or no cue in it; the message names the file.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DataError(error.strerror or "cannot be read", path=file) from error
    try:
        return parse_captions(data, extension=file.suffix, encoding=encoding)
    except DataError as error:
        raise DataError(error.message, path=file, hint=error.hint) from error


def parse_captions(data: bytes, *, extension: str = "", encoding: str | None = None) -> Captions:
    """Captions from a file's bytes; see :func:`read_captions`.

    >>> parse_captions(b"1\\n00:00:01,000 --> 00:00:02,000\\nANNA: Good evening.").cues
    (Cue(media=(1.0, 2.0), text='Good evening.', speaker='ANNA', turn=True),)
    """
    decoded = decode(data, encoding=encoding)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").lstrip("\ufeff")
    if not text.strip():
        raise DataError("empty file", hint=_HINT)
    repairs: Counter[str] = Counter()
    form, raw, lang = _read(text, extension.lower(), repairs)
    if not raw:
        raise DataError(f"no cue found in what should be {form}", hint=_HINT)
    ordered = repair_times(raw, repairs)
    cleaned = [(cue, clean_lines(cue.lines, repairs)) for cue in ordered]
    repairs["empty_cue"] += sum(not lines for _, lines in cleaned)
    spoken = [(cue, lines) for cue, lines in cleaned if lines]
    if form == "transcript":
        spoken = [(cue, [(cue.speaker, line) for _, line in lines]) for cue, lines in spoken]
    else:
        spoken = remove_repeats(spoken, repairs)
    cues = assign_speakers(spoken, repairs)
    found = {kind: count for kind, count in sorted(repairs.items()) if count}
    return Captions(
        format=form, encoding=decoded.encoding, cues=tuple(cues), repairs=found, lang=lang, note=decoded.note
    )


def _read(text: str, extension: str, repairs: Counter[str]) -> tuple[str, list[RawCue], str | None]:
    start = text.lstrip()
    if start.startswith("{") and extension not in {".vtt", ".srt"}:
        data = _load(text)
        form = json_form(data)
        if form is not None and isinstance(data, dict):
            return form, *read_json_captions(data, form, repairs)
        raise DataError("JSON without captions", hint=_HINT)
    if start.startswith("WEBVTT") or extension == ".vtt":
        return "vtt", *read_blocks(text, "vtt", repairs)
    if extension == ".srt" or _ARROW.search(text[:5000]):
        return "srt", *read_blocks(text, "srt", repairs)
    if looks_like_transcript(text):
        return "transcript", read_transcript(text, repairs), None
    raise DataError("not a caption format that can be read", hint=_HINT)


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"invalid JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise DataError("JSON nested too deeply") from error


def check(path: str | Path, *, encoding: str | None = None) -> dict[str, Any]:
    """One file's report for ``ekg captions check --json``; an unreadable file has ``error`` set and no cues."""
    try:
        captions = read_captions(path, encoding=encoding)
    except DataError as error:
        return {"file": str(path), "format": None, "encoding": None, "cues": [], "repairs": {}, "error": str(error)}
    cues = [{"media": list(cue.media), "text": cue.text, "speaker": cue.speaker} for cue in captions.cues]
    return {
        "file": str(path),
        "format": captions.format,
        "encoding": captions.encoding,
        "cues": cues,
        "repairs": captions.repairs,
        "error": None,
    }
