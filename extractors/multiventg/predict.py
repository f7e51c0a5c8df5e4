"""Roles of a template filled from what our extractor finds in a description: the text part of the task."""

from __future__ import annotations

import re

from ekg.model import CharSpan, Event, Extraction
from extractors.completeness import general_role
from extractors.multiventg.model import Passage, Video
from extractors.salience import ranked

_QUESTIONS: dict[str, frozenset[str]] = {
    "when": frozenset({"when", "date", "time", "day", "year", "period", "duration"}),
    "where": frozenset({"where", "place", "location", "country", "city", "region", "venue", "area", "site"}),
    "who": frozenset(
        {"who", "actor", "agent", "organizer", "candidate", "candidates", "team", "teams", "winner", "person", "people"}
        | {"party", "participants", "protesters", "organization", "speaker", "leader", "company", "responder"}
    ),
    "whom": frozenset({"whom", "affected", "victim", "victims", "target", "object", "product", "recipient", "loser"}),
    "what": frozenset({"what", "event", "type", "disaster", "incident", "election", "outcome", "announcement"}),
    "why": frozenset({"why", "cause", "reason"}),
}
_GENERAL = {"who": ("Agent",), "whom": ("Theme", "Goal"), "where": ("Place",), "why": ("Cause",)}
_EVENTS = 3


def question_of(role: str, meaning: str = "") -> str | None:
    """Which question a field of a template asks, by its name, else by the first telling word of its description.

    >>> question_of("where"), question_of("affected_people"), question_of("field_3", "the date of the launch")
    ('where', 'whom', 'when')
    """
    for text in (role, meaning):
        for word in re.findall(r"[a-z]+", text.lower().replace("_", " ")):
            for question, words in _QUESTIONS.items():
                if word in words:
                    return question
    return None


def predict(video: Video, record: Extraction) -> Video:
    """The video with passages of ours for its template's roles, from the most salient events of its description."""
    events = ranked(record)[:_EVENTS]
    found: dict[tuple[str, CharSpan], Passage] = {}
    for role in video.roles():
        question = question_of(role, video.template.get(role, ""))
        for event in events if question else ():
            for span in _spans(event, question or ""):
                text = video.description[span[0] : span[1]]
                found.setdefault((role, span), Passage(role=role, text=text, span=span))
    return Video(
        id=video.id,
        description=video.description,
        event_type=video.event_type,
        template=video.template,
        passages=tuple(found[key] for key in sorted(found)),
    )


def _spans(event: Event, question: str) -> list[CharSpan]:
    if question == "what":
        return [event.trigger.span]
    if question == "when":
        return [event.time.span] if event.time is not None and event.time.span is not None else []
    spans = [event.place.span] if question == "where" and event.place is not None else []
    wanted = _GENERAL[question]
    for argument in event.arguments:
        told = argument.span is not None and argument.status == "observed"
        if told and argument.span is not None and general_role(event.type, argument.role) in wanted:
            spans.append(argument.span)
    return spans
