"""Which argument roles are on the side of the one who acts, and which on the side of what is acted on."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from queries.frame import Side


@lru_cache(maxsize=1)
def role_lists() -> dict[str, frozenset[str]]:
    """The lists of ``resources/roles.json``: ``agent``, ``patient`` and ``place`` roles, and types of ``reporting``."""
    text = files(__package__).joinpath("resources/roles.json").read_text(encoding="utf-8")
    return {name: frozenset(values) for name, values in json.loads(text).items()}


def side_of(role: str) -> Side | None:
    """The side of a role, None for circumstances and unknown roles.

    >>> side_of("Assailant"), side_of("Victim"), side_of("Duration")
    ('agent', 'patient', None)
    """
    lists = role_lists()
    if role in lists["agent"]:
        return "agent"
    return "patient" if role in lists["patient"] else None


def is_reporting(event_type: str) -> bool:
    """Whether events of a type only tell of others."""
    return event_type in role_lists()["reporting"]
