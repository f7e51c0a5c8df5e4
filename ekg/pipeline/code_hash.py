"""A hash of code and weights: what was made with them holds as long as it is the same."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

from ekg.ids import digest

_ROOT = Path(__file__).parent.parent.parent


@cache
def code_hash(*patterns: str) -> str:
    """Hash of the files that match patterns below the folder of all packages, and of Python's minor version."""
    state = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(_ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                content = path.read_bytes()
                state.update(f"{path.relative_to(_ROOT).as_posix()}:{len(content)}:".encode())
                state.update(content)
    return digest("code", state.hexdigest(), sys.version_info[:2])
