"""What could not be read, so that a build goes on and reports it at its end."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.errors import DataError


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or record that gave no document.

    Args:
        path: the file, ``-`` for standard input.
        line: line in it, from 1, for files of one record a line.
        message: what is wrong.
        hint: what to do.
        column: column in the line, from 1, for malformed JSON.
        field: the record's field that is wrong.
        code: kind of failure: ``binary``, ``unsupported``, ``unreadable``, ``encoding``, ``json``, ``field``,
            ``captions``, ``media`` or ``duplicate``.
    """

    path: str
    line: int | None
    message: str
    hint: str | None = None
    column: int | None = None
    field: str | None = None
    code: str = "unreadable"

    def __str__(self) -> str:
        return str(self.error())

    def error(self) -> DataError:
        """The same as an exception, for callers that stop at the first."""
        return DataError(
            self.message, path=self.path, line=self.line, column=self.column, field=self.field, hint=self.hint
        )
