"""The exceptions that ekg raises on purpose, and what a caller can do about each.

Every message says what is wrong, where (file, line, field) and what to do. The command line prints the message and
exits with :attr:`EkgError.exit_code`; the server answers with :attr:`EkgError.http_status`.
"""

from __future__ import annotations


class EkgError(Exception):
    """Base of all errors that a user can act on."""

    exit_code = 1
    http_status = 400

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class DataError(EkgError):
    """A file or a record cannot be used as it is.

    Args:
        message: what is wrong.
        path: the file it is in.
        line: line in that file, counted from 1.
        column: column in that line, counted from 1.
        field: the record's field, as a path such as ``published``.
        hint: what to do.
    """

    def __init__(
        self,
        message: str,
        *,
        path: object | None = None,
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
        hint: str | None = None,
    ) -> None:
        where = str(path) if path is not None else ""
        if line is not None:
            where += f":{line}" if where else f"line {line}"
            if column is not None:
                where += f":{column}"
        if field:
            where += f" field '{field}'" if where else f"field '{field}'"
        super().__init__(f"{where}: {message}" if where else message, hint=hint)
        self.path = path
        self.line = line
        self.column = column
        self.field = field


class ConfigError(EkgError):
    """An option in ``ekg.toml``, an ``EKG_…`` variable or a flag is unknown or has a wrong value."""


class QueryError(EkgError):
    """A SPARQL query cannot be parsed or run; the message carries line and column where the engine gives them."""


class RefusedError(QueryError):
    """A query or update is in order, but would make this machine fetch from another (SERVICE, LOAD)."""

    http_status = 403


class EvaluationError(QueryError):
    """A query or update is in order, but cannot be run: an unknown function, a graph that is not there."""

    http_status = 422


class RemoteError(EkgError):
    """Another program's endpoint cannot be reached, or its answer cannot be used."""

    exit_code = 3
    http_status = 502


class NotFoundError(EkgError):
    """A document, event, entity or run that was asked for is not in the graph."""

    http_status = 404


class KgError(EkgError):
    """A directory is not a knowledge graph, is damaged, or has a schema that this version cannot read."""


class LockedError(KgError):
    """Another process is writing to the knowledge graph."""

    http_status = 503


class MissingError(EkgError):
    """Something optional is not installed: an extra, a model or a server."""

    exit_code = 3
    http_status = 503
