"""Entities of two knowledge graphs by the rules that resolve the entities of one.

Names that people are told apart by, such as two with one first name, look alike to a model of names at large. The rules
of :mod:`alignment.entity_resolution` know them, so merging two graphs joins what building them together would join;
other pairs have to share events to be more than a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from alignment.entity_resolution import resolve_entities
from alignment.event_sides import EventSide
from alignment.resolution import ResolveConfig, ordered
from ekg.model import Extraction

AT_MOST = 0.45
"""Probability of a pair that the rules do not join: worth a look, never to be merged by its names alone."""
Pair = tuple[str, str]


def joined_entities(left: EventSide, right: EventSide) -> set[Pair]:
    """Pairs of a left and a right entity node that resolution over the documents of both graphs joins."""
    records: dict[str, Extraction] = {}
    for record in (*left.records, *right.records):
        records.setdefault(record.document.id, record)
    pool, _ = resolve_entities(ordered(records.values()), must_link=(), cannot_link=(), config=ResolveConfig())
    members: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for side, nodes in enumerate((left.entities, right.entities)):
        for mention, node in nodes.items():
            if mention in pool:
                members[pool[mention]][side].add(node)
    return {(a, b) for lefts, rights in members.values() for a in lefts for b in rights}


def held_back(scores: Mapping[Pair, float], joined: set[Pair]) -> dict[Pair, float]:
    """Probabilities after those of pairs that are not joined were limited to :data:`AT_MOST`.

    >>> held_back({("a", "x"): 0.9, ("b", "y"): 0.9}, {("a", "x")})
    {('a', 'x'): 0.9, ('b', 'y'): 0.45}
    """
    return {pair: p if pair in joined else min(p, AT_MOST) for pair, p in scores.items()}
