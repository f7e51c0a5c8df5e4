"""Why the endpoint gave no usable answer."""

from __future__ import annotations

PASSING = frozenset({"llm_down", "llm_timeout", "llm_rate_limited", "llm_error", "llm_refused", "llm_budget"})
"""Codes of failures that say nothing of the document: another build may get an answer."""


class LlmError(Exception):
    """No usable answer; extraction goes on without it and says so.

    Args:
        code: ``llm_down``, ``llm_timeout``, ``llm_rate_limited``, ``llm_error`` (5xx), ``llm_refused`` (other 4xx),
            ``llm_budget`` or ``llm_nonsense``.
        message: what happened, without the key and without the document's text.
        content: the model's own words, for a repair; never shown.
    """

    def __init__(self, code: str, message: str, content: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.content = content
