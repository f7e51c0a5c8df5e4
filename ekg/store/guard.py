"""Refuses what would make a query reach out of the store: SERVICE in queries, LOAD and SERVICE in updates.

A real tokenizer is needed: the words may stand in strings, comments, IRIs and prefixed names, where they are harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ekg.errors import QueryError

_TOKEN = re.compile(
    r'''(?P<long>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""|\'\'\'(?:[^'\\]|\\.|'{1,2}(?!'))*\'\'\')'''
    r"""|(?P<string>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)"""
    r"""|(?P<comment>\#[^\n\r]*)"""
    r"""|(?P<var>[?$]\w+)"""
    r"""|(?P<name>[^\W\d]?[\w.-]*:(?:[\w:.%-]|\\.)*)"""
    r"""|(?P<lang>@[A-Za-z-]+)"""
    r"""|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<other>.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def _decode(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and position of each token; the kinds are the tokenizer's groups."""
    return ((match.lastgroup or "other", match[0], match.start()) for match in _TOKEN.finditer(text))


def has_word(sparql: str, word: str) -> bool:
    """Whether a keyword stands in a query outside strings, comments, IRIs and names."""
    return any(k == "word" and t.upper() == word for k, t, _ in tokens(_ESCAPE.sub(_decode, sparql)))


def _refuse(sparql: str, words: frozenset[str]) -> None:
    # SPARQL decodes \uXXXX before it tokenizes (section 19.2), so a keyword may be spelled with escapes.
    text = _ESCAPE.sub(_decode, sparql)
    for kind, token, at in tokens(text):
        if kind == "word" and token.upper() in words:
            line = text.count("\n", 0, at) + 1
            column = at - text.rfind("\n", 0, at)
            raise QueryError(
                f"line {line}, column {column}: {token.upper()} is refused, since it would make this machine fetch "
                "from another",
                hint="load the data with `ekg import` instead",
            )


def check_query(sparql: str) -> None:
    """Let a query pass only if it stays inside the store.

    Raises:
        QueryError: it uses SERVICE; names line and column.

    >>> check_query('SELECT * { ?s ?p "SERVICE <x>" } # SERVICE')
    """
    _refuse(sparql, frozenset({"SERVICE"}))


def check_update(sparql: str) -> None:
    """Let an update pass only if it stays inside the store.

    Raises:
        QueryError: it uses LOAD or SERVICE; names line and column.
    """
    _refuse(sparql, frozenset({"SERVICE", "LOAD"}))
