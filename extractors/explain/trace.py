"""The extractor with its working open: what went into and came out of every sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekg.model import Document, Event, Extraction
from extractors.extractor import Extractor

if TYPE_CHECKING:
    from ekg.time import TimeMention
    from extractors.coreference import EntityIndex
    from extractors.events.found import FoundEvent
    from extractors.events.tagger import EventTagger
    from extractors.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTrace:
    """A sentence, what the tagger proposed for it, the document's times, and the events that were made of it."""

    sentence: Sentence
    found: tuple[FoundEvent, ...]
    times: tuple[TimeMention, ...]
    events: tuple[Event, ...]


class TracingExtractor(Extractor):
    """Extracts as `Extractor` does, with the same code, and keeps a trace of the last document."""

    trace: list[SentenceTrace]

    def extract(self, document: Document) -> Extraction:
        """The extraction; ``trace`` holds its sentences afterwards."""
        self.trace = []
        return super().extract(document)

    @property
    def tagger(self) -> EventTagger:
        """The event tagger in use."""
        return self._tagger

    def final_type(self, event: FoundEvent, sentence: Sentence) -> str:
        """The type that the extractor gives to a tagged event."""
        from extractors.tree import head_of

        return self._type(event, head_of(sentence.words[event.start : event.end]))

    def _events(
        self,
        document: Document,
        sentence: Sentence,
        found: Sequence[FoundEvent],
        times: Sequence[TimeMention],
        entities: EntityIndex,
    ) -> Iterator[Event]:
        events = tuple(super()._events(document, sentence, found, times, entities))
        self.trace.append(SentenceTrace(sentence=sentence, found=tuple(found), times=tuple(times), events=events))
        yield from events
