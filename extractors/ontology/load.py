"""The ontology in use: GENEVA's types, ours for news, and the user's own; and typing events by their words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ekg.config import load_settings
from ekg.errors import DataError
from ekg.ids import digest
from extractors.events.labels import GENERAL_ROLES, PLAIN
from extractors.ontology.definition import OntologyFile, TypeDefinition
from extractors.ontology.read import parse_ontology, read_ontology

FOLDER = Path(__file__).parent
_WEIGHTS = FOLDER.parent / "weights" / "events"
_VOWELS = "aeiou"
OWN = "own"
"""Source of types that a user's file defines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A type of event.

    Args:
        name: unique name; GENEVA's are kept verbatim.
        definition: one sentence.
        roles: roles its arguments may have.
        source: where it comes from: ``geneva``, ``news`` or ``own``.
        details: what an ontology file says of it, None for types of GENEVA.
    """

    name: str
    definition: str
    roles: tuple[str, ...]
    source: str
    details: TypeDefinition | None = None


def inflections(verb: str) -> tuple[str, ...]:
    """The regular forms of a verb.

    >>> inflections("veto"), inflections("dismiss")
    (('veto', 'vetoes', 'vetoed', 'vetoing'), ('dismiss', 'dismisses', 'dismissed', 'dismissing'))
    >>> inflections("ban"), inflections("marry")
    (('ban', 'bans', 'banned', 'banning'), ('marry', 'marries', 'married', 'marrying'))
    >>> inflections("oust")
    ('oust', 'ousts', 'ousted', 'ousting')
    """
    stem = verb[:-1] if verb.endswith("e") else verb
    if len(verb) < 5 and verb[-1] not in "aeiouwxy" and verb[-2] in _VOWELS and verb[-3:-2] not in tuple(_VOWELS):
        stem = verb + verb[-1]
    plural = noun_forms(verb)[1]
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb, plural, verb[:-1] + "ied", verb + "ing"
    return verb, plural, stem + "ed", (stem[:-1] + "ying" if stem.endswith("i") else stem + "ing")


def noun_forms(noun: str) -> tuple[str, str]:
    """Singular and plural.

    >>> noun_forms("crash"), noun_forms("candidacy"), noun_forms("blast")
    (('crash', 'crashes'), ('candidacy', 'candidacies'), ('blast', 'blasts'))
    """
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun, noun[:-1] + "ies"
    if noun.endswith(("s", "x", "z", "ch", "sh", "to")):
        return noun, noun + "es"
    return noun, noun + "s"


@dataclass(frozen=True, slots=True)
class KeywordTypes:
    """Types by word, for events that the model finds but cannot type.

    Args:
        forms: lower-case form and part of speech (``NOUN``, ``VERB`` or empty for any) to the type's name.
        roles: by type of ours, the general role behind each of its roles.
        sources: by type, the ontology it comes from.
    """

    forms: dict[tuple[str, str], str] = field(default_factory=dict)
    roles: dict[str, dict[str, str]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def type_of(self, form: str, pos: str, before: str = "") -> str | None:
        """The type of a trigger word; ``pos`` is its universal tag, empty where unknown.

        A participle that is tagged as an adjective counts as a verb; a phrase with the word before wins.
        """
        form = form.lower()
        phrase = self.forms.get((f"{before.lower()} {form}", ""))
        if phrase is not None:
            return phrase
        kinds = {"NOUN": ("NOUN",), "PROPN": ("NOUN",), "VERB": ("VERB",), "ADJ": ("VERB",)}.get(pos, ("NOUN", "VERB"))
        for kind in (*kinds, ""):
            found = self.forms.get((form, kind))
            if found is not None:
                return found
        return None


@cache
def built_in(name: str) -> OntologyFile:
    """One of the files beside this module: ``news`` or ``geneva``."""
    return read_ontology(FOLDER / f"{name}.yaml")


@cache
def built_in_types() -> dict[str, str]:
    """Every type that ships, with where it is defined."""
    by_type: dict[str, object] = json.loads((_WEIGHTS / "labels.json").read_text(encoding="utf-8"))["by_type"]
    found = dict.fromkeys(sorted(by_type), "GENEVA")
    found |= {kind.name: f"news.yaml:{kind.line}" for kind in built_in("news").types}
    return found | {PLAIN: "ekg"}


def own_file() -> Path | None:
    """The user's ontology file, from the option ``ontology``."""
    path = load_settings()["ontology"]
    return Path(path) if path else None


