"""Gold events as characters of raw text, and how many of them the whole pipeline finds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ekg.model import Event

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text with its gold events.

    Args:
        id: of the corpus.
        text: tokens joined by blanks.
        events: ``(span, type)``; the type is empty where the corpus gives none.
        arguments: ``(trigger's span, type, role, span)``.
        windows: stretches in which all events are marked; what is found elsewhere does not count.
    """

    id: str
    text: str
    events: tuple[tuple[Span, str], ...]
    arguments: tuple[tuple[Span, str, str, Span], ...] = ()
    windows: tuple[Span, ...] = ()


def geneva_texts(path: Path) -> Iterator[GoldText]:
    """GENEVA's sentences as raw text.

    Raises:
        DataError: the file cannot be read.
    """
    from extractors.training.readers.geneva import read_records

    for record in read_records(path):
        words: list[str] = record["tokens"]
        starts = [sum(len(word) + 1 for word in words[:place]) for place in range(len(words) + 1)]

        def span(first: int, after: int, starts: list[int] = starts) -> Span:
            return starts[first], starts[after] - 1

        events, arguments = [], []
        for mention in record["event_mentions"]:
            trigger = span(mention["trigger"]["start"], mention["trigger"]["end"])
            kind = str(mention["event_type"])
            events.append((trigger, kind))
            for argument in mention["arguments"]:
                first, after = (int(part) for part in argument["entity_id"].split("_")[-2:])
                arguments.append((trigger, kind, str(argument["role"]), span(first, min(after, len(words)))))
        text = " ".join(words)
        yield GoldText(str(record["wnd_id"]), text, tuple(events), tuple(sorted(set(arguments))), ((0, len(text)),))


def ecbplus_texts(folder: Path, topics: Iterable[int]) -> Iterator[GoldText]:
    """Documents of ECB+ with the event mentions of their validated sentences.

    Raises:
        DataError: the corpus cannot be read.
    """
    from extractors.training.readers.ecbplus import read_documents

    for document in read_documents(folder, topics):
        starts = [0]
        for word in document.words:
            starts.append(starts[-1] + len(word) + 1)
        yield GoldText(
            document.id,
            " ".join(document.words),
            tuple(((starts[first], starts[after] - 1), "") for first, after in document.events),
            windows=tuple((starts[first], starts[after] - 1) for first, after in document.validated),
        )


def as_spoken(gold: GoldText) -> GoldText:
    """The text lower-cased and without punctuation, its events and windows moved along."""
    lowered = "".join(low if len(low := char.lower()) == 1 else char for char in gold.text)
    kept: list[str] = []
    place = [0] * (len(lowered) + 1)
    size = 0
    for word in re.finditer(r"\S+", lowered):
        spoken = [(at, char) for at, char in enumerate(word[0], word.start()) if char.isalnum() or char in "-'’"]
        if not any(char.isalnum() for _, char in spoken):
            spoken = []
        for at in range(word.start(), word.end()):
            place[at] = size
        for at, char in spoken:
            place[at] = size
            kept.append(char)
            size += 1
            place[at + 1] = size
        if spoken:
            kept.append(" ")
            size += 1
    place[len(lowered)] = max(size - 1, 0)

    def moved(span: Span) -> Span:
        end = max((place[at] + 1 for at in range(*span) if lowered[at].isalnum()), default=place[span[0]])
        return place[span[0]], end

    return GoldText(
        gold.id,
        "".join(kept).rstrip(),
        tuple((moved(span), kind) for span, kind in gold.events if any(c.isalnum() for c in gold.text[slice(*span)])),
        tuple((moved(trigger), kind, role, moved(span)) for trigger, kind, role, span in gold.arguments),
        tuple(moved(window) for window in gold.windows),
    )


def pipeline_scores(texts: Sequence[GoldText], *, kinds: frozenset[str] | None = None) -> dict[str, float]:
    """F1 of what `extractors.extract` finds in each text taken as a document.

    ``ti`` and ``tc``: spans equal, without and with type. ``overlap``: spans share a character, one to one.
    ``arguments``: trigger, type and role equal, spans share a character.

    Args:
        texts: with gold.
        kinds: only found events of these types count; all, if None.
    """
    from ekg.model import Document
    from extractors import extract
    from extractors.training.event_scores import Counts

    identified, typed, overlap, filled = Counts(), Counts(), Counts(), Counts()
    for gold in texts:
        found = [
            event
            for event in extract(Document(id=gold.id, text=gold.text)).events
            if (kinds is None or event.type in kinds) and _inside(event.trigger.span, gold.windows)
        ]
        wanted = dict(gold.events)
        for counts in (identified, typed, overlap):
            counts.gold += len(wanted)
            counts.found += len(found)
        identified.right += sum(event.trigger.span in wanted for event in found)
        typed.right += sum(wanted.get(event.trigger.span) == event.type for event in found)
        overlap.right += _paired([event.trigger.span for event in found], sorted(wanted))
        _count_arguments(filled, gold, found)
    scores = {"ti": identified.f1, "overlap": overlap.f1}
    scores["precision"] = round(identified.right / max(identified.found, 1), 4)
    scores["recall"] = round(identified.right / max(identified.gold, 1), 4)
    return scores if kinds is None else {"ti": identified.f1, "tc": typed.f1, "arguments": filled.f1} | scores


def _inside(span: Span, windows: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in windows)


def _paired(found: Sequence[Span], gold: list[Span]) -> int:
    """How many found spans share a character with a gold span of their own; equal ones are paired first."""
    free = list(gold)
    rest = []
    right = 0
    for span in found:
        if span in free:
            free.remove(span)
            right += 1
        else:
            rest.append(span)
    for span in rest:
        hit = next((other for other in free if other[0] < span[1] and span[0] < other[1]), None)
        if hit is not None:
            free.remove(hit)
            right += 1
    return right


def _count_arguments(counts: Any, gold: GoldText, found: Sequence[Event]) -> None:
    free = list(gold.arguments)
    counts.gold += len(free)
    for event in found:
        for argument in event.arguments:
            counts.found += 1
            for item in free:
                trigger, kind, role, span = item
                same = (trigger, kind, role) == (event.trigger.span, event.type, argument.role)
                if same and argument.span and span[0] < argument.span[1] and argument.span[0] < span[1]:
                    free.remove(item)
                    counts.right += 1
                    break
