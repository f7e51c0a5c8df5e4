"""Reading the ontology files beside this module, and typing events by their words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

from ekg.errors import DataError
from extractors.events.labels import PLAIN

FOLDER = Path(__file__).parent
_WEIGHTS = FOLDER.parent / "weights" / "events"
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A type of event.

    Args:
        name: unique name; GENEVA's are kept verbatim.
        definition: one sentence.
        roles: roles its arguments may have.
        source: the ontology it comes from: ``geneva`` or ``news``.
    """

    name: str
    definition: str
    roles: tuple[str, ...]
    source: str


class TypeEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type in an ontology file: words by part of speech, forms and two-word phrases as they stand, and its roles by
    the general role that each stands for."""

    name: str
    definition: str
    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    roles: dict[str, str] = {}


class OntologyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An ontology file."""

    name: str
    description: str
    types: tuple[TypeEntry, ...]


def read_ontology(path: Path) -> OntologyFile:
    """Read and validate an ontology file.

    Raises:
        DataError: it is missing or not an ontology; the message names the field.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=OntologyFile)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path) from error
    except msgspec.DecodeError as error:
        raise DataError(f"not an ontology: {error}", path=path) from error


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
def load_keywords() -> KeywordTypes:
    """The words of all ontology files; the first type that claims a form keeps it."""
    table = KeywordTypes()
    for path in (FOLDER / "news.json", FOLDER / "geneva.json"):
        ontology = read_ontology(path)
        for entry in ontology.types:
            table.sources[entry.name] = ontology.name
            if entry.roles:
                table.roles[entry.name] = entry.roles
            for kind, words in _forms(entry):
                for word in words:
                    table.forms.setdefault((word, kind), entry.name)
    return table


def _forms(entry: TypeEntry) -> Iterable[tuple[str, Iterable[str]]]:
    yield "NOUN", (form for noun in entry.nouns for form in noun_forms(noun))
    yield "VERB", (form for verb in entry.verbs for form in inflections(verb))
    yield "", (*entry.forms, *entry.phrases)


@cache
def load_ontology() -> dict[str, EventType]:
    """All event types by name, sorted: GENEVA's with the roles the model knows, ours, and plain ``Event``."""
    from extractors.events.labels import GENERAL_ROLES

    found: dict[str, EventType] = {}
    defined: dict[str, str] = {}
    for path in (FOLDER / "geneva.json", FOLDER / "news.json"):
        ontology = read_ontology(path)
        for entry in ontology.types:
            defined[entry.name] = entry.definition
            if ontology.name == "news":
                found[entry.name] = EventType(
                    name=entry.name, definition=entry.definition, roles=tuple(sorted(entry.roles)), source="news"
                )
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
