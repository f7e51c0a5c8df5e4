"""Word lists as running text, which is how people read and edit them."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text.

    >>> sorted(word_set("said told"))
    ['said', 'told']
    """
    return frozenset(text.split())
