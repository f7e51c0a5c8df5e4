"""One document to one extraction: entities, times, and events with arguments, time, place and factuality."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from ekg.ids import event_id
from ekg.model import (
    Diagnostic,
    Document,
    DocumentInfo,
    Event,
    EventTime,
    Extraction,
    TimeExpression,
    Trigger,
)
from extractors.backends.choice import configured
from extractors.backends.chosen import ChosenEvent
from extractors.config import ExtractConfig
from extractors.events.labels import PLAIN
from extractors.language import english_share
from extractors.ontology import own_signature
from extractors.senses import refined_type

if TYPE_CHECKING:
    from spacy.tokens import Token

    from ekg.time import TimeMention
    from extractors.coreference import EntityIndex
    from extractors.events.found import FoundEvent
    from extractors.sentences import Sentence

Diagnostics = list[Diagnostic]
NOT_ENGLISH = "language"
"""Code of the diagnostic of a document in another language, of which no events are told."""


class Extractor:
    """Models loaded once; documents go through one at a time, so that none influences another.

    Args:
        config: options; the defaults are what the shipped weights were tuned for.

    Raises:
        MissingError: weights are missing.
    """

    def __init__(self, config: ExtractConfig | None = None) -> None:
        from extractors.backends.backends import Backends
        from extractors.nlp import load
        from extractors.nlp.pipeline import shared_tagger
        from extractors.ontology import load_keywords, load_ontology
        from extractors.ontology.own import OwnTypes

        self.config = config or configured()
        self._thresholds = self.config.thresholds()
        self._tagger = shared_tagger()
        self._keywords = load_keywords()
        self._known_types = frozenset(load_ontology())
        self._own_types = OwnTypes(self._tagger, self.config.role_bias)
        self._backends = Backends(self.config.choice, self._tagger, self.config.role_bias)
        load()

    def extract(self, document: Document) -> Extraction:
        """The extraction of a document. Odd input (empty, without a date, not English) gives diagnostics, no error."""
        notes = [Diagnostic(code=code, message=message) for code, message in document.diagnostics]
        info = DocumentInfo(
            id=document.id,
            kind=document.kind,
            title=document.title,
            published=document.published,
            lang=document.lang,
            length=len(document.text),
        )
        if not self._worth_reading(document, notes):
            return Extraction(document=info, diagnostics=tuple(notes))
        return self._read(document, info, notes)

    def extract_many(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """Extractions in the order of the documents."""
        for document in documents:
            yield self.extract(document)

    def _worth_reading(self, document: Document, notes: Diagnostics) -> bool:
        if not document.text.strip():
            notes.append(Diagnostic(code="empty", message="the document has no text"))
            return False
        share = english_share(document.text)
        if share is not None and share < self.config.language_share:
            said = f"it says '{document.lang}'" if document.lang else "its language is not given"
            what = f"not English ({share:.0%} English function words; {said}): only names and times were looked for"
            notes.append(Diagnostic(code=NOT_ENGLISH, message=what))
        if document.published is None and all(note.code != "no_date" for note in notes):
            notes.append(Diagnostic(code="no_date", message="no publication date: relative dates stay without a value"))
        if len(document.text) > self.config.max_characters:
            notes.append(
                Diagnostic(code="too_long", message=f"only the first {self.config.max_characters} characters were read")
            )
        return True

    def _read(self, document: Document, info: DocumentInfo, notes: Diagnostics) -> Extraction:
        from ekg.errors import DataError
        from ekg.time import find_times
        from extractors.completeness import with_status
        from extractors.coreference import find_entities
        from extractors.echoes import echoed
        from extractors.event_place import inferred_places
        from extractors.event_time import tense_lookup
        from extractors.readings import tagged_sentences
        from extractors.relations.find import find_relations
        from extractors.sentences import told_sentences, unit_breaks, without_endless
        from extractors.temporal.inherit import take_over

        text, endless = without_endless(document.text[: self.config.max_characters])
        if endless:
            what = f"{endless} characters of a stretch that no sentence or line ends were not read"
            notes.append(Diagnostic(code="endless", message=what))
        doc = self._backends.parse(text, unit_breaks(document), self._thresholds)
        sentences = told_sentences(document, doc)
        try:
            times = find_times(text, reference=document.published, tense=tense_lookup(sentences))
        except DataError as error:
            notes.append(Diagnostic(code="date", message=f"publication date not understood: {error}"))
            document = replace(document, published=None)
            times = find_times(text, tense=tense_lookup(sentences))
        entities = find_entities(document.id, doc, sentences, document, self.config.link_table)
        english = all(note.code != NOT_ENGLISH for note in notes)
        told = sentences if english else []
        # Before another model is asked: what is only faint is no reason to send it a sentence.
        tagged = echoed(told, tagged_sentences(doc, told, self._tagger, self._thresholds), self.config.news)
        events: list[Event] = []
        proposed = self._own_types.events(told, self._backends.events(told, tagged, notes))
        for sentence, found in zip(told, proposed, strict=True):
            events.extend(self._events(document, sentence, found, times, entities))
        events = inferred_places(events, sentences, entities, text)
        events = with_status(events, take_over(events, sentences, times, document))
        if not events and english:
            notes.append(Diagnostic(code="no_events", message="no event was found"))
        relations, dropped = find_relations(doc, events, self.config.relations)
        notes.extend(dropped)
        return Extraction(
            document=info,
            events=tuple(events),
            entities=entities.entities,
            times=tuple(_expression(time) for time in times),
            relations=relations,
            diagnostics=tuple(notes),
        )

    def _events(
        self,
        document: Document,
        sentence: Sentence,
        found: Sequence[FoundEvent],
        times: Sequence[TimeMention],
        entities: EntityIndex,
    ) -> Iterator[Event]:
        from extractors.arguments import make_arguments
        from extractors.event_place import find_place, shared_places
        from extractors.event_time import attach_times, event_time, report_time
        from extractors.factuality import factuality
        from extractors.tree import head_of
        from extractors.triggers import is_spurious, may_happen, tidied

        begin, end = sentence.start, sentence.end
        here = list(takewhile(lambda time: time.span[0] < end, times[bisect_right(times, begin, key=_end) :]))
        kept: list[tuple[FoundEvent, Token, str]] = []
        for event in tidied(found, sentence.words):
            words = sentence.words[event.start : event.end]
            head = head_of(words)
            kind = self._type(event, head)
            if not is_spurious(words, here, typed=event.type != PLAIN) and (
                kind != PLAIN or may_happen(head, event.confidence)
            ):
                kept.append((event, head, kind))
        dates = attach_times(sentence, [head for _, head, _ in kept], [kind for _, _, kind in kept], here)
        fillers = [
            make_arguments(event, kind, sentence, entities, self._keywords, self._tagger.labels, here)
            for event, _, kind in kept
        ]
        own_places = [
            find_place(head, kind, arguments, sentence, entities)
            for (_, head, kind), arguments in zip(kept, fillers, strict=True)
        ]
        places = shared_places([head for _, head, _ in kept], own_places)
        for (event, head, kind), dated, arguments, place in zip(kept, dates, fillers, places, strict=True):
            polarity, modality = factuality(head, sentence.words)
            first, last = sentence.words[event.start], sentence.words[event.end - 1]
            span = (first.idx, last.idx + len(last.text))
            time: EventTime | None = event_time(dated, sentence) if dated else None
            if time is None:
                own = {"actual": modality == "actual" and polarity == "positive", "article": document.kind == "article"}
                time = report_time(kind, head, document.published, own)
            yield Event(
                id=event_id(document.id, *span),
                type=kind,
                trigger=Trigger(text=document.text[span[0] : span[1]], span=span),
                lemma=(head.lemma_ or head.text).lower(),
                polarity=polarity,
                modality=modality,
                confidence=event.confidence,
                arguments=arguments,
                time=time,
                place=place,
                media=document.media_at(*span),
                method=(event.method or None) if isinstance(event, ChosenEvent) else None,
            )

    def _type(self, event: FoundEvent, head: Token) -> str:
        """The tagger's type, unless it never saw the word as a trigger and one of the ontologies knows it."""
        if isinstance(event, ChosenEvent):
            return event.kind
        before = head.nbor(-1).text if head.i > 0 else ""
        kind = event.type
        if kind == PLAIN or not self._tagger.lexicon.evidence(head.text)[1]:
            by_word = self._keywords.type_of(head.text, head.pos_, before)
            by_word = by_word or self._keywords.type_of(head.lemma_, head.pos_, before)
            # Trained types are the tagger's to give: where it gives none, words alone are wrong too often by GENEVA.
            if by_word and by_word not in self._tagger.labels.types:
                kind = by_word
        return refined_type(kind, head, self._known_types)


def _end(time: TimeMention) -> int:
    return time.span[1]


def _expression(time: TimeMention) -> TimeExpression:
    return TimeExpression(
        text=time.text,
        span=time.span,
        begin=time.begin,
        end=time.end,
        granularity=time.granularity,
        anchor=time.anchor,
        approximate=time.approximate,
    )


_DEFAULT: dict[tuple[ExtractConfig, str], Extractor] = {}


def extract(document: Document, config: ExtractConfig | None = None) -> Extraction:
    """Extract one document with models that are loaded once a process.

    Raises:
        MissingError: weights are missing.
    """
    config = config or configured()
    key = (config, own_signature())
    if key not in _DEFAULT:
        _DEFAULT[key] = Extractor(config)
    return _DEFAULT[key].extract(document)
