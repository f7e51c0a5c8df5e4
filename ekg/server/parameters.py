"""Parameters of the JSON API: declared once, used to check requests and to describe the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ekg.server.errors import RequestError
from ekg.time import parse_iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of the query string.

    Args:
        name: as in the query string.
        help: what it means.
        kind: ``string``, ``date``, ``integer``, ``boolean`` or ``list`` (separated by commas).
        required: whether it must be there and not be empty.
        default: value where it is left out.
        choices: the only values allowed.
        minimum: of an integer.
        maximum: of an integer.
    """

    name: str
    help: str
    kind: str = "string"
    required: bool = False
    default: int | bool | None = None
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 1000

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        found: dict[str, Any] = {"type": self.kind if self.kind in {"integer", "boolean"} else "string"}
        if self.kind == "integer":
            found |= {"minimum": self.minimum, "maximum": self.maximum}
        if self.kind == "date":
            found["pattern"] = r"^[+-]?\d{4,6}(-\d\d(-\d\d.*)?)?$"
        if self.required:
            found["minLength"] = 1
        if self.choices:
            found["enum"] = list(self.choices)
        if self.default is not None:
            found["default"] = self.default
        return found


MAX_TEXT = 10_000
"""Characters of a value at most."""


def read_parameters(declared: Sequence[Parameter], given: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Checked values of all declared parameters, None where one is left out and has no default.

    An empty value counts as left out, as forms send it.

    Raises:
        RequestError: 400, an unknown or repeated parameter, or a bad value.
    """
    by_name = {parameter.name: parameter for parameter in declared}
    found: dict[str, str] = {}
    for name, value in given:
        if name not in by_name:
            close = get_close_matches(name, by_name, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(by_name)}"
            raise RequestError(400, f"unknown parameter '{name}'", hint=hint)
        if name in found:
            raise RequestError(400, f"parameter '{name}' is given twice", hint="give it once")
        found[name] = value
    return {name: _value(parameter, found) for name, parameter in by_name.items()}


def _value(parameter: Parameter, given: Mapping[str, str]) -> Any:
    text = given.get(parameter.name, "").strip()
    if not text:
        if parameter.required:
            raise RequestError(400, f"parameter '{parameter.name}' is missing", hint=parameter.help)
        return () if parameter.kind == "list" else parameter.default
    if len(text) > MAX_TEXT:
        raise RequestError(400, f"parameter '{parameter.name}' is longer than {MAX_TEXT} characters")
    if parameter.choices and text not in parameter.choices:
        raise _bad(parameter, text, f"one of {', '.join(parameter.choices)}")
    if parameter.kind == "integer":
        low, high = parameter.minimum, parameter.maximum
        if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
            raise _bad(parameter, text, f"a whole number from {low} to {high}")
        return int(text)
    if parameter.kind == "boolean":
        if text.lower() not in {"true", "false", "1", "0"}:
            raise _bad(parameter, text, "true or false")
        return text.lower() in {"true", "1"}
    if parameter.kind == "date":
        try:
            parse_iso(text)
        except ValueError as error:
            raise RequestError(400, f"parameter '{parameter.name}': {error}", hint="use an ISO date") from None
        return text
    if parameter.kind == "list":
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _bad(parameter: Parameter, text: str, wanted: str) -> RequestError:
    shown = text if len(text) <= 40 else text[:39] + "…"
    return RequestError(400, f"parameter '{parameter.name}' is '{shown}', not {wanted}", hint=parameter.help)
