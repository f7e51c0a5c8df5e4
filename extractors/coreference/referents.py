"""What a passage talks about: names and noun phrases, each with its kind, number, gender and place in its sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ekg.model import CharSpan, MentionKind
from extractors.coreference.groups import Group
from extractors.coreference.words import (
    COMPANY,
    FEMALE_TITLES,
    MALE_TITLES,
    Gender,
    first_name_gender,
    noun_gender,
    noun_kind,
)
from extractors.tree import children, head_of, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.sentences import Sentence

Number = Literal["s", "p"]
Role = Literal["subject", "object", "owner", "other"]

_SKIPPED = frozenset({"compound", "flat", "fixed", "amod", "nummod", "det", "case", "mark", "punct", "goeswith"})
_NOUNS_OF = {"person": "person", "organization": "group", "place": "place"}
_BACK = 4
"""Sentences back in which a thing must have been mentioned for "the …" to take it up."""
_NEAR = 2
"""The same for "the company" after the only organization named."""
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_TIME_NOUNS = word_set(
    """
    day week month year hour minute time morning evening night today yesterday tomorrow decade century moment weekend
    season period way lot kind sort thing fact part number percent cent dollar
    """
)


@dataclass(slots=True, eq=False)
class Referent:
    """Something a passage talks about.

    Args:
        type: the entity's type; ``person``, ``group``, ``place`` or ``thing`` of a noun.
        number: singular or plural.
        gender: what is known of it.
        group: the names, where it has one.
        seen: its mentions so far, in text order.
        nouns: lemmas of common nouns that the text uses of it.
    """

    type: str
    number: Number
    gender: Gender = ""
    group: Group | None = None
    seen: list[Seen] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Seen:
    """One mention of a referent.

    Args:
        referent: what it refers to.
        head: the word that the phrase hangs on.
        start: first character.
        sentence: number of its sentence.
        kind: name, common noun or pronoun.
        role: what it is to its clause.
        joined: whether it stands in a list ("A and B").
    """

    referent: Referent
    head: Token
    start: int
    sentence: int
    kind: MentionKind
    role: Role
    joined: bool


def role_of(head: Token) -> Role:
    """What a phrase is to its clause, by the label of its head."""
    here = head
    while label(here) in {"conj", "appos", "flat", "compound"} and here.head.i != here.i:
        here = here.head
    name = here.dep_
    if name.startswith(("nsubj", "csubj")):
        return "subject"
    if name in {"obj", "iobj"}:
        return "object"
    return "owner" if name == "nmod:poss" else "other"


def mentions_of(sentences: Sequence[Sentence], groups: Sequence[Group]) -> list[list[Seen]]:
    """The mentions by name and noun of each sentence, in text order; pronouns are added as they are resolved."""
    text = sentences[0].text if sentences else ""
    starts = [sentence.start for sentence in sentences]
    result: list[list[Seen]] = [[] for _ in sentences]
    covered: list[dict[int, Seen]] = [{} for _ in sentences]
    for group in groups:
        referent = Referent(group.type, "s", _group_gender(group, text), group)
        for start, end in sorted(set(group.mentions)):
            number = bisect_right(starts, start) - 1
            words = [word for word in sentences[number].words if start <= word.idx < end] if number >= 0 else []
            if words:
                head = head_of(words)
                seen = Seen(referent, head, start, number, "name", role_of(head), _joined(head))
                result[number].append(seen)
                covered[number].update({word.i: seen for word in words})
    nouns = [_loose_nouns(sentence, names) for sentence, names in zip(sentences, covered, strict=True)]
    bearers: dict[str, dict[int, Referent]] = defaultdict(dict)
    for names in covered:
        for seen in names.values():
            for lemma in seen.referent.nouns:
                bearers[lemma][id(seen.referent)] = seen.referent
    known = {lemma: next(iter(found.values())) for lemma, found in bearers.items() if len(found) == 1}
    recent: dict[str, tuple[Referent, int]] = {}
    last: dict[int, tuple[int, Referent]] = {}
    for number, words in enumerate(nouns):
        last.update({id(seen.referent): (number, seen.referent) for seen in result[number]})
        for word in words:
            _add_noun(word, number, result[number], known, last, recent)
        _add_lists(result[number], number)
        result[number].sort(key=lambda seen: (seen.start, seen.kind))
    return result


def _loose_nouns(sentence: Sentence, names: Mapping[int, Seen]) -> list[Token]:
    """Nouns that refer by themselves; one that describes a name is noted as a word for that name's referent."""
    loose = []
    for word in sentence.words:
        if word.pos_ != "NOUN" or word.i in names:
            continue
        lemma = word.lemma_.lower()
        named = names.get(word.head.i) if label(word) in {"compound", "flat"} else _name_it_describes(word, names)
        if named is not None:
            if noun_kind(lemma) == _NOUNS_OF.get(named.referent.type):
                named.referent.nouns.add(lemma)
                _set_gender(named.referent, noun_gender(lemma))
        elif label(word) not in _SKIPPED and lemma not in _TIME_NOUNS and not children(word, "cop"):
            loose.append(word)
    return loose


