"""How well triggers and arguments are found: micro F1 over a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.events.example import EventSentence

Found = tuple[int, int, str | None]
"""First token, token after the last, type."""


@dataclass(slots=True)
class Counts:
    """Correct, predicted and gold items."""

    right: int = 0
    found: int = 0
    gold: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, four decimals."""
        total = self.found + self.gold
        return round(2 * self.right / total, 4) if total else 0.0


def trigger_scores(sentences: Sequence[EventSentence], predictions: Iterable[Sequence[Found]]) -> dict[str, float]:
    """Trigger identification and classification: spans equal, and types equal too.

    ``overlap`` counts a prediction that shares a token with a gold trigger, each at most once.
    """
    identified, typed, overlap = Counts(), Counts(), Counts()
    for sentence, found in zip(sentences, predictions, strict=True):
        gold = {(event.start, event.end): event.type for event in sentence.events}
        spans = sorted({(start, end): kind for start, end, kind in found}.items())
        for counts in (identified, typed, overlap):
            counts.found += len(spans)
            counts.gold += len(gold)
        free = sorted(gold)
        for (start, end), kind in spans:
            if (start, end) in gold:
                identified.right += 1
                typed.right += gold[start, end] == kind
            hit = next((span for span in free if span[0] < end and span[1] > start), None)
            if hit is not None:
                free.remove(hit)
                overlap.right += 1
    precision = identified.right / identified.found if identified.found else 0.0
    return {
        "ti": identified.f1,
        "tc": typed.f1,
        "overlap": overlap.f1,
        "precision": round(precision, 4),
        "recall": round(identified.right / max(identified.gold, 1), 4),
    }


FoundArguments = tuple[int, int, str, Sequence[tuple[int, int, str]]]
"""A predicted event: first token, token after the last, type, and ``(first token, token after last, role)`` each."""


def argument_scores(sentences: Sequence[EventSentence], predictions: Iterable[Sequence[FoundArguments]]) -> float:
    """F1 of arguments: the event's trigger and type and the role must be equal, and the spans share a token.

    Arguments of predicted events that are not gold count as wrong.
    """
    counts = Counts()
    for sentence, events in zip(sentences, predictions, strict=True):
        gold = [
            (event.start, event.end, event.type, argument) for event in sentence.events for argument in event.arguments
        ]
        counts.gold += len(gold)
        for start, end, kind, arguments in events:
            counts.found += len(arguments)
            for first, after, role in arguments:
                hit = next(
                    (
                        item
                        for item in gold
                        if item[:3] == (start, end, kind)
                        and item[3].role == role
                        and item[3].start < after
                        and item[3].end > first
                    ),
                    None,
                )
                if hit is not None:
                    gold.remove(hit)
                    counts.right += 1
    return counts.f1
