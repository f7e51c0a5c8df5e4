"""Entities of a document: names that mean the same, and the pronouns and common nouns that safely refer to them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ekg.ids import entity_id, normal_name
from ekg.model import CharSpan, Entity
from extractors.names import is_acronym_of, name_key, same_organization, shown_name
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from extractors.sentences import Sentence

PRONOUNS = word_set(
    """
    i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our
    ours ourselves they them their theirs themselves this that these those who whom whose which what one someone
    somebody anyone anybody everyone everybody nobody none there here
    """
)
_HE = word_set("he him his himself")
_SHE = word_set("she her hers herself")
_MALE, _FEMALE = (
    word_set("mr. mr sir king prince lord"),
    word_set("mrs. mrs ms. ms queen princess lady"),
)
_COMMON = {
    "organization": word_set("company firm carrier airline bank agency carmaker manufacturer retailer automaker"),
    "place": word_set("city town country village province"),
}
_NEAR = 2
"""Sentences back in which the antecedent of a common noun may stand."""


@dataclass(slots=True)
class Group:
    """Mentions that refer to one thing."""

    key: str
    type: str
    mentions: list[CharSpan] = field(default_factory=list)
    references: list[CharSpan] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


class EntityIndex:
    """Entities of a document with a look-up by character."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.entities = tuple(entities)
        spans = [(*span, entity.id) for entity in entities for span in (*entity.mentions, *entity.references)]
        self._spans = sorted(spans)
        self._starts = [span[0] for span in self._spans]
        self._types = {entity.id: entity.type for entity in entities}

    def at(self, position: int) -> tuple[str, CharSpan] | None:
        """Id and span of the mention or reference that covers a character."""
        place = bisect_right(self._starts, position) - 1
        if place < 0:
            return None
        start, end, name = self._spans[place]
        return (name, (start, end)) if position < end else None

    def type_of(self, entity: str) -> str:
        """The entity's type."""
        return self._types[entity]


def find_entities(document_id: str, doc: Doc, sentences: Sequence[Sentence]) -> EntityIndex:
    """Group the named mentions of the sentences by name and add safe references."""
    inside = {word.i: sentence.number for sentence in sentences for word in sentence.words}
    groups: dict[str, Group] = {}
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    spans: list[tuple[CharSpan, str, str]] = []
    for ent in doc.ents:
        if ent.start not in inside:
            continue
        span, name = shown_name(ent.text, ent.start_char)
        key = name_key(name)
        if not key or key in PRONOUNS or not any(char.isalpha() for char in name):
            continue
        spans.append((span, key, name))
        labels[key][ent.label_] += 1
    for span, key, name in spans:
        kind = min(labels[key], key=lambda item: (-labels[key][item], item))
        group = groups.setdefault(key, Group(key, kind))
        group.mentions.append(span)
        group.names[name] += 1
    text = sentences[0].text if sentences else ""
    _merge(groups, text)
    merged = sorted({id(group): group for group in groups.values()}.values(), key=lambda g: min(g.mentions))
    _add_references(merged, doc, sentences)
    entities = []
    for group in merged:
        name = max(group.names, key=lambda text: (len(normal_name(text)), group.names[text], text))
        entities.append(
            Entity(
                id=entity_id(document_id, name),
                type=group.type,
                name=name,
                mentions=tuple(sorted(set(group.mentions))),
                references=tuple(sorted(set(group.references) - set(group.mentions))),
            )
        )
    return EntityIndex(_distinct(entities))


def _distinct(entities: Sequence[Entity]) -> list[Entity]:
    """Join entities whose ids coincide (names that fold to the same)."""
    found: dict[str, Entity] = {}
    for entity in entities:
        before = found.get(entity.id)
        if before is not None:
            entity = Entity(
                id=before.id,
                type=before.type,
                name=before.name,
                mentions=tuple(sorted({*before.mentions, *entity.mentions})),
                references=tuple(sorted({*before.references, *entity.references})),
            )
        found[entity.id] = entity
    return sorted(found.values(), key=lambda entity: entity.mentions[0])


