"""The dates that GUM marks (TEI ``when``, ``from``, ``to``, ``notBefore`` ...), and when an interval agrees with one.

Read as TEI P5 defines the attributes (att.datable.w3c):

- ``when`` is the date: the interval is that day, month or year.
- ``from`` and ``to`` say when it begins and ends, each as finely as it is known: ``from="2005" to="2015"`` begins some
  time in 2005 and ends some time in 2015.
- ``notBefore`` and ``notAfter`` are limits of a time that is not known: the interval lies within them.

A season may be marked by its three meteorological months or run on into the month of the next solstice or equinox
("the summer of 2012" to 2012-09): the corpus does both. An interval within a day counts as that day where the mark is a
day, since GUM dates carry no parts of days. Years before our era are read as TEI has them, after XML Schema 1.0: "-400"
is 400 BCE. :meth:`GoldDate.equal` is the stricter comparison of earlier figures: both bounds are equal to the first and
last second of the attributes, whatever these are.
"""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ekg.errors import DataError
from ekg.time import TimeInterval, parse_iso

DAY = 86_400
Bounds = tuple[int | None, int | None]
Unit = tuple[int, int]
_TAG = re.compile(r"<(/?)date\b([^>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_EDITED = re.compile(r'sourceURL="[^"]*\b(?:wikipedia\.org|wikivoyage\.org|wikihow\.com)/')
"""Pages that are written over years: ``dateCreated`` is the day of a first version that is not the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDate:
    """A date that annotators marked.

    Args:
        span: characters of the text.
        first: first second of the unit (day, month, year) that it begins in, and the second after its last; None
            where the mark does not say.
        last: the unit that it ends in, likewise.
        day: the mark is given to the day.
        kind: ``when``, ``range`` or ``limits``; None where the values are no dates ("--06", "1951-1952").
    """

    span: tuple[int, int]
    first: Unit | None = None
    last: Unit | None = None
    day: bool = False
    kind: str | None = "when"

    @property
    def bounds(self) -> Bounds | None:
        """First second and second after the last, None where the values are no dates."""
        if self.kind is None:
            return None
        return None if self.first is None else self.first[0], None if self.last is None else self.last[1]

    def equal(self, interval: TimeInterval | None) -> bool:
        """Whether the bounds of an interval are those of the attributes."""
        return interval is not None and self.kind is not None and self._widened(interval) == self.bounds

    def agrees(self, interval: TimeInterval | None) -> bool:
        """Whether an interval is what the mark says, as finely as the mark says it."""
        if interval is None or self.kind is None:
            return False
        if self.kind == "when":
            return self.equal(interval)
        low, high = self._widened(interval)
        if self.kind == "limits":
            after = self.first is None or (low is not None and low >= self.first[0])
            return after and (self.last is None or (high is not None and high <= self.last[1]))
        starts = low is None if self.first is None else low is not None and self.first[0] <= low < self.first[1]
        last = self.last
        if interval.granularity == "season" and last is not None and high == last[0]:
            return starts
        return starts and (high is None if last is None else high is not None and last[0] < high <= last[1])

    def _widened(self, interval: TimeInterval) -> Bounds:
        low, high = interval.bounds()
        if self.day and low is not None and high is not None and high - low < DAY:
            return low - low % DAY, low - low % DAY + DAY
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """A document of GUM with its text, its own date and the dates in it."""

    id: str
    text: str
    reference: str | None
    dates: tuple[GoldDate, ...]


def load(data: Path, split: str) -> list[GoldDocument]:
    """The documents of a split of GUM.

    Raises:
        DataError: a file is missing, or words and marks do not agree.
    """
    words_path, marks_path = data / "gum" / f"{split}.conllu.gz", data / "gum" / "xml.tar.gz"
    for path in (words_path, marks_path):
        if not path.is_file():
            raise DataError("no such file", path=path, hint="give the folder of the corpora with --data or EKG_DATA")
    texts = dict(words(words_path))
    documents = []
    with tarfile.open(marks_path) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            name = Path(member.name).stem
            handle = archive.extractfile(member) if name in texts else None
            if handle is not None:
                documents.append(_document(name, handle.read().decode("utf-8"), texts[name]))
    return documents


def words(path: Path) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
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
                dates.append(_mark((starts[first], ends[index - 1]), dict(_ATTRIBUTE.findall(attributes))))
        elif line and not line.startswith("<"):
            index += 1
    if index != len(words):
        raise DataError(f"'{name}' has {index} words in TEI and {len(words)} in CoNLL-U")
    dated = re.search(rf'{"dateModified" if _EDITED.search(xml) else "dateCreated"}="(\d{{4}}(?:-\d\d){{0,2}})"', xml)
    marks = tuple(sorted(dates, key=lambda d: d.span))
    return GoldDocument(id=name, text="".join(parts), reference=dated[1] if dated else None, dates=marks)


def _mark(span: tuple[int, int], attributes: dict[str, str]) -> GoldDate:
    """A mark from its attributes."""
    first = attributes.get("when") or attributes.get("from") or attributes.get("notBefore")
    last = attributes.get("when") or attributes.get("to") or attributes.get("notAfter")
    kind = "when" if "when" in attributes else "range" if "from" in attributes or "to" in attributes else "limits"
    try:
        low = parse_iso(_iso(first)) if first else None
        high = parse_iso(_iso(last)) if last else None
    except ValueError:
        return GoldDate(span=span, kind=None)
    return GoldDate(span=span, first=low, last=high, day=len(first or last or "") >= 10, kind=kind)


def _iso(value: str) -> str:
    """A TEI date in ISO 8601, where 1 BCE is the year 0 and a year has four digits."""
    match = re.fullmatch(r"(-?)(\d{3,4})((?:-\d\d){0,2}(?:T.*)?)", value)
    if match is None:
        return value
    year = 1 - int(match[2]) if match[1] else int(match[2])
    return f"{'-' if year < 0 else ''}{abs(year):04}{match[3]}"
