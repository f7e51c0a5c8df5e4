"""Lemmas: the trained edit trees, corrected by the forms that the treebanks list."""

from __future__ import annotations

from collections.abc import Mapping

_NAME_TAGS = frozenset({"PROPN", "X", "SYM", "NUM", "PUNCT", "SPACE", "INTJ"})


def corrected_lemma(form: str, pos: str, predicted: str, known: Mapping[str, str]) -> str:
    """The lemma of a form.

    Args:
        form: the word as written.
        pos: universal part of speech.
        predicted: what the edit trees give.
        known: lemmas of lower-cased forms by ``"pos form"``, from the treebanks.

    >>> corrected_lemma("BROKE", "VERB", "BROKE", {"VERB broke": "break"})
    'break'
    >>> corrected_lemma("ATTACKS", "NOUN", "ATTACK", {})
    'attack'
    """
    if pos in _NAME_TAGS:
        return predicted or form
    lemma = known.get(f"{pos} {form.lower()}")
    if lemma is not None:
        return lemma
    return predicted.lower() if form.isupper() and len(form) > 1 else predicted or form.lower()
