"""Names in the participants and places of ECB+: news text, annotated in part.

ECB+ marks who took part in the annotated events and where, by name or not. A capitalised word that no mention covers
may still be a name, so it is left unknown rather than called none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree

from ekg.errors import DataError
from extractors.training.readers.annotated import AnnotatedDoc, Mention, Sentence
from extractors.training.readers.conll_ner import detokenized
from extractors.training.readers.ecbplus import validated_sentences

ECB_LABELS: Mapping[str, str] = {
    "HUMAN_PART_PER": "person",
    "HUMAN_PART_ORG": "organization",
    "HUMAN_PART_GPE": "place",
    "LOC_GEO": "place",
    "LOC_FAC": "place",
}

DEV_TOPICS = frozenset({2, 5, 12, 18, 21, 23, 34, 35})
"""Topics of the customary development split; nothing is trained on them."""

_LINKS = frozenset({"of", "the", "and", "for", "de", "-", "&", "'s"})
_TITLES = re.compile(
    r"(?:mr|mrs|ms|dr|sir|president|actress|actor|officer|detective|judge|sen|rep|gov|sgt|lt|capt|chief|prime|minister"
    r"|secretary|spokesman|spokeswoman|coach|general|director|king|queen|prince|princess|american|british|indian"
    r"|israeli|chinese|english|us|u\.s)\.?",
    re.IGNORECASE,
)


def name_run(words: Sequence[str], start: int, end: int, label: str) -> Mention | None:
    """The name in a mention: its capitalised words, where they end the mention; ``None`` for a common noun.

    >>> name_run(["actress", "Lindsay", "Lohan"], 0, 3, "person")
    Mention(start=1, end=3, label='person')
    >>> name_run(["the", "police"], 0, 2, "organization") is None
    True
    """
    left = end
    links = _LINKS if label == "organization" else _LINKS - {"and", "&"}
    while left > start and (words[left - 1][:1].isupper() or words[left - 1] in links):
        left -= 1
    while left < end and (words[left].lower() in _LINKS or (label == "person" and _TITLES.fullmatch(words[left]))):
        left += 1
    return Mention(left, end, label) if left < end and words[end - 1][:1].isupper() else None


def _sentences(path: Path, numbers: set[int]) -> list[Sentence]:
    try:
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise DataError(f"cannot be read ({error})", path=path) from error
    sentence_of: dict[str, tuple[int, int]] = {}
    words: dict[int, list[str]] = defaultdict(list)
    for token in root.iter("token"):
        number = int(token.get("sentence", "-1"))
        sentence_of[token.get("t_id", "")] = (number, len(words[number]))
        words[number].append(token.text or "")
    marked: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for markable in root.iterfind("Markables/*"):
        anchors = [sentence_of[str(anchor.get("t_id"))] for anchor in markable.iterfind("token_anchor")]
        if anchors and len({number for number, _ in anchors}) == 1:
            indices = [index for _, index in anchors]
            marked[anchors[0][0]].append((min(indices), max(indices) + 1, str(markable.tag)))
    return [
        _sentence(words[number], marked[number])
        for number in sorted(numbers)
        if words.get(number) and not _is_headline(words[number])
    ]


def _is_headline(words: Sequence[str]) -> bool:
    letters = [word for word in words if word[:1].isalpha()]
    return sum(word[0].isupper() for word in letters) > 0.6 * len(letters)


def _sentence(words: list[str], marked: list[tuple[int, int, str]]) -> Sentence:
    names: list[Mention] = []
    for start, end, kind in sorted(marked):
        label = ECB_LABELS.get(kind)
        name = name_run(words, start, end, label) if label else None
        if name is None or any(name.start < other.end and other.start < name.end for other in names):
            continue
        # A lone first word may have its capital from the sentence; a capital before the name may belong to it.
        lone_first = name.start == 0 and name.end == 1
        cut = name.start > 0 and words[name.start - 1][:1].isupper() and not _TITLES.fullmatch(words[name.start - 1])
        if not lone_first and not cut:
            names.append(name)
    inside = {index for name in names for index in range(name.start, name.end)}
    unknown = tuple(i for i, word in enumerate(words) if word[:1].isupper() and i not in inside)
    return Sentence(detokenized(words), tuple(sorted(names)), unknown)


def read_ecbplus_names(data: Path) -> list[AnnotatedDoc]:
    """The validated sentences of ECB+'s training topics, one document each.

    Raises:
        DataError: a file is missing or is not XML.
    """
    folder = data / "ecbplus"
    chosen = {
        folder / str(topic) / f"{topic}_{name}.xml": numbers
        for (topic, name), numbers in validated_sentences(folder).items()
        if topic not in DEV_TOPICS
    }
    return [
        AnnotatedDoc(f"{path.stem}#{number}", (sentence,), "ecbplus")
        for path, numbers in sorted(chosen.items())
        for number, sentence in enumerate(_sentences(path, numbers))
        if sentence.mentions
    ]