def own_ontology() -> OntologyFile | None:
    """The user's ontology, read again only when the file has changed.

    Raises:
        DataError: the file is missing or has a mistake.
    """
    path = own_file()
    return _parsed(own_text(path), str(path)) if path is not None else None


def own_text(path: Path) -> str:
    """The text of a user's ontology file.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8: {error.reason} at byte {error.start}", path=path) from error
    except OSError as error:
        hint = "make it with `ekg ontology add`, or change the option 'ontology'"
        raise DataError(f"cannot be read: {error.strerror}", path=path, hint=hint) from error


def own_signature() -> str:
    """Hash of the user's ontology, empty without one: part of the signature of extraction.

    Raises:
        DataError: the file cannot be read or has a mistake.
    """
    path = own_file()
    if path is None:
        return ""
    text = own_text(path)
    _parsed(text, str(path))
    return digest("ontology", text)


@cache
def _parsed(text: str, path: str) -> OntologyFile:
    return parse_ontology(text, path, built_in_types())


def load_keywords() -> KeywordTypes:
    """The words of the ontologies that ship, and the roles of all types; the first type that claims a form keeps it.

    Types of the user's own have no forms here: they are recognised by `extractors.ontology.fewshot`.

    Raises:
        DataError: the user's ontology has a mistake.
    """
    shipped = _shipped_keywords()
    own = own_ontology()
    if own is None:
        return shipped
    roles = {kind.name: kind.general_roles() for kind in own.types}
    sources = {kind.name: OWN for kind in own.types}
    return KeywordTypes(shipped.forms, {**shipped.roles, **roles}, {**shipped.sources, **sources})


@cache
def _shipped_keywords() -> KeywordTypes:
    table = KeywordTypes()
    for ontology in (built_in("news"), built_in("geneva")):
        for entry in ontology.types:
            table.sources[entry.name] = ontology.name
            if entry.roles:
                table.roles[entry.name] = entry.general_roles()
            for kind, words in keyword_forms(entry):
                for word in words:
                    table.forms.setdefault((word, kind), entry.name)
    return table


def keyword_forms(entry: TypeDefinition) -> Iterable[tuple[str, Iterable[str]]]:
    """Inflected keywords by part of speech; those of any part of speech under the empty one."""
    yield "NOUN", (form for noun in entry.nouns for form in noun_forms(noun))
    yield "VERB", (form for verb in entry.verbs for form in inflections(verb))
    yield "", (*entry.forms, *entry.phrases)
    yield "NOUN", (form for word in entry.words for form in noun_forms(word))
    yield "VERB", (form for word in entry.words for form in inflections(word))


def load_ontology() -> dict[str, EventType]:
    """All event types by name, sorted: GENEVA's with the roles the model knows, ours, the user's, and plain ``Event``.

    Raises:
        DataError: the user's ontology has a mistake.
    """
    own = own_ontology()
    if own is None:
        return _shipped_types()
    return dict(sorted({**_shipped_types(), **{kind.name: _event_type(kind, OWN) for kind in own.types}}.items()))


def _event_type(kind: TypeDefinition, source: str) -> EventType:
    roles = tuple(sorted(role.name for role in kind.roles)) or GENERAL_ROLES
    return EventType(name=kind.name, definition=kind.definition, roles=roles, source=source, details=kind)


@cache
def _shipped_types() -> dict[str, EventType]:
    found = {kind.name: _event_type(kind, "news") for kind in built_in("news").types}
    defined = {kind.name: kind.definition for kind in built_in("geneva").types}
    by_type: dict[str, list[str]] = json.loads((_WEIGHTS / "labels.json").read_text(encoding="utf-8"))["by_type"]
    examples = _examples()
    for name, roles in by_type.items():
        definition = defined.get(name) or f"GENEVA's {name}: {', '.join(examples.get(name, ())) or 'no examples seen'}."
        found[name] = EventType(name=name, definition=definition, roles=tuple(roles), source="geneva")
    found[PLAIN] = EventType(
        name=PLAIN, definition="Something that happens, of none of the other types.", roles=GENERAL_ROLES, source="news"
    )
    return dict(sorted(found.items()))


def _examples() -> dict[str, list[str]]:
    """The commonest stems of each type in the training data."""
    lexicon: dict[str, tuple[int, dict[str, int]]] = json.loads((_WEIGHTS / "lexicon.json").read_text(encoding="utf-8"))
    ranked = sorted((name, -count, stem) for stem, (_, types) in lexicon.items() for name, count in types.items())
    found: dict[str, list[str]] = {}
    for name, _, stem in ranked:
        words = found.setdefault(name, [])
        if len(words) < 5:
            words.append(stem)
    return found
