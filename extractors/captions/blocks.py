"""Reader of WebVTT and SubRip, which differ little once files are allowed to be damaged.

Every timing line opens a cue, wherever it stands, so that a missing blank line or header loses nothing; the
WebVTT parser of the W3C recommendation (https://www.w3.org/TR/webvtt1/) drops such cues.
"""

from __future__ import annotations

import re
from collections import Counter

from extractors.captions.model import RawCue
from extractors.captions.timecode import oddities, parse_time

_TIMING = re.compile(r"^\s*(?P<start>[^<>a-zA-Z]{0,40}?\S)\s*(?P<arrow>-{1,3}>|[–—−]+>|→)\s*(?P<end>\S.{0,400})?$")
_BROKEN = re.compile(r"^(?P<start>[^<>]{0,40}?)\s*(?P<arrow>-->)\s*(?P<end>.{0,400})$")
_END = re.compile(r"^-?[\d:]+(?:\s?[.,]\s?\d+)?")
_INDEX = re.compile(r"^\s*\d+\s*$")
_SKIPPED = re.compile(r"^(NOTE|STYLE|REGION)(?=\s|$|-->)")


def read_blocks(text: str, form: str, repairs: Counter[str]) -> tuple[list[RawCue], str | None]:
    """Cues of a ``vtt`` or ``srt`` file as they stand in it, and the language its header names.

    >>> read_blocks("WEBVTT\\n\\n00:01.000 --> 00:02.000 align:start\\nHi", "vtt", Counter())[0][0].lines
    ['Hi']
    """
    lines = text.split("\n")
    mark = "." if form == "vtt" else ","
    position, lang = _header(lines, form, repairs)
    cues: list[RawCue] = []
    skipping = False
    blank = True
    while position < len(lines):
        line = lines[position]
        position += 1
        if not line.strip():
            # Only an empty line ends a WebVTT cue; automatic captions have lines of one space within cues.
            inside = form == "vtt" and line != "" and not blank and not _opens(lines, position)
            blank, skipping = blank if inside else True, skipping and inside
            continue
        timing = _timing(line, blank)
        if timing is not None:
            if not blank and cues and not skipping:
                _close_early(cues[-1], form, repairs)
            cues.append(_open(timing, mark, repairs))
            blank = skipping = False
        elif form == "vtt" and blank and _SKIPPED.match(line):
            skipping, blank = True, False
        elif not skipping:
            if blank and _is_label(lines, position, line, form):
                blank = True
                continue
            if blank and cues:
                repairs["blank_line_in_cue"] += 1
            elif not cues:
                repairs["text_before_first_cue"] += 1
            if cues:
                cues[-1].lines.append(line)
            blank = False
    return cues, lang


def _header(lines: list[str], form: str, repairs: Counter[str]) -> tuple[int, str | None]:
    """Index of the first line after the header, and its language."""
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if form != "vtt":
        return first, None
    if first == len(lines) or not lines[first].startswith("WEBVTT"):
        repairs["missing_header"] += 1
        return first, None
    lang = None
    position = first + 1
    while position < len(lines) and lines[position].strip() and not _timing(lines[position], False):
        key, _, value = lines[position].partition(":")
        if key.strip().lower() == "language" and value.strip():
            lang = value.strip()
        position += 1
    return position, lang


def _opens(lines: list[str], position: int) -> bool:
    """Whether one of the next two lines is a timing line, the first being a label then."""
    return any(_timing(line, True) for line in lines[position : position + 2])


def _timing(line: str, blank: bool) -> re.Match[str] | None:
    """The parts of a timing line; after a blank line an arrow is proof, even between what are no times."""
    if ">" not in line and "→" not in line:
        return None
    return _TIMING.match(line) or (_BROKEN.match(line) if blank else None)


def _is_label(lines: list[str], position: int, line: str, form: str) -> bool:
    """Whether a line after a blank one is a cue's number or identifier, and not speech."""
    following = lines[position] if position < len(lines) else ""
    if _timing(following, True):
        return True
    return form == "srt" and bool(_INDEX.match(line)) and not following.strip()


def _close_early(cue: RawCue, form: str, repairs: Counter[str]) -> None:
    """A timing line came without a blank line before it: the cue's last line may be the next one's number."""
    repairs["missing_blank_line"] += 1
    if cue.lines and _INDEX.match(cue.lines[-1]) and (form == "srt" or len(cue.lines) > 1):
        cue.lines.pop()


def _open(timing: re.Match[str], mark: str, repairs: Counter[str]) -> RawCue:
    if timing["arrow"] != "-->":
        repairs["arrow"] += 1
    raw_end = timing["end"] or ""
    end_match = _END.match(raw_end)
    ends = end_match[0] if end_match else ""
    start, end = parse_time(timing["start"]), parse_time(ends)
    if start is None or end is None:
        repairs["broken_time"] += 1
    for kind in sorted({*oddities(timing["start"], mark), *oddities(ends, mark)}):
        repairs[kind] += 1
    return RawCue(start=start, end=end, lines=[])
