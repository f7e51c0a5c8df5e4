"""Times that events take over: from the clause beside, from the same event told again, from the narrative, the lead.

Nothing is dated by default. What is taken over from another event has ``anchor`` "event"; what only the course of the
text tells is approximate besides. A time from the document's own day covers two days and is approximate: news tells
today what happened today or yesterday.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ekg.model import Document, Event, EventTime
from ekg.time import TimeInterval, TimeMention, parse_iso
from ekg.time.instant import DAY
from extractors.event_time import REPORT_TYPES, SEQUENCE, dated_by_repetition, dates_events
from extractors.events.stems import stem
from extractors.temporal.neighbours import neighbours
from extractors.tree import clause_head, head_of, label

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.sentences import Sentence

_NARRATED = 2
"""Sentences for which a text goes on telling of the day it named."""
_ONE_DAY = 20
"""The same, of a text all of whose recent days are one."""
_OPENING = 12
"""Events of the headline and the lead, which the text tells again."""
_FRESH = 7 * DAY
"""Seconds before its publication in which what a text dates is its news."""
_LEAD = 3
"""Sentences of a news item, with its headline, that tell the news."""
_COMMON = frozenset(
    (
        "be", "hav", "do", "say", "tell", "mak", "tak", "get", "go", "com", "giv", "put", "see", "know", "think",
        "want", "use", "find", "keep", "show", "becom", "leav", "call", "happen", "begin", "start", "continu", "report",
        "add",
    )
)  # fmt: skip
"""Stems too common for two of them to be one event."""
_DAILY = frozenset({"day", "part_of_day", "hour", "minute", "second"})


@dataclass(slots=True)
class _Told:
    """An event with its place in the text.

    Args:
        event: the event.
        head: head of its trigger.
        sentence: number of its sentence.
    """

    event: Event
    head: Token
    sentence: int

    @property
    def open(self) -> bool:
        """Whether the event happened, by the text, and nothing says when."""
        event = self.event
        return event.time is None and event.polarity == "positive" and event.modality in {"actual", "reported"}


def take_over(
    events: Sequence[Event], sentences: Sequence[Sentence], times: Sequence[TimeMention], document: Document
) -> list[Event]:
    """The events, in their order, with the times that those without one take over.

    Args:
        events: as found, with the times of their own clauses.
        sentences: the document's.
        times: all its time expressions.
        document: the document; only one that is published, and an article, has a lead.
    """
    result = dated_by_repetition(events, document.published)
    told = _placed(result, sentences)
    _within_sentences(told)
    _told_again(told, document.published)
    _along_the_text(told, sentences, times, document.published)
    if document.published is not None and document.kind == "article":
        _in_the_lead(told, sentences, times, document.published)
    return [here.event for here in told] if len(told) == len(result) else result


def _placed(events: Sequence[Event], sentences: Sequence[Sentence]) -> list[_Told]:
    starts = [sentence.start for sentence in sentences]
    told = []
    for event in events:
        low, high = event.trigger.span
        sentence = sentences[max(0, bisect_right(starts, low) - 1)]
        words = [word for word in sentence.words if word.idx < high and word.idx + len(word.text) > low]
        if words:
            told.append(_Told(event, head_of(words), sentence.number))
    return told


def _date(here: _Told, time: EventTime, *, approximate: bool) -> None:
    taken = replace(time, anchor="event", approximate=time.approximate or approximate, status="inferred")
    here.event = replace(here.event, time=taken)


def _sentences_of(told: Sequence[_Told]) -> Iterator[list[_Told]]:
    group: list[_Told] = []
    for here in told:
        if group and group[0].sentence != here.sentence:
            yield group
            group = []
        group.append(here)
    if group:
        yield group


def _within_sentences(told: Sequence[_Told]) -> None:
    """Events that the syntax puts at one time with a dated one: until nothing changes."""
    for group in _sentences_of(told):
        by_word = {here.head.i: here for here in group}
        changed = True
        while changed:
            changed = False
            for here in group:
                if not here.open or here.event.type in REPORT_TYPES:
                    continue
                for other in neighbours(here.head, by_word.keys() - {here.head.i}):
                    time = by_word[other].event.time
                    if _one_after_the_other(here.head, by_word[other].head):
                        continue
                    if time is not None and time.span is not None and by_word[other].event.type not in REPORT_TYPES:
                        _date(here, time, approximate=False)
                        changed = True
                        break


def _one_after_the_other(here: Token, other: Token) -> bool:
    """Whether two words are a verb like "followed" and its subject or object."""
    return any(
        verb.lemma_.lower() in SEQUENCE and noun.head.i == verb.i for verb, noun in ((here, other), (other, here))
    )


def _told_again(told: Sequence[_Told], published: str | None) -> None:
    """Events of which the text tells twice, by the same word, if all that it dates of them have one recent day.

    An older time is background more often than not: "the attacks of last November".
    """
    given: dict[str, set[tuple[str, str]]] = {}
    source: dict[str, EventTime] = {}
    for here in told:
        time = here.event.time
        if time is None or time.span is None or time.begin is None or time.end is None or not _repeats(here):
            continue
        key = stem(here.head.text)
        given.setdefault(key, set()).add((time.begin[:10], time.granularity))
        source.setdefault(key, time)
    for place, here in enumerate(told):
        key = stem(here.head.text)
        known = place < _OPENING or _definite(here.head)
        if known and here.open and len(given.get(key, ())) == 1 and _repeats(here) and _recent(source[key], published):
            _date(here, source[key], approximate=True)


def _recent(time: EventTime, published: str | None) -> bool:
    """Whether a time is a day, or within one, of the week before publication."""
    if published is None or time.begin is None or time.granularity not in _DAILY:
        return False
    today, begin = parse_iso(published)[0], parse_iso(time.begin)[0]
    return today - _FRESH <= begin < today + DAY


def _definite(head: Token) -> bool:
    """Whether a noun is said to be known: "the attack", "that raid"."""
    return head.pos_ == "NOUN" and any(child.lower_ in {"the", "this", "that"} for child in head.children)


def _repeats(here: _Told) -> bool:
    """Whether two mentions of a word like this one may well be of one event."""
    positive = here.event.polarity == "positive" and here.event.modality in {"actual", "reported"}
    return positive and here.event.type not in REPORT_TYPES and stem(here.head.text) not in _COMMON


def _along_the_text(
    told: Sequence[_Told], sentences: Sequence[Sentence], times: Sequence[TimeMention], published: str | None
) -> None:
    """Past events after a sentence that names a day, as long as no other time comes between.

    A text that dates all its news to one day goes on telling of it for longer.
    """
    days = {day for here in told if (day := _news_day(here, published))}
    reach = _ONE_DAY if len(days) == 1 else _NARRATED
    spans = [(time.span[0], time) for time in times if dates_events(time)]
    by_sentence = {group[0].sentence: group for group in _sentences_of(told)}
    anchor: EventTime | None = None
    since = 0
    for sentence in sentences:
        group = by_sentence.get(sentence.number, [])
        named = [time for start, time in spans if sentence.start <= start < sentence.end]
        if named:
            anchor = _anchor(group, published) if len(named) == 1 else None
            since = sentence.number
            continue
        if anchor is None or sentence.number - since > reach:
            continue
        for here in group:
            if here.open and here.event.type not in REPORT_TYPES and _narrated(here.head):
                _date(here, anchor, approximate=True)


def _news_day(here: _Told, published: str | None) -> str | None:
    """The day of an event that has a recent time of its own."""
    time = here.event.time
    if time is None or time.span is None or time.begin is None or here.event.type in REPORT_TYPES:
        return None
    return time.begin[:10] if _recent(time, published) else None


def _anchor(group: Sequence[_Told], published: str | None) -> EventTime | None:
    """The day of the past main event of a sentence; a day after publication is no tale's."""
    until = None if published is None else parse_iso(published[:10])[1] + DAY
    for here in group:
        time = here.event.time
        if time is None or time.span is None or time.granularity not in _DAILY or here.event.type in REPORT_TYPES:
            continue
        if time.begin is None or time.end is None or (until is not None and parse_iso(time.begin)[0] >= until):
            continue
        if _narrated(here.head):
            return time
    return None


