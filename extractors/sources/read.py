"""Sources to documents, one after the other; what cannot be read becomes a failure and the rest goes on."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from ekg.model import Document
from extractors.captions import looks_like_transcript, parse_captions
from extractors.captions.encoding import binary_kind, decode
from extractors.captions.jsonforms import json_form
from extractors.sources.discover import SourceItem, discover, printable
from extractors.sources.failure import Failure
from extractors.sources.jsonfile import load, read_lines, read_value, stream_lines, syntax_failure
from extractors.sources.plain import markdown_document, text_document
from extractors.sources.video import is_video_info, video_document

Outcome = Document | Failure
Placed = tuple[int | None, Outcome]
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_WHOLE = 64 * 2**20
"""Bytes up to which a file is read whole to find out what it is."""
_SUPPORTED = "text, Markdown, HTML, JSON, JSONL, .vtt, .srt, or a video's .info.json"


def read_documents(
    paths: Sequence[str | Path], *, encoding: str | None = None, limit: int | None = None
) -> Iterator[Outcome]:
    """Every document of the sources, lazily and in a fixed order, with a failure for what gives none.

    Args:
        paths: files, folders (recursive), or ``-`` for standard input.
        encoding: forces a text encoding for all files.
        limit: stop after so many documents.

    Raises:
        DataError: at the call, if a source does not exist or the encoding is unknown.
    """
    items = discover(paths, encoding=encoding)
    return _read_all(items, encoding, limit)


def _read_all(items: list[SourceItem], encoding: str | None, limit: int | None) -> Iterator[Outcome]:
    places: dict[str, str] = {}
    count = 0
    if limit is not None and limit <= 0:
        return
    for item in items:
        name = "-" if item.path is None else printable(item.path)
        for line, outcome in read_item(item, encoding=encoding):
            if isinstance(outcome, Failure):
                yield outcome
                continue
            listed = item.format == "json" and line is not None
            place = name if line is None else f"{name}, record {line}" if listed else f"{name}:{line}"
            first = places.setdefault(outcome.id, place)
            if first != place:
                yield Failure(
                    name, None if listed else line, f"the id '{outcome.id}' is already used by {first}",
                    "give each record its own 'id', or build the folders' common parent so that paths differ",
                    field="id", code="duplicate",
                )  # fmt: skip
                continue
            yield outcome
            count += 1
            if count == limit:
                return


def read_item(item: SourceItem, *, encoding: str | None = None) -> Iterator[Placed]:
    """Documents and failures of one item, each with its line (or place in a JSON list), if it has one."""
    name = "-" if item.path is None else printable(item.path)
    try:
        if item.format == "unsupported":
            yield None, _unsupported(item, name)
        elif item.format == "media":
            hint = "put its captions (.vtt, .srt) or its .info.json beside it, with the same name"
            yield None, Failure(name, None, "media file without captions or .info.json", hint, code="media")
        elif item.format == "jsonl" and item.path is not None:
            yield from _read_jsonl(item.path, item.id, encoding)
        else:
            data = sys.stdin.buffer.read() if item.path is None else item.path.read_bytes()
            yield from _read_data(item, name, data, encoding)
    except OSError as error:
        yield None, Failure(name, None, error.strerror or "cannot be read")
    except DataError as error:
        code = "captions" if item.format == "captions" else "encoding"
        code = "binary" if error.message.startswith("binary") else code
        yield None, Failure(name, None, error.message, error.hint, code=code)


def _unsupported(item: SourceItem, name: str) -> Failure:
    kind = None
    if item.path is not None:
        with item.path.open("rb") as stream:
            kind = binary_kind(stream.read(4096))
    if kind:
        return Failure(name, None, f"binary file: {kind}", f"supported: {_SUPPORTED}", code="binary")
    suffix = item.path.suffix if item.path is not None else ""
    what = f"'{suffix}' files are not read" if suffix else "a file without extension is not read from a folder"
    return Failure(name, None, what, f"supported: {_SUPPORTED}; convert it, or rename it to .txt", code="unsupported")


def _read_data(item: SourceItem, name: str, data: bytes, encoding: str | None) -> Iterator[Placed]:
    form = item.format
    if form == "captions":
        yield from _read_captions(item, name, data, encoding)
        return
    declared = _declared(data) if form in {"html", "sniff"} else None
    decoded = decode(data, encoding=encoding, declared=declared)
    notes = [("encoding", decoded.note)] if decoded.note else []
    text = decoded.text
    if form in {"sniff", "text"}:
        form = _sniff(text, form)
    if form == "captions":
        yield from _read_captions(item, name, data, encoding)
    elif form == "text":
        yield None, text_document(item.id, _newlines(text), notes)
    elif form == "markdown":
        yield None, markdown_document(item.id, _newlines(text), notes)
    elif form == "html":
        from extractors.sources.webpage import html_document

        yield None, html_document(item.id, _newlines(text), notes)
    elif form == "jsonl":
        yield from read_lines(text, name, item.id, notes)
    else:
        yield from _read_json(item, name, data, text, notes, encoding)


def _sniff(text: str, form: str) -> str:
    """The format that content shows: any for unnamed input, only a transcript for a ``.txt`` file."""
    start = text.lstrip()[:2000]
    if looks_like_transcript(text):
        return "captions"
    if form == "text":
        return form
    if start.startswith("WEBVTT") or re.match(r"\d+\s*\n\s*\d\d:\d\d:\d\d[,.]\d+ *-->", start):
        return "captions"
    if re.match(r"<(?:!doctype|html|head|body|\?xml|article|main|div|meta)\b", start, re.IGNORECASE):
        return "html"
    if start.startswith("{"):
        first = text.lstrip().partition("\n")[0]
        try:
            json.loads(first)
        except ValueError:
            return "json"
        return "jsonl" if text.strip().count("\n") else "json"
    return "json" if start.startswith("[") and re.match(r"\[\s*[{\]]", start) else "text"


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    return match[1].decode("ascii") if match else None


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_json(
    item: SourceItem, name: str, data: bytes, text: str, notes: list[tuple[str, str]], encoding: str | None
) -> Iterator[Placed]:
    if not text.strip():
        yield None, Failure(name, None, "empty file", "a JSON file holds one article or a list of them", code="json")
        return
    try:
        value = load(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            yield from read_lines(text, name, item.id, notes)
        else:
            yield None, syntax_failure(name, error.lineno, error)
        return
    if json_form(value):
        yield from _read_captions(item, name, data, encoding)
    elif isinstance(value, dict) and (item.format == "info" or is_video_info(value)):
        yield None, video_document(item.id, None, value, notes)
    else:
        yield from read_value(value, name, item.id, notes)


def _read_captions(item: SourceItem, name: str, data: bytes, encoding: str | None) -> Iterator[Placed]:
    notes: list[tuple[str, str]] = []
    info: dict[str, Any] = {}
    if item.info is not None:
        try:
            loaded = load(decode(item.info.read_bytes()).text)
            info = loaded if isinstance(loaded, dict) else {}
        except (json.JSONDecodeError, DataError) as error:
            notes.append(("bad_info", f"{item.info.name} cannot be read and was left out: {error}"))
    if item.unused:
        notes.append(("captions_unused", ", ".join(path.name for path in item.unused)))
    if not data.strip():
        notes.append(("empty_document", "the caption file is empty"))
        yield None, video_document(item.id, None, info, notes, lang=item.lang)
        return
    suffix = item.path.suffix if item.path is not None else ""
    if suffix in {".txt", ".text"}:
        text = decode(data, encoding=encoding)
        if not looks_like_transcript(text.text):
            plain = text_document(item.id, _newlines(text.text), [])
            shell = video_document(item.id, None, info, notes, lang=item.lang)
            yield None, replace(shell, text=plain.text, segments=plain.segments)
            return
    captions = parse_captions(data, extension=suffix, encoding=encoding)
    yield None, video_document(item.id, captions, info, notes, lang=item.lang)


def _read_jsonl(path: Path, identifier: str, encoding: str | None) -> Iterator[Placed]:
    """Stream a JSONL file; a file that is not UTF-8 throughout, or has one value over many lines, is read whole."""
    name = printable(path)
    with path.open("rb") as stream:
        head = stream.readline(_WHOLE)
    kind = binary_kind(head)
    if kind is not None and encoding is None:
        raise DataError(f"binary file: {kind}", hint=f"supported: {_SUPPORTED}")
    if not head.strip() and path.stat().st_size < _WHOLE and not path.read_bytes().strip():
        yield None, Failure(name, None, "empty file", "JSONL has a record a line", code="json")
        return
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head
    spread = not wide and _is_spread(path, head)
    if encoding is not None or wide or spread:
        data = path.read_bytes()
        decoded = decode(data, encoding=encoding)
        notes = [("encoding", decoded.note)] if decoded.note else []
        if spread:
            item = SourceItem(path, identifier, "json")
            yield from _read_json(item, name, data, decoded.text, notes, encoding)
        else:
            yield from read_lines(decoded.text, name, identifier, notes)
        return
    yield from stream_lines(path, identifier)


def _is_spread(path: Path, head: bytes) -> bool:
    """Whether a file called JSONL is one JSON value over several lines: its first line is none, the whole is."""
    first = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0]
    if path.stat().st_size > _WHOLE or not first.lstrip().startswith((b"{", b"[")):
        return False
    for part in (first, None):
        try:
            load(decode(path.read_bytes() if part is None else part).text)
        except json.JSONDecodeError:
            continue
        return part is None
    return False
