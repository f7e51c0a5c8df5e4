"""Spacelog transcripts (``MISSION/TEC`` with ``MISSION/_meta``) to ``[hhh:mm:ss] Name: text`` files.

Usage: python scripts/convert_spacelog.py DATA/spacelog OUT [--hours 6]

Each file covers six hours of mission time (``--hours``), with an ``.info.json`` beside it that gives the title, the
mission's description and the moment the file begins in UTC, so that ``ekg build OUT`` dates what is said. Time stamps
stay in mission time. The format: https://github.com/Spacelog/Spacelog/wiki.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_STAMP = re.compile(r"^\[(-?\d+):(\d\d):(\d\d):(\d\d)\]\s*$")
_SPEAKER = re.compile(r"^([A-Z0-9][A-Z0-9/ ]*(?: \([A-Z0-9 ]+\))?): ?(.*)$")
_MARKUP = re.compile(r"\[(?:glossary|time|[a-z]+):([^\]|]*)(?:\|([^\]]*))?\]")
_TAGS = re.compile(r"</?[a-z]+>")
_ROLE = re.compile(r"\s*\([^()]*\)$")

Turn = tuple[int, str, str]


def seconds(stamp: str) -> int:
    """Seconds of ``dd:hh:mm:ss`` mission time, negative before launch."""
    days, hours, minutes, rest = (int(part) for part in stamp.lstrip("-").split(":"))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return -total if stamp.startswith("-") else total


def plain(text: str) -> str:
    """Text without glossary, time and HTML markup."""
    return " ".join(_TAGS.sub("", _MARKUP.sub(lambda m: m[2] or m[1], text)).split())


def turns(text: str) -> Iterator[Turn]:
    """Second, speaker's abbreviation and words of each turn; pages, tapes, notes and comments are left out."""
    second, speaker, noted = 0, "", False
    words: list[str] = []
    for line in [*text.split("\n"), "[00:00:00:00]"]:
        stamp = _STAMP.match(line)
        label = None if line[:1].isspace() else _SPEAKER.match(line)
        if stamp or label or line.startswith("_"):
            noted = line.startswith("_")
            if not noted and speaker and words:
                yield second, speaker, plain(" ".join(words))
            if stamp:
                second, speaker, words = seconds(":".join(stamp.groups())), "", []
            elif label:
                speaker, words = label[1], [label[2]]
        elif line.strip() and speaker and not noted:
            words.append(line.strip())


def names(characters: Mapping[str, Any]) -> Any:
    """A function from an abbreviation and a second to the name of the person on duty then."""

    def name(key: str, second: int, depth: int = 0) -> str:
        character = characters.get(key, {})
        on_duty = [shift[0] for shift in character.get("shifts", []) if seconds(shift[1]) <= second]
        if on_duty and on_duty[-1] != key and depth < 3:
            return name(on_duty[-1], second, depth + 1)
        return _ROLE.sub("", character.get("short_name") or character.get("name") or key) or key

    return name


def launch(meta: Mapping[str, Any]) -> datetime:
    """Moment of launch in UTC."""
    value = meta["utc_launch_time"]
    if isinstance(value, int):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def clock(second: int) -> str:
    """Mission time as ``hhh:mm:ss``."""
    return f"{'-' if second < 0 else ''}{abs(second) // 3600:03}:{abs(second) // 60 % 60:02}:{abs(second) % 60:02}"


def convert(mission: Path, out: Path, hours: int) -> int:
    """Write the files of one mission; returns how many."""
    meta = json.loads((mission / "_meta").read_text(encoding="utf-8"))
    begin, title, name = launch(meta), meta["copy"]["title"], names(meta["characters"])
    chunks: dict[int, list[str]] = {}
    for second, speaker, words in turns((mission / "TEC").read_text(encoding="utf-8")):
        chunk = max(second, 0) // (hours * 3600)
        chunks.setdefault(chunk, []).append(f"[{clock(second)}] {name(speaker, second)}: {words}")
    out.mkdir(parents=True, exist_ok=True)
    for chunk, lines in sorted(chunks.items()):
        stem = f"{mission.name}-{chunk * hours:03}h"
        info = {
            "title": f"{title}, hours {chunk * hours} to {(chunk + 1) * hours}",
            "description": meta["copy"]["summary"],
            "published": (begin + timedelta(hours=chunk * hours)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "language": "en",
            "channel": "NASA",
            "series": title,
        }
        (out / f"{stem}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (out / f"{stem}.info.json").write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")
    return len(chunks)


def main() -> None:
    """Convert every mission below a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hours", type=int, default=6, help="mission hours a file covers (default 6)")
    arguments = parser.parse_args()
    missions = sorted(path.parent for path in arguments.source.glob("*/_meta"))
    if not missions:
        parser.error(f"{arguments.source} has no MISSION/_meta")
    for mission in missions:
        print(f"{mission.name}: {convert(mission, arguments.out, arguments.hours)} files")


if __name__ == "__main__":
    main()
