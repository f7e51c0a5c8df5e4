"""Words that state a relation between two events, and where in the sentence those events are.

A connective ("after", "because of") is found as words; the head of what follows it gives one event, what that head
hangs on the other. So a wrong label of the parser does not matter, and a wrong head costs one relation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from extractors.relations.occurrence import REPORTING, Occurrence
from extractors.tree import ancestors, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_UP = 3
_DOWN = 1
_BARRIERS = frozenset({"ccomp", "parataxis"})
"""Arcs that are not crossed on the way up: what is said is one story, who says it another."""
_INTO = frozenset({"nmod", "compound", "obj", "xcomp", "acl", "obl", "amod", "conj", "nsubj"})


@dataclass(frozen=True, slots=True)
class Connective:
    """Words that relate the event after them to the event they hang on.

    Args:
        words: forms in lower case, separated by blanks.
        kind: relation from one to the other, see ``flipped``.
        flipped: False if the relation's source is the event after the words, True if its target is.
        confidence: share of its uses that mean it, judged by eye.
        needs: of the event after it: ``progressive`` an -ing form, ``noun`` a noun, ``phrase`` a noun or -ing form,
            ``clause`` a verb with a subject of its own; of the other: ``perfect`` the perfect.
    """

    words: str
    kind: str
    flipped: bool
    confidence: float
    needs: str = ""


CONNECTIVES: tuple[Connective, ...] = (
    Connective("after", "before", False, 0.85),
    Connective("following", "before", False, 0.85, "noun"),
    Connective("as soon as", "before", False, 0.85),
    Connective("once", "before", False, 0.7, "clause"),
    Connective("since", "before", False, 0.8, "perfect"),
    Connective("before", "before", True, 0.85),
    Connective("prior to", "before", True, 0.85),
    Connective("ahead of", "before", True, 0.8),
    Connective("until", "before", True, 0.7),
    Connective("during", "during", True, 0.8, "noun"),
    Connective("while", "during", True, 0.75, "progressive"),
    Connective("because", "cause", False, 0.85),
    Connective("because of", "cause", False, 0.9, "phrase"),
    Connective("due to", "cause", False, 0.85, "phrase"),
    Connective("owing to", "cause", False, 0.85, "phrase"),
    Connective("thanks to", "cause", False, 0.75, "phrase"),
    Connective("as a result of", "cause", False, 0.9),
    Connective("as a consequence of", "cause", False, 0.9),
    Connective("in response to", "cause", False, 0.8),
    Connective("in retaliation for", "cause", False, 0.85),
    Connective("in protest at", "cause", False, 0.8),
    Connective("in the wake of", "precondition", False, 0.75),
    Connective("in the aftermath of", "precondition", False, 0.75),
)
"""Longest first is not needed: a longer match at the same place wins."""

_EFFECT_AS_OBJECT = {"cause": 0.85, "trigger": 0.85, "spark": 0.85, "prompt": 0.8, "provoke": 0.85, "ignite": 0.75}
_EFFECT_AFTER = {"lead": "to", "result": "in", "contribute": "to"}
_CAUSE_AFTER = {"result": "from", "stem": "from", "arise": "from"}
_VERB_CONFIDENCE = 0.8
_SANCTIONS = word_set(
    """
    arrest charge convict fine sentence jail imprison punish criticise criticize praise blame sue dismiss fire suspend
    ban sanction condemn detain apologise apologize sack execute prosecute award
    """
)
"""Verbs whose "for …" tells what was done before."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation that words state; ``start`` and ``end`` are the token indices of the words."""

    kind: str
    source: Occurrence
    target: Occurrence
    start: int
    end: int
    confidence: float


