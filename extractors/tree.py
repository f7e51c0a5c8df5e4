"""Small questions to a dependency tree (Universal Dependencies), robust to a parser's mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

CLAUSE = frozenset({"ccomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "csubj:pass", "conj", "ROOT", "root"})
"""Labels whose token heads a clause, where it is a verb."""
_MAX_HEIGHT = 60


def head_of(words: Sequence[Token]) -> Token:
    """The word of a stretch that the others hang on: the first whose head lies outside."""
    inside = {word.i for word in words}
    return next((word for word in words if word.head.i not in inside or word.head.i == word.i), words[0])


def ancestors(token: Token) -> Iterator[Token]:
    """Heads, from the nearest up to the root."""
    for _ in range(_MAX_HEIGHT):
        if token.head.i == token.i:
            return
        token = token.head
        yield token


def label(token: Token) -> str:
    """Dependency label without subtype."""
    return token.dep_.partition(":")[0]


def clause_head(token: Token) -> Token:
    """The nearest verb (or other head of a clause) at or above a token."""
    here = token
    for above in (token, *ancestors(token)):
        here = above
        if above.pos_ in {"VERB", "AUX"} and label(above) not in {"aux", "cop", "amod"}:
            return above
    return here


def children(token: Token, *labels: str) -> list[Token]:
    """Dependents with one of the labels (without subtype)."""
    return [child for child in token.children if label(child) in labels]


def path_length(left: Token, right: Token, limit: int = 12) -> tuple[int, Token | None]:
    """Edges between two tokens of a sentence and where the ways up meet; ``(limit, None)`` if they do not."""
    up = {token.i: height for height, token in enumerate((left, *ancestors(left)))}
    for height, token in enumerate((right, *ancestors(right))):
        if token.i in up:
            return min(limit, up[token.i] + height), token
    return limit, None
