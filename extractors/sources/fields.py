"""Values of records as exporters write them: missing ones, lists in strings, names of languages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

_MISSING = frozenset({"", "none", "null", "nan", "n/a", "undefined"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "japanese": "ja", "korean": "ko", "polish": "pl", "portuguese": "pt", "russian": "ru",
    "spanish": "es", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def text_or_none(value: object) -> str | None:
    """A one-line string, or None for what stands for nothing ("None", "null", blanks).

    >>> text_or_none(" A\\n title "), text_or_none("None"), text_or_none(7)
    ('A title', None, '7')
    """
    if value is None or isinstance(value, bool | list | Mapping):
        return None
    text = " ".join(_SURROGATE.sub("\ufffd", _CONTROL.sub(" ", str(value))).split())
    return None if text.lower() in _MISSING else text


def whole_text(value: str) -> str:
    """The text unchanged, but for lone surrogates, which no encoding has: U+FFFD in their place, offsets kept."""
    return _SURROGATE.sub("\ufffd", value)


def clean_id(value: object) -> str | None:
    """An id from a record, or None if there is none.

    Raises:
        ValueError: an id of a wrong type, or with control characters or lone surrogates.
    """
    if value is None or (isinstance(value, str) and value.strip().lower() in _MISSING):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"an id must be a string or a whole number, not {type(value).__name__}")
    text = str(value).strip()
    if _CONTROL.search(text) or _SURROGATE.search(text) or "\n" in text or "\t" in text or "\r" in text:
        raise ValueError(f"the id {text!r} has control characters")
    return text


def language(value: object) -> str | None:
    """A BCP 47 code from a code or an English name of a language.

    >>> language("english"), language("en_US"), language("None")
    ('en', 'en-US', None)
    """
    text = text_or_none(value)
    if text is None:
        return None
    if text.lower() in _LANGUAGES:
        return _LANGUAGES[text.lower()]
    if not _TAG.fullmatch(text):
        return None
    first, *rest = text.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def names(value: object) -> tuple[str, ...]:
    """Authors from a list, a list written as a string, objects with a ``name``, or one string.

    >>> names("['Ana Ruiz', 'Bo Ek']"), names([{"name": "Ana"}]), names("By Ana Ruiz"), names("None")
    (('Ana Ruiz', 'Bo Ek'), ('Ana',), ('By Ana Ruiz',), ())
    """
    if isinstance(value, str) and value.strip().startswith(("[", "(")) and len(value) < 20_000:
        try:
            value = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            value = [value]
    items = value if isinstance(value, list | tuple) else [value]
    found = [text_or_none(item.get("name") if isinstance(item, Mapping) else item) for item in items]
    return tuple(dict.fromkeys(name for name in found if name))


def seconds(value: object) -> float | None:
    """A duration in seconds from a number, ``PT1M30S`` or ``1:30``.

    >>> seconds(90), seconds("PT1M30S"), seconds("1:30"), seconds("long")
    (90.0, 90.0, 90.0, None)
    """
    text = text_or_none(value)
    if text is None:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text)
    if match := re.fullmatch(r"P(?:(\d{1,6})D)?T?(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?", text):
        days, hours, minutes, rest = (float(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + rest
    if re.fullmatch(r"(\d{1,5}:)?\d{1,3}:\d\d", text):
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + int(part)
        return total
    return None


def flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """All values as strings under dotted keys; lists as JSON; what is missing is left out.

    >>> flatten({"a": {"b": 1}, "c": ["x"], "d": None})
    {'a.b': '1', 'c': '["x"]'}
    """
    found: dict[str, str] = {}
    for key, value in record.items():
        name = f"{prefix}{text_or_none(key) or '_'}"
        if isinstance(value, Mapping):
            found.update(flatten(value, f"{name}."))
        elif isinstance(value, list):
            if value:
                found[name] = whole_text(json.dumps(value, ensure_ascii=False))
        elif value is not None and text_or_none(str(value)) is not None:
            found[name] = whole_text(str(value).lower() if isinstance(value, bool) else str(value))
    return found