class CueReader:
    """Stated relations of a document.

    Args:
        doc: the parsed document.
        events: in text order.
    """

    def __init__(self, doc: Doc, events: Sequence[Occurrence]) -> None:
        self.doc = doc
        self._at: dict[int, Occurrence] = {}
        for event in events:
            for place in range(event.start, event.end):
                self._at.setdefault(place, event)
        self._first: dict[str, list[tuple[tuple[str, ...], Connective]]] = {}
        for connective in CONNECTIVES:
            words = tuple(connective.words.split())
            self._first.setdefault(words[0], []).append((words, connective))
        for options in self._first.values():
            options.sort(key=lambda option: -len(option[0]))

    def read(self) -> Iterator[Stated]:
        """All stated relations, in text order."""
        strings = self.doc.vocab.strings
        openers = [strings[word] for word in (*self._first, "for")]
        verbs = [strings[lemma] for lemma in (*_EFFECT_AS_OBJECT, *_EFFECT_AFTER, *_CAUSE_AFTER)]
        asked = set(np.flatnonzero(np.isin(self.doc.to_array("LOWER"), openers)).tolist())
        asked |= set(np.flatnonzero(np.isin(self.doc.to_array("LEMMA"), verbs)).tolist())
        for token in (self.doc[place] for place in sorted(asked | set(self._at))):
            if token.i in self._at:
                yield from self._perfect(token)
            for words, connective in self._first.get(token.lower_, ()):
                if all(t.lower_ == w for t, w in zip(self.doc[token.i : token.i + len(words)], words, strict=False)):
                    yield from self._connected(token.i, token.i + len(words), connective)
                    break
            yield from self._verb(token)
            if token.lower_ == "for":
                yield from self._sanction(token)

    # -- events near a word ------------------------------------------------------------------------------------------

    def at_or_below(self, token: Token) -> Occurrence | None:
        """The event of a phrase: its head, or the nearest one that hangs on it."""
        level = [token]
        for _ in range(_DOWN + 1):
            for here in level:
                if here.i in self._at:
                    return self._at[here.i]
            level = [child for here in level for child in here.children if label(child) in _INTO]
        return None

    def at_or_above(self, token: Token) -> Occurrence | None:
        """The event that a word belongs to: its own, or the nearest one that it hangs on."""
        here = token
        for _ in range(_UP + 1):
            if here.i in self._at:
                return self._at[here.i]
            if label(here) in _BARRIERS or here.head.i == here.i or (label(here) == "conj" and here.pos_ == "VERB"):
                return None
            here = here.head
        return None

    # -- patterns ----------------------------------------------------------------------------------------------------

    def _connected(self, start: int, end: int, connective: Connective) -> Iterator[Stated]:
        first = self.doc[start]
        if end >= len(self.doc) or self.doc[end].sent.start != first.sent.start:
            return
        if first.is_title and start > 0 and self.doc[start - 1].is_title:
            return  # part of a name: "Until the End of Time"
        head = next((t.head for t in self.doc[start:end] if t.head.i >= end), None) or _top(self.doc[end], end)
        after = self.at_or_below(head)
        other = next((above for above in ancestors(head) if not start <= above.i < end), head)
        if after is None or other.i == head.i or after.start < end:
            return
        governor = self.at_or_above(other)
        if governor is None or governor.id == after.id or start <= governor.head.i < end:
            return
        if not _meets(connective.needs, after.head, governor.head):
            return
        confidence = connective.confidence
        if governor.lemma in REPORTING:
            # What hangs on "said" often belongs to what was said.
            if connective.kind != "before":
                return
            confidence = round(confidence - 0.15, 4)
        source, target = (governor, after) if connective.flipped else (after, governor)
        yield Stated(connective.kind, source, target, start, end, confidence)

    def _verb(self, verb: Token) -> Iterator[Stated]:
        lemma = verb.lemma_.lower()
        if verb.pos_ != "VERB" or not (lemma in _EFFECT_AS_OBJECT or lemma in _EFFECT_AFTER or lemma in _CAUSE_AFTER):
            return
        by_label: dict[str, list[Token]] = {}
        for child in verb.children:
            by_label.setdefault(child.dep_ if child.dep_ == "nsubj:pass" else label(child), []).append(child)
        cases: Mapping[str, Token] = {
            case.lower_: child for child in by_label.get("obl", []) for case in child.children if label(case) == "case"
        }
        subject = next(iter(by_label.get("nsubj", [])), None)
        if subject is not None and subject.lower_ in {"that", "which"} and label(verb) == "acl":
            subject = verb.head
        cause: Token | None = None
        effect: Token | None = None
        confidence = _VERB_CONFIDENCE
        if lemma in _EFFECT_AS_OBJECT:
            confidence = _EFFECT_AS_OBJECT[lemma]
            passive = next(iter(by_label.get("nsubj:pass", [])), None)
            if "by" in cases and verb.tag_ == "VBN":
                cause = cases["by"]
                effect = passive or (verb.head if label(verb) == "acl" else None)
            else:
                cause = subject
                effect = next(iter([*by_label.get("xcomp", []), *by_label.get("obj", [])]), None)
        elif (wanted := _EFFECT_AFTER.get(lemma)) in cases:
            cause, effect = subject, cases[str(wanted)]
        elif (wanted := _CAUSE_AFTER.get(lemma)) in cases:
            cause = cases[str(wanted)]
            effect = subject if label(verb) != "acl" else verb.head
        if cause is None or effect is None:
            return
        source, target = self.at_or_below(cause), self.at_or_below(effect)
        if source is not None and target is not None and len({source.id, target.id, self._id(verb)}) == 3:
            yield Stated("cause", source, target, verb.i, verb.i + 1, confidence)

    def _id(self, token: Token) -> str:
        return self._at[token.i].id if token.i in self._at else ""

    def _sanction(self, word: Token) -> Iterator[Stated]:
        """ "Arrested for driving": what was done comes first and is the reason."""
        head = word.head
        verb = head.head
        if head.i < word.i or verb.i > word.i or verb.lemma_.lower() not in _SANCTIONS or verb.i not in self._at:
            return
        deed = self._at.get(head.i)
        if deed is not None and deed.id != self._at[verb.i].id and (head.tag_ == "VBG" or head.pos_ == "NOUN"):
            yield Stated("cause", deed, self._at[verb.i], word.i, word.i + 1, 0.75)

    def _perfect(self, token: Token) -> Iterator[Stated]:
        """ "He said she had left": the past perfect comes before the past that governs it."""
        event = self._at[token.i]
        if event.head.i != token.i or token.tag_ != "VBN":
            return
        had = [child for child in token.children if child.lower_ == "had" and label(child) == "aux"]
        if not had or token.head.i == token.i or label(token) not in {"ccomp", "acl", "advcl"}:
            return
        governor = self._at.get(token.head.i) if token.head.tag_ == "VBD" else self._over_past(token)
        if governor is not None and governor.id != event.id:
            yield Stated("before", event, governor, had[0].i, had[0].i + 1, 0.8)

    def _over_past(self, token: Token) -> Occurrence | None:
        for above in ancestors(token):
            if above.tag_ == "VBD":
                return self._at.get(above.i)
            if label(above) in _BARRIERS:
                return None
        return None


def _top(token: Token, start: int) -> Token:
    """The head of the phrase that a word begins, looking no further left than ``start``."""
    for above in ancestors(token):
        if above.i < start:
            break
        token = above
    return token


def _meets(needs: str, after: Token, governor: Token) -> bool:
    if needs == "noun":
        return after.pos_ in {"NOUN", "PROPN"}
    if needs == "phrase":
        return after.pos_ in {"NOUN", "PROPN"} or after.tag_ == "VBG"
    if needs == "clause":
        return any(label(child) == "nsubj" for child in after.children)
    if needs == "progressive":
        return after.tag_ == "VBG"
    if needs == "perfect":
        return any(child.lower_ in {"has", "have", "had", "'ve", "’ve"} for child in governor.children)
    return True
