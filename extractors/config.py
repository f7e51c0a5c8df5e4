"""What a user may set about extraction; part of the signature that keys cached results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractConfig:
    """Options of extraction.

    Args:
        typed: probability from which a trigger of GENEVA's types is reported.
        news: probability from which any other event is reported.
        role_bias: log-odds in favour of a role, against none, for a token of an argument.
        language_share: share of English function words below which a text is not taken for English.
        max_characters: longer texts are cut there, with a diagnostic.
    """

    typed: float = 0.45
    news: float = 0.7
    role_bias: float = 0.9
    language_share: float = 0.1
    max_characters: int = 5_000_000
