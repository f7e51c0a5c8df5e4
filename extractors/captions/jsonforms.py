"""Captions in JSON: YouTube's json3, Whisper and WhisperX, whisper.cpp."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from extractors.captions.model import RawCue
from extractors.captions.timecode import parse_time


def json_form(data: object) -> str | None:
    """The format of decoded JSON: ``json3``, ``whisper``, ``whisper.cpp``, or None if it holds no captions.

    >>> json_form({"segments": [{"start": 0.0, "end": 1.0, "text": "Hi"}]}), json_form({"text": "Hi"})
    ('whisper', None)
    """
    if not isinstance(data, Mapping):
        return None
    for key, inner, form in (
        ("events", "tStartMs", "json3"),
        ("segments", "start", "whisper"),
        ("transcription", "text", "whisper.cpp"),
    ):
        items = data.get(key)
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            continue
        if any(inner in item for item in items[:20]):
            return form
    return None


def read_json_captions(data: Mapping[str, Any], form: str, repairs: Counter[str]) -> tuple[list[RawCue], str | None]:
    """Cues of decoded JSON in one of the forms of :func:`json_form`, and the language it names."""
    read: dict[str, Callable[[Mapping[str, Any], Counter[str]], list[RawCue]]] = {
        "json3": _json3,
        "whisper": _whisper,
        "whisper.cpp": _whisper_cpp,
    }
    result = data.get("result")
    lang = data.get("language") or (result.get("language") if isinstance(result, Mapping) else None)
    return read[form](data, repairs), lang if isinstance(lang, str) else None


def _seconds(value: object, scale: float = 1.0) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e10:
        return None
    return round(value / scale, 3)


def _plain(value: object) -> str:
    """A string without lone surrogates, which JSON can hold and no encoding; empty for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _json3(data: Mapping[str, Any], repairs: Counter[str]) -> list[RawCue]:
    cues = []
    for event in data["events"]:
        parts = event.get("segs")
        if not isinstance(parts, list):
            continue
        text = "".join(_plain(part.get("utf8")) for part in parts if isinstance(part, Mapping))
        if not text.strip():
            continue
        start, length = _seconds(event.get("tStartMs"), 1000), _seconds(event.get("dDurationMs"), 1000)
        if start is None:
            repairs["broken_time"] += 1
        end = round(start + length, 3) if start is not None and length is not None else None
        cues.append(RawCue(start=start, end=end, lines=text.split("\n")))
    for cue, following in pairwise(cues):
        if cue.end is not None and following.start is not None and (cue.start or 0.0) < following.start < cue.end:
            cue.end = following.start
    return cues


def _whisper(data: Mapping[str, Any], repairs: Counter[str]) -> list[RawCue]:
    cues = []
    for item in data["segments"]:
        start, end = _seconds(item.get("start")), _seconds(item.get("end"))
        if start is None or end is None:
            repairs["broken_time"] += 1
        speaker = item.get("speaker")
        named = _plain(speaker).strip() or None
        cues.append(RawCue(start=start, end=end, lines=_plain(item.get("text")).split("\n"), speaker=named))
    return cues


def _whisper_cpp(data: Mapping[str, Any], repairs: Counter[str]) -> list[RawCue]:
    cues = []
    for item in data["transcription"]:
        offsets, stamps = item.get("offsets"), item.get("timestamps")
        start = end = None
        if isinstance(offsets, Mapping):
            start, end = _seconds(offsets.get("from"), 1000), _seconds(offsets.get("to"), 1000)
        elif isinstance(stamps, Mapping):
            start, end = parse_time(str(stamps.get("from", ""))), parse_time(str(stamps.get("to", "")))
        if start is None or end is None:
            repairs["broken_time"] += 1
        cues.append(RawCue(start=start, end=end, lines=_plain(item.get("text")).split("\n")))
    return cues
