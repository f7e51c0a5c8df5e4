"""Adding a type to a user's ontology file, which stays as it was written: new lines go to the end of `types`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from ekg.errors import DataError
from extractors.events.labels import GENERAL_ROLES
from extractors.ontology.definition import Example, RoleDefinition, TypeDefinition
from extractors.ontology.load import built_in_types
from extractors.ontology.read import NAME, parse_ontology
from extractors.ontology.yamlfile import nearest

_HEADER = "# Types of events of our own; `ekg ontology check` looks it over.\nontology: own\ntypes:\n"
DEFAULT_ROLES = tuple(RoleDefinition(name=name, general=name) for name in ("Agent", "Theme", "Place", "Time"))


def split_keywords(text: str) -> dict[str, tuple[str, ...]]:
    """Keywords by part of speech from a list with commas, ``word/noun`` or ``word/verb`` where it matters.

    Raises:
        DataError: no keyword, or an unknown part of speech.

    >>> split_keywords("recall, withdraw/verb, pull back")
    {'any': ('recall',), 'verb': ('withdraw',), 'phrase': ('pull back',)}
    """
    found: dict[str, list[str]] = {}
    for part in text.split(","):
        word, _, kind = part.strip().lower().rpartition("/") if "/" in part else (part.strip().lower(), "", "")
        word = " ".join(word.split())
        if not word:
            continue
        if kind and kind not in {"noun", "verb"}:
            raise DataError(f"keyword '{part.strip()}': unknown part of speech", hint=nearest(kind, ("noun", "verb")))
        found.setdefault(kind or ("phrase" if " " in word else "any"), []).append(word)
    if not found:
        raise DataError("no keyword is given", hint='such as --keywords "recall, withdrawal"')
    return {kind: tuple(dict.fromkeys(words)) for kind, words in found.items()}


def parse_role(text: str) -> RoleDefinition:
    """A role as ``NAME=GENERAL``, or a general role by its name alone.

    Raises:
        DataError: the general role is unknown, or the name cannot name a role.

    >>> parse_role("Maker=Agent").general
    'Agent'
    """
    name, _, general = (part.strip() for part in text.partition("="))
    general = general or name
    if not NAME.fullmatch(name):
        raise DataError(f"role '{name}' cannot be a name", hint="letters, digits, - and _ only, a letter first")
    if general not in GENERAL_ROLES:
        raise DataError(f"role '{name}': unknown role '{general}'", hint=nearest(general, GENERAL_ROLES))
    return RoleDefinition(name=name, general=general)


def make_type(
    name: str,
    *,
    keywords: str,
    example: Example,
    against: Sequence[Example] = (),
    definition: str | None = None,
    roles: Sequence[RoleDefinition] = (),
    parents: Sequence[str] = (),
) -> TypeDefinition:
    """A new type from what a user says of it in one line.

    Args:
        name: of the type.
        keywords: as `split_keywords` takes them.
        example: a sentence with its trigger.
        against: sentences in which a keyword means something else.
        definition: a sentence; made of the example where None.
        roles: by default, who, what, where and when.
        parents: more general types.

    Raises:
        DataError: the keywords are wrong.
    """
    words = split_keywords(keywords)
    return TypeDefinition(
        name=name,
        definition=definition or f"What happens in: {example.text}",
        nouns=words.get("noun", ()),
        verbs=words.get("verb", ()),
        words=words.get("any", ()),
        phrases=words.get("phrase", ()),
        parents=tuple(parents),
        roles=tuple(roles) or DEFAULT_ROLES,
        examples=(example,),
        counterexamples=tuple(against),
    )


def add_type(path: Path, kind: TypeDefinition) -> int:
    """Add a type to a file, which is made if it is not there; it changes as a whole or not at all.

    Returns:
        The line at which the type now stands.

    Raises:
        DataError: the file or the type has a mistake, or there is a type of that name; nothing is written then.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else _HEADER
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read: {error}", path=path) from error
    known = built_in_types()
    there = {each.name: each.line for each in parse_ontology(text, path, known).types}
    if kind.name in there:
        raise DataError(
            f"type '{kind.name}' exists already", path=path, line=there[kind.name], hint="change it there by hand"
        )
    if kind.name in known:
        raise DataError(
            f"type '{kind.name}' exists already: it is defined in {known[kind.name]}", hint="choose another name"
        )
    possible = {*known, *there}
    for parent in kind.parents:
        if parent not in possible:
            raise DataError(f"unknown parent '{parent}'", hint=nearest(parent, possible))
    changed = _inserted(text, kind, path)
    line = next(each.line for each in parse_ontology(changed, path, known).types if each.name == kind.name)
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(changed, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DataError(f"cannot be written: {error.strerror}", path=path) from error
    return line


def _inserted(text: str, kind: TypeDefinition, path: object) -> str:
    """The text with the type's lines after the last one of ``types``."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    lines = text.splitlines()
    place = next((pair for pair in root.value if pair[0].value == "types"), None)
    if place is None:
        if root.flow_style:
            raise _by_hand(path)
        return "\n".join([*lines, "types:", *_block(kind, 2)]) + "\n"
    key, value = place
    indent = 2
    last = key.end_mark.line
    if isinstance(value, yaml.MappingNode):
        if value.flow_style or root.flow_style:
            raise _by_hand(path)
        indent = value.start_mark.column
        last = max(key.end_mark.line, value.end_mark.line - 1)
        if value.end_mark.line == len(lines) - 1 and value.end_mark.column:
            last = value.end_mark.line
        while last > key.end_mark.line and (not lines[last].strip() or lines[last].lstrip().startswith("#")):
            last -= 1
    return "\n".join([*lines[: last + 1], *_block(kind, indent), *lines[last + 1 :]]) + "\n"


def _by_hand(path: object) -> DataError:
    return DataError("is written as JSON; types can only be added to lines of YAML", path=path, hint="write it by hand")


def _block(kind: TypeDefinition, indent: int) -> list[str]:
    lines = [f"{kind.name}:", f"  definition: {_quoted(kind.definition)}"]
    if kind.parents:
        lines.append(f"  parents: {_list(kind.parents)}")
    lines.append("  keywords:")
    words = {"noun": kind.nouns, "verb": kind.verbs, "any": kind.words, "form": kind.forms, "phrase": kind.phrases}
    lines += [f"    {name}: {_list(found)}" for name, found in words.items() if found]
    lines.append("  roles:")
    for role in kind.roles:
        parts = [f"general: {role.general}"]
        if role.definition:
            parts.append(f"definition: {_quoted(role.definition)}")
        if role.required:
            parts.append("required: true")
        lines.append(f"    {role.name}: {{{', '.join(parts)}}}")
    lines.append("  examples:")
    lines += [f"    - {_quoted(example.marked)}" for example in kind.examples]
    if kind.counterexamples:
        lines.append("  counterexamples:")
        lines += [f"    - {_quoted(example.marked)}" for example in kind.counterexamples]
    return [" " * indent + line for line in lines]


def _quoted(text: str) -> str:
    """A JSON string, which is one of YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _list(words: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(word) for word in words) + "]"
