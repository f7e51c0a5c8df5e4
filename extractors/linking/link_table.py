"""A user's table of names and Wikidata ids, and which row an entity of a document is.

A row: name (or several, set apart by ``|``), id (``Q42`` or an IRI), and optionally type and description. CSV where the
file is called so, tabs otherwise; a first row whose second cell is ``id`` or
the like is a header.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ekg.errors import DataError
from ekg.ids import normal_name
from extractors.words import word_set

TYPES = word_set("person organization place event product work other")
"""Types that the third column may name."""

_HEADERS = word_set("id qid wikidata iri uri link item")
_WIKIDATA = "http://www.wikidata.org/entity/"
_ID = re.compile(r"Q[1-9]\d*")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = word_set("the and for from who was were with that this his her its are has had which into former")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTable:
    """A table chosen by the options: its path, and a hash of its content on which cached results depend."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A row: what is linked to, the type it must have ("" for any), and words that speak for it."""

    iri: str
    type: str
    words: frozenset[str]


def chosen_table(path: str | None, where: str = "link table") -> LinkTable | None:
    """The table at a path, read and checked; None for no path.

    Args:
        path: the file.
        where: the option and its origin, for the message.

    Raises:
        DataError: the file cannot be read, or a row is wrong; the message names file and line.
    """
    if not path:
        return None
    try:
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:20]
    except OSError as error:
        raise DataError(f"{where}: {path} cannot be read: {error.strerror}", hint="name a CSV or TSV file") from error
    read_table(path, digest)
    return LinkTable(path=path, digest=digest)


@cache
def read_table(path: str, digest: str) -> dict[str, tuple[LinkRow, ...]]:
    """Rows by normalised name.

    Args:
        path: the file.
        digest: of its content; another content is read anew.

    Raises:
        DataError: a row has too few or too many columns, no name, no valid id or an unknown type.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8: {error}") from error
    table: dict[str, dict[tuple[str, str], LinkRow]] = defaultdict(dict)
    reader = csv.reader(text.splitlines(), delimiter="," if path.lower().endswith(".csv") else "\t")
    first = True
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            header, first = first and len(cells) > 1 and cells[1].casefold() in _HEADERS, False
            if header:
                continue
            names, row = _row(cells, f"{path}:{reader.line_num}")
            for name in names:
                table[name][row.iri, row.type] = row
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}: not a table: {error}") from error
    return {name: tuple(rows[key] for key in sorted(rows)) for name, rows in table.items()}


def _row(cells: Sequence[str], where: str) -> tuple[list[str], LinkRow]:
    if not 2 <= len(cells) <= 4:
        raise DataError(f"{where}: {len(cells)} columns", hint="name, id, and optionally type and description")
    names = [normal_name(name) for name in cells[0].split("|") if name.strip()]
    iri = _iri(cells[1])
    kind = cells[2].lower() if len(cells) > 2 else ""
    if not names:
        raise DataError(f"{where}: no name in the first column")
    if iri is None:
        raise DataError(f"{where}: '{cells[1]}' is neither a Wikidata id such as Q42 nor an http(s) IRI")
    if kind and kind not in TYPES:
        raise DataError(f"{where}: there is no entity type '{cells[2]}'", hint=", ".join(sorted(TYPES)))
    return names, LinkRow(iri, kind, _words(cells[3] if len(cells) > 3 else ""))


def _iri(text: str) -> str | None:
    if _ID.fullmatch(text):
        return _WIKIDATA + text
    return text if _IRI.fullmatch(text) else None


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text.lower()) if word not in _COMMON)


class Linker:
    """Links the entities of one document.

    Args:
        table: the chosen table.
        text: the document's text, whose words tell rows of one name apart.
    """

    def __init__(self, table: LinkTable, text: str) -> None:
        self._rows = read_table(table.path, table.digest)
        self._words = _words(text)

    def link(self, names: Sequence[str], kind: str) -> tuple[str, ...]:
        """What an entity is the same as: one IRI, or none where no row, or more than one, can be meant.

        Args:
            names: forms of its name, the best first; the first form that the table has decides.
            kind: its type.
        """
        for name in names:
            rows = [row for row in self._rows.get(normal_name(name), ()) if row.type in {"", kind}]
            if not rows:
                continue
            exact = [row for row in rows if row.type] or rows
            if len({row.iri for row in exact}) == 1:
                return (exact[0].iri,)
            scored = sorted((-len(row.words & self._words), row.iri) for row in exact)
            clear = scored[0][0] < 0 and scored[0][0] < next(s for s, iri in scored if iri != scored[0][1])
            return (scored[0][1],) if clear else ()
        return ()
