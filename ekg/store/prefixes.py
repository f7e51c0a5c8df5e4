"""Declaring the known prefixes for engines that do not know them."""

from __future__ import annotations

from ekg.store.guard import tokens
from ekg.vocab import PREFIXES


def with_known_prefixes(sparql: str) -> str:
    """The text with declarations of the known prefixes that it uses without declaring them, on its first line.

    >>> with_known_prefixes("ASK { ?e a sem:Event }")
    'PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> ASK { ?e a sem:Event }'
    """
    used: set[str] = set()
    declared: set[str] = set()
    expected = False
    for kind, text, _ in tokens(sparql):
        if kind == "name":
            prefix = text.split(":", 1)[0]
            (declared if expected else used).add(prefix)
        if kind != "comment" and not text.isspace():
            expected = kind == "word" and text.upper() == "PREFIX"
    missing = sorted((used - declared) & set(PREFIXES))
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in missing) + sparql
