"""JSON of one article or a list of them, and JSONL with a record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from ekg.model import Document
from extractors.captions.encoding import decode
from extractors.sources.discover import printable
from extractors.sources.failure import Failure
from extractors.sources.record import FieldError, record_document

Notes = list[tuple[str, str]]


def load(text: str) -> Any:
    """Decode JSON.

    Raises:
        json.JSONDecodeError: malformed, or nested deeper than Python can follow.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise json.JSONDecodeError("nested too deeply", text, 0) from error
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            raise
        raise json.JSONDecodeError(str(error).partition(";")[0], text, 0) from error


def syntax_failure(path: str, line: int, error: json.JSONDecodeError) -> Failure:
    """Where the JSON breaks."""
    return Failure(
        path,
        line,
        f"malformed JSON: {error.msg}",
        "a record a line, or one JSON value a file",
        error.colno,
        code="json",
    )


def read_record(record: Any, path: str, line: int | None, fallback: str, notes: Notes) -> Document | Failure:
    """The document of one decoded record."""
    if not isinstance(record, dict):
        return Failure(path, line, f"a record must be an object, not {type(record).__name__}", code="field")
    try:
        return record_document(record, fallback, notes)
    except FieldError as error:
        return Failure(path, line, error.message, error.hint, field=error.field, code="field")
    except RecursionError:
        return Failure(path, line, "the record is nested too deeply", code="json")


def read_value(value: Any, path: str, fallback: str, notes: Notes) -> Iterator[tuple[int | None, Document | Failure]]:
    """Documents of a whole JSON file: one article or a list; each with its place in the list, from 1."""
    if not isinstance(value, list):
        yield None, read_record(value, path, None, fallback, notes)
        return
    for number, record in enumerate(value, start=1):
        outcome = read_record(record, path, None, f"{fallback}#{number}", notes)
        if isinstance(outcome, Failure):
            outcome = replace(outcome, message=f"record {number} of the list: {outcome.message}")
        yield number, outcome


def read_line(line: str, number: int, path: str, fallback: str, notes: Notes) -> Document | Failure | None:
    """The document of one line of JSONL, None for a blank line."""
    if not line.strip():
        return None
    try:
        record = load(line.rstrip("\r\n"))
    except json.JSONDecodeError as error:
        return syntax_failure(path, number, error)
    return read_record(record, path, number, f"{fallback}#{number}", notes)


def read_lines(text: str, path: str, fallback: str, notes: Notes) -> Iterator[tuple[int, Document | Failure]]:
    """Documents of decoded JSONL with their lines, from 1; a bad line is a failure and the rest goes on."""
    for number, line in enumerate(text.split("\n"), start=1):
        outcome = read_line(line, number, path, fallback, notes)
        if outcome is not None:
            yield number, outcome


def stream_lines(path: Path, fallback: str) -> Iterator[tuple[int, Document | Failure]]:
    """The same for a file of ASCII-compatible encoding, line by line; each line is decoded by itself.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            try:
                decoded = decode(raw)
            except DataError as error:
                yield number, Failure(printable(path), number, error.message, error.hint, code="encoding")
                continue
            notes = [("encoding", decoded.note)] if decoded.note else []
            outcome = read_line(decoded.text, number, printable(path), fallback, notes)
            if outcome is not None:
                yield number, outcome
