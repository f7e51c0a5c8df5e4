"""ECB+ (Cybulska and Vossen 2014, CC BY 3.0): untyped event mentions of news, validated sentences only."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ekg.errors import DataError
from extractors.events.example import EventSentence, GoldEvent


def validated_sentences(folder: Path) -> dict[tuple[int, str], set[int]]:
    """Numbers of the validated sentences by topic and file name, e.g. ``(1, "10ecbplus")``.

    Raises:
        DataError: the list cannot be read or lacks a column.
    """
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    path = folder / "coreference_sentences.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                found[int(row["Topic"]), row["File"]].add(int(row["Sentence Number"]))
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"cannot be read ({error!r})", path=path, hint="set EKG_DATA or --data") from error
    return found


@dataclass(frozen=True, slots=True)
class EcbDocument:
    """A document of ECB+.

    Args:
        id: topic and file, e.g. ``1_10ecbplus``.
        words: all its tokens.
        validated: tokens of each validated sentence, ``(first, after last)``.
        events: tokens of the event mentions in them.
    """

    id: str
    words: tuple[str, ...]
    validated: tuple[tuple[int, int], ...]
    events: tuple[tuple[int, int], ...]


def read_documents(folder: Path, topics: Iterable[int]) -> Iterator[EcbDocument]:
    """Documents of some topics with the event mentions (``ACTION_…`` and ``NEG_ACTION_…``) of validated sentences.

    Raises:
        DataError: the list of validated sentences cannot be read.
    """
    validated = validated_sentences(folder)
    wanted = set(topics)
    for (topic, name), numbers in sorted(validated.items()):
        if topic in wanted:
            yield _document(folder / str(topic) / f"{topic}_{name}.xml", numbers)


def read_ecbplus(folder: Path, topics: Iterable[int]) -> list[EventSentence]:
    """Validated sentences of some topics with their event mentions.

    Raises:
        DataError: the list of validated sentences cannot be read.
    """
    return [
        EventSentence(
            f"{document.id}:{first}",
            document.words[first:after],
            tuple(GoldEvent(start - first, end - first) for start, end in document.events if first <= start < after),
            "ecb",
        )
        for document in read_documents(folder, topics)
        for first, after in document.validated
    ]


def _document(path: Path, numbers: set[int]) -> EcbDocument:
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    words: list[str] = []
    place: dict[str, tuple[int, int]] = {}
    bounds: dict[int, tuple[int, int]] = {}
    for token in root.iter("token"):
        number = int(token.get("sentence", "0"))
        place[token.get("t_id", "")] = (number, len(words))
        bounds[number] = (bounds.get(number, (len(words), 0))[0], len(words) + 1)
        words.append(token.text or "")
    events: set[tuple[int, int]] = set()
    for markable in root.iterfind("Markables/*"):
        if not re.match(r"(NEG_)?ACTION_", str(markable.tag)):
            continue
        where = [place[anchor.get("t_id", "")] for anchor in markable.iter("token_anchor")]
        if where and {number for number, _ in where} <= numbers and len({number for number, _ in where}) == 1:
            events.add((min(i for _, i in where), max(i for _, i in where) + 1))
    kept = tuple(bounds[number] for number in sorted(numbers) if number in bounds)
    return EcbDocument(path.stem, tuple(words), kept, tuple(sorted(events)))
