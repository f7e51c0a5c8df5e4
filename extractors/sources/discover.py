"""Which files a build reads, how, and under which ids."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from ekg.errors import DataError
from extractors.captions.encoding import known_encoding

TEXT = frozenset({".txt", ".text"})
MARKDOWN = frozenset({".md", ".markdown"})
HTML = frozenset({".html", ".htm", ".xhtml"})
JSON = frozenset({".json"})
JSONL = frozenset({".jsonl", ".ndjson"})
CAPTIONS = (".vtt", ".srt", ".json3")
_MEDIA_NAMES = ".mp4 .m4v .mkv .webm .mov .avi .flv .mpg .mpeg .ts .wmv .3gp .mp3 .m4a .wav .flac .ogg .opus .aac"
MEDIA = frozenset(_MEDIA_NAMES.split())
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})
_INFO = ".info.json"
_FORMATS = {
    **dict.fromkeys(TEXT, "text"),
    **dict.fromkeys(MARKDOWN, "markdown"),
    **dict.fromkeys(HTML, "html"),
    **dict.fromkeys(JSON, "json"),
    **dict.fromkeys(JSONL, "jsonl"),
    **dict.fromkeys(CAPTIONS, "captions"),
    **dict.fromkeys(MEDIA, "media"),
}
_LANGUAGE = re.compile(r"\.(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})$")
_NO_LANGUAGE = frozenset({"mp4", "mkv", "mov", "avi", "txt", "vtt", "srt", "new", "old", "bak", "tmp", "raw"})


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One thing to read.

    Args:
        path: the file; for a video the captions, else its ``.info.json``, else the media file; None is standard input.
        id: the document's id unless the content names one: the path below the source without extension.
        format: ``text``, ``markdown``, ``html``, ``json``, ``jsonl``, ``captions``, ``info``, ``media``, ``sniff``
            (decided by content) or ``unsupported``.
        info: the ``.info.json`` beside captions or media.
        lang: language in the name of the captions (``talk.en.vtt``).
        unused: caption files of the same video in other languages or formats.
    """

    path: Path | None
    id: str
    format: str
    info: Path | None = None
    lang: str | None = None
    unused: tuple[Path, ...] = ()


def printable(path: PurePath) -> str:
    """A path as text that any output can hold: undecodable bytes and control characters as U+FFFD.

    >>> printable(PurePath("a\\tb.txt")) == "a\ufffdb.txt"
    True
    """
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c for c in text)


