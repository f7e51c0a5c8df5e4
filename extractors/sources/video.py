"""Videos: captions or a transcript with their ``.info.json``, or that file alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ekg.model import Document
from extractors.captions import Captions, compose
from extractors.sources.fields import flatten, language, names, seconds, text_or_none
from extractors.sources.record import date_or_note

Notes = list[tuple[str, str]]
_KEPT = ("extractor", "channel_id", "uploader_id", "categories", "tags", "location", "series", "episode", "license")
_META = {"id": "video_id"} | {key: key for key in _KEPT}
_INFO_MARKS = ("webpage_url", "extractor", "extractor_key", "upload_date", "_type")


def is_video_info(value: object) -> bool:
    """Whether decoded JSON is a downloader's description of a video and no article."""
    return isinstance(value, Mapping) and "text" not in value and sum(mark in value for mark in _INFO_MARKS) >= 2


def video_document(
    identifier: str, captions: Captions | None, info: Mapping[str, Any], notes: Notes, *, lang: str | None = None
) -> Document:
    """The document of a video.

    Args:
        identifier: its id.
        captions: None for a video without captions, whose text is empty.
        info: the fields of its ``.info.json``, empty if there is none.
        notes: diagnostics found so far.
        lang: language in the caption file's name.
    """
    text, segments = (
        ("", ())
        if captions is None
        else compose(captions.cues, kind="turn" if captions.format == "transcript" else "cue")
    )
    notes = list(notes)
    if captions is not None:
        if captions.note:
            notes.append(("encoding", captions.note))
        if captions.repairs:
            listed = ", ".join(f"{kind} {count}" for kind, count in captions.repairs.items())
            notes.append(("captions_repaired", listed))
        if not text:
            notes.append(("empty_document", "the captions hold no speech"))
    date = next((info[key] for key in ("published", "upload_date", "release_date", "timestamp") if info.get(key)), None)
    published = date_or_note(date, notes)
    duration = seconds(info.get("duration"))
    if duration is None and captions is not None and captions.cues:
        duration = max(cue.media[1] for cue in captions.cues)
    named = captions.lang if captions is not None else None
    spoken = language(lang) or language(named) or language(info.get("language"))
    return Document(
        id=identifier,
        text=text,
        kind="video",
        title=text_or_none(info.get("title")) or text_or_none(info.get("fulltitle")),
        lead=text_or_none(info.get("description")),
        published=published,
        segments=segments,
        lang=spoken,
        url=text_or_none(info.get("webpage_url")) or text_or_none(info.get("original_url")),
        publisher=text_or_none(info.get("channel")) or text_or_none(info.get("uploader")),
        authors=names(info.get("creators") or info.get("creator")),
        duration=duration,
        meta=flatten({_META[key]: info[key] for key in _META if key in info}),
        diagnostics=tuple(notes),
    )
