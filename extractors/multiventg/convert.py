"""A MultiVENT-G record as a document and an extraction record, so that a graph can be built of it."""

from __future__ import annotations

import re

from ekg.ids import event_id
from ekg.model import Argument, CharSpan, Document, DocumentInfo, Event, Extraction, MediaSpan, Trigger
from extractors.multiventg.model import Video

_WHAT = ("what", "event", "type", "incident", "disaster")


def to_record(video: Video) -> tuple[Document, Extraction]:
    """One event a video: its type, every role of its template, and when in the video it is to be seen.

    A role told in the description is ``observed`` with its span. One that only the picture shows is ``partial``: it has
    the words of the annotator and no span. A role without either is in the event's ``missing``.
    """
    media = _hull([moment.media for moment in video.moments])
    document = Document(
        id=video.id,
        kind="video",
        text=video.description,
        duration=media[1] if media else None,
        meta={"event_type": video.event_type, **video.metadata},
    )
    span = _trigger(video)
    arguments = [
        Argument(role=passage.role, text=passage.text, span=passage.span)
        for passage in sorted(video.passages, key=lambda passage: (passage.span or (0, 0), passage.role))
        if passage.span is not None
    ]
    told = {argument.role for argument in arguments}
    shown: dict[tuple[str, str], Argument] = {}
    seen = [*((m.role, m.entity) for m in video.moments), *((b.role, b.entity) for b in video.boxes)]
    for role, entity in seen:
        if role not in told:
            shown.setdefault((role, entity), Argument(role=role, text=entity, span=None, status="partial"))
    roles = {*told, *(role for role, _ in shown)}
    event = Event(
        id=event_id(video.id, *span),
        type=type_name(video.event_type),
        trigger=Trigger(text=video.description[span[0] : span[1]], span=span),
        lemma=video.description[span[0] : span[1]].lower(),
        arguments=(*arguments, *(shown[key] for key in sorted(shown))),
        media=media,
        missing=tuple(role for role in video.roles() if role not in roles),
    )
    info = DocumentInfo(id=video.id, kind="video", title=None, published=None, lang=None, length=len(video.description))
    return document, Extraction(document=info, events=(event,))


def type_name(event_type: str) -> str:
    """A type's name as an identifier, plain ``Event`` where none is given.

    >>> type_name("Natural disasters"), type_name("")
    ('Natural_disasters', 'Event')
    """
    return re.sub(r"\W+", "_", event_type.strip()).strip("_") or "Event"


def _trigger(video: Video) -> CharSpan:
    """The words that say what happened: the first filler of a role of that name, else the first line."""
    for name in _WHAT:
        for passage in video.passages:
            if passage.span is not None and re.split(r"\W+|_", passage.role.lower())[0] == name:
                return passage.span
    line = re.search(r"\S[^\n]{0,109}", video.description)
    return line.span() if line else (0, 0)


def _hull(spans: list[MediaSpan]) -> MediaSpan | None:
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
