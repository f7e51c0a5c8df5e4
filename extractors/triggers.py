"""Triggers that the tagger may propose and the text rules out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.tree import label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from ekg.time import TimeMention
    from extractors.events.found import FoundEvent

_NEVER = word_set(
    """
    be is are was were been being am has have had do does did will would can could may might must shall should
    the a an and or but if of in on at by for with from to as it he she they we you i this that there here not
    no yes according including such
    """
)


_LOOSE = word_set("a an the of to in on at by for with and or , . - ' \" his her its their our my your")


def tidied(found: Sequence[FoundEvent], words: Sequence[Token]) -> list[FoundEvent]:
    """Triggers without articles, prepositions and marks at their edges; the halves of "break-up" become one."""
    kept: list[FoundEvent] = []
    for event in found:
        start, end = event.start, event.end
        while end - start > 1 and words[end - 1].lower_ in _LOOSE:
            end -= 1
        while end - start > 1 and words[start].lower_ in _LOOSE:
            start += 1
        verb = words[start].head
        if label(words[start]) == "compound" and words[start].pos_ == "ADP" and start and words[start - 1].i == verb.i:
            start -= 1
        event = replace(event, start=start, end=end)
        if kept and start < kept[-1].end:
            continue
        if kept and _hyphenated(words, kept[-1].end, start):
            kept[-1] = replace(kept[-1], end=end)
        else:
            kept.append(event)
    return kept


def _hyphenated(words: Sequence[Token], end: int, start: int) -> bool:
    """Whether a hyphen without blanks joins the word before ``end`` and the word at ``start``."""
    return (
        start == end + 1
        and words[end].text in {"-", "‐", "‑"}
        and not (words[end - 1].whitespace_ or words[end].whitespace_)
    )


_STATES = word_set(
    """
    want need like love hate prefer mean seem think believe know feel deserve belong exist own lack matter able
    unable way thing lot kind part time fact case reason lead look thank wish
    """
)
_CLOSED = frozenset({"ADP", "ADV", "PART", "DET", "PRON", "CCONJ", "SCONJ", "AUX", "NUM"})
_EVENTIVE = frozenset({"NOUN", "VERB", "X"})
_SURE = 0.85


def may_happen(head: Token, confidence: float) -> bool:
    """Whether a trigger without a type is worth keeping: a verb or noun that is no mere state; else only a sure one."""
    if head.lemma_.lower() in _STATES:
        return False
    return head.pos_ in _EVENTIVE or (head.pos_ == "PROPN" and confidence >= _SURE and head.ent_type_ in {"", "event"})


def is_spurious(words: Sequence[Token], times: Sequence[TimeMention], *, typed: bool) -> bool:
    """Whether a trigger is a function word, has no letters, is part of a name, or is a time.

    A word in an organisation's name may tell of an event only where the tagger is sure of its type ("World War II").
    """
    if not any(char.isalpha() for word in words for char in word.text):
        return True
    if len(words) == 1 and (words[0].lower_ in _NEVER or words[0].pos_ in _CLOSED):
        return True
    names = {"person", "place"} if typed else {"person", "place", "organization"}
    if all(word.ent_type_ in names for word in words):
        return True
    start, end = words[0].idx, words[-1].idx + len(words[-1].text)
    return any(time.span[0] <= start and end <= time.span[1] for time in times)
