"""Who did it and to what, as the tree says: subjects, objects and agents of a trigger, own or shared.

The tagger finds what it has seen. What every grammar book calls the subject or the object of a verb is read off the
tree where the tagger left the role open, and a second subject is dropped where the verb has one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractors.tree import children, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_EXPLETIVE = word_set("it there what which that who whom whose how why")
_CONTROL = frozenset({"xcomp", "conj", "advcl"})


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive, or a participle that follows its noun ("the man shot in Leeds")."""
    if any(child.dep_ in {"aux:pass", "nsubj:pass"} for child in verb.children):
        return True
    return verb.tag_ == "VBN" and label(verb) in {"acl", "amod"} and verb.dep_ != "acl:relcl"


def subject_of(verb: Token) -> Token | None:
    """The noun that is a verb's subject: its own, or the one that it shares with the verb it hangs on."""
    own = children(verb, "nsubj")
    if children(verb, "expl"):
        return None
    if own:
        return _antecedent(own[0], verb) if own[0].tag_ in {"WDT", "WP"} else own[0]
    if label(verb) == "acl" and verb.dep_ != "acl:relcl" and verb.tag_ in {"VBG", "VBN"}:
        return verb.head
    if label(verb) == "advcl" and verb.tag_ != "VBG":
        return None
    if label(verb) in _CONTROL and verb.head.pos_ == "VERB" and verb.head.i != verb.i:
        # "told the men to leave": the men leave.
        objects = children(verb.head, "obj", "iobj") if label(verb) == "xcomp" else []
        if is_passive(verb) or (label(verb) == "conj" and is_passive(verb.head)):
            return None
        return objects[0] if objects else _own_subject(verb.head)
    return None


def _own_subject(verb: Token) -> Token | None:
    found = children(verb, "nsubj")
    return found[0] if found and found[0].tag_ not in {"WDT", "WP"} else None


def _antecedent(pronoun: Token, verb: Token) -> Token | None:
    return verb.head if verb.dep_ == "acl:relcl" and verb.head.pos_ in {"NOUN", "PROPN", "PRON"} else None


def participants(trigger: Token) -> Iterator[tuple[str, Token]]:
    """General role and head word of each subject, object and agent of a trigger.

    Args:
        trigger: the trigger's head.
    """
    if trigger.pos_ == "VERB":
        passive = is_passive(trigger)
        subject = subject_of(trigger)
        if subject is not None and subject.lower_ not in _EXPLETIVE:
            yield ("Theme" if passive else "Agent"), subject
        if not passive:
            for found in children(trigger, "obj"):
                if found.lower_ not in _EXPLETIVE:
                    yield "Theme", found
        else:
            yield from (("Agent", found) for found in children(trigger, "obl") if _has_case(found, "by"))
    elif trigger.pos_ == "NOUN":
        yield from (("Agent", found) for found in children(trigger, "nmod") if _has_case(found, "by"))


def _has_case(noun: Token, preposition: str) -> bool:
    return any(child.lower_ == preposition for child in children(noun, "case"))