def discover(paths: Sequence[str | Path], *, encoding: str | None = None) -> list[SourceItem]:
    """What there is to read under files, folders (recursive, hidden files skipped) and ``-`` (standard input).

    Files of one video are one item. Order: the sources as given, the files of a folder by path.

    Raises:
        DataError: a source does not exist, or the encoding is unknown.
    """
    if encoding is not None:
        known_encoding(encoding)
    named: dict[Path, list[Path]] = {}
    for source in paths:
        path = Path(source)
        if str(source) == "-":
            continue
        if not path.exists():
            raise DataError("no such file or folder", path=path, hint="give a file, a folder, or - for standard input")
        if not path.is_dir() and path not in named.setdefault(_family_of(path), []):
            named[_family_of(path)].append(path)
    items: list[SourceItem] = []
    listings: dict[Path, dict[str, list[Path]]] = {}
    for source in paths:
        path = Path(source)
        if str(source) == "-":
            items.append(SourceItem(None, "stdin", "sniff"))
        elif path.is_dir():
            items.extend(_group(((file, file.relative_to(path)) for file in _walk(path)), alone=False))
        elif members := named.pop(_family_of(path), []):
            beside = [file for file in _sidecars(path, listings) if file not in members]
            items.extend(_group(((file, Path(file.name)) for file in (*members, *beside)), alone=True))
    once = {item.path if item.path is None else item.path.resolve(): item for item in reversed(items)}
    return [item for item in items if once.get(item.path if item.path is None else item.path.resolve()) is item]


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, sorted; a folder that cannot be opened stands for itself, so that its reading fails."""
    closed: list[Path] = []
    for base, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(base, name)
            if not name.startswith(".") and (path.is_file() or path.is_symlink()):
                yield path
    yield from closed


def _family_of(path: Path) -> Path:
    return path.parent / _stem(path.name, _extension(path))


def _sidecars(path: Path, listings: dict[Path, dict[str, list[Path]]]) -> list[Path]:
    """The ``.info.json`` and media beside captions or a transcript, and captions too beside those, by stem."""
    extension = _extension(path)
    if extension not in {*CAPTIONS, *MEDIA, *TEXT, _INFO}:
        return []
    listing = listings.get(path.parent)
    if listing is None:
        listing = listings[path.parent] = {}
        for file in sorted(path.parent.iterdir()):
            if _extension(file) in {*CAPTIONS, *MEDIA, _INFO} and not file.name.startswith("."):
                listing.setdefault(_stem(file.name, _extension(file)), []).append(file)
    chosen = extension in CAPTIONS or extension in TEXT
    return [file for file in listing.get(_family_of(path).name, []) if not (chosen and _is_captions(file))]


def _extension(path: Path) -> str:
    return _INFO if path.name.lower().endswith(_INFO) else path.suffix.lower()


def _stem(name: str, extension: str) -> str:
    """The name of a video that a file belongs to: without extension, and for captions without language."""
    stem = name[: -len(extension)] if extension else name
    if extension in CAPTIONS:
        match = _LANGUAGE.search(stem)
        if match and match["lang"] not in _NO_LANGUAGE and match.start() > 0:
            return stem[: match.start()]
    return stem


def _is_captions(path: Path) -> bool:
    return _extension(path) in CAPTIONS


def _group(files: Iterable[tuple[Path, Path]], *, alone: bool) -> list[SourceItem]:
    """Items of files given as (path, path below the source), in order of their first file."""
    families: dict[str, list[Path]] = {}
    for path, below in files:
        stem = _stem(below.name, _extension(below))
        families.setdefault(printable(PurePosixPath(*below.parts[:-1], stem)), []).append(path)
    items: list[SourceItem] = []
    for identifier, members in families.items():
        items.extend(_family(identifier, members, alone=alone))
    return items


def _family(identifier: str, members: list[Path], *, alone: bool) -> list[SourceItem]:
    info = next((file for file in members if _extension(file) == _INFO), None)
    media = [file for file in members if _extension(file) in MEDIA]
    captions = [file for file in members if _is_captions(file)]
    others = [file for file in members if file != info and file not in media and file not in captions]
    if (info or media) and not captions:
        captions = [file for file in others if _extension(file) in TEXT | JSON][:1]
    if info or media or captions:
        pictures_too = {".description", ".lrc", ".part", *PICTURES}
        others = [file for file in others if file not in captions and _extension(file) not in pictures_too]
    items: list[SourceItem] = []
    if captions:
        first, *rest = sorted(captions, key=_preference)
        items.append(SourceItem(first, identifier, "captions", info, _language_of(first), tuple(rest)))
    elif info is not None:
        items.append(SourceItem(info, identifier, "info", info))
    elif media:
        items.append(SourceItem(media[0], identifier, "media"))
    for file in others:
        items.append(SourceItem(file, identifier, _FORMATS.get(file.suffix.lower(), _unknown(file, alone=alone))))
    return items


def _unknown(path: Path, *, alone: bool) -> str:
    """A file of an unknown kind is looked into only if the user named it."""
    return "sniff" if alone and path.suffix.lower() not in {".csv", ".tsv", ".xml", ".yaml", ".yml"} else "unsupported"


def _language_of(path: Path) -> str | None:
    extension = _extension(path)
    if extension not in CAPTIONS:
        return None
    stem = path.name[: -len(extension)]
    return stem[len(_stem(path.name, extension)) + 1 :].removesuffix("-orig") or None


def _preference(path: Path) -> tuple[int, int, str]:
    """English or unmarked captions first, then by format, then by name."""
    lang = _language_of(path)
    extension = _extension(path)
    rank = CAPTIONS.index(extension) if extension in CAPTIONS else len(CAPTIONS)
    return (0 if lang is None or lang.split("-")[0] == "en" else 1, rank, path.name)
