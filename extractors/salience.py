"""Which events of a document it is about, and which of them is the main one.

Common sense only, nothing is tuned: the news of an article is in its title and lead, is told again, has a date close to
the day of publication, a place and somebody who takes part, and is told as a fact; "said" is how it is told.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from ekg.model import Event, EventTime, Extraction, TimeExpression
from ekg.time import parse_iso
from extractors.completeness import general_role
from extractors.event_time import REPORT_TYPES
from extractors.events.labels import PLAIN
from extractors.events.stems import stem

_LEAD = 1_500
"""Characters after which it no longer counts how early an event is told."""
_WEEK = 7 * 86_400


def ranked(record: Extraction) -> list[Event]:
    """The events of a record, the most salient first; text order decides a tie."""
    times_told = Counter((event.type, event.lemma) for event in record.events)
    title = {stem(word) for word in re.findall(r"[^\W_]+", record.document.title or "")}
    scored = [
        (-salience(event, record, times_told[event.type, event.lemma], title), event.trigger.span, event)
        for event in record.events
    ]
    return [event for _, _, event in sorted(scored, key=lambda item: item[:2])]


def main_event(record: Extraction) -> Event | None:
    """The event that a document is about, None where it has no event."""
    return next(iter(ranked(record)), None)


def salience(event: Event, record: Extraction, told: int, title: set[str]) -> float:
    """How much an event is what its document is about; a sum of plain reasons, four decimals.

    Args:
        event: one of the record's.
        record: the document's extraction.
        told: how often the document tells of an event of this type and lemma.
        title: stems of the words of its title.
    """
    score = 2.0 * max(0.0, 1 - event.trigger.span[0] / _LEAD)
    score += 3.0 * any(stem(word) in title for word in re.findall(r"[^\W_]+", event.trigger.text))
    score += min(2.0, math.log2(told))
    score += 0.5 * (event.type != PLAIN) + 0.5 * (event.place is not None)
    roles = {general_role(event.type, a.role) for a in event.arguments if a.status == "observed"}
    score += 1.0 * ("Agent" in roles) + 1.0 * ("Theme" in roles)
    score += 1.0 * (event.modality == "actual" and event.polarity == "positive")
    score += 1.0 * (event.time is not None) + 1.0 * is_fresh(event.time, record.document.published)
    score -= 3.0 * (event.type in REPORT_TYPES)
    return round(score + event.confidence, 4)


def is_fresh(time: EventTime | TimeExpression | None, published: str | None) -> bool:
    """Whether a time begins in the week before a document was published, or that day, as that of news does."""
    if time is None or time.begin is None or published is None:
        return False
    try:
        low, high = parse_iso(published)
    except ValueError:
        return False
    return low - _WEEK <= parse_iso(time.begin)[0] < high
