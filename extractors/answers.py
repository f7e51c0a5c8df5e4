"""Who, what, when and where of a document: from its main event, and, to compare, from its first sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekg.model import Document, Event, EventTime, Extraction, TimeExpression
from ekg.time import TimeInterval, compare
from extractors.completeness import general_role
from extractors.coreference.words import PRONOUNS
from extractors.event_time import REPORT_TYPES
from extractors.salience import is_fresh, ranked

if TYPE_CHECKING:
    from extractors.sentences import Sentence

_NEXT = 5
"""Events after the main one that may say what it leaves open."""
_LONGEST = 25
"""Words of a verb phrase of the first sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Phrases by question (``who``, ``what``, ``when``, ``where``), and the day if ``when`` is one."""

    phrases: Mapping[str, str]
    day: str | None


def main_event_answers(document: Document, record: Extraction, headline: Extraction | None = None) -> Answers:
    """What the main event says; what it leaves open is taken from the next most salient events of the document.

    Args:
        document: an article.
        record: its extraction.
        headline: the extraction of its title as a text of its own; a headline that tells of an event with somebody in
            it says who and what, and when and where come from the text.
    """
    events = ranked(record)[: 1 + _NEXT]
    told = _of_headline(headline) if headline is not None else None
    phrases = {}
    if told is not None and document.title:
        phrases["what"] = _told(document.title, told)
        phrases["who"] = _who(told, headline) or ""
    elif events:
        phrases["what"] = _told(document.text, events[0])
        phrases["who"] = next((who for event in events if (who := _who(event, record))), "")
    dated = _dated(events, record)
    if dated is not None:
        phrases["when"] = dated.text or (document.published or "")[:10]
    placed = next((event.place.text for event in events if event.place is not None), None) or _main_place(record)
    if placed is not None:
        phrases["where"] = placed
    return Answers(
        phrases={question: phrase for question, phrase in phrases.items() if phrase},
        day=_day_told(dated, document.published),
    )


def _day_told(dated: EventTime | TimeExpression | None, published: str | None) -> str | None:
    """The day of a time; of one without words of its own that of publication, which is the answer shown for it."""
    if dated is None:
        return None
    if not dated.text and published:
        return published[:10]
    return _day(dated.begin, dated.end)


def _of_headline(headline: Extraction) -> Event | None:
    """The first event of a title that has somebody or something in it: what a headline adds after it is background."""
    return next((event for event in headline.events if event.type not in REPORT_TYPES and _who(event, headline)), None)


def _who(event: Event, record: Extraction | None) -> str | None:
    """Who acts, else to whom it happens; a pronoun is replaced by the name it stands for, else it says nothing."""
    for general in ("Agent", "Theme"):
        found = [
            argument
            for argument in event.arguments
            if argument.span is not None
            and argument.status == "observed"
            and general_role(event.type, argument.role) == general
        ]
        for argument in sorted(found, key=lambda argument: (-argument.confidence, argument.span or (0, 0))):
            if argument.text.lower() not in PRONOUNS:
                return argument.text
            names = {entity.id: entity.name for entity in record.entities} if record else {}
            if argument.entity in names:
                return names[argument.entity]
    return None


def _dated(events: Sequence[Event], record: Extraction) -> EventTime | TimeExpression | None:
    """The time of the first event that is news, one that the text tells before an inferred one; else the first
    expression of the text that is news; else the first event's time."""
    times = [event.time for event in events if event.time is not None]
    fresh = [time for time in times if is_fresh(time, record.document.published)]
    told = [time for time in fresh if time.status == "observed"]
    said = (time for time in record.times if is_fresh(time, record.document.published))
    return next(iter(told or fresh), None) or next(said, None) or next(iter(times), None)


def _main_place(record: Extraction) -> str | None:
    """The name of the place that a document mentions most, the first named of several."""
    places = [entity for entity in record.entities if entity.type == "place" and entity.mentions]
    best = min(places, key=lambda entity: (-len(entity.mentions), entity.mentions[0]), default=None)
    return best.name if best else None


def _told(text: str, event: Event) -> str:
    """From the trigger to the end of its last argument that follows, which is where the predicate ends."""
    start, end = event.trigger.span
    after = [argument.span[1] for argument in event.arguments if argument.span and argument.span[0] >= end]
    return " ".join(text[start : max([end, *after])].split())


def _day(begin: str | None, end: str | None) -> str | None:
    """The day that an interval is, if it is one, or lies in."""
    if begin is None or end is None:
        return None
    inside = compare(TimeInterval(begin=begin, end=end), TimeInterval.of(begin[:10])) in {"equal", "within"}
    return begin[:10] if inside else None


def first_sentence_answers(document: Document) -> Answers:
    """A floor: subject, verb phrase, first time expression and first place name of the first sentence with a verb."""
    from ekg.time import find_times
    from extractors.event_time import tense_lookup
    from extractors.nlp import parse
    from extractors.sentences import told_sentences, unit_breaks

    sentences = told_sentences(document, parse(document.text, unit_breaks(document)))
    first = next((s for s in sentences if any(word.pos_ == "VERB" for word in s.words)), None)
    if first is None:
        return Answers(phrases={}, day=None)
    phrases = _subject_and_verb(first)
    times = find_times(document.text[: first.end], reference=document.published, tense=tense_lookup(sentences))
    said = next((time for time in times if time.span[0] >= first.start and time.begin), None)
    if said is not None:
        phrases["when"] = said.text
    places = [word for word in first.words if word.ent_type_ == "place"]
    if places:
        name = [word for word in first.words if word.ent_type_ == "place" and abs(word.i - places[0].i) < 3]
        phrases["where"] = document.text[name[0].idx : name[-1].idx + len(name[-1].text)]
    return Answers(phrases=phrases, day=_day(said.begin, said.end) if said else None)


def _subject_and_verb(sentence: Sentence) -> dict[str, str]:
    from extractors.tree import head_of, label

    root = head_of(sentence.words)
    phrases = {}
    subject = next((child for child in root.children if label(child) in {"nsubj", "csubj"}), None)
    if subject is not None:
        span = [word for word in subject.subtree if not word.is_space]
        phrases["who"] = sentence.text[span[0].idx : span[-1].idx + len(span[-1].text)]
    rest = [word for word in sentence.words if word.i >= root.i][:_LONGEST]
    phrases["what"] = sentence.text[rest[0].idx : rest[-1].idx + len(rest[-1].text)]
    return phrases
