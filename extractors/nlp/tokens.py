"""Tokenisation: spaCy's English rules with the few changes that the treebanks and odd input ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_PREFIXED = re.compile(
    r"(?:anti|bi|co|counter|cross|de|e|ex|inter|intra|mega|micro|mid|mini|multi|neo|non|over|pan|post|pre|pro|pseudo"
    r"|re|semi|sub|super|trans|ultra|un|under|vice)-[a-z]{2,}",
    re.IGNORECASE,
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
RUN_LIMIT = 500
"""Characters without white space that are given to spaCy at once; its affix search is quadratic in them."""
_LONG_RUN = re.compile(rf"\S{{{RUN_LIMIT + 1},}}")


def english_tokenizer(nlp: Language) -> Callable[[str], Doc]:
    """spaCy's English tokenizer, as used in training.

    Prefixes stay on their word ("re-elected", "pro-Beijing"), as UD has it; other hyphens split.
    """
    tokenizer: Any = nlp.tokenizer
    inherited: Callable[[str], object] | None = tokenizer.token_match

    def token_match(text: str) -> object:
        return _PREFIXED.fullmatch(text) or (inherited(text) if inherited else None)

    tokenizer.token_match = token_match
    typed: Callable[[str], Doc] = tokenizer
    return typed


class SafeTokenizer:
    """A tokenizer for any string: linear in its length, and every character keeps its offset.

    Lone surrogates, which cannot be encoded, become U+FFFD; so ``doc.text`` has the same length as the text.
    """

    def __init__(self, tokenizer: Callable[[str], Doc], vocab: Vocab) -> None:
        self._tokenizer = tokenizer
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokens of the text; white space that is not a single space is a token of its own."""
        from spacy.tokens import Doc

        text = _SURROGATE.sub("\ufffd", text)
        runs = _LONG_RUN.finditer(text)
        cuts = [cut for run in runs for cut in range(run.start() + RUN_LIMIT, run.end(), RUN_LIMIT)]
        if not cuts:
            return self._tokenizer(text)
        words: list[str] = []
        spaces: list[bool] = []
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            for token in self._tokenizer(text[start:end]):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
        return Doc(self._vocab, words=words, spaces=spaces)
