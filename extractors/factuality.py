"""Polarity and modality of an event: does the text say that it happened?

Cues are words; their scope is read off the tree in small steps (dependents of the trigger, the verbs that govern it),
so that one wrong arc costs one cue. A nominal trigger takes over what holds for the verb that it depends on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekg.model import Modality, Polarity
from extractors.tree import ancestors, children, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEGATION = word_set("not n't n’t nt never no neither nor without nobody none hardly barely cannot")
_NEGATING = word_set("deny fail refuse decline avoid prevent avert cancel block stop reject halt abandon thwart")
_PLANNING = word_set(
    """
    plan intend schedule expect aim seek hope prepare set vow pledge promise threaten agree decide want propose
    promise due slate urge call demand request ask order consider ready bind try attempt
    """
)
_POSSIBLE = word_set("may might could can possibly perhaps maybe likely unlikely probably potential possible")
_REPORTED = word_set("allegedly reportedly apparently alleged purported supposedly purportedly reported")
_FUTURE = word_set("will shall 'll ’ll wo")
_CONDITION = word_set("if unless whether would should lest")
_REPORTING = word_set(
    """
    say tell report claim allege announce state add believe think suggest argue insist warn note suspect accuse
    according assert declare confirm acknowledge reveal write predict estimate fear speculate
    """
)
_FACTIVE = word_set("confirm acknowledge reveal know note")


def factuality(trigger: Token, words: Sequence[Token]) -> tuple[Polarity, Modality]:
    """What the sentence says of an event.

    Args:
        trigger: the word the trigger hangs on.
        words: the sentence.
    """
    polarity: Polarity = "positive"
    modality: Modality = "actual"
    here = trigger
    for depth, above in enumerate((trigger, *ancestors(trigger))):
        if depth > 5:
            break
        own = [child for child in above.children if child.i != here.i]
        if depth == 0 or _same_clause(here):
            if _negated(own) or (depth == 0 and _denied(trigger, words)):
                polarity = "negative"
            modality = _stronger(modality, _modality(own, above, depth))
        if depth:
            lemma = above.lemma_.lower()
            if lemma in _NEGATING and label(here) in {"xcomp", "obj", "ccomp"} and depth == 1:
                polarity = "negative"
            if lemma in _PLANNING and label(here) in {"xcomp", "obj"} and depth <= 2:
                modality = _stronger(modality, "planned")
        if depth and label(here) in {"ccomp", "parataxis"} and above.lemma_.lower() in _REPORTING - _FACTIVE:
            modality = _stronger(modality, "reported")
        if depth and label(here) in {"relcl", "acl"} and not _same_clause(here):
            break
        here = above
    return polarity, modality


def _same_clause(token: Token) -> bool:
    """Whether a token takes over the polarity and modality of its head: not across a clause of its own."""
    return label(token) in {"xcomp", "obj", "obl", "nsubj", "iobj", "compound", "nmod", "conj", "aux", "cop"} and not (
        label(token) == "conj" and any(label(child) == "nsubj" for child in token.children)
    )


def _negated(own: Sequence[Token]) -> bool:
    return any(
        child.lower_ in _NEGATION and label(child) in {"advmod", "det", "neg", "aux", "cc", "mark", "case", "dep"}
        for child in own
    )


def _denied(trigger: Token, words: Sequence[Token]) -> bool:
    """A negation right before the trigger, whatever the tree says."""
    before = [word.lower_ for word in words if trigger.i - 3 <= word.i < trigger.i]
    return bool(before) and (before[-1] in {"not", "n't", "n’t", "never", "no"} or "never" in before)


def _modality(own: Sequence[Token], above: Token, depth: int) -> Modality:
    auxiliaries = {child.lower_ for child in own if label(child) == "aux"}
    marks = {child.lower_ for child in own if label(child) == "mark"}
    adverbs = {child.lower_ for child in own if label(child) in {"advmod", "amod", "obl"}}
    if marks & {"if", "unless", "whether", "lest"} or auxiliaries & {"would", "should", "'d", "’d"}:
        return "hypothetical"
    if _has_condition(above):
        return "hypothetical"
    if (auxiliaries | adverbs) & _POSSIBLE:
        return "possible"
    if auxiliaries & _FUTURE or (above.lower_ == "going" and depth):
        return "planned"
    if adverbs & {"planned", "scheduled", "upcoming", "forthcoming", "proposed", "expected", "next"}:
        return "planned"
    if adverbs & _REPORTED:
        return "reported"
    if above.lemma_ in {"set", "due"} and depth and children(above, "xcomp"):
        return "planned"
    if "to" in marks and label(above) in {"xcomp", "acl", "advcl", "ROOT", "root"}:
        governor = above.head.lemma_.lower()
        if label(above) == "advcl" or governor in _PLANNING:
            return "planned"
    return "actual"


def _has_condition(verb: Token) -> bool:
    """Whether the verb's own clause begins with "if" and the like."""
    return any(child.lower_ in _CONDITION and label(child) == "mark" for child in verb.children)


_STRENGTH: dict[Modality, int] = {"actual": 0, "reported": 1, "planned": 2, "possible": 3, "hypothetical": 4}


def _stronger(left: Modality, right: Modality) -> Modality:
    return right if _STRENGTH[right] > _STRENGTH[left] else left
