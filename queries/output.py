"""Answers as JSON values."""

from __future__ import annotations

from typing import Any

from ekg.graph.views import evidence_dict
from ekg.model import Answer, AnswerValue


def answer_dict(answer: Answer, *, timing: bool = True) -> dict[str, Any]:
    """An answer as ``ekg ask --json`` prints it, with all keys, also when it abstains.

    Args:
        answer: the answer.
        timing: False writes 0 for ``elapsed_ms``, so that equal graphs give equal bytes.
    """
    return {
        "question": answer.question,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": answer.confidence,
        "answers": [_value(value) for value in answer.answers],
        "conflicts": list(answer.conflicts),
        "sparql": answer.sparql,
        "frame": answer.frame,
        "elapsed_ms": answer.elapsed_ms if timing else 0,
    }


def _value(value: AnswerValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "label": value.label,
        "type": value.type,
        "confidence": value.confidence,
        "valid": None if value.valid is None else {"begin": value.valid.begin, "end": value.valid.end},
        "evidence": [evidence_dict(evidence) for evidence in value.evidence],
    }
