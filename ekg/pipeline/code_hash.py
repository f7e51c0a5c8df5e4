"""A hash of code and weights: what was made with them holds as long as it is the same."""

from __future__ import annotations

import sys

from ekg.ids import digest, files_digest


def code_hash(*patterns: str) -> str:
    """Hash of the files that match patterns, see :func:`ekg.ids.files_digest`, and of Python's minor version."""
    return digest("code", files_digest(*patterns), sys.version_info[:2])
