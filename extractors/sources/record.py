"""One JSON record (our keys or news-please's) to a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ekg.model import Document
from extractors.sources.dates import dateline, normalise_date
from extractors.sources.fields import clean_id, flatten, language, names, seconds, text_or_none, whole_text
from extractors.sources.paragraphs import segment_text

TEXT_KEYS = ("text", "maintext")
_LEAD_KEYS = ("lead", "description")
_DATE_KEYS = ("published", "date_publish", "datePublished", "date", "upload_date")
_PUBLISHER_KEYS = ("publisher", "source_domain", "channel")
_LANG_KEYS = ("lang", "language")
_URL_KEYS = ("url", "webpage_url")
_AUTHOR_KEYS = ("authors", "author")
_ID_KEYS = ("id", "dId")
_KNOWN = frozenset(
    (*TEXT_KEYS, *_LEAD_KEYS, *_DATE_KEYS, *_PUBLISHER_KEYS, *_LANG_KEYS, *_URL_KEYS, *_AUTHOR_KEYS, *_ID_KEYS)
) | {"kind", "title", "duration"}
_KINDS = ("article", "video")


@dataclass(frozen=True)
class FieldError(Exception):
    """A field that a document cannot be made without is wrong."""

    field: str
    message: str
    hint: str | None = None


def date_or_note(value: object, notes: list[tuple[str, str]], text: str = "") -> str | None:
    """The ISO date of a value, or None with a diagnostic ``bad_date`` (unreadable) or ``no_date`` (absent).

    Where the value is absent, a dateline with a full date in the text stands in (diagnostic ``dateline``).
    """
    given = text_or_none(value) if not isinstance(value, list | Mapping) else repr(value)
    found = dateline(text) if given is None else None
    if found is not None:
        notes.append(("dateline", f"date of publication taken from '{found[1]}'"))
        return found[0]
    if given is None:
        notes.append(("no_date", "no date of publication; relative dates in the text cannot be resolved"))
        return None
    try:
        return normalise_date(given)
    except (ValueError, OverflowError, OSError):
        notes.append(("bad_date", f"'{given[:80]}' is not a date that can be read; use ISO 8601 (YYYY-MM-DD)"))
        return None


def record_document(record: Mapping[str, Any], fallback: str, notes: list[tuple[str, str]]) -> Document:
    """The document of a record.

    Args:
        record: decoded JSON object.
        fallback: the id if the record has none.
        notes: diagnostics found so far; taken over.

    Raises:
        FieldError: no text, or a text, id or kind of a wrong type.
    """
    kind = text_or_none(record.get("kind")) or "article"
    if kind not in _KINDS:
        raise FieldError("kind", f"'{kind}' is not a kind of document", "use article or video")
    try:
        identifier = next((i for i in (clean_id(record.get(key)) for key in _ID_KEYS) if i), None) or fallback
    except ValueError as error:
        raise FieldError("id", str(error)) from error
    text = _text(record, kind)
    notes = list(notes)
    title = text_or_none(record.get("title"))
    lead = _first(record, _LEAD_KEYS)
    if not text.strip() and kind == "article":
        notes.append(("empty_document", "the text is empty"))
    published = date_or_note(next((v for v in map(record.get, _DATE_KEYS) if text_or_none(v)), None), notes, text)
    return Document(
        id=identifier,
        text=text,
        kind=kind,
        title=title,
        lead=lead,
        published=published,
        segments=segment_text(text, title=title, lead=lead),
        lang=next((lang for lang in (language(record.get(key)) for key in _LANG_KEYS) if lang), None),
        url=_first(record, _URL_KEYS),
        publisher=_publisher(record),
        authors=next((who for who in (names(record.get(key)) for key in _AUTHOR_KEYS) if who), ()),
        duration=seconds(record.get("duration")),
        meta=flatten({key: value for key, value in record.items() if key not in _KNOWN}),
        diagnostics=tuple(notes),
    )


def _text(record: Mapping[str, Any], kind: str) -> str:
    for key in TEXT_KEYS:
        value = record.get(key)
        if value is None:
            continue
        if not isinstance(value, str):
            raise FieldError(key, f"must be a string, not {type(value).__name__}")
        if value or key == TEXT_KEYS[-1] or not record.get(TEXT_KEYS[-1]):
            return whole_text(value)
    if kind == "video":
        return ""
    known = whole_text(", ".join(sorted(str(key)[:40] for key in record)[:8]))
    raise FieldError("text", "missing", f"the record has {known or 'no fields'}; give the article's text as 'text'")


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((text for text in (text_or_none(record.get(key)) for key in keys) if text), None)


def _publisher(record: Mapping[str, Any]) -> str | None:
    for key in _PUBLISHER_KEYS:
        value = record.get(key)
        name = text_or_none(value.get("name") if isinstance(value, Mapping) else value)
        if name:
            return name.removeprefix("www.")
    return None
