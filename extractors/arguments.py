"""Tagged arguments to arguments of the document: trimmed, in the type's own roles, linked to entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekg.model import Argument
from extractors.coreference import PRONOUNS
from extractors.events.found import FoundArgument, FoundEvent
from extractors.events.labels import GENERAL_ROLE, PLAIN, Labels, specific_role
from extractors.tree import head_of, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.coreference import EntityIndex
    from extractors.ontology import KeywordTypes
    from extractors.sentences import Sentence

_OPENING = word_set("'s ’s , ; : . ! ? - -- – — ) ] \" ' “ ” ‘ ’ ` `` '' and or but that by of")
_CLOSING = word_set(", ; : . ! ? - -- – — ( [ \" ' “ ” ‘ ’ ` `` '' and or but the a an of to in on at by 's")
_INNER = word_set("det amod compound nummod flat fixed")
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
_FUNCTION = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "AUX", "PART", "PUNCT"})
_FILLERS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "VERB", "X"})
_GROWTH = 5
_EMPTY = word_set("which who whom that there what where when how why")


def make_arguments(
    event: FoundEvent,
    kind: str,
    sentence: Sentence,
    entities: EntityIndex,
    keywords: KeywordTypes,
    labels: Labels,
) -> tuple[Argument, ...]:
    """The arguments of an event in order of span; a stretch is used once and never holds only the trigger.

    Args:
        event: tagged event; its roles are general ones where its type was not trained.
        kind: the final type.
        sentence: where it stands.
        entities: the document's.
        keywords: roles of our own types.
        labels: roles of GENEVA's types.
    """
    found: dict[tuple[int, int], Argument] = {}
    for tagged in whole_phrases(event, sentence):
        role = role_name(tagged.role, event.type, kind, keywords, labels)
        words = _trimmed(sentence.words[tagged.start : tagged.end])
        if role is None or not words:
            continue
        if tagged.start >= event.start and tagged.end <= event.end and event.type == PLAIN:
            continue
        head = head_of(words)
        if event.type == PLAIN and head.pos_ not in _FILLERS:
            continue
        if all(word.lower_ in _EMPTY or word.pos_ in _FUNCTION for word in words):
            continue
        role = _by_voice(role, head, sentence.words[event.start : event.end], kind, keywords, labels)
        span = (words[0].idx, words[-1].idx + len(words[-1].text))
        argument = Argument(
            role=role,
            text=sentence.text[span[0] : span[1]],
            span=span,
            entity=_entity(words, entities),
            confidence=tagged.confidence,
        )
        before = found.get(span)
        if before is None or before.confidence < argument.confidence:
            found[span] = argument
    return tuple(found[span] for span in sorted(found))


def whole_phrases(event: FoundEvent, sentence: Sentence) -> list[FoundArgument]:
    """Tagged stretches, each completed to the noun phrase that its head modifies, and joined where they meet.

    The tagger decides word by word and may stop at "the Red" of "the Red Planet". A phrase never grows over the
    trigger or by more than ``_GROWTH`` words.
    """
    grown: list[FoundArgument] = []
    for tagged in _quotes_closed(_names_whole(event.arguments, sentence), sentence):
        start, end = _completed(tagged, event, sentence)
        if grown and grown[-1].role == tagged.role and start < grown[-1].end:
            before = grown.pop()
            weight = before.end - before.start
            confidence = (before.confidence * weight + tagged.confidence * (end - start)) / (weight + end - start)
            tagged = FoundArgument(before.start, max(before.end, end), tagged.role, round(confidence, 4))
        elif grown and start < grown[-1].end:
            start = grown[-1].end
            if start >= end:
                continue
            tagged = FoundArgument(start, end, tagged.role, tagged.confidence)
        else:
            tagged = FoundArgument(start, end, tagged.role, tagged.confidence)
        grown.append(tagged)
    return grown


def _names_whole(arguments: Sequence[FoundArgument], sentence: Sentence) -> list[FoundArgument]:
    """Arguments that hold a name whole or not at all: the one with the name's last word gets it."""
    spans = [[tagged.start, tagged.end] for tagged in arguments]
    for start, end in _names(sentence):
        owner = next((i for i, (first, after) in enumerate(spans) if first < end <= after), None)
        for i, span in enumerate(spans):
            if i == owner:
                span[0] = min(span[0], start)
            elif span[0] < end and span[1] > start and owner is not None:
                span[0], span[1] = (span[0], start) if span[0] < start else (end, max(end, span[1]))
    return [
        FoundArgument(first, after, tagged.role, tagged.confidence)
        for tagged, (first, after) in zip(arguments, spans, strict=True)
        if after > first
    ]


