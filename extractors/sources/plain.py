"""Plain text and Markdown."""

from __future__ import annotations

import re

from ekg.model import Document, Segment
from extractors.sources.fields import flatten, language, names, text_or_none
from extractors.sources.paragraphs import segment_text
from extractors.sources.record import date_or_note

Notes = list[tuple[str, str]]
_TITLE_LENGTH = 150
_FRONT = re.compile(r"\A---[^\S\n]*\n(?P<body>.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})\s*$")
_RULE = re.compile(r"^ {0,3}([-*_])(?:\s*\1){2,}\s*$")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_ROW_RULE = re.compile(r"^[\s:|]*-[\s:|-]*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_TARGET = r"\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500}){0,3}\)"
_INLINE = (
    (re.compile(r"!\[[^\[\]\n]*\]" + _TARGET), ""),
    (re.compile(r"\[([^\[\]\n]*)\]" + _TARGET), r"\1"),
    (re.compile(r"\[([^\[\]\n]+)\]\[[^\[\]\n]*\]"), r"\1"),
    (re.compile(r"\[\^[^\[\]\n]+\]"), ""),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]*>"), ""),
    (re.compile(r"(?<![\w*])\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_{1,3}(?=\S)([^_\n]+?)(?<=\S)_{1,3}(?![\w_])"), r"\1"),
    (re.compile(r"~~([^~\n]+)~~"), r"\1"),
    (re.compile(r"`+([^`\n]+)`+"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])"), r"\1"),
)


def text_document(identifier: str, text: str, notes: Notes) -> Document:
    """A document of plain text, unchanged; a short first line before a blank one is taken for its title."""
    notes = list(notes)
    if not text.strip():
        notes.append(("empty_document", "the file is empty"))
    title = _first_line(text)
    published = date_or_note(None, notes, text)
    segments = segment_text(text, title=title)
    return Document(
        id=identifier, text=text, title=title, published=published, segments=segments, diagnostics=tuple(notes)
    )


def _first_line(text: str) -> str | None:
    first, _, rest = text.strip().partition("\n")
    line = text_or_none(first)
    if line is None or len(line) > _TITLE_LENGTH or line.endswith((".", ":", ";", ",")):
        return None
    following = rest.partition("\n")[0]
    return line if rest.strip() and not following.strip() else None


def markdown_document(identifier: str, source: str, notes: Notes) -> Document:
    """A document of Markdown's text without its markup; front matter gives title, date, author and the like.

    Headings, code blocks and tables become segments of those kinds; code and tables keep their line breaks.
    """
    notes = list(notes)
    front, body = _front_matter(source)
    blocks = _blocks(_without_comments(body).split("\n"))
    title = text_or_none(front.get("title"))
    if title is None:
        title = next((text for kind, text in blocks if kind == "heading"), None)
    pieces: list[str] = []
    segments: list[Segment] = []
    length = 0
    for kind, text in blocks:
        if pieces:
            pieces.append("\n\n")
            length += 2
        if kind == "heading" and text == title and not any(s.kind == "title" for s in segments):
            kind = "title"
        segments.append(Segment(span=(length, length + len(text)), kind=kind))
        pieces.append(text)
        length += len(text)
    if not pieces:
        notes.append(("empty_document", "the file is empty"))
    dated = next((front[k] for k in ("published", "date", "date_publish") if text_or_none(front.get(k))), None)
    known = {"title", "published", "date", "date_publish", "lang", "language", "author", "authors", "publisher",
             "source", "url", "lead", "description", "summary", "id"}  # fmt: skip
    return Document(
        id=text_or_none(front.get("id")) or identifier,
        text="".join(pieces),
        title=title,
        lead=next((v for v in (text_or_none(front.get(k)) for k in ("lead", "description", "summary")) if v), None),
        published=date_or_note(dated, notes, "".join(pieces)),
        segments=tuple(segments),
        lang=language(front.get("lang") or front.get("language")),
        url=text_or_none(front.get("url")),
        publisher=text_or_none(front.get("publisher") or front.get("source")),
        authors=names(front.get("authors") or front.get("author")),
        meta=flatten({key: value for key, value in front.items() if key not in known}),
        diagnostics=tuple(notes),
    )


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    """Flat ``key: value`` lines of YAML front matter, and what follows it."""
    match = _FRONT.match(source)
    if match is None:
        return {}, source
    fields: dict[str, str] = {}
    for line in match["body"].split("\n"):
        key, colon, value = line.partition(":")
        if colon and key.strip() and not line[:1].isspace() and not key.startswith("#"):
            value = value.strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            fields[key.strip().lower()] = value
    return (fields, source[match.end() :]) if fields else ({}, source)


def _without_comments(body: str) -> str:
    """The body without ``<!-- … -->``; one that never ends is text."""
    pieces: list[str] = []
    position = 0
    while (start := body.find("<!--", position)) >= 0 and (end := body.find("-->", start)) >= 0:
        pieces.append(body[position:start])
        position = end + 3
    return "".join([*pieces, body[position:]])


def _blocks(lines: list[str]) -> list[tuple[str, str]]:
    blocks: list[tuple[str, str]] = []
    paragraph: list[str] = []

    def flush(kind: str = "paragraph") -> None:
        text = " ".join(filter(None, (_inline(line) for line in paragraph)))
        paragraph.clear()
        if text:
            blocks.append((kind, text))

    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if fence := _FENCE.match(line):
            flush()
            code: list[str] = []
            while position < len(lines) and not lines[position].strip().startswith(fence["mark"]):
                code.append(lines[position])
                position += 1
            position += 1
            if any(part.strip() for part in code):
                blocks.append(("code", "\n".join(part for part in code if part.strip())))
        elif heading := _HEADING.match(line):
            flush()
            if text := _inline(heading["text"]):
                blocks.append(("heading", text))
        elif paragraph and _UNDERLINE.match(line):
            flush("heading")
        elif not line.strip() or _RULE.match(line):
            flush()
        elif _ROW.match(line):
            flush()
            rows = [line]
            while position < len(lines) and _ROW.match(lines[position]):
                rows.append(lines[position])
                position += 1
            rows = [row.strip().strip("|") for row in rows if not _ROW_RULE.match(row)]
            table = "\n".join(" | ".join(map(_inline, row.split("|"))) for row in rows)
            if table.strip(" |\n"):
                blocks.append(("table", table))
        elif _ITEM.match(line):
            flush()
            paragraph.append(_ITEM.sub("", line))
        else:
            paragraph.append(_QUOTE.sub("", line))
    flush()
    return blocks


def _inline(text: str) -> str:
    for pattern, plain in _INLINE:
        text = pattern.sub(plain, text)
    return " ".join(text.split())
