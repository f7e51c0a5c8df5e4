"""Partly defined events: which roles of an event are known, how well, and which ones its type lets one expect.

A news item rarely says everything about an event. What it leaves open is kept as names of roles (`Event.missing`),
never as an argument or entity that stands for nothing. The idea of a template with open roles is that of MultiVENT-G
(Sanders et al., Grounding Partially-Defined Events in Multimodal Data, 2024); the templates are the ontology's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache

from ekg.model import Argument, ArgumentStatus, Event
from extractors.coreference.words import PRONOUNS
from extractors.event_place import PLACE_ROLES
from extractors.events.labels import GENERAL_ROLE, PLAIN

TIME, PLACE = "time", "place"
TIME_ROLES = frozenset({"Time"})
_PLAIN_TEMPLATE = ("Agent", "Theme")


@cache
def expected_roles(kind: str) -> tuple[str, ...]:
    """Roles of a type's template, without those of time and place, which every event has.

    A plain event has a who and a what; a type that the ontology does not know has nothing to expect.

    >>> expected_roles("Attack")
    ('Assailant', 'Means', 'Victim', 'Weapon')
    """
    from extractors.ontology import load_ontology

    if kind == PLAIN:
        return _PLAIN_TEMPLATE
    found = load_ontology().get(kind)
    return tuple(role for role in found.roles if role not in PLACE_ROLES | TIME_ROLES) if found else ()


def general_role(kind: str, role: str) -> str:
    """The role of a plain event (``Agent``, ``Theme``, ``Place`` …) behind a type's role, else the role itself.

    >>> general_role("Attack", "Assailant"), general_role("Attack", "Weapon")
    ('Agent', 'Instrument')
    """
    from extractors.ontology import load_keywords

    return load_keywords().roles.get(kind, {}).get(role) or GENERAL_ROLE.get(role, role)


def missing_roles(kind: str, filled: Collection[str], *, time: bool, place: bool) -> tuple[str, ...]:
    """What is not known of an event: ``time`` and ``place`` first, then roles in the order of the template.

    Args:
        kind: the event's type.
        filled: roles that have a filler.
        time: whether anything is known of its time.
        place: whether it is known where it happened.

    >>> missing_roles("Attack", {"Victim"}, time=True, place=False)
    ('place', 'Assailant', 'Means', 'Weapon')
    """
    open_ends = [name for name, known in ((TIME, time), (PLACE, place)) if not known]
    return (*open_ends, *(role for role in expected_roles(kind) if role not in filled))


def with_status(found: Sequence[Event], dated: Iterable[Event]) -> list[Event]:
    """Events with the status of their arguments and time, and with the names of what is missing.

    Args:
        found: events as read, sentence by sentence.
        dated: the same events in the same order after times were taken over from other mentions.
    """
    return [_completed(before, after) for before, after in zip(found, dated, strict=True)]


def _completed(before: Event, after: Event) -> Event:
    time = after.time
    if time is not None and (time.span is None or before.time is None):
        time = replace(time, status="inferred")
    known = time is not None and (time.begin is not None or time.end is not None)
    return replace(
        after,
        arguments=tuple(
            argument if (status := status_of(argument)) == argument.status else replace(argument, status=status)
            for argument in after.arguments
        ),
        time=time,
        missing=missing_roles(
            after.type, {argument.role for argument in after.arguments}, time=known, place=after.place is not None
        ),
    )


def status_of(argument: Argument) -> ArgumentStatus:
    """``partial`` for a pronoun whose antecedent is not known, else what the argument says of itself."""
    if argument.status == "observed" and argument.entity is None and argument.text.lower() in PRONOUNS:
        return "partial"
    return argument.status