def _add_noun(
    word: Token,
    number: int,
    here: list[Seen],
    known: Mapping[str, Referent],
    last: Mapping[int, tuple[int, Referent]],
    recent: dict[str, tuple[Referent, int]],
) -> None:
    lemma = word.lemma_.lower()
    plural: Number = "p" if word.tag_ == "NNS" or word.morph.get("Number", [])[:1] == ["Plur"] else "s"
    key = f"{lemma} {plural}"
    determined = [child for child in word.children if child.lower_ in _DEFINITE]
    before = recent.get(key)
    bearer = known.get(lemma)
    bare = all(label(child) in {"det", "case", "punct", "conj", "cc"} for child in word.children)
    if bearer is not None and number - last.get(id(bearer), (-99, bearer))[0] > _BACK:
        bearer = None
    if bearer is None and lemma in COMPANY:
        near = [one for at, one in last.values() if one.type == "organization" and number - at <= _NEAR]
        bearer = near[0] if len(near) == 1 else None
    if bearer is not None and determined and bare and plural == "s":
        referent = bearer
    elif determined and before is not None and number - before[1] <= _BACK:
        referent = before[0]
    else:
        referent = Referent(noun_kind(lemma), plural, noun_gender(lemma) if plural == "s" else "", nouns={lemma})
    recent[key] = (referent, number)
    start = min([word.idx, *(child.idx for child in determined)])
    here.append(Seen(referent, word, start, number, "nominal", role_of(word), _joined(word)))


def _name_it_describes(word: Token, names: Mapping[int, Seen]) -> Seen | None:
    """The name of which a noun is an apposition or a predicate: "Ann Bell, the singer", "Ann Bell is a singer"."""
    if label(word) == "appos" and word.head.i in names:
        return names[word.head.i]
    for child in word.children:
        if label(child) in {"appos", "flat"} and child.i in names and child.i > word.i:
            return names[child.i]
    if any(child.lemma_ == "be" for child in children(word, "cop")):
        return next((names[child.i] for child in children(word, "nsubj") if child.i in names), None)
    return None


def _add_lists(here: list[Seen], number: int) -> None:
    """A plural referent for each list: "they" after "Ann and Ben" is neither of them."""
    heads = {seen.head.i: seen for seen in here}
    for seen in list(here):
        rest = [child for child in seen.head.children if label(child) == "conj"]
        linked = [heads[child.i] for child in rest if child.i in heads]
        if linked and len(linked) == len(rest):
            kind = seen.referent.type if all(o.referent.type == seen.referent.type for o in linked) else "thing"
            if "person" in {seen.referent.type, *(other.referent.type for other in linked)}:
                kind = "person"
            both = Referent(kind, "p")
            here.append(Seen(both, seen.head, seen.start, number, "nominal", seen.role, False))


def _joined(head: Token) -> bool:
    return label(head) == "conj" or any(label(child) == "conj" for child in head.children)


def _set_gender(referent: Referent, gender: Gender) -> None:
    if gender and not referent.gender:
        referent.gender = gender


def _group_gender(group: Group, text: str) -> Gender:
    """Gender by a title before the name, else by the first name."""
    if group.type != "person":
        return ""
    spans: list[CharSpan] = group.mentions
    before = {word for start, _ in spans for word in text[max(0, start - 16) : start].lower().split()[-1:]}
    before |= {name.split()[0].lower() for name in group.names}
    if before & MALE_TITLES and not before & FEMALE_TITLES:
        return "m"
    if before & FEMALE_TITLES and not before & MALE_TITLES:
        return "f"
    for name in sorted(group.names, key=lambda name: (-len(name.split()), name)):
        if len(name.split()) > 1 or len(group.names) == 1:
            gender = first_name_gender(name.split()[0])
            if gender is not None and (len(name.split()) > 1 or gender):
                return gender if len(name.split()) > 1 else ""
    return ""
