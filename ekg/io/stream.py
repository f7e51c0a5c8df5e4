"""Rows in SPARQL's formats, written by Oxigraph piece by piece, and cut after a number of rows.

Oxigraph's writer is ten times as fast as one in Python, but can neither stop after a number of rows nor say that it
did. So its bytes are watched on their way: each format has marks between rows that cannot stand in a value.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import islice
from typing import IO, cast

import pyoxigraph as ox

PIECE = 1 << 16
"""Bytes of a piece, about."""

# A row begins with the key of its first term. In a value every quotation mark is escaped; the one that ends a value
# is followed by punctuation up to the next key, and never by ":{" right after a second one.
_JSON_ROW = re.compile(rb',\{"[^"\\]*":\{')
_JSON_PART = re.compile(rb'"(?:[^"\\]|\\.)*+"|,\{')
_XML_ROW = re.compile(rb"<result>")
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class _EnoughError(Exception):
    """Stops Oxigraph's writer."""


class RowWriter(ABC):
    """What Oxigraph writes the rows of a result to; a subclass a format.

    Args:
        limit: rows at most.
        send: takes the pieces.
    """

    ending = b""

    def __init__(self, limit: int, send: Callable[[bytes], None]) -> None:
        self._left = limit
        self._send = send
        self._buffer = bytearray()
        self.truncated = False

    def run(self, rows: ox.QuerySolutions, format: ox.QueryResultsFormat) -> None:
        """Write rows; afterwards ``truncated`` says whether some were left out.

        Raises:
            OSError: the query failed on the way.
        """
        try:
            rows.serialize(cast(IO[bytes], self), format)  # of a file it needs write and flush
        except _EnoughError:
            self._buffer += self.ending
        self._finish()

    @abstractmethod
    def write(self, data: bytes) -> int:
        """Take the next bytes."""

    def flush(self) -> None:  # noqa: B027  # a file has it, and no format needs it
        """Nothing to do: pieces go when they are large enough."""

    @abstractmethod
    def _finish(self) -> None:
        """Send what is left."""

    def _emit(self, data: bytes) -> None:
        self._send(data)


class _Passing(RowWriter):
    """A format that can say at its end that rows are missing: rows go on as they come."""

    opening = b""
    """Stands in every row at least once, so that few of them are few rows."""

    def write(self, data: bytes) -> int:
        if self.truncated:  # Oxigraph tries again before it gives up
            raise _EnoughError
        self._buffer += data
        if len(self._buffer) >= PIECE:
            self._pass()
        return len(data)

    @abstractmethod
    def _starts(self, data: bytes) -> list[int]:
        """Where rows start; the data begin with one, or with the head of the result."""

    def _pass(self) -> None:
        """Send all rows but the last one, which may not be there as a whole."""
        data = bytes(self._buffer)
        starts = self._starts(data)
        if len(starts) > self._left:
            self.truncated = True
            del self._buffer[starts[self._left] :]
            raise _EnoughError
        if starts and starts[-1] > 0:
            self._left -= len(starts) - 1
            self._emit(data[: starts[-1]])
            del self._buffer[: starts[-1]]

    def _finish(self) -> None:
        if not self.truncated and self._buffer.count(self.opening) > self._left:
            starts = self._starts(bytes(self._buffer))
            if len(starts) > self._left:
                self.truncated = True
                self._buffer[starts[self._left] :] = self.ending
        self._emit(bytes(self._buffer))


class _Json(_Passing):
    ending = b']},"truncated":true}'
    opening = b"{"

    def __init__(self, limit: int, send: Callable[[bytes], None]) -> None:
        # What starts a row is the comma before it, which the first one does not have.
        super().__init__(limit - 1, send)

    def _starts(self, data: bytes) -> list[int]:
        if b"{}" in data:  # a row of nothing, perhaps
            return [match.start() for match in _JSON_PART.finditer(data) if match[0] == b",{"]
        return [match.start() for match in _JSON_ROW.finditer(data)]


class _Xml(_Passing):
    ending = b"</results><!-- truncated --></sparql>"
    opening = b"<result>"

    def _starts(self, data: bytes) -> list[int]:
        return [match.start() for match in _XML_ROW.finditer(data)]

    def _emit(self, data: bytes) -> None:
        # Oxigraph writes a carriage return as it is, which XML reads as a line feed, and what XML cannot hold at all.
        if b"\r" in data:
            data = data.replace(b"\r", b"&#13;")
        if len(data.translate(None, _CONTROLS)) < len(data) or b"\xef\xbf" in data:
            data = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}".encode(), data)
        self._send(data)


class _Lines(RowWriter):
    """TSV and CSV, held until it is known whether rows are missing: their bytes have no place to say so."""

    quote = b""

    def __init__(self, limit: int, send: Callable[[bytes], None]) -> None:
        super().__init__(limit, send)
        self._lines = 0
        self._inside = 0

    def write(self, data: bytes) -> int:
        if self.truncated:
            raise _EnoughError
        self._buffer += data
        parts = data.split(self.quote) if self.quote else [data]
        self._lines += sum(part.count(b"\n") for part in parts[self._inside :: 2])
        self._inside ^= 1 - len(parts) % 2
        if self._lines > self._left + 1:
            self.truncated = True
            raise _EnoughError
        return len(data)

    def _finish(self) -> None:
        if self.truncated:
            del self._buffer[self._end() :]
        for at in range(0, len(self._buffer), PIECE):
            self._emit(bytes(self._buffer[at : at + PIECE]))

    def _end(self) -> int:
        """Where the last line that is wanted ends."""
        ends = (m.start() for m in self._line_ends.finditer(self._buffer) if m[0] == b"\n")
        return next(islice(ends, self._left, None)) + 1

    _line_ends = re.compile(rb"\n")


class _Csv(_Lines):
    quote = b'"'
    _line_ends = re.compile(rb'"[^"]*+"|\n')


_WRITERS: dict[str, tuple[type[RowWriter], ox.QueryResultsFormat]] = {
    "json": (_Json, ox.QueryResultsFormat.JSON),
    "xml": (_Xml, ox.QueryResultsFormat.XML),
    "csv": (_Csv, ox.QueryResultsFormat.CSV),
    "tsv": (_Lines, ox.QueryResultsFormat.TSV),
}


def stream_rows(rows: ox.QuerySolutions, format: str, limit: int, send: Callable[[bytes, bool], None]) -> None:
    """Send rows in pieces of about :data:`PIECE` bytes.

    Args:
        rows: result of a SELECT.
        format: ``json``, ``xml``, ``csv`` or ``tsv``.
        limit: rows at most, at least one. Where some are left out, JSON gets a member ``"truncated": true`` and XML a
            comment at its end.
        send: takes a piece, and whether it is known by then that rows are left out. CSV and TSV are not sent before.

    Raises:
        OSError, RuntimeError: the query failed on the way.
    """
    kind, written = _WRITERS[format]
    writer = kind(limit, lambda piece: send(piece, writer.truncated))
    writer.run(rows, written)
