"""Stable ids: hashes of what a thing is anchored in, never of a model's output."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
"""Folder of all packages."""
_NOT_WORD = re.compile(r"[^\w]+")


def digest(*parts: object) -> str:
    """Twenty hexadecimal digits of SHA-256 over the parts, each length-prefixed so that no two lists collide.

    >>> digest("a", "bc") == digest("ab", "c")
    False
    """
    state = hashlib.sha256()
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        state.update(f"{len(data)}:".encode())
        state.update(data)
    return state.hexdigest()[:20]


@cache
def files_digest(*patterns: str) -> str:
    """SHA-256 over names and contents of the program's own files that match patterns below the folder of all packages.

    What was made with this code and these weights holds as long as it is the same. The files are read once a process.
    """
    state = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(_ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                content = path.read_bytes()
                state.update(f"{path.relative_to(_ROOT).as_posix()}:{len(content)}:".encode())
                state.update(content)
    return state.hexdigest()


def normal_name(name: str) -> str:
    """A name folded for comparison: compatibility form, no case, accents, punctuation, article or possessive.

    >>> normal_name("The  O'Brien-Müller Group's")
    'o brien muller group'
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = re.sub(r"['’]s?$", "", folded.strip())
    words = _NOT_WORD.sub(" ", folded).split()
    if len(words) > 1 and words[0] in {"the", "a", "an"}:
        words = words[1:]
    return " ".join(words) or folded.strip()


def event_id(document: str, start: int, end: int) -> str:
    """Id of an event mention: its document and trigger span."""
    return f"ev_{digest('event', document, start, end)}"


def entity_id(document: str, name: str) -> str:
    """Id of a document's entity: its document and normalised name."""
    return f"en_{digest('entity', document, normal_name(name))}"


class IRI(str):
    """A string that stands for a resource, where a plain string would be taken as a literal."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"IRI({str.__repr__(self)})"
