"""The explanation of one document: by sentence, its events with reasons, and the candidates that are not events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ekg.errors import DataError
from ekg.model import Document, Event
from extractors.config import ExtractConfig
from extractors.echoes import is_faint
from extractors.events.labels import PLAIN
from extractors.explain.cues import deciding_words
from extractors.explain.roles import argument_reasons
from extractors.explain.tagging import TokenEvidence, role_evidence, token_evidence
from extractors.explain.times import TimeReasons, attachment
from extractors.explain.trace import SentenceTrace, TracingExtractor

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.events.found import FoundEvent

MOST = 20_000
"""Characters of a document that is still explained; it is for one sentence or a short text."""
_NEAR = 0.1
"""Probability from which a word that is no trigger is worth a line."""


def explain(document: Document, extractor: TracingExtractor | None = None) -> dict[str, Any]:
    """Why the extraction of a document is as it is.

    Args:
        document: one sentence or a short text.
        extractor: a loaded extractor; None loads one with the configuration in use.

    Returns:
        ``document`` (its id and date), ``sentences`` (text, span, ``events`` and ``rejected``), and ``diagnostics``.
        An event has ``id, type, trigger, time, place, polarity, modality, arguments, missing`` as the record has them,
        each with its reasons. All probabilities have four decimals.

    Raises:
        DataError: the document is too long.
        MissingError: weights are missing.
    """
    if len(document.text) > MOST:
        raise DataError(
            f"{document.id}: {len(document.text)} characters are too many to explain",
            hint=f"give a sentence or a text of at most {MOST} characters",
        )
    extractor = extractor or TracingExtractor()
    record = extractor.extract(document)
    final = {event.id: event for event in record.events}
    trace = extractor.trace
    times = TimeReasons(document, [entry.sentence for entry in trace], trace[0].times) if trace else None
    sentences = []
    for entry in trace:
        assert times is not None
        explained = _Explainer(extractor, entry, times)
        sentences.append(
            {
                "text": entry.sentence.text[entry.sentence.start : entry.sentence.end],
                "span": [entry.sentence.start, entry.sentence.end],
                "events": [explained.event(told, final[told.id]) for told in entry.events],
                "rejected": explained.rejected(),
            }
        )
    return {
        "document": {"id": document.id, "published": document.published},
        "sentences": sentences,
        "diagnostics": [{"code": note.code, "message": note.message} for note in record.diagnostics],
    }


class _Explainer:
    """Explains the events of one sentence."""

    def __init__(self, extractor: TracingExtractor, entry: SentenceTrace, times: TimeReasons) -> None:
        self.extractor = extractor
        self.config: ExtractConfig = extractor.config
        self.entry = entry
        self.words: Sequence[Token] = entry.sentence.words
        self.tokens = [word.text for word in self.words]
        self.evidence = token_evidence(extractor.tagger, self.tokens)
        self.times = times

    def event(self, told: Event, event: Event) -> dict[str, Any]:
        """One event with its reasons.

        Args:
            told: as it came out of its sentence.
            event: as it is in the record.
        """
        from extractors.tree import head_of

        words = self._between(event.trigger.span)
        head = head_of(words)
        tagged = next((found for found in self.entry.found if self._holds(found, words)), None)
        place = next(number for number, word in enumerate(self.words) if word.i == words[0].i)
        reasons: dict[str, Any] = {"arguments": [], "left out": []}
        if tagged is not None:
            roles = role_evidence(self.extractor.tagger, self.tokens, tagged)
            reasons = argument_reasons(event, tagged, self.entry.sentence, roles)
        cues = [word.text for word in deciding_words(head, self.words)]
        return {
            "id": event.id,
            "type": {"name": event.type, **self._type_reason(event, tagged, self.evidence[place])},
            "trigger": {
                "text": event.trigger.text,
                "span": list(event.trigger.span),
                **self._trigger_reason(event, tagged, self.evidence[place]),
            },
            "polarity": {"value": event.polarity, "cues": cues if event.polarity == "negative" else []},
            "modality": {"value": event.modality, "cues": cues if event.modality != "actual" else []},
            **reasons,
            "time": self._time(event, told, head),
            "place": self._place(event),
            "missing": list(event.missing),
        }

    def rejected(self) -> list[dict[str, Any]]:
        """Words that could have been triggers: those the tagger proposed, and those that came near."""
        kept = {word.i for event in self.entry.events for word in self._between(event.trigger.span)}
        listed = []
        proposed: set[int] = set()
        for found in self.entry.found:
            words = self.words[found.start : found.end]
            proposed |= {word.i for word in words}
            if kept.isdisjoint(word.i for word in words):
                listed.append(
                    {
                        "text": self._text(words),
                        "probability": found.confidence,
                        "type": found.type,
                        "rule": self._rule(found),
                    }
                )
        for word, evidence in zip(self.words, self.evidence, strict=True):
            if word.i not in kept | proposed and max(evidence.typed, evidence.news) >= _NEAR:
                typed = evidence.typed / self.config.typed >= evidence.news / self.config.news
                threshold = self.config.typed if typed else self.config.news
                probability = evidence.typed if typed else evidence.news
                rule = f"below the threshold of {threshold:g} for {'typed' if typed else 'other'} events"
                if probability >= threshold:
                    rule = "the models chosen in the configuration did not propose it"
                listed.append(
                    {"text": word.text, "probability": probability, "type": evidence.types[0][0], "rule": rule}
                )
        return listed

    def _between(self, span: tuple[int, int]) -> list[Token]:
        return [word for word in self.words if span[0] <= word.idx < span[1]]

    def _holds(self, found: FoundEvent, words: Sequence[Token]) -> bool:
        mine = {word.i for word in words}
        return any(word.i in mine for word in self.words[found.start : found.end])

    def _text(self, words: Sequence[Token]) -> str:
        return self.entry.sentence.text[words[0].idx : words[-1].idx + len(words[-1].text)]

    def _trigger_reason(self, event: Event, tagged: FoundEvent | None, evidence: TokenEvidence) -> dict[str, Any]:
        typed = tagged is not None and tagged.type != PLAIN
        words = self.words[tagged.start : tagged.end] if tagged is not None else ()
        changed = tagged is not None and self._text(words) != event.trigger.text
        echo = tagged is not None and is_faint(tagged, self.config.news)
        rules = [f"'{self._text(words)}' was tidied"] if changed else []
        rules += ["the word triggers a surer event elsewhere in the text"] if echo else []
        threshold = self.config.typed if typed else self.config.faint if echo else self.config.news
        return {
            "probability": event.confidence,
            "head": event.method or ("typed events" if typed else "news events"),
            "threshold": threshold,
            "both": {"typed events": evidence.typed, "news events": evidence.news},
            "dictionary": {"stem": evidence.stem, "seen": evidence.seen, "triggered": evidence.triggered},
            "rules": rules,
        }

    def _type_reason(self, event: Event, tagged: FoundEvent | None, evidence: TokenEvidence) -> dict[str, Any]:
        others = [{"type": name, "probability": p} for name, p in evidence.types if name != event.type][:2]
        first = dict(evidence.types).get(event.type)
        if event.method:
            by = f"the model {event.method}"
        elif tagged is not None and tagged.type == event.type:
            by = "the type head" if event.type != PLAIN else "no type fits: an event of news without a type"
        elif tagged is not None and tagged.type == PLAIN:
            by = "the ontology's words; the tagger gave no type"
        else:
            by = "the ontology's words; the dictionary never saw the word as a trigger"
        return {"by": by, "probability": first if by == "the type head" else None, "runner up": others}

    def _rule(self, found: FoundEvent) -> str:
        """Which of the extractor's own tests a proposed trigger fails."""
        from extractors.tree import head_of
        from extractors.triggers import is_spurious, may_happen, tidied

        words = self.words[found.start : found.end]
        if not tidied([found], self.words):
            return "nothing is left of it without function words"
        here = [time for time in self.entry.times if time.span[0] < words[-1].idx + len(words[-1].text)]
        if is_spurious(words, here, typed=found.type != PLAIN):
            if any(time.span[0] <= words[0].idx < time.span[1] for time in here):
                return "it is part of a time expression"
            return "it is a function word or part of a name"
        if self.extractor.final_type(found, self.entry.sentence) == PLAIN and not may_happen(
            head_of(words), found.confidence
        ):
            return "without a type only verbs and nouns that are no mere state count"
        return "it overlaps another trigger"

    def _time(self, event: Event, told: Event, head: Token) -> dict[str, Any]:
        reason = attachment(self.entry.sentence, head, event, told, self.times.times)
        time = event.time
        if time is None:
            return {"begin": None, "end": None, "status": "missing", "attached": reason}
        known = {"begin": time.begin, "end": time.end, "status": time.status, "attached": reason}
        return known if time.span is None else {**self.times.value(time.span), **known}

    def _place(self, event: Event) -> dict[str, Any]:
        place = event.place
        if place is None:
            return {"text": None, "status": "missing", "attached": "no named place in a place role or near by"}
        role = next((a.role for a in event.arguments if a.span == place.span), None)
        if role is not None:
            reason = f"it is the event's {role}"
        else:
            cases = [c.text for word in self._between(place.span) for c in word.children if c.dep_ == "case"]
            reason = f"a place name that hangs on the event by '{cases[0]}'" if cases else "a place name near by"
        return {"text": place.text, "status": "observed", "attached": reason}
