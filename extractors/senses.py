"""Senses of common verbs that the words beside them give away: "went wrong" is no motion, "blasted off" is a launch.

A tagger that learns types from words takes "reach" for arriving and "push" for motion wherever they stand. Here the
verb's particle, object or complement overrules it, in the few patterns that are frequent in news and hardly ever fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.events.labels import PLAIN
from extractors.tree import children, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

_PHRASAL = {
    "blast off": "Launch", "lift off": "Launch", "roll out": "Launch", "set up": "Creating", "carry out": "Action",
    "turn around": "Motion", "turn back": "Motion", "head back": "Motion", "step down": "Resignation",
    "lay off": "Layoff", "kick off": "Process_start", "shut down": "Process_end", "call off": "Process_end",
    "wrap up": "Process_end", "set off": "Departing", "take off": "Departing", "show up": "Arriving",
    "turn up": "Arriving", "point out": "Statement", "speak out": "Statement", "find out": "Coming_to_believe",
    "figure out": "Coming_to_believe", "break in": "Theft", "blow up": "Explosion", "give up": "Process_end",
    "bring up": "Statement", "buy up": "Commerce_buy", "sign up": "Becoming_a_member", "call for": "Request",
    "push for": "Request", "press for": "Request", "ask for": "Request",
}  # fmt: skip
_MOTION = frozenset({"Motion", "Motion_directional", "Self_motion", "Traveling", "Arriving", "Departing", "Getting"})
_TURNING = word_set("go get turn grow fall run")
_STATIC = word_set(
    "wrong viral missing public live crazy mad bad well badly unnoticed global bankrupt red free dark quiet"
)
_SHOTS = frozenset({"Killing", "Bodily_harm", "Attack", "Hostile_encounter"})
_FILMED = word_set("film scene video photo picture footage movie image clip laser")


def refined_type(kind: str, trigger: Token, known: frozenset[str]) -> str:
    """The type of an event after a look at the words around its trigger.

    Args:
        kind: what the tagger or the keywords say.
        trigger: the trigger's head.
        known: names of the types of the ontology in use; no other is ever returned.
    """
    found = _refined(kind, trigger)
    return found if found in known else kind


def _refined(kind: str, trigger: Token) -> str:
    lemma = trigger.lemma_.lower()
    if trigger.pos_ != "VERB":
        return "Shooting" if lemma in {"shooting", "gunfire"} and kind in _SHOTS else kind
    beside = {child.lower_ for child in trigger.children if label(child) == "compound" or child.dep_ == "compound:prt"}
    beside |= {child.lower_ for child in children(trigger, "advmod") if child.i == trigger.i + 1}
    for particle in sorted(beside) if kind == PLAIN or kind in _MOTION else ():
        if f"{lemma} {particle}" in _PHRASAL:
            return _PHRASAL[f"{lemma} {particle}"]
    if kind in _MOTION:
        if any(f"{lemma} {case}" in _PHRASAL for noun in children(trigger, "obl") for case in _cases(noun)):
            return "Request"
        return _still(kind, lemma, trigger)
    if lemma == "shoot" and kind in _SHOTS:
        dead = any(child.lower_ == "dead" for child in trigger.children)
        return "Killing" if dead else "Shooting"
    if lemma == "shoot" and any(child.lemma_.lower() in _FILMED for child in children(trigger, "obj")):
        return PLAIN
    return kind


def _still(kind: str, lemma: str, verb: Token) -> str:
    """The type of a verb of motion where nothing moves."""
    quality = next((child for child in children(verb, "xcomp", "obj") if child.pos_ == "ADJ"), None)
    if lemma in _TURNING and (quality is not None or any(child.lower_ in _STATIC for child in verb.children)):
        return "Becoming"
    if lemma == "reach":
        if any(
            case == "for" and noun.lemma_.lower() == "comment"
            for noun in children(verb, "obl")
            for case in _cases(noun)
        ):
            return "Communication"
        agreed = {"agreement", "deal", "compromise", "settlement", "truce", "consensus"}
        if any(child.lemma_.lower() in agreed for child in children(verb, "obj", "nsubj")):
            return "Sign_agreement"
        if any(child.lower_ in {"could", "can", "unable"} for child in verb.children) and _is_passive(verb):
            return "Communication"
    return kind


def _is_passive(verb: Token) -> bool:
    return any(child.dep_ in {"aux:pass", "nsubj:pass"} for child in verb.children)


def _cases(noun: Token) -> list[str]:
    return [child.lower_ for child in children(noun, "case")]
