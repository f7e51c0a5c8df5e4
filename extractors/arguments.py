"""Tagged arguments to arguments of the document: trimmed, in the type's own roles, linked to entities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ekg.model import Argument
from extractors.events.found import FoundEvent
from extractors.events.labels import GENERAL_ROLE, GENERAL_ROLES, PLAIN, Labels, specific_role
from extractors.participants import participants
from extractors.phrases import noun_phrase, whole_phrases
from extractors.tree import ancestors, head_of, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from ekg.model import CharSpan
    from ekg.time import TimeMention
    from extractors.coreference import EntityIndex
    from extractors.ontology import KeywordTypes
    from extractors.sentences import Sentence

_OPENING = word_set("'s ’s , ; : . ! ? - -- – — ) ] \" ' “ ” ‘ ’ ` `` '' and or but that by of")
_CLOSING = word_set(", ; : . ! ? - -- – — ( ) [ ] \" ' “ ” ‘ ’ ` `` '' and or but the a an of to in on at by 's")
_FUNCTION = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "AUX", "PART", "PUNCT"})
_FILLERS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "VERB", "X"})
_PARTICIPANTS = frozenset({"Agent", "Theme", "Goal", "Source", "Instrument", "Cause"})
_MEDIA = word_set("statement interview tweet post letter email article report blog speech conference")
_NO_AGENT = word_set("at with to in on for against over about after before into onto towards toward")
READ_OFF = 0.4
"""Confidence of an argument that the tree gives and the tagger does not."""
_EMPTY = word_set("which who whom that there what where when how why")


def make_arguments(
    event: FoundEvent,
    kind: str,
    sentence: Sentence,
    entities: EntityIndex,
    keywords: KeywordTypes,
    labels: Labels,
    times: Sequence[TimeMention] = (),
) -> tuple[Argument, ...]:
    """The arguments of an event in order of span; a stretch is used once and never holds only the trigger.

    Args:
        event: tagged event; its roles are general ones where its type was not trained.
        kind: the final type.
        sentence: where it stands.
        entities: the document's.
        keywords: roles of our own types.
        labels: roles of GENEVA's types.
        times: time expressions of the sentence; none of them is a participant.
    """
    found: dict[tuple[int, int], Argument] = {}
    dates = [time.span for time in times]
    trigger = sentence.words[event.start : event.end]
    agents = [head for role, head in participants(head_of(trigger)) if role == "Agent"]
    for tagged in whole_phrases(event, sentence):
        role = role_name(tagged.role, event.type, kind, keywords, labels)
        words = _trimmed(sentence.words[tagged.start : tagged.end])
        if role is None or not words:
            continue
        if tagged.start >= event.start and tagged.end <= event.end:
            continue
        head = head_of(words)
        predicate = any(label(child) == "cop" for child in head.children)
        if event.type == PLAIN and head.pos_ not in _FILLERS and not predicate:
            continue
        if all(word.lower_ in _EMPTY or word.pos_ in _FUNCTION for word in words):
            continue
        role = _by_voice(role, head, trigger, kind, keywords, labels)
        words = _bare(words, _general(role, kind, keywords), trigger)
        if not words or _is_stray(head, _general(role, kind, keywords), head_of(trigger)):
            continue
        if _general(role, kind, keywords) == "Agent" and _is_second(head, words, agents, sentence, event):
            continue
        argument = _argument(role, words, tagged.confidence, sentence, entities)
        assert argument.span is not None
        if _general(role, kind, keywords) in _PARTICIPANTS and _lies_in(argument.span, dates):
            continue
        before = found.get(argument.span)
        if before is None or before.confidence < argument.confidence:
            found[argument.span] = argument
    for argument in _overlooked(event, kind, sentence, entities, keywords, labels, tuple(found.values()), dates):
        assert argument.span is not None
        found[argument.span] = argument
    return tuple(found[span] for span in sorted(found))


def _argument(
    role: str, words: Sequence[Token], confidence: float, sentence: Sentence, entities: EntityIndex
) -> Argument:
    span = (words[0].idx, words[-1].idx + len(words[-1].text))
    hit = _entity(words, entities)
    return Argument(
        role=role,
        text=sentence.text[span[0] : span[1]],
        span=span,
        entity=hit[0] if hit else None,
        confidence=confidence,
        mention=entities.kind_of(hit[1]) if hit else None,
    )


def _bare(words: Sequence[Token], general: str, trigger: Sequence[Token]) -> Sequence[Token]:
    """A participant without the preposition that introduces it, or the article of the trigger's own phrase."""
    if words[0].pos_ == "DET" and len(words) > 1 and any(word.i == words[0].head.i for word in trigger):
        words = words[1:]
    counted = len(words) > 1 and words[0].lower_ == "at" and words[1].lower_ in {"least", "most"}
    if general in {"Agent", "Theme"} and words[0].pos_ == "ADP" and label(words[0]) == "case" and not counted:
        words = words[1:]
    return words


