"""Reading ``multivent_g.json``: an object with a record a video; one bad item costs that item and is reported."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

from ekg.errors import DataError
from ekg.model import CharSpan
from extractors.multiventg.model import Annotations, Box, Corners, Moment, Passage, Video

_IDS = ("video_id", "id", "video")
_SHOWN = 3


def read_multiventg(path: Path) -> Annotations:
    """Annotations, or predictions in the same format (which need no description and no template).

    Raises:
        DataError: the file cannot be read, is not JSON, or holds no record.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path) from error
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8: {error.reason}", path=path) from error
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", path=path, line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise DataError("not usable JSON: nested too deeply", path=path) from error
    reader = _Reader()
    videos: dict[str, Video] = {}
    for name, record in _records(data, path):
        if name in videos:
            reader.note(name, "a second record of this video; left out")
        elif isinstance(record, dict):
            videos[name] = reader.video(name, record)
        else:
            reader.note(name, f"a record must be an object, not {_kind(record)}")
    if not videos:
        found = "; ".join(f"{where}: {message}" for where, message in reader.problems[:_SHOWN])
        raise DataError(found or "holds no record", path=path, hint="see docs/partial-events.md for the format")
    return Annotations(videos=tuple(videos.values()), problems=tuple(reader.problems))


def _records(data: object, path: Path) -> Iterator[tuple[str, object]]:
    if isinstance(data, dict):
        yield from data.items()
    elif isinstance(data, list):
        for number, record in enumerate(data):
            names = [record[key] for key in _IDS if key in record] if isinstance(record, dict) else []
            yield str(names[0]) if names else f"record {number}", record
    else:
        raise DataError(f"must be an object with a record a video, not {_kind(data)}", path=path)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


class _Reader:
    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []

    def note(self, where: str, message: str) -> None:
        self.problems.append((where, message))

    def video(self, name: str, record: dict[str, object]) -> Video:
        description = self.text(record, "description", name)
        return Video(
            id=name,
            description=description,
            event_type=self.text(record, "event_type", name),
            template=self.strings(record, "template", name),
            metadata=self.strings(record, "metadata", name),
            passages=tuple(self.passages(record, name, description)),
            moments=tuple(self.moments(record, name)),
            boxes=tuple(self.boxes(record, name)),
        )

    def text(self, record: dict[str, object], key: str, name: str) -> str:
        value = record.get(key)
        if value is not None and not isinstance(value, str):
            self.note(f"{name}.{key}", f"must be text, not {_kind(value)}")
        return value if isinstance(value, str) else ""

    def strings(self, record: dict[str, object], key: str, name: str) -> dict[str, str]:
        value = record.get(key)
        if isinstance(value, list):
            return {str(item): "" for item in value}
        if value is not None and not isinstance(value, dict):
            self.note(f"{name}.{key}", f"must be an object, not {_kind(value)}")
        items = value.items() if isinstance(value, dict) else ()
        return {str(k): v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in items}

    def items(self, record: dict[str, object], key: str, name: str) -> Iterator[tuple[str, str, dict[str, object]]]:
        """Where an item stands, its role, and the item; a single object counts as a list of one."""
        value = record.get(key)
        listed = [value] if isinstance(value, dict) else value
        if listed is None:
            return
        if not isinstance(listed, list):
            self.note(f"{name}.{key}", f"must be a list, not {_kind(listed)}")
            return
        for number, item in enumerate(listed):
            where = f"{name}.{key}[{number}]"
            role = item.get("role") if isinstance(item, dict) else None
            if not isinstance(item, dict):
                self.note(where, f"must be an object, not {_kind(item)}")
            elif not isinstance(role, str) or not role:
                self.note(f"{where}.role", "is missing")
            else:
                yield where, role, item

    def passages(self, record: dict[str, object], name: str, description: str) -> Iterator[Passage]:
        for where, role, item in self.items(record, "text", name):
            numbers = _numbers(item.get("index"), 2)
            words = item.get("text")
            span = (int(numbers[0]), int(numbers[1])) if numbers else None
            if not isinstance(words, str):
                words = description[span[0] : span[1]] if span else ""
            if not words.strip():
                self.note(f"{where}.text", "is missing, and 'index' points at nothing")
                continue
            place = placed(description, words, span)
            if place is None and description:
                self.note(f"{where}.text", f"the description does not hold '{words[:40]}'; kept without a place")
            yield Passage(role=role, text=words, span=place if place or description else span)

    def moments(self, record: dict[str, object], name: str) -> Iterator[Moment]:
        for where, role, item in self.items(record, "temporal", name):
            given = item.get("time")
            ends = [_seconds(end) for end in given] if isinstance(given, list) and len(given) == 2 else []
            low, high = ends if ends else (None, None)
            if low is None or high is None or low < 0 or high < low:
                self.note(f"{where}.time", f"must be start and end in seconds, not {str(given)[:40]}")
                continue
            entity = item.get("entity")
            yield Moment(role=role, media=(low, high), entity=entity if isinstance(entity, str) else "")

    def boxes(self, record: dict[str, object], name: str) -> Iterator[Box]:
        for where, role, item in self.items(record, "spatial", name):
            corners = _numbers(item.get("bbox"), 4)
            frame = _numbers([item.get("frame")], 1)
            if not corners:
                self.note(f"{where}.bbox", "must be four numbers, x1 y1 x2 y2")
                continue
            if not frame or frame[0] < 0:
                self.note(f"{where}.frame", "must be the number of a frame")
                continue
            certainty = _numbers([item.get("certainty")], 1)
            entity = item.get("entity")
            yield Box(
                role=role,
                entity=entity if isinstance(entity, str) else "",
                frame=int(frame[0]),
                corners=_ordered(corners),
                certainty=certainty[0] if certainty else None,
                ocr=item.get("ocr_flag") in (True, 1, "true", "True", "1"),
            )


def _ordered(corners: tuple[float, ...]) -> Corners:
    x1, y1, x2, y2 = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _numbers(value: object, count: int) -> tuple[float, ...]:
    """The finite numbers of a list of that length, else nothing."""
    if not isinstance(value, list) or len(value) != count:
        return ()
    found = tuple(seconds for item in value if (seconds := _number(item)) is not None)
    return found if len(found) == count else ()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _seconds(value: object) -> float | None:
    """Seconds, or a clock such as ``1:02:03.5``."""
    if isinstance(value, str) and ":" in value:
        parts = [_number(part) for part in value.split(":")]
        if len(parts) > 3 or any(part is None for part in parts):
            return None
        total = 0.0
        for part in parts:
            total = total * 60 + (part or 0.0)
        return total
    return _number(value)


def placed(description: str, words: str, span: CharSpan | None) -> CharSpan | None:
    """Where words stand in a description: at the given place, or with its end included, or nearest to it."""
    if span is not None:
        for end in (span[1], span[1] + 1):
            if 0 <= span[0] < end <= len(description) and description[span[0] : end] == words:
                return span[0], end
    starts = []
    start = description.find(words)
    while start >= 0:
        starts.append(start)
        start = description.find(words, start + 1)
    if not starts:
        return None
    near = min(starts, key=lambda start: (abs(start - (span[0] if span else 0)), start))
    return near, near + len(words)
