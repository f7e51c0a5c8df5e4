"""An extractor for tests of what is built on it: every capitalised word is an entity, every "-ed" word an event."""

from __future__ import annotations

import re

from ekg.ids import entity_id, event_id
from ekg.model import (
    Argument,
    Diagnostic,
    Document,
    DocumentInfo,
    Entity,
    Event,
    EventTime,
    Extraction,
    Trigger,
)


class StubExtractor:
    """Deterministic and fast; fails on a text that holds CRASH."""

    def extract(self, document: Document) -> Extraction:
        """Extract by regular expressions."""
        if "CRASH" in document.text:
            raise RuntimeError("planted failure")
        names: dict[str, list[tuple[int, int]]] = {}
        for match in re.finditer(r"\b[A-Z][a-z]+\b", document.text):
            names.setdefault(match[0], []).append(match.span())
        entities = tuple(
            Entity(id=entity_id(document.id, name), type="person", name=name, mentions=tuple(spans))
            for name, spans in names.items()
        )
        events = tuple(self._event(document, match, names) for match in re.finditer(r"\b[a-z]+ed\b", document.text))
        diagnostics = () if events else (Diagnostic(code="no_events", message="nothing found"),)
        return Extraction(
            document=DocumentInfo(
                id=document.id,
                kind=document.kind,
                title=document.title,
                published=document.published,
                lang=document.lang,
                length=len(document.text),
            ),
            events=events,
            entities=entities,
            diagnostics=diagnostics,
        )

    @staticmethod
    def _event(document: Document, match: re.Match[str], names: dict[str, list[tuple[int, int]]]) -> Event:
        before = [(s, n) for n, spans in names.items() for s in spans if s[1] <= match.start()]
        arguments = []
        if before:
            span, name = max(before)
            arguments.append(Argument(role="Agent", text=name, span=span, entity=entity_id(document.id, name)))
        time = None
        if document.published:
            time = EventTime(begin=document.published, end=None, granularity="day", anchor="document")
        return Event(
            id=event_id(document.id, *match.span()),
            type=match[0].capitalize(),
            trigger=Trigger(text=match[0], span=match.span()),
            lemma=match[0].removesuffix("ed"),
            arguments=tuple(arguments),
            time=time,
        )
