"""Why an expression has its value, and why it dates an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ekg.model import Document, Event
from ekg.time import TimeMention, find_times
from extractors.event_time import Direction, attach_times, dates_events, tense_lookup
from extractors.tree import ancestors, head_of, label, path_length

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.sentences import Sentence

Bounds = tuple[str | None, str | None]

_COUNTED = {
    "text": "stands for itself",
    "document": "counted from the day of publication",
    "previous": "counted from the expression before it",
    "event": "counted from another event",
}


class TimeReasons:
    """The expressions of a document, and what they would be in another tense.

    Args:
        document: the document.
        sentences: its sentences.
        times: its expressions, as the extractor found them.
    """

    def __init__(self, document: Document, sentences: Sequence[Sentence], times: Sequence[TimeMention]) -> None:
        self.document = document
        self.times = times
        self._tense = tense_lookup(sentences)
        self._other = {"past": self._values(lambda _: "past"), "future": self._values(lambda _: "future")}

    def _values(self, tense: Callable[[int], Direction | None]) -> dict[tuple[int, int], Bounds]:
        found = find_times(self.document.text, reference=self.document.published, tense=tense)
        return {time.span: (time.begin, time.end) for time in found}

    def value(self, span: tuple[int, int]) -> dict[str, Any]:
        """How the expression at a span got its interval."""
        time = next(time for time in self.times if time.span == span)
        reason: dict[str, Any] = {
            "text": time.text,
            "begin": time.begin,
            "end": time.end,
            "unit": time.granularity,
            "anchor": time.anchor,
            "rule": _COUNTED.get(time.anchor or "", "has no place on the time line"),
            "reference": self.document.published if time.anchor == "document" else None,
            "tense": self._tense(span[0]),
        }
        values = {direction: found.get(span) for direction, found in self._other.items()}
        reason["tense decides"] = len(set(values.values())) > 1
        if reason["tense decides"]:
            reason["in the other tense"] = next(
                (value for value in values.values() if value != (time.begin, time.end)), None
            )
        return reason


def _why_undated(here: Sequence[TimeMention]) -> str:
    """Why an event has no time, by the expressions of its sentence."""
    if not here:
        return "no expression stands in its sentence"
    if any(dates_events(time) for time in here):
        return "no expression stands near enough in its clause"
    time = here[0]
    if time.begin is not None or time.end is not None:
        return f"'{time.text}' sums up a long time up to the document's day and dates no single event"
    if time.granularity == "duration":
        return f"'{time.text}' says how long and not when"
    if time.granularity == "set":
        return f"'{time.text}' comes round and is no single time"
    if time.anchor == "event":
        return f"'{time.text}' counts from an event that no expression dates"
    if time.granularity == "unknown":
        return f"'{time.text}' names no bounds"
    return f"'{time.text}' has no date to count from: neither the document nor the text before it gives one"


def attachment(sentence: Sentence, trigger: Token, event: Event, told: Event, times: Sequence[TimeMention]) -> str:
    """Why an event has its time.

    Args:
        sentence: where it stands.
        trigger: head of its trigger.
        event: the final event.
        told: the event as it came out of its sentence, before times were taken over from other mentions.
        times: the document's expressions.
    """
    if event.time is None:
        return _why_undated([time for time in times if sentence.start <= time.span[0] < sentence.end])
    if event.time.span is None:
        return "a report in the past tense, without a time of its own, is dated by the day of publication"
    if told.time is None:
        return "taken over from a mention of the same event or from the text around it"
    here = [time for time in times if sentence.start <= time.span[0] < sentence.end]
    alone = attach_times(sentence, [trigger], [event.type], here)[0]
    if alone is None or alone.span != event.time.span:
        governor = next((word for word in ancestors(trigger) if label(trigger) in {"conj", "xcomp"}), trigger.head)
        return f"shared with '{governor.text}', to which it is joined"
    words = [word for word in sentence.words if alone.span[0] <= word.idx < alone.span[1]]
    steps, meet = path_length(trigger, head_of(words)) if words else (0, None)
    if meet is None:
        return "the sentence opens with it and this is its main verb"
    return f"the nearest expression in its clause, {steps} step{'s' if steps != 1 else ''} away in the tree"