def _narrated(head: Token) -> bool:
    """Whether a verb tells what happened next: simple past, not "had left", not within a condition or a quality."""
    verb = clause_head(head)
    if verb.i != head.i or label(head) in {"acl", "advcl", "amod"} or head.dep_ == "acl:relcl":
        return False
    helpers = [child for child in verb.children if label(child) == "aux"]
    if any(child.lower_ in {"had", "'d", "has", "have", "will", "would"} for child in helpers):
        return False
    return verb.tag_ == "VBD" or any(child.tag_ == "VBD" for child in helpers)


def _in_the_lead(
    told: Sequence[_Told], sentences: Sequence[Sentence], times: Sequence[TimeMention], published: str
) -> None:
    """Past main verbs of a news item's first sentences, if these name no time: yesterday or today."""
    lead = sentences[:_LEAD]
    if not lead or any(lead[0].start <= time.span[0] < lead[-1].end for time in times if dates_events(time)):
        return
    low, _ = parse_iso(published)
    today = low - low % DAY
    span = TimeInterval.from_bounds(today - DAY, today + DAY)
    for here in told:
        if here.sentence >= _LEAD:
            return
        if not here.open or here.event.type in REPORT_TYPES or not _narrated(here.head):
            continue
        time = EventTime(
            begin=span.begin, end=span.end, granularity="range", anchor="document", approximate=True, status="inferred"
        )
        here.event = replace(here.event, time=time)
