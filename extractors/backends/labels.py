"""Labels of other people's models: their schemes (BIO, BILOU, IOBES, none) and what they mean in our classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ekg.errors import ConfigError

CLASSES = ("event", "organization", "other", "person", "place")
DROPPED = "-"
"""In a label map: this label is not used."""

_CLASS_OF = {
    # CoNLL 2003, WikiNER, WNUT17
    "PER": "person", "PERSON": "person", "ORG": "organization", "LOC": "place", "MISC": "other",
    "CORPORATION": "organization", "GROUP": "organization", "CREATIVE-WORK": "other", "PRODUCT": "other",
    # OntoNotes 5
    "GPE": "place", "FAC": "place", "FACILITY": "place", "NORP": "other", "EVENT": "event", "WORK_OF_ART": "other",
    "LAW": "other", "LANGUAGE": "other",
    # Written out
    "ORGANIZATION": "organization", "ORGANISATION": "organization", "LOCATION": "place", "PLACE": "place",
    "OTHER": "other", "PEOPLE": "person", "COMPANY": "organization", "CITY": "place", "COUNTRY": "place",
    # Times and amounts are no names: `ekg.time` reads the times.
    "DATE": DROPPED, "TIME": DROPPED, "PERCENT": DROPPED, "MONEY": DROPPED, "QUANTITY": DROPPED, "ORDINAL": DROPPED,
    "CARDINAL": DROPPED, "NUMBER": DROPPED, "DURATION": DROPPED,
}  # fmt: skip

_BEGIN = frozenset("BSU")
_INSIDE = frozenset("IELM")
_LAST = frozenset("ELSU")


def read_label_map(text: str, where: str) -> dict[str, str]:
    """A label map written as ``LABEL=meaning, LABEL=meaning``.

    Args:
        text: the option's value.
        where: the option and where it was set, for the message.

    Raises:
        ConfigError: an entry without ``=``, or a label given twice.

    >>> read_label_map("PER=person, MISC=-", "option")
    {'PER': 'person', 'MISC': '-'}
    """
    found: dict[str, str] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        label, mark, meaning = (part.strip() for part in entry.partition("="))
        if not (mark and label and meaning):
            raise ConfigError(f"{where} wants LABEL=meaning, separated by commas, not '{entry}'")
        if label in found:
            raise ConfigError(f"{where} gives the label '{label}' twice")
        found[label] = meaning
    return found


def entity_class(label: str, given: Mapping[str, str]) -> str | None:
    """Our class for a label of any scheme of entities; None for times and amounts; unknown labels are ``other``.

    >>> entity_class("GPE", {}), entity_class("DATE", {}), entity_class("Gene", {}), entity_class("Gene", {"Gene": "-"})
    ('place', None, 'other', None)
    """
    meaning = given.get(label) or _CLASS_OF.get(label.upper(), "other")
    return None if meaning == DROPPED else meaning


def check_classes(given: Mapping[str, str], where: str) -> None:
    """Make sure that a label map for names leads to classes there are.

    Raises:
        ConfigError: it does not.
    """
    for label, meaning in given.items():
        _, name = split_prefix(meaning)
        if name not in {*CLASSES, DROPPED, ""}:
            raise ConfigError(f"{where}: '{label}={meaning}' is no class", hint=f"{', '.join(CLASSES)}, or - to drop")


def split_prefix(label: str) -> tuple[str, str]:
    """Prefix and class of a label; the prefix is empty for schemes without one, and ``O`` for no label.

    >>> split_prefix("B-PER"), split_prefix("L_LOC"), split_prefix("WORK_OF_ART"), split_prefix("O"), split_prefix("-")
    (('B', 'PER'), ('L', 'LOC'), ('', 'WORK_OF_ART'), ('O', ''), ('', '-'))
    """
    if label in {"O", ""}:
        return "O", ""
    if len(label) > 2 and label[1] in "-_" and label[0] in _BEGIN | _INSIDE:
        return label[0], label[2:]
    return "", label


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """Words ``start`` to ``end`` (excluded) with a class and the mean probability of their labels."""

    start: int
    end: int
    name: str
    score: float


@dataclass(slots=True)
class _Open:
    start: int
    name: str
    prefix: str
    scores: list[float] = field(default_factory=list)


def spans_of(labels: Sequence[str], scores: Sequence[float]) -> list[LabelledSpan]:
    """Spans of a sequence of labels, whatever the scheme; a broken sequence (I without B) begins a span.

    >>> spans_of(["B-PER", "I-PER", "I-LOC", "O", "U-PER"], [1, 0.5, 1, 1, 1])
    ... # doctest: +NORMALIZE_WHITESPACE
    [LabelledSpan(start=0, end=2, name='PER', score=0.75), LabelledSpan(start=2, end=3, name='LOC', score=1.0),
     LabelledSpan(start=4, end=5, name='PER', score=1.0)]
    """
    found: list[LabelledSpan] = []
    here: _Open | None = None

    def close(end: int) -> None:
        if here is not None:
            score = round(sum(here.scores) / len(here.scores), 4)
            found.append(LabelledSpan(here.start, end, here.name, score))

    for place, (label, score) in enumerate(zip(labels, scores, strict=True)):
        prefix, name = split_prefix(label)
        goes_on = here is not None and name == here.name and prefix not in _BEGIN and here.prefix not in _LAST
        if not goes_on:
            close(place)
            here = None if prefix == "O" else _Open(place, name, prefix)
        if here is not None:
            here.prefix = prefix
            here.scores.append(score)
    close(len(labels))
    return found