def _names(sentence: Sentence) -> list[tuple[int, int]]:
    """Places of the named entities of a sentence."""
    found: list[tuple[int, int]] = []
    for place, word in enumerate(sentence.words):
        if word.ent_iob_ == "I" and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif word.ent_iob_ in {"B", "I"}:
            found.append((place, place + 1))
    return found


def _quotes_closed(arguments: Sequence[FoundArgument], sentence: Sentence) -> list[FoundArgument]:
    """Arguments cut after a quotation that ends inside them: what follows says who spoke."""
    result = []
    for tagged in arguments:
        end = tagged.end
        for place in range(tagged.start + 1, tagged.end):
            before, mark = sentence.words[place - 1].text, sentence.words[place].text
            if mark == "”" or (mark in {'"', "''"} and before[-1] in ",.!?…"):
                end = place + 1
                break
        result.append(FoundArgument(tagged.start, end, tagged.role, tagged.confidence))
    return result


def _completed(tagged: FoundArgument, event: FoundEvent, sentence: Sentence) -> tuple[int, int]:
    place = sentence.position()
    trigger = range(event.start, event.end)
    start, end = tagged.start, tagged.end
    for _ in range(3):
        head = head_of(sentence.words[start:end])
        above = place.get(head.head.i)
        if _inner(head) and above is not None and above not in trigger and head.head.pos_ in _NOMINAL:
            if start <= above < end:
                break
            wider = (min(start, above), max(end, above + 1))
        else:
            left = [place[child.i] for child in head.children if _inner(child) and child.i in place]
            wider = (min([start, *left]), max([end, *(other + 1 for other in left)]))
        if wider == (start, end) or wider[1] - wider[0] > end - start + _GROWTH:
            break
        if any(spot in range(*wider) and spot not in range(start, end) for spot in trigger):
            break
        start, end = wider
    return start, end


def _by_voice(
    role: str, head: Token, trigger: Sequence[Token], kind: str, keywords: KeywordTypes, labels: Labels
) -> str:
    """The role, corrected where a passive leaves no doubt: "killed by X" makes X the agent, the subject the victim."""
    verb = head_of(trigger)
    if verb.pos_ != "VERB" or head.head.i != verb.i:
        return role
    passive = any(child.dep_ in {"aux:pass", "nsubj:pass"} for child in verb.children)
    own = keywords.roles.get(kind)
    general = GENERAL_ROLE.get(role, role) if own is None else own.get(role)
    by = any(label(child) == "case" and child.lower_ == "by" for child in head.children)
    wanted = None
    if general == "Theme" and by and (passive or verb.tag_ == "VBN"):
        wanted = "Agent"
    elif general == "Agent" and passive and head.dep_ == "nsubj:pass":
        wanted = "Theme"
    if wanted is None:
        return role
    if kind == PLAIN:
        return wanted
    return role_name(wanted, PLAIN, kind, keywords, labels) or role


def _inner(token: Token) -> bool:
    """Whether a word only modifies the noun it hangs on."""
    return label(token) in _INNER or token.dep_ == "nmod:poss"


def role_name(role: str, tagged_as: str, kind: str, keywords: KeywordTypes, labels: Labels) -> str | None:
    """The role under the final type: unchanged for trained types, the type's own name for a general role else."""
    if tagged_as == kind:
        return role
    role = GENERAL_ROLE.get(role, role)
    own = keywords.roles.get(kind)
    if own is not None:
        return next((name for name, general in own.items() if general == role), None)
    return specific_role(role, labels.by_type.get(kind, ()))


def _trimmed(words: Sequence[Token]) -> Sequence[Token]:
    """Without punctuation, conjunctions and dangling function words at the edges."""
    start, end = 0, len(words)
    while start < end and words[start].lower_ in _OPENING:
        start += 1
    while end > start and words[end - 1].lower_ in _CLOSING:
        end -= 1
    return words[start:end]


def _entity(words: Sequence[Token], entities: EntityIndex) -> str | None:
    """The entity in which the head of the argument lies; of an apposition or a preposition's object, that one."""
    head = head_of(words)
    hit = entities.at(head.idx)
    if hit is None and label(head) in {"case", "mark", "det"}:
        hit = entities.at(head.head.idx)
    if hit is None:
        for child in head.children:
            if label(child) in {"appos", "flat"} and words[0].i <= child.i <= words[-1].i:
                hit = hit or entities.at(child.idx)
    if hit is None and len(words) == 1 and words[0].lower_ in PRONOUNS:
        return None
    return hit[0] if hit else None
