"""YAML read as nodes that know their lines, so that an error can say where it is and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import yaml

from ekg.errors import DataError

_KINDS = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false", "null": "nothing"}


class Value:
    """A value of a file.

    Args:
        node: as PyYAML composes it.
        path: the file, for messages.
        field: where in the file, as ``types.Recall.roles``.
    """

    def __init__(self, node: yaml.Node, path: object, field: str) -> None:
        self.node, self.path, self.field = node, path, field

    @property
    def line(self) -> int:
        """Line at which it begins, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def wrong(self, message: str, *, hint: str | None = None) -> DataError:
        """An error that says where this value is."""
        return DataError(message, path=self.path, line=self.line, field=self.field or None, hint=hint)

    def kind(self) -> str:
        """What it is, in words."""
        if isinstance(self.node, yaml.MappingNode):
            return "a table"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return _KINDS.get(self.node.tag.rpartition(":")[2], "a date or another value")

    def text(self) -> str:
        """A text that is not empty.

        Raises:
            DataError: something else; ``no`` and ``1999`` without quotes are none.
        """
        if not isinstance(self.node, yaml.ScalarNode) or self.kind() != "text":
            hint = "put it in quotes" if isinstance(self.node, yaml.ScalarNode) and self.node.value else None
            raise self.wrong(f"wants a text, not {self.kind()}", hint=hint)
        if not self.node.value.strip():
            raise self.wrong("wants a text, and is empty")
        return str(self.node.value).strip()

    def flag(self) -> bool:
        """``true`` or ``false``.

        Raises:
            DataError: something else.
        """
        if not isinstance(self.node, yaml.ScalarNode) or self.kind() != "true or false":
            raise self.wrong(f"wants true or false, not {self.kind()}")
        return self.node.value.lower() in {"true", "yes", "on"}

    def items(self) -> list[Value]:
        """The values of a list.

        Raises:
            DataError: it is no list.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong(f"wants a list, not {self.kind()}", hint="such as [recall, withdrawal]")
        return [Value(node, self.path, self.field) for node in self.node.value]

    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def texts(self) -> tuple[str, ...]:
        """The texts of a list.

        Raises:
            DataError: no list, or something else than texts in it.
        """
        return tuple(value.text() for value in self.items())

    def table(self) -> Table:
        """The keys and values of a table.

        Raises:
            DataError: it is no table, or a key is written twice.
        """
        return Table(self)


class Table:
    """A table with its keys in the order of the file."""

    def __init__(self, value: Value) -> None:
        self.value = value
        if not isinstance(value.node, yaml.MappingNode):
            raise value.wrong(f"wants a table, not {value.kind()}")
        self._found: dict[str, tuple[Value, Value]] = {}
        for key_node, node in value.node.value:
            key = Value(key_node, value.path, value.field)
            name = key.text()
            if name in self._found:
                raise key.wrong(f"'{name}' is there twice", hint=f"first on line {self._found[name][0].line}")
            field = f"{value.field}.{name}" if value.field else name
            self._found[name] = (key, Value(node, value.path, field))

    def allow(self, keys: Iterable[str]) -> Table:
        """The table itself, if it has no other keys than these.

        Raises:
            DataError: it has; the message gives the nearest of those allowed.
        """
        known = sorted(keys)
        for name, (key, _) in self._found.items():
            if name not in known:
                raise key.wrong(f"unknown key '{name}'", hint=nearest(name, known))
        return self

    def get(self, name: str) -> Value | None:
        """A value, None where the key is not there."""
        found = self._found.get(name)
        return found[1] if found else None

    def need(self, name: str) -> Value:
        """A value that has to be there.

        Raises:
            DataError: it is not.
        """
        found = self.get(name)
        if found is None:
            raise self.value.wrong(f"'{name}' is missing")
        return found

    def __iter__(self) -> Iterator[tuple[Value, Value]]:
        return iter(self._found.values())


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint: the known name that is most like a wrong one, else all of them.

    >>> nearest("noune", ["noun", "verb"]), nearest("x", ["noun", "verb"])
    ("did you mean 'noun'?", 'there are noun, verb')
    """
    names = sorted(known)
    lower = {each.lower(): each for each in reversed(names)}
    close = get_close_matches(name.lower(), list(lower), n=1, cutoff=0.5)
    if close:
        return f"did you mean '{lower[close[0]]}'?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"there are {shown}" if names else "none may stand here"


def parse_yaml(text: str, path: object) -> Value:
    """The one document of a YAML (or JSON) text.

    Raises:
        DataError: not YAML, or empty; the message has line and column.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DataError(
            f"not valid YAML: {error.problem or error.context}",
            path=path,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from error
    except yaml.YAMLError as error:
        raise DataError(f"not valid YAML: {str(error).splitlines()[0]}", path=path) from error
    if node is None:
        raise DataError("is empty", path=path, hint="an ontology has the keys 'ontology' and 'types'")
    return Value(node, path, "")
