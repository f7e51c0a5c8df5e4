"""The access log: one line a request, without what a query or a token says."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ekg.errors import ConfigError

_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x22, 0x5C, *range(0x7F, 0xA0))}


class AccessLog:
    """Writes lines such as ``2026-11-30T13:05:00.120Z 127.0.0.1 "GET /sparql" 200 5120 0.004``.

    These are the time, the client, method and path without the query string, status, bytes of the body, and seconds.
    A status of 0 means that the client left before it was answered.

    Args:
        path: file to append to; ``-`` is standard error.

    Raises:
        ConfigError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._own = str(path) != "-"
        try:
            self._file: IO[str] = path.open("a", encoding="utf-8", buffering=1) if self._own else sys.stderr
        except OSError as error:
            raise ConfigError(f"{path}: the access log cannot be written: {error.strerror or error}") from error

    def write(self, client: str, method: str, path: str, status: int, size: int, seconds: float) -> None:
        """Add a line."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        request = f"{method} {path}".translate(_UNSAFE)
        self._file.write(f'{now} {client} "{request}" {status} {size} {seconds:.3f}\n')

    def close(self) -> None:
        """Close the file."""
        if self._own:
            self._file.close()
