"""Reading ontology files: every mistake is refused with its file, its line and the nearest name that is right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ekg.errors import DataError
from extractors.events.labels import GENERAL_ROLES, PLAIN
from extractors.ontology.definition import (
    VOCABULARIES,
    Example,
    OntologyFile,
    RoleDefinition,
    TypeDefinition,
    parse_example,
)
from extractors.ontology.yamlfile import Value, nearest, parse_yaml

_FILE_KEYS = ("ontology", "description", "types")
_TYPE_KEYS = ("definition", "keywords", "parents", "roles", "examples", "counterexamples", "mappings")
_KEYWORD_KEYS = ("noun", "verb", "any", "form", "phrase")
_ROLE_KEYS = ("general", "definition", "required")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""What a type or a role may be called: it becomes part of an IRI."""
_LARGEST = 5_000_000


def read_ontology(path: Path, known: Mapping[str, str] | None = None) -> OntologyFile:
    """Read and check an ontology file.

    Args:
        path: YAML; JSON is YAML too.
        known: types that exist already, with where they are defined; parents may be among them, new types may not.

    Raises:
        DataError: it is missing or has a mistake; the message names file, line and, for a wrong name, the nearest one.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8: {error.reason} at byte {error.start}", path=path) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path) from error
    return parse_ontology(text, path, known)


def parse_ontology(text: str, path: object, known: Mapping[str, str] | None = None) -> OntologyFile:
    """The ontology in a text; ``path`` is for messages, the rest as `read_ontology`.

    Raises:
        DataError: as `read_ontology`.
    """
    known = known or {}
    if len(text) > _LARGEST:
        raise DataError(f"is too large for an ontology ({len(text):,} characters)", path=path)
    root = parse_yaml(text, path).table().allow(_FILE_KEYS)
    name, description = root.need("ontology"), root.get("description")
    types: list[TypeDefinition] = []
    parents: list[list[Value]] = []
    value = root.get("types")
    for key, body in value.table() if value is not None and value.kind() != "nothing" else ():
        kind = key.text()
        _check_name(key, kind, "type")
        if kind in known:
            raise key.wrong(
                f"type '{kind}' exists already", hint=f"it is defined in {known[kind]}; choose another name"
            )
        definition, above = _type(kind, key, body)
        types.append(definition)
        parents.append(above)
    _check_parents(types, parents, known)
    return OntologyFile(
        name=name.text(),
        description=description.text() if description else "",
        types=tuple(types),
        path=str(path),
    )


def _check_name(key: Value, name: str, what: str) -> None:
    if not NAME.fullmatch(name):
        raise key.wrong(
            f"'{name}' cannot name a {what}", hint="letters, digits, - and _ only, a letter first, as in Product_recall"
        )


def _type(name: str, key: Value, body: Value) -> tuple[TypeDefinition, list[Value]]:
    table = body.table().allow(_TYPE_KEYS)
    keywords = _keywords(table.get("keywords"))
    above = table.get("parents")
    examples, against = table.get("examples"), table.get("counterexamples")
    roles = table.get("roles")
    parents = above.items() if above else []
    return (
        TypeDefinition(
            name=name,
            definition=table.need("definition").text(),
            nouns=keywords["noun"],
            verbs=keywords["verb"],
            words=keywords["any"],
            forms=keywords["form"],
            phrases=keywords["phrase"],
            parents=tuple(value.text() for value in parents),
            roles=_roles(roles) if roles else (),
            examples=tuple(_example(value) for value in examples.items()) if examples else (),
            counterexamples=tuple(_example(value) for value in against.items()) if against else (),
            mappings=_mappings(table.get("mappings")),
            line=key.line,
        ),
        parents,
    )


def _keywords(value: Value | None) -> dict[str, tuple[str, ...]]:
    """Keywords by part of speech; a plain list is of any."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(_KEYWORD_KEYS, ())
    if value is None:
        return found
    if value.is_list():
        words = _words(value)
        found["any"] = tuple(word for word in words if " " not in word)
        found["phrase"] = tuple(word for word in words if " " in word)
        return found
    for key, listed in value.table().allow(_KEYWORD_KEYS):
        found[key.text()] = _words(listed)
    return found


def _words(value: Value) -> tuple[str, ...]:
    found = []
    for item in value.items():
        word = " ".join(item.text().lower().split())
        if not any(char.isalpha() for char in word):
            raise item.wrong(f"keyword '{word}' has no letters")
        found.append(word)
    return tuple(found)


def _roles(value: Value) -> tuple[RoleDefinition, ...]:
    roles = []
    for key, body in value.table():
        name = key.text()
        _check_name(key, name, "role")
        table = body.table().allow(_ROLE_KEYS)
        general = table.need("general")
        if general.text() not in GENERAL_ROLES:
            raise general.wrong(f"unknown role '{general.text()}'", hint=nearest(general.text(), GENERAL_ROLES))
        definition, required = table.get("definition"), table.get("required")
        roles.append(
            RoleDefinition(
                name=name,
                general=general.text(),
                definition=definition.text() if definition else "",
                required=required.flag() if required else False,
            )
        )
    return tuple(roles)


def _example(value: Value) -> Example:
    try:
        return parse_example(value.text())
    except DataError as error:
        if error.line is not None:
            raise
        raise value.wrong(error.message, hint=error.hint) from error


def _mappings(value: Value | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if value is None:
        return ()
    return tuple((key.text(), terms.texts()) for key, terms in value.table().allow(VOCABULARIES))


def _check_parents(types: list[TypeDefinition], parents: list[list[Value]], known: Mapping[str, str]) -> None:
    own = {kind.name: kind for kind in types}
    for values in parents:
        for value in values:
            if value.text() not in own and value.text() not in known and value.text() != PLAIN:
                raise value.wrong(f"unknown parent '{value.text()}'", hint=nearest(value.text(), {*own, *known, PLAIN}))
    for kind, values in zip(types, parents, strict=True):
        path = _cycle(kind.name, own)
        if path:
            raise values[0].wrong(f"parents go in a circle: {' → '.join(path)}", hint="leave one of them out")


def _cycle(name: str, own: Mapping[str, TypeDefinition]) -> list[str]:
    """The way from a type up to itself, if there is one."""
    stack = [[name, parent] for parent in own[name].parents]
    seen: set[str] = set()
    while stack:
        path = stack.pop()
        if path[-1] == name:
            return path
        if path[-1] in own and path[-1] not in seen:
            seen.add(path[-1])
            stack.extend([*path, parent] for parent in own[path[-1]].parents)
    return []
