"""Names of a document that mean the same: one group of mentions for each thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ekg.model import CharSpan
from extractors.coreference.surnames import bearers
from extractors.coreference.words import PRONOUNS
from extractors.names import is_acronym_of, name_key, same_organization, shown_name

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(slots=True, eq=False)
class Group:
    """Mentions that refer to one thing.

    Args:
        key: normal form of the name by which the group was begun.
        type: type of the entity.
        mentions: spans of its names.
        references: spans of nouns and pronouns that refer to it.
        names: forms of its name, with how often each is used.
    """

    key: str
    type: str
    mentions: list[CharSpan] = field(default_factory=list)
    references: list[CharSpan] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


def group_names(doc: Doc, inside: Collection[int], text: str) -> list[Group]:
    """Groups of the document's named entities, in the order of their first mention.

    Args:
        doc: the parsed document with its entities.
        inside: indices of the tokens that are read; names outside are left out.
        text: the document's text.
    """
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
    _merge(groups, text)
    return sorted(dict.fromkeys(groups.values()), key=lambda group: min(group.mentions))


def _merge(groups: dict[str, Group], text: str) -> None:
    """Join short names with the one long name they can stand for; two candidates mean none, but for bare surnames."""
    keys = sorted(groups, key=lambda key: (len(key.split()), key))
    called = dict(groups)
    for key in keys:
        group = groups[key]
        candidates: dict[int, Group] = {}
        for other in keys:
            target = groups[other]
            if target is group or not _may_stand_for(key, group, other, target, text):
                continue
            candidates[id(target)] = target
        people = [target for target in candidates.values() if target.type == "person" and target.key.split()[-1] == key]
        if people and len(people) == len(candidates):
            candidates = {id(target): target for target in bearers(group, people, called, text)}
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