def _merge(groups: dict[str, Group], text: str) -> None:
    """Join short names with the one long name they can stand for; two candidates mean none."""
    keys = sorted(groups, key=lambda key: (len(key.split()), key))
    for key in keys:
        group = groups[key]
        candidates: dict[int, Group] = {}
        for other in keys:
            target = groups[other]
            if target is group or not _may_stand_for(key, group, other, target, text):
                continue
            candidates[id(target)] = target
        if len(candidates) == 1:
            (target,) = candidates.values()
            target.mentions.extend(group.mentions)
            target.names.update(group.names)
            for name in [name for name, member in groups.items() if member is group]:
                groups[name] = target


def _may_stand_for(key: str, group: Group, other: str, target: Group, text: str) -> bool:
    short, long = key.split(), other.split()
    if is_acronym_of(group.names, target.names, text):
        return target.type != "person"
    if target.type == "person" and group.type in {"person", "other", "organization"} and len(short) < len(long):
        if len(short) == 1:
            return short[0] == long[-1] or (group.type == "person" and short[0] == long[0])
        return group.type == "person" and (short[-1] == long[-1] and short[0] in long)
    return group.type == target.type == "organization" and same_organization(short, long)


def _add_references(groups: Sequence[Group], doc: Doc, sentences: Sequence[Sentence]) -> None:
    """Link "he", "she" and their forms to the only person they can mean, and "the company" to the only company."""
    named: defaultdict[int, dict[int, tuple[int, Group]]] = defaultdict(dict)
    starts = [sentence.start for sentence in sentences]
    for group in groups:
        for start, _ in sorted(group.mentions, reverse=True):
            number = bisect_right(starts, start) - 1
            if number >= 0:
                named[number][id(group)] = (start, group)
    genders = {id(group): _gender(group, sentences[0].text) for group in groups}
    for sentence in sentences:
        for word in sentence.words:
            lower = word.lower_
            if lower in _HE or lower in _SHE:
                wanted = "m" if lower in _HE else "f"
                person = _only(named, sentence.number, word.idx, "person", 1, genders, wanted)
                if person is not None and not _quoted(word, sentence):
                    genders[id(person)] = wanted
                    person.references.append((word.idx, word.idx + len(word.text)))
                    # A pronoun keeps its person in play for the next sentence.
                    named[sentence.number].setdefault(id(person), (word.idx, person))
            elif word.pos_ == "NOUN" and word.i > 0 and doc[word.i - 1].lower_ == "the":
                kind = next((kind for kind in sorted(_COMMON) if lower in _COMMON[kind]), None)
                if kind is not None and not any(
                    child.dep_ in {"nmod", "acl:relcl", "compound"} for child in word.children
                ):
                    only = _only(named, sentence.number, word.idx, kind, _NEAR, genders, None)
                    if only is not None:
                        start = doc[word.i - 1].idx
                        only.references.append((start, word.idx + len(word.text)))


def _only(
    named: dict[int, dict[int, tuple[int, Group]]],
    number: int,
    position: int,
    kind: str,
    back: int,
    genders: dict[int, str],
    gender: str | None,
) -> Group | None:
    """The one group of a type that is named before a character in this sentence or the ones before it."""
    for earlier in range(number, max(-1, number - back - 1), -1):
        here = {
            identity: group
            for identity, (start, group) in named.get(earlier, {}).items()
            if group.type == kind and start < position
        }
        if gender is not None:
            here = {identity: group for identity, group in here.items() if genders.get(identity, "") in {"", gender}}
        if here:
            return next(iter(here.values())) if len(here) == 1 else None
    return None


def _gender(group: Group, text: str) -> str:
    before = {word for start, _ in group.mentions for word in text[max(0, start - 10) : start].lower().split()[-1:]}
    if before & _MALE:
        return "m"
    return "f" if before & _FEMALE else ""


_QUOTE = re.compile(r"[\"“”]")


def _quoted(word: Token, sentence: Sentence) -> bool:
    """Whether a word stands inside a quotation of its sentence, where a pronoun may mean anyone."""
    marks = sum(1 for other in sentence.words if other.i < word.i and _QUOTE.search(other.text))
    return marks % 2 == 1
