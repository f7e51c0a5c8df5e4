"""Time expressions against the ``<date>`` elements of GUM (TEI ``when``, ``from``, ``to``, ``notBefore`` ...).

The documents are those of GUM's dev split that are not in its train split too (four are in both), on which the grammar
was developed. A document's own date (``dateCreated``) is the reference. An expression for a part of a day counts as
that day where GUM gives a day, since GUM dates carry no parts of days. A clock time on its own ("4:00 p.m.") is
GUM's ``<time>``, another element: where no ``<date>`` marks it, it counts neither way. An expression for a range marked
as two dates is right if it runs from the begin of the first to the end of the last. Values that are no dates ("--06",
"1951-1952") are left out of the scores of values, as are expressions without a place on the time line (durations, sets,
"recently"), which GUM does not mark. "Exact" takes the whole expression that overlaps a mark, modifiers included; GUM
often marks the noun alone ("early [1990s]" as the decade); ``exact_marked_words`` besides accepts a mark whose own
words, read in their place, have its value. Years before our era are read as TEI has them, after XML Schema 1.0: "-400"
is 400 BCE.
"""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from ekg.time import TimeMention, find_times, parse_iso

Bounds = tuple[int | None, int | None]
_TAG = re.compile(r"<(/?)date\b([^>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDate:
    """A date that annotators marked: characters of the text, and bounds in seconds, None where they are no dates."""

    span: tuple[int, int]
    bounds: Bounds | None
    day: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """A document of GUM with its text, its own date and the dates in it."""

    id: str
    text: str
    reference: str | None
    dates: tuple[GoldDate, ...]


def run(data: Path, *, seed: int = 13) -> dict[str, Any]:
    """Scores on GUM dev.

    Args:
        data: the folder that holds ``gum/``.
        seed: part of every benchmark's signature; nothing here is random.

    Returns:
        ``detection`` and ``value`` with precision, recall and F1 (a detection is an overlap; a value counts if the
        bounds are equal too), ``exact`` (bounds equal, of the marked dates that an expression overlaps), ``exact_all``
        (of all marked dates), ``exact_marked_words`` (see above, of the same dates as ``exact``), and counts.

    Raises:
        DataError: the corpus is not there.
    """
    del seed
    train = data / "gum" / "train.conllu.gz"
    seen = {name for name, _ in _words(train)} if train.is_file() else set[str]()
    return score([document for document in load(data, "dev") if document.id not in seen])


def score(documents: list[GoldDocument]) -> dict[str, Any]:
    """Scores of :func:`ekg.time.find_times` on documents."""
    gold = found = hit_gold = hit_found = dated = matched = exact = placed = exact_found = own_words = clocks = 0
    for document in documents:
        mentions = [
            m
            for m in find_times(document.text, reference=document.reference)
            if m.granularity not in ("duration", "set")
        ]
        mentions = [m for m in mentions if m.interval() is not None]
        aside = [m for m in mentions if not any(_overlap(m.span, d.span) for d in document.dates) and _is_clock(m)]
        clocks += len(aside)
        mentions = [m for m in mentions if m not in aside]
        found += len(mentions)
        gold += len(document.dates)
        hit_found += sum(any(_overlap(m.span, d.span) for d in document.dates) for m in mentions)
        for mark in document.dates:
            over = [m for m in mentions if _overlap(m.span, mark.span)]
            hit_gold += bool(over)
            if mark.bounds is not None:
                dated += 1
                matched += bool(over)
                right = any(_equal(m, mark) or _spans(m, document.dates, mark) for m in over)
                exact += right
                own_words += right or any(_own_words(document, m, mark) for m in over)
        for m in mentions:
            marks = [d for d in document.dates if _overlap(m.span, d.span)]
            if not marks or any(d.bounds is not None for d in marks):
                placed += 1
                exact_found += any(_equal(m, d) or _spans(m, document.dates, d) for d in marks)
    return {
        "documents": len(documents),
        "dates": gold,
        "dates_with_value": dated,
        "detection": _prf(hit_found, found, hit_gold, gold),
        "value": _prf(exact_found, placed, exact, dated),
        "exact": _ratio(exact, matched),
        "exact_all": _ratio(exact, dated),
        "exact_marked_words": _ratio(own_words, matched),
        "clock_times_left_out": clocks,
    }


def load(data: Path, split: str) -> list[GoldDocument]:
    """The documents of a split of GUM.

    Raises:
        DataError: a file is missing, or words and marks do not agree.
    """
    words_path, marks_path = data / "gum" / f"{split}.conllu.gz", data / "gum" / "xml.tar.gz"
    for path in (words_path, marks_path):
        if not path.is_file():
            raise DataError("no such file", path=path, hint="give the folder of the corpora with --data or EKG_DATA")
    texts = dict(_words(words_path))
    documents = []
    with tarfile.open(marks_path) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            name = Path(member.name).stem
            handle = archive.extractfile(member) if name in texts else None
            if handle is not None:
                documents.append(_document(name, handle.read().decode("utf-8"), texts[name]))
    return documents


def _words(path: Path) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """Documents as words and whether a space follows."""
    name, words, joined = "", list[tuple[str, bool]](), (0, True)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# newdoc id = "):
                if name:
                    yield name, words
                name, words = line.split(" = ", 1)[1].strip(), []
            columns = line.rstrip("\n").split("\t")
            if len(columns) != 10 or "." in columns[0]:
                continue
            space = "SpaceAfter=No" not in columns[9]
            if "-" in columns[0]:
                joined = int(columns[0].split("-")[1]), space
                continue
            number = int(columns[0])
            if number == 1 and joined[0]:
                joined = (0, True) if number > joined[0] else joined
            inside = number < joined[0]
            words.append((columns[1], False if inside else joined[1] if number == joined[0] else space))
            if number == joined[0]:
                joined = 0, True
    if name:
        yield name, words


def _document(name: str, xml: str, words: list[tuple[str, bool]]) -> GoldDocument:
    """Text from the words with their spacing, marks from the TEI lines."""
    parts: list[str] = []
    starts: list[int] = []
    position = 0
    ends: list[int] = []
    for word, space in words:
        starts.append(position)
        parts.append(word + " " * space)
        ends.append(position + len(word))
        position += len(parts[-1])
    index = 0
    opened: list[tuple[int, str]] = []
    dates: list[GoldDate] = []
    for line in xml.split("\n"):
        tag = _TAG.match(line)
        if tag is not None and not tag[1]:
            opened.append((index, tag[2]))
        elif tag is not None:
            first, attributes = opened.pop()
            if index > first:
                bounds, day = _value(dict(_ATTRIBUTE.findall(attributes)))
                dates.append(GoldDate(span=(starts[first], ends[index - 1]), bounds=bounds, day=day))
        elif line and not line.startswith("<"):
            index += 1
    if index != len(words):
        raise DataError(f"'{name}' has {index} words in TEI and {len(words)} in CoNLL-U")
    created = re.search(r'dateCreated="(\d{4}(?:-\d\d){0,2})"', xml)
    marks = tuple(sorted(dates, key=lambda d: d.span))
    return GoldDocument(id=name, text="".join(parts), reference=created[1] if created else None, dates=marks)


def _value(attributes: dict[str, str]) -> tuple[Bounds | None, bool]:
    """Bounds of TEI attributes, and whether they are given to the day."""
    first = attributes.get("when") or attributes.get("from") or attributes.get("notBefore")
    last = attributes.get("when") or attributes.get("to") or attributes.get("notAfter")
    try:
        low = parse_iso(_iso(first))[0] if first else None
        high = parse_iso(_iso(last))[1] if last else None
    except ValueError:
        return None, False
    return (low, high), len(first or last or "") >= 10


def _iso(value: str) -> str:
    """A TEI date in ISO 8601, where 1 BCE is the year 0 and a year has four digits."""
    match = re.fullmatch(r"(-?)(\d{3,4})((?:-\d\d){0,2}(?:T.*)?)", value)
    if match is None:
        return value
    year = 1 - int(match[2]) if match[1] else int(match[2])
    return f"{'-' if year < 0 else ''}{abs(year):04}{match[3]}"


def _is_clock(mention: TimeMention) -> bool:
    """Whether an expression is a time of day and names no day itself: then it falls on whatever day it is told."""
    if mention.granularity not in ("minute", "second"):
        return False
    again = find_times(mention.text, reference="2001-05-16")
    return bool(again) and (again[0].begin or "").startswith("2001-05-16T")


def _own_words(document: GoldDocument, mention: TimeMention, mark: GoldDate) -> bool:
    """Whether the marked words of a longer expression have the marked value when the rest of it is left out."""
    if mark.span[0] < mention.span[0] or mark.span[1] > mention.span[1]:
        return False
    text = document.text
    begin = max(0, mention.span[0] - 40)
    window = text[begin : mention.span[0]] + " " * (mark.span[0] - mention.span[0]) + text[slice(*mark.span)]
    again = find_times(window, reference=document.reference)
    return any(_overlap(m.span, (mark.span[0] - begin, mark.span[1] - begin)) and _equal(m, mark) for m in again)


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _equal(mention: TimeMention, gold: GoldDate) -> bool:
    """Whether bounds agree; of a part of the day, the day."""
    interval = mention.interval()
    if interval is None or gold.bounds is None:
        return False
    low, high = interval.bounds()
    if gold.day and low is not None and high is not None and high - low < 86_400:
        low, high = low - low % 86_400, low - low % 86_400 + 86_400
    return (low, high) == gold.bounds


def _spans(mention: TimeMention, dates: tuple[GoldDate, ...], mark: GoldDate) -> bool:
    """Whether a mention covers two marks, this one too, and runs from the begin of the first to the end of the last."""
    inside = [d for d in dates if mention.span[0] <= d.span[0] and d.span[1] <= mention.span[1]]
    interval = mention.interval()
    if len(inside) != 2 or mark not in inside or interval is None:
        return False
    first, last = inside[0].bounds, inside[1].bounds
    return first is not None and last is not None and interval.bounds() == (first[0], last[1])


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _prf(right: int, found: int, covered: int, gold: int) -> dict[str, float]:
    precision, recall = _ratio(right, found), _ratio(covered, gold)
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}
