"""An event as the code of relations sees it: its words in the parsed document and what they say of it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.tree import ancestors, children, head_of, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

REPORTING = word_set(
    """
    say tell report announce state claim add note believe think suggest argue insist describe explain reveal write
    confirm acknowledge declare comment statement report announcement quote ask speak talk accord show know
    """
)
"""Lemmas of acts of speech and thought."""

_ASPECTUAL = word_set("begin start continue stop end finish resume cease complete keep remain come go get")
_CAUSATIVE = word_set("cause lead trigger prompt force spark result make let help allow bring provoke produce leave")
_SUPPORT = word_set("have be make take give do hold carry undergo face receive")
_MODALS = word_set("will would shall should can could may might must 'll ’ll 'd ’d wo")
_NEGATIONS = word_set("not n't n’t never no without")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event mention in the parsed document.

    Args:
        id: the event's id.
        head: head word of its trigger.
        start: index of the trigger's first token in the document.
        end: index after its last token.
        sentence: number of its sentence.
    """

    id: str
    head: Token
    start: int
    end: int
    sentence: int

    @property
    def lemma(self) -> str:
        """Lemma of the head, lower case."""
        return (self.head.lemma_ or self.head.text).lower()

    @property
    def introducer(self) -> str:
        """The preposition or conjunction that introduces the event's phrase or clause, empty if there is none."""
        found = [child for child in self.head.children if label(child) in {"case", "mark"} and child.i < self.head.i]
        return found[0].lower_ if found else ""


def occurrences(doc: Doc, spans: Sequence[tuple[str, tuple[int, int]]]) -> list[Occurrence]:
    """Events given as spans of characters, in text order.

    Args:
        doc: the parsed document.
        spans: id and span of each event.
    """
    found: list[Occurrence] = []
    numbers: dict[int, int] = {}
    for number, sentence in enumerate(doc.sents):
        for token in sentence:
            numbers[token.i] = number
    for name, (low, high) in spans:
        span = doc.char_span(low, high, alignment_mode="expand")
        if span is None or len(span) == 0:
            continue
        words = [token for token in span if not token.is_space] or list(span)
        head = head_of(words)
        found.append(Occurrence(name, head, words[0].i, words[-1].i + 1, numbers.get(head.i, 0)))
    return sorted(found, key=lambda event: (event.start, event.end, event.id))


def verb_marks(head: Token) -> dict[str, float]:
    """What form and surroundings of a trigger's head say of tense, aspect and status, as features by name."""
    helpers = [child for child in head.children if label(child) in {"aux", "cop"}]
    forms = {child.lower_ for child in helpers}
    lemma = head.lemma_.lower()
    role = label(head)
    return {
        "verb": float(head.pos_ in {"VERB", "AUX"}),
        "noun": float(head.pos_ in {"NOUN", "PROPN"}),
        "past": float(head.tag_ == "VBD"),
        "participle": float(head.tag_ == "VBN"),
        "ing": float(head.tag_ == "VBG"),
        "base": float(head.tag_ in {"VB", "VBP", "VBZ"}),
        "modal": float(bool(forms & _MODALS)),
        "perfect": float(bool(forms & {"has", "have", "had", "having", "'ve", "’ve"})),
        "passive": float(any(child.dep_ == "aux:pass" for child in helpers)),
        "infinitive": float(any(child.lower_ == "to" for child in head.children)),
        "negated": float(any(child.lower_ in _NEGATIONS for child in head.children)),
        "reporting": float(lemma in REPORTING),
        "aspectual": float(lemma in _ASPECTUAL),
        "causative": float(lemma in _CAUSATIVE),
        "support": float(lemma in _SUPPORT),
        "depth": float(min(10, sum(1 for _ in ancestors(head)))),
        "root": float(role in {"ROOT", "root"}),
        "conj": float(role == "conj"),
        "advcl": float(role == "advcl"),
        "complement": float(role in {"ccomp", "xcomp", "parataxis"}),
        "relative": float(role == "acl"),
        "subject": float(role in {"nsubj", "csubj"}),
        "object": float(role in {"obj", "iobj"}),
        "oblique": float(role == "obl"),
        "nominal": float(role in {"nmod", "compound", "appos"}),
        "modifier": float(role in {"amod", "nmod", "compound", "acl"}),
        "has_subject": float(bool(children(head, "nsubj", "csubj"))),
        "has_object": float(bool(children(head, "obj"))),
    }
