"""What speaks for and against a referent as the antecedent of a pronoun, as names of binary features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extractors.coreference.referents import Referent, Role, Seen, role_of
from extractors.coreference.words import HE, IT, POSSESSIVE, REFLEXIVE, SHE, THEY, Gender
from extractors.tree import ancestors, children, clause_head, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

PronounClass = Literal["person", "they", "it"]

_WINDOW = 3
"""Sentences back in which an antecedent may stand."""
_MOST = 100
"""Mentions back at most, where a "sentence" has no end."""

_EXPLETIVE_ADJ = word_set(
    """
    clear likely unlikely possible impossible important unclear hard easy difficult true good bad better best time
    necessary obvious nice great safe worth rare common illegal legal sad strange fair late early
    """
)
_EXPLETIVE_VERBS = word_set("seem appear turn take happen rain snow look matter mean come")


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun that looks for its antecedent.

    Args:
        token: the word.
        sentence: number of its sentence.
        kind: which pronouns it is weighed with.
        gender: the gender that it demands.
        role: what it is to its clause.
        quote: number of the quotation that it stands in, -1 outside.
    """

    token: Token
    sentence: int
    kind: PronounClass
    gender: Gender
    role: Role
    quote: int


def pronoun_of(token: Token, sentence: int, quote: int) -> Pronoun | None:
    """A third-person pronoun as `Pronoun`; None for other words and for an "it" that stands for nothing."""
    lower = token.lower_
    gender: Gender = "m" if lower in HE else "f" if lower in SHE else ""
    if gender:
        return Pronoun(token, sentence, "person", gender, role_of(token), quote)
    if lower in THEY:
        return Pronoun(token, sentence, "they", "", role_of(token), quote)
    if lower in IT and not _is_expletive(token):
        return Pronoun(token, sentence, "it", "", role_of(token), quote)
    return None


def _is_expletive(token: Token) -> bool:
    """ "It rains", "it is clear that", "it seems"."""
    if token.dep_ == "expl":
        return True
    if label(token) != "nsubj":
        return False
    head = token.head
    clause = any(label(child) in {"ccomp", "csubj", "advcl", "xcomp", "acl"} for child in head.children)
    if children(head, "cop") and (clause or head.lemma_.lower() in _EXPLETIVE_ADJ or head.pos_ in {"NUM", "ADV"}):
        return True
    if head.lemma_.lower() == "become" and any(child.pos_ == "ADJ" for child in children(head, "xcomp")):
        return True
    return head.lemma_.lower() in _EXPLETIVE_VERBS or (clause and token.dep_ == "nsubj:pass")


@dataclass(frozen=True, slots=True)
class Option:
    """A referent that could be the antecedent, with its latest mention and how many others came after it."""

    referent: Referent
    latest: Seen
    rank: int


def options_for(pronoun: Pronoun, recent: Sequence[Seen]) -> list[Option]:
    """Referents that agree with a pronoun and were mentioned shortly before it, the latest first.

    Args:
        pronoun: the pronoun.
        recent: mentions in text order.
    """
    found: dict[int, Option] = {}
    for seen in reversed(recent[-_MOST:]):
        if seen.start >= pronoun.token.idx:
            continue
        if pronoun.sentence - seen.sentence > _WINDOW:
            break
        if id(seen.referent) in found or not _agrees(pronoun, seen.referent):
            continue
        found[id(seen.referent)] = Option(seen.referent, seen, len(found))
    return list(found.values())


def _agrees(pronoun: Pronoun, referent: Referent) -> bool:
    if pronoun.kind == "person":
        return (
            referent.type == "person"
            and referent.number == "s"
            and (not referent.gender or referent.gender == pronoun.gender)
        )
    if pronoun.kind == "it":
        return referent.type != "person" and referent.number == "s"
    return referent.number == "p" or referent.type in {"organization", "group", "person", "place", "other"}


def features(pronoun: Pronoun, option: Option, first: int) -> list[str]:
    """Features of a pronoun and an option, each with the pronoun's class before it.

    Args:
        pronoun: the pronoun.
        option: the referent.
        first: number of the sentence in which the referent was first mentioned.
    """
    referent, latest = option.referent, option.latest
    distance = pronoun.sentence - latest.sentence
    named = "name" if referent.group is not None else "noun"
    count = len(referent.seen)
    base = [
        "bias",
        f"distance={distance}",
        f"rank={min(option.rank, 4)}",
        f"distance,rank={distance},{min(option.rank, 2)}",
        f"kind={latest.kind}",
        f"role={latest.role}",
        f"roles={latest.role},{pronoun.role}",
        f"role,distance={latest.role},{min(distance, 2)}",
        f"type={referent.type},{named}",
        f"number={referent.number}",
        f"gender={'known' if referent.gender else 'open'}",
        f"count={min(count, 6) if count < 6 else 6}",
        f"first={'start' if first < 3 else 'later'},{named}",
        f"joined={latest.joined}",
    ]
    if latest.kind == "pronoun":
        base.append(f"same word={latest.head.lower_[:2] == pronoun.token.lower_[:2]},{min(distance, 2)}")
    if (pronoun.quote >= 0) != _quoted(latest, pronoun):
        base.append(f"crosses quote,{pronoun.quote >= 0}")
    if distance == 0:
        base.extend(_same_sentence(pronoun, latest))
    if pronoun.token.i - latest.head.i <= 3:
        base.append("adjacent")
    return [f"{pronoun.kind}:{name}" for name in base]


def _quoted(seen: Seen, pronoun: Pronoun) -> bool:
    return pronoun.quote >= 0 and seen.start >= pronoun.quote


def _same_sentence(pronoun: Pronoun, latest: Seen) -> list[str]:
    token = pronoun.token
    owner = token.lower_ in POSSESSIVE and pronoun.role == "owner"
    reflexive = token.lower_ in REFLEXIVE
    clause, other = clause_head(token), clause_head(latest.head)
    found = [f"sentence,{'owner' if owner else 'reflexive' if reflexive else 'plain'}"]
    if clause.i == other.i:
        found.append(f"clause,{'owner' if owner else 'reflexive' if reflexive else 'plain'},{latest.role}")
    elif other.i in {above.i for above in ancestors(token)}:
        found.append(f"above,{latest.role},{pronoun.role}")
    if owner and any(child.i == latest.head.i for child in token.head.children):
        found.append("own phrase")
    if owner and latest.head.i in {above.i for above in ancestors(token)}:
        found.append("inside phrase")
    return found
