"""ECB+ (Cybulska and Vossen 2014, CC BY 3.0): untyped event mentions of news, validated sentences only."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from ekg.errors import DataError
from extractors.events.example import EventSentence, GoldEvent


def _validated(path: Path) -> dict[tuple[int, str], set[int]]:
    """Sentence numbers by topic and file name, e.g. ``(1, "10ecbplus")``."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found[int(row["Topic"]), row["File"]].add(int(row["Sentence Number"]))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path, hint="set EKG_DATA or --data") from error
    return found


def read_ecbplus(folder: Path, topics: Iterable[int]) -> list[EventSentence]:
    """Validated sentences of some topics with their event mentions (``ACTION_…`` and ``NEG_ACTION_…``).

    Raises:
        DataError: the list of validated sentences cannot be read.
    """
    validated = _validated(folder / "coreference_sentences.csv")
    wanted = set(topics)
    sentences: list[EventSentence] = []
    for (topic, name), numbers in sorted(validated.items()):
        if topic in wanted:
            sentences.extend(_document(folder / str(topic) / f"{topic}_{name}.xml", numbers))
    return sentences


def _document(path: Path, numbers: set[int]) -> list[EventSentence]:
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    words: dict[int, list[str]] = defaultdict(list)
    place: dict[str, tuple[int, int]] = {}
    for token in root.iter("token"):
        number = int(token.get("sentence", "0"))
        place[token.get("t_id", "")] = (number, len(words[number]))
        words[number].append(token.text or "")
    events: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for markable in root.iterfind("Markables/*"):
        if not re.match(r"(NEG_)?ACTION_", str(markable.tag)):
            continue
        where = [place[anchor.get("t_id", "")] for anchor in markable.iter("token_anchor")]
        if where and len({number for number, _ in where}) == 1:
            events[where[0][0]].add((min(i for _, i in where), max(i for _, i in where) + 1))
    return [
        EventSentence(
            f"{path.stem}:{number}",
            tuple(words[number]),
            tuple(GoldEvent(start, end) for start, end in sorted(events[number])),
            "ecb",
        )
        for number in sorted(numbers)
        if words[number]
    ]
