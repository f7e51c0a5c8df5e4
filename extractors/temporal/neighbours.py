"""Which events of a sentence its syntax puts at the same time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from extractors.tree import ancestors, label

if TYPE_CHECKING:
    from spacy.tokens import Token

_TOGETHER = frozenset({"nsubj", "obj", "obl", "nmod", "conj", "xcomp", "compound"})
_APART = frozenset(
    (
        "after", "before", "since", "until", "till", "following", "despite", "over", "about", "for", "against", "if",
        "because", "unless", "to", "than", "ahead", "prior", "like", "without",
    )
)  # fmt: skip
"""Prepositions and conjunctions that do not put two events at one time."""
_ABOUT = frozenset({"of", "with", "from", "by", "on", "in"})
"""Before a gerund these say what something is about ("accused of killing"), not when."""
_MEANS = frozenset({"by", "as", "from", "with", "of", "on"})
"""Before a noun these name who, how or what about."""
_PRESENT = frozenset({"VBZ", "VBP"})
_WHEN = frozenset({"when", "as", "while", "in", "during", "amid"})


def neighbours(head: Token, others: Collection[int]) -> Iterator[int]:
    """Events, by index of their head, that happen when the event of a head does: nearest first.

    A noun and the verb that it is an argument of ("the blast killed six"), verbs joined by "and", a clause with "when"
    or "as", a relative clause and the event that it tells more of.
    """
    if head.tag_ in _PRESENT:
        return
    known = {*others, head.i}
    here = head
    for depth, above in enumerate(ancestors(head)):
        if depth > 3 or not _same_time(here, above, known):
            break
        if above.i in others:
            yield above.i
            break
        here = above
    for index in sorted(others, key=lambda i: abs(i - head.i)):
        other = head.doc[index]
        if other.tag_ in _PRESENT:
            continue
        here = other
        for depth, above in enumerate(ancestors(other)):
            if depth > 3 or not _same_time(here, above, known):
                break
            if above.i == head.i:
                yield index
                break
            if above.i in others:
                break
            here = above


def _same_time(child: Token, parent: Token, others: Collection[int]) -> bool:
    """Whether what hangs on a word happens at its time; whole clauses only where that word is an event itself."""
    signs = {word.lower_ for word in child.children if label(word) in {"case", "mark", "advmod"}}
    if signs & _APART or (child.tag_ == "VBG" and signs & _ABOUT):
        return False
    relation = label(child)
    if relation in {"obl", "nmod"} and signs & _MEANS:
        return False
    if child.dep_ == "acl:relcl":
        return parent.i in others and child.tag_ in {"VBD", "VBN"} and not _perfect(child)
    if relation == "advcl":
        return parent.i in others and (bool(signs & _WHEN) or child.tag_ == "VBG")
    if relation == "conj":
        own = any(label(word) == "nsubj" for word in child.children)
        return child.pos_ == parent.pos_ and not own and not _perfect(child)
    return relation in _TOGETHER


def _perfect(verb: Token) -> bool:
    helpers = {word.lower_ for word in verb.children if label(word) == "aux"}
    return bool(helpers & {"had", "has", "have", "will", "would"})
