"""When an event happened: which time expression of the document says so.

A time expression belongs to the event whose clause it stands in. Events without one take it over from an event they
share a clause with. Nothing is ever dated by default: a report's verb in the past tense ("said") is the one event that
takes the document's own day, marked approximate, because news tells it on the day it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ekg.model import Event, EventTime
from ekg.time import TimeInterval, TimeMention, parse_iso
from extractors.events.labels import PLAIN
from extractors.temporal.bounds import event_time
from extractors.tree import ancestors, clause_head, label, path_length
from extractors.words import word_set

__all__ = [
    "REPORT_TYPES",
    "SEQUENCE",
    "attach_times",
    "dated_by_repetition",
    "dates_events",
    "event_time",
    "report_time",
    "tense_lookup",
]

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.sentences import Sentence

_UNDATED = frozenset({"duration", "set", "unknown"})
_BARRIERS = frozenset({"ccomp", "parataxis", "advcl", "acl", "csubj"})
"""A time on one side of these arcs does not date an event on the other."""
_PLANNED = word_set(
    "expect schedule plan set aim hope want intend agree decide vow threaten promise prepare seek propose pledge slate"
)
SEQUENCE = word_set("follow precede")
"""Verbs whose subject and object happen one after the other, and at no one time."""
_FAR = 6
_LONGEST = 2 * 366 * 86_400
REPORT_TYPES = frozenset({"Statement", "Telling", "Communication", "Announcement", "Warning", "Judgment_communication"})
Direction = Literal["past", "future"]


def tense_lookup(sentences: Sequence[Sentence]) -> Callable[[int], Direction | None]:
    """For `ekg.time.find_times`: the tense of the clause around a character, None where the tree does not say."""
    by_start: dict[int, Token] = {word.idx: word for sentence in sentences for word in sentence.words}

    def tense(position: int) -> Direction | None:
        word = by_start.get(position)
        return None if word is None else clause_tense(clause_head(word))

    return tense


def clause_tense(verb: Token) -> Direction | None:
    """Past or future, from a verb and its auxiliaries."""
    if verb.pos_ not in {"VERB", "AUX"}:
        return None
    helpers = [child for child in verb.children if label(child) in {"aux", "cop"}]
    words = {child.lower_ for child in helpers}
    if words & {"will", "'ll", "’ll", "shall", "wo"}:
        return "future"
    if any(child.tag_ == "VBD" for child in helpers) or verb.tag_ == "VBD" or words & {"has", "have", "'ve", "’ve"}:
        return "past"
    return None


def dates_events(time: TimeMention) -> bool:
    """Whether an expression can say when an event happened.

    "The past 60 years" or "this century", counted from the document's day, compare or sum up ("the wettest July in …");
    taken as a time they would put one day's news into every window of decades.
    """
    if time.granularity in _UNDATED or not (time.begin or time.end):
        return False
    interval = time.interval()
    low, high = interval.bounds() if interval else (None, None)
    return time.anchor != "document" or low is None or high is None or high - low <= _LONGEST


def attach_times(
    sentence: Sentence, triggers: Sequence[Token], kinds: Sequence[str], times: Sequence[TimeMention]
) -> list[TimeMention | None]:
    """The time expression that dates each event of a sentence, if any.

    Args:
        sentence: the sentence.
        triggers: head word of each event's trigger.
        kinds: type of each event; a report takes only a time of its own, not one out of what is reported.
        times: expressions within the sentence.
    """
    dated = [time for time in times if dates_events(time)]
    heads = [_head(sentence, time) for time in dated]
    found: list[TimeMention | None] = []
    opening = _opening_time(sentence, dated)
    places = {trigger.i for trigger in triggers}
    for trigger, kind in zip(triggers, kinds, strict=True):
        far = 2 if kind in REPORT_TYPES else _FAR
        options = []
        for time, head in zip(dated, heads, strict=True):
            inside = time.span[0] <= trigger.idx < time.span[1]
            distance = None if inside or head is None else _distance(trigger, head)
            if (
                distance is not None
                and distance <= far
                and not (_scheduled(trigger, head) or _of_another(trigger, head, places))
            ):
                options.append((distance, abs(time.span[0] - trigger.idx), time.span, time))
        if not options and opening is not None and label(trigger) in {"root", "ROOT"}:
            options.append((0, 0, opening.span, opening))
        found.append(min(options, key=lambda option: option[:3])[3] if options else None)
    return _inherited(triggers, found)


def _scheduled(trigger: Token, head: Token | None) -> bool:
    """Whether a time is what a verb plans for ("a trial was set for Friday"), not when it is planned."""
    if head is None or trigger.pos_ != "VERB":
        return False
    if trigger.lemma_.lower() in _PLANNED and _within_complement(head, trigger):
        return True
    return any(child.lower_ == "for" and label(child) == "case" for child in head.children)


def _of_another(trigger: Token, head: Token | None, places: Collection[int]) -> bool:
    """Whether a time dates what an event comes after or before: "the glitch followed a failed launch in November"."""
    if head is None or head.head.lemma_.lower() not in SEQUENCE:
        return False
    verb = head.head
    other = next((child for child in verb.children if label(child) == "obj" and verb.i < child.i < head.i), None)
    return (
        other is not None and other.i in places and all(token.i != other.i for token in (trigger, *ancestors(trigger)))
    )


def _within_complement(head: Token, trigger: Token) -> bool:
    """Whether a time stands in what a verb plans: "is expected to launch in 2020"."""
    here = head
    for above in ancestors(head):
        if above.i == trigger.i:
            return label(here) == "xcomp"
        here = above
    return False


def _opening_time(sentence: Sentence, dated: Sequence[TimeMention]) -> TimeMention | None:
    """The time with which a sentence opens ("On Friday, …"): it dates the main verb wherever the parser hangs it."""
    first = next((time for time in dated), None)
    if first is None:
        return None
    before = [word for word in sentence.words if word.idx < first.span[0]]
    return first if len(before) <= 1 and all(word.pos_ in {"ADP", "ADV", "DET"} for word in before) else None


def _head(sentence: Sentence, time: TimeMention) -> Token | None:
    """The word of an expression that hangs on a word outside it."""
    inside = [word for word in sentence.words if time.span[0] <= word.idx < time.span[1]]
    return next((word for word in inside if word.head not in inside), inside[0] if inside else None)


def _distance(trigger: Token, head: Token) -> int | None:
    """Steps between an event and a time expression; None where a clause lies between them."""
    steps, meet = path_length(trigger, head)
    if meet is None or steps > _FAR:
        return None
    for start in (trigger, head):
        for token in (start, *ancestors(start)):
            if token.i == meet.i:
                break
            if label(token) in _BARRIERS or (label(token) == "conj" and token.pos_ == "VERB" and start is head):
                return None
            if token.dep_ == "acl:relcl":
                return None
    return steps


def _inherited(triggers: Sequence[Token], found: Sequence[TimeMention | None]) -> list[TimeMention | None]:
    """Events joined by "and", or a verb and its complement, share a time if only one of them has one."""
    result = list(found)
    by_word = {trigger.i: place for place, trigger in enumerate(triggers)}
    for place, trigger in enumerate(triggers):
        if result[place] is not None:
            continue
        own_subject = any(label(child) in {"nsubj", "csubj"} for child in trigger.children)
        if label(trigger) in {"conj", "xcomp"} and not own_subject:
            other = by_word.get(trigger.head.i)
            if other is not None:
                result[place] = found[other]
    return result


def report_time(kind: str, trigger: Token, published: str | None, own: Mapping[str, bool]) -> EventTime | None:
    """The document's day for a report in the past tense, marked approximate.

    Args:
        kind: the event's type.
        trigger: head of its trigger.
        published: the document's date.
        own: what else holds of the event: ``actual``, ``article``.
    """
    if not published or kind not in REPORT_TYPES or not all(own.values()):
        return None
    if trigger.tag_ != "VBD" or clause_head(trigger).i != trigger.i:
        return None
    day = TimeInterval.of(published[:10])
    return EventTime(begin=day.begin, end=day.end, granularity="day", anchor="document", approximate=True)


_OPENING = 12
"""Events at the beginning of a document that may take their time from a mention soon after."""
_SOON = 40
"""Events among which that mention must be."""
_FRESH = 7 * 86_400
"""Seconds before publication within which an event is the news itself."""


def dated_by_repetition(events: Sequence[Event], published: str | None) -> list[Event]:
    """Date an event of the headline or the lead by a mention of the same word and type soon after.

    Only the news itself is dated so: the time must be the only one given for it and begin in the week before
    publication, since an older one is background ("the attacks of last November").
    """
    if published is None:
        return list(events)
    low, high = parse_iso(published)
    given: dict[tuple[str, str], dict[tuple[str | None, str | None], EventTime]] = {}
    for event in events[:_SOON]:
        if event.time is not None and not event.time.approximate and event.polarity == "positive":
            times = given.setdefault((event.type, event.lemma), {})
            times.setdefault((event.time.begin, event.time.end), event.time)
    result = list(events)
    for place, event in enumerate(events[:_OPENING]):
        times = given.get((event.type, event.lemma), {})
        if event.time is None and event.type != PLAIN and event.modality == "actual" and len(times) == 1:
            (time,) = times.values()
            if time.begin and time.end and low - _FRESH <= parse_iso(time.begin)[0] < high:
                result[place] = replace(event, time=time)
    return result
