"""What an ontology file says: types of events with keywords, roles, parents, examples and mappings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ekg.errors import DataError

VOCABULARIES = ("sem", "schema", "framenet", "plover", "cameo")
"""What a type can be mapped to: SEM, schema.org, FrameNet's frames, PLOVER's and CAMEO's codes."""

_MARKED = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDefinition:
    """A role of a type.

    Args:
        name: unique within the type.
        general: the role of any event that it specialises, one of ``GENERAL_ROLES``; the tagger finds that one.
        definition: one sentence, or empty.
        required: whether an event of the type cannot be without it.
    """

    name: str
    general: str
    definition: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence with the words that name the event.

    Args:
        text: without the marks.
        start: first character of the trigger.
        end: character after its last one.
    """

    text: str
    start: int
    end: int

    @property
    def marked(self) -> str:
        """As it is written in a file.

        >>> Example(text="It recalled cars.", start=3, end=11).marked
        'It [recalled] cars.'
        """
        return f"{self.text[: self.start]}[{self.text[self.start : self.end]}]{self.text[self.end :]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefinition:
    """A type of event.

    Args:
        name: unique.
        definition: one sentence.
        nouns: keywords by part of speech, in their base form; the regular inflections follow from them.
        verbs: the same for verbs.
        words: keywords of any part of speech.
        forms: further forms, taken as they stand.
        phrases: keywords of two words, taken as they stand.
        parents: more general types.
        roles: in the order of the file.
        examples: sentences with the trigger marked.
        counterexamples: sentences with a word marked that is no such event, though a keyword.
        mappings: terms of other vocabularies, by name of the vocabulary.
        line: where it stands in its file.
    """

    name: str
    definition: str
    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    roles: tuple[RoleDefinition, ...] = ()
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Example, ...] = ()
    mappings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    line: int = 0

    def general_roles(self) -> dict[str, str]:
        """The general role behind each of its roles."""
        return {role.name: role.general for role in self.roles}


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyFile:
    """An ontology file.

    Args:
        name: of the ontology, such as ``news``.
        description: one sentence.
        types: in the order of the file.
        path: where it was read.
    """

    name: str
    description: str
    types: tuple[TypeDefinition, ...]
    path: str


def parse_example(marked: str) -> Example:
    """A sentence with its trigger in square brackets.

    Raises:
        DataError: not exactly one stretch of words is marked.

    >>> parse_example("The firm [recalled] a million cars.").text
    'The firm recalled a million cars.'
    """
    found = _MARKED.findall(marked)
    if len(found) != 1 or not found[0].strip():
        raise DataError(
            f"the example must mark one trigger in square brackets, and marks {len(found)}: {marked!r}",
            hint="such as: The firm [recalled] a million cars",
        )
    (match,) = _MARKED.finditer(marked)
    inner = match.group(1)
    start = match.start() + len(inner) - len(inner.lstrip())
    text = marked[: match.start()] + inner + marked[match.end() :]
    if text.strip() == inner.strip():
        raise DataError(f"the example is only the trigger: {marked!r}", hint="give a whole sentence")
    return Example(text=text, start=start, end=start + len(inner.strip()))
