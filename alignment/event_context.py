"""What stands around event mentions and in their documents: words, names and numbers.

The text is used where it is given. Without it the record stands in for it: its triggers, arguments, places, times and
names, each where it is in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alignment.resolution import event_order
from alignment.words import STOP_WORDS, content_words, stem
from ekg.model import Extraction

_WORD = re.compile(r"[^\W\d_]\w*(?:[-'’][^\W\d_]\w*)*|\d[\d,.]*\d|\d")
NEAR, WIDE = 45, 140
"""Characters on each side of a trigger: about its phrase, about its sentence."""


@dataclass(frozen=True, slots=True)
class Context:
    """Stems of content words; the first three have one list an event mention, in document and text order, the others
    one a document. ``names`` and ``document_names`` have capitalised words and numbers only."""

    near: list[list[str]] = field(default_factory=list)
    wide: list[list[str]] = field(default_factory=list)
    names: list[list[str]] = field(default_factory=list)
    document: list[list[str]] = field(default_factory=list)
    document_names: list[list[str]] = field(default_factory=list)


def read_contexts(records: Sequence[Extraction], texts: Mapping[str, str]) -> Context:
    """Contexts of all event mentions.

    Args:
        records: in the order on which node ids depend.
        texts: text by document id, of the documents whose text is at hand.
    """
    context = Context()
    for record in records:
        text = texts.get(record.document.id)
        words = _record_words(record) if text is None else [(m.start(), m.group()) for m in _WORD.finditer(text)]
        kept = [(at, stem(w), _is_name(w)) for at, w in words if w.casefold() not in STOP_WORDS]
        starts = [at for at, _, _ in kept]
        title = [stem(w) for w in content_words(record.document.title or "")]
        context.document.append([s for _, s, _ in kept] + title)
        context.document_names.append([s for _, s, name in kept if name])
        for event in sorted(record.events, key=event_order):
            begin, end = event.trigger.span
            near = set(range(bisect_left(starts, begin - NEAR), bisect_left(starts, end + NEAR)))
            wide = [
                n
                for n in range(bisect_left(starts, begin - WIDE), bisect_left(starts, end + WIDE))
                if not begin <= starts[n] < end
            ]
            context.near.append([kept[n][1] for n in wide if n in near])
            context.wide.append([kept[n][1] for n in wide])
            context.names.append([kept[n][1] for n in wide if kept[n][2]])
    return context


def _is_name(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _record_words(record: Extraction) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    spans: list[tuple[int, str]] = []
    for event in record.events:
        spans.append((event.trigger.span[0], event.trigger.text))
        spans += [(a.span[0], a.text) for a in event.arguments if a.span is not None]
        if event.place is not None:
            spans.append((event.place.span[0], event.place.text))
        if event.time is not None and event.time.span is not None:
            spans.append((event.time.span[0], event.time.text))
    for entity in record.entities:
        spans += [(span[0], entity.name) for span in entity.mentions]
    for start, text in spans:
        for match in _WORD.finditer(text):
            found.setdefault(start + match.start(), match.group())
    return sorted(found.items())
