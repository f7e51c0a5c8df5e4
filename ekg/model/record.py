"""The extraction record: one JSON object a document, encoded and validated by msgspec."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from ekg.errors import DataError
from ekg.model.event import Diagnostic, Entity, Event, Relation, TimeExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What a record repeats of its document; ``length`` is in characters."""

    id: str
    kind: str
    title: str | None
    published: str | None
    lang: str | None
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was extracted from one document, in text order."""

    document: DocumentInfo
    events: tuple[Event, ...] = ()
    entities: tuple[Entity, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    relations: tuple[Relation, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Extraction)


def encode_extraction(record: Extraction) -> bytes:
    """The record as one line of JSON (UTF-8, no line feed)."""
    return _ENCODER.encode(record)


def decode_extraction(line: bytes | str) -> Extraction:
    """Parse and validate one line.

    Raises:
        DataError: the line is not a record; the message names the field.
    """
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError as error:
        raise DataError(f"not an extraction record: {error}") from error