def _is_stray(head: Token, general: str, trigger: Token) -> bool:
    """Whether a stretch is no participant whatever its role: "in a statement", a clause about the subject."""
    if general == "Theme" and head.lemma_.lower() in _MEDIA and trigger.pos_ == "VERB" and label(head) == "obl":
        return any(child.lower_ in {"in", "on", "via", "during"} for child in head.children)
    if general == "Agent" and label(head) in {"obl", "nmod"}:
        cases = {child.lower_ for child in head.children if label(child) == "case"}
        return bool(cases & _NO_AGENT)
    if head.pos_ == "VERB":
        below = head
        for above in ancestors(head):
            if above.i == trigger.i:
                return label(below) == "nsubj"
            below = above
    return False


def _lies_in(span: CharSpan, dates: Sequence[CharSpan]) -> bool:
    return any(begin <= span[0] and span[1] <= end for begin, end in dates)


def _is_second(
    head: Token, words: Sequence[Token], agents: Sequence[Token], sentence: Sentence, event: FoundEvent
) -> bool:
    """Whether an agent is not the verb's subject although that one was found too."""
    inside = {word.i for word in words}
    if not agents or any(agent.i in inside for agent in agents) or label(head) in {"conj", "appos"}:
        return False
    spans = [range(tagged.start, tagged.end) for tagged in event.arguments]
    place = sentence.position()
    return any(place.get(agent.i, -1) in span for agent in agents for span in spans)


def _overlooked(
    event: FoundEvent,
    kind: str,
    sentence: Sentence,
    entities: EntityIndex,
    keywords: KeywordTypes,
    labels: Labels,
    found: Sequence[Argument],
    dates: Sequence[CharSpan],
) -> Iterator[Argument]:
    """Subjects, objects and agents for roles that are still open."""
    place = sentence.position()
    taken = [argument.span for argument in found if argument.span]
    filled = {_general(argument.role, kind, keywords) for argument in found}
    for general, head in participants(head_of(sentence.words[event.start : event.end])):
        role = general if kind == PLAIN else role_name(general, PLAIN, kind, keywords, labels)
        if role is None or general in filled or head.i not in place:
            continue
        start, end = noun_phrase(place[head.i], event, sentence)
        words = _trimmed(sentence.words[start:end])
        if not words or any(words[0].idx < after and words[-1].idx >= begin for begin, after in (*taken, *dates)):
            continue
        filled.add(general)
        yield _argument(role, words, READ_OFF, sentence, entities)


def _general(role: str, kind: str, keywords: KeywordTypes) -> str:
    own = keywords.roles.get(kind)
    return GENERAL_ROLE.get(role, role) if own is None else own.get(role, role)


def _by_voice(
    role: str, head: Token, trigger: Sequence[Token], kind: str, keywords: KeywordTypes, labels: Labels
) -> str:
    """The role, corrected where a passive leaves no doubt: "killed by X" makes X the agent, the subject the victim."""
    role = _by_preposition(role, head, GENERAL_ROLES if kind == PLAIN else labels.by_type.get(kind, ()))
    verb = head_of(trigger)
    if verb.pos_ != "VERB" or head.head.i != verb.i:
        return role
    passive = any(child.dep_ in {"aux:pass", "nsubj:pass"} for child in verb.children)
    own = keywords.roles.get(kind)
    general = GENERAL_ROLE.get(role, role) if own is None else own.get(role)
    by = any(label(child) == "case" and child.lower_ == "by" for child in head.children)
    wanted = None
    speaks = head.dep_ == "nsubj" and not passive and "Speaker" in labels.by_type.get(kind, ())
    performed = by and (passive or verb.tag_ == "VBN")
    if general == "Theme" and (performed or (speaks and role == "Message")):
        wanted = "Agent"
    elif general == "Agent" and passive and head.dep_ == "nsubj:pass":
        wanted = "Theme"
    if wanted is None:
        return role
    if kind == PLAIN:
        return wanted
    return role_name(wanted, PLAIN, kind, keywords, labels) or role


def _by_preposition(role: str, head: Token, allowed: Sequence[str]) -> str:
    """Where from and where to, told apart by the preposition."""
    cases = {child.lower_ for child in head.children if label(child) == "case"}
    if role == "Source" and cases & {"into", "to", "onto", "toward", "towards"} and "Goal" in allowed:
        return "Goal"
    return "Source" if role == "Goal" and "from" in cases and "Source" in allowed else role


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
    while end > start and words[end - 1].lower_ in _CLOSING and not _closes(words[start:end]):
        end -= 1
    return words[start:end]


def _closes(words: Sequence[Token]) -> bool:
    """Whether the last word closes a bracket or quotation that opens among the others."""
    pairs = {")": "(", "]": "[", "”": "“"}
    opening = pairs.get(words[-1].text)
    return opening is not None and any(word.text == opening for word in words[:-1])


def _entity(words: Sequence[Token], entities: EntityIndex) -> tuple[str, tuple[int, int]] | None:
    """The mention in which the head of the argument lies; of an apposition or a preposition's object, that one."""
    head = head_of(words)
    hit = entities.at(head.idx)
    if hit is None and label(head) in {"case", "mark", "det"}:
        hit = entities.at(head.head.idx)
    if hit is None:
        for child in head.children:
            if label(child) in {"appos", "flat"} and words[0].i <= child.i <= words[-1].i:
                hit = hit or entities.at(child.idx)
    return hit
