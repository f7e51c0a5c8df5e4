"""Labels of the event model: types, their roles, and the general roles of an event without a trained type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PLAIN = "Event"
"""The type of an event that is none of the ontology's."""

NAME_LABELS = ("event", "organization", "other", "person", "place")
"""Kinds of names."""
NAME_TAGS = 1 + 2 * len(NAME_LABELS)
"""O, then B and I of each kind."""

GENERAL_ROLES = ("Agent", "Theme", "Goal", "Source", "Instrument", "Cause", "Place", "Time")
"""Roles that any event can have; the tagger learns them by hiding the type from part of its examples."""

_GENERAL = {
    "Agent": """Actor Agent Aggressors Arguer Arguers Assailant Author Authorities Authority Avenger Buyer Claimant
        Cognizer Communicator Competitor Conqueror Creator Defender Destroyer Donor Earner Employer Exchangers
        Exchanger_1 Healer Helper Host Ingestor Inspector Interlocutor Interlocutors Investigator Judge Killer
        Manipulator Obligator Offender Operator Organization Participants Partner_1 Partners Party_1 Patrol Payer
        Perceiver_agentive Perpetrator Producer Protagonist Publisher Questioner Ratifier Researcher Responding_entity
        Searcher Selector Self_mover Seller Sender Side_1 Sides Signatory Speaker Submittor Supplier Supporter
        Surrenderer Teacher Terrorist Tester Traveler Traveller Wearer Wrongdoer""",
    "Theme": """Act Action Activity Affected Affected_party Agreement Content Contents Created_entity Crime Deceased
        Earnings Employee Entity Evaluee Event Focal_entity Goods Group Incident Item Items Message Money New_leader
        New_member Object Offense Old_leader Patient Phenomenon Problem Product Project Property Social_event Suspect
        Text Theme Topic Undertaking Undesirable_event Victim Work""",
    "Goal": "Addressee Beneficiary Benefited_party Goal Recipient Targeted",
    "Source": "Source",
    "Instrument": "Firearm Instrument Means Tools Vehicle Weapon",
    "Cause": "Cause Explanation Reason",
    "Place": "Area Facility Fixed_location Location Place Place_of_employment Venue",
    "Time": "Time",
}
GENERAL_ROLE: dict[str, str] = {role: general for general, names in _GENERAL.items() for role in names.split()}
"""The general role behind a role of GENEVA; roles without one are not learnt for untyped events."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the model's outputs stand for.

    Args:
        types: trained types, in the order of the type head.
        roles: roles, in the order of the role head; index 0 of the head is "no role".
        by_type: allowed roles of every type of the ontology, trained or not.
    """

    types: tuple[str, ...]
    roles: tuple[str, ...]
    by_type: dict[str, tuple[str, ...]]

    def type_index(self, name: str | None) -> int:
        """Row of a type; untrained and unknown ones share the row of ``PLAIN``."""
        return self.types.index(name) if name in self.types else len(self.types)

    def role_index(self, name: str) -> int:
        """Column of a role in the role head."""
        return self.roles.index(name) + 1

    def allowed(self, name: str | None) -> tuple[str, ...]:
        """Roles the tagger may give to an event of a type; the general ones where the type was not trained."""
        return self.by_type[name] if name in self.types and name is not None else GENERAL_ROLES


def specific_role(general: str, allowed: Sequence[str]) -> str | None:
    """A type's own name for a general role, if it has one: the first in its list that stands for it.

    >>> specific_role("Agent", ("Killer", "Victim"))
    'Killer'
    """
    if general in allowed:
        return general
    return next((role for role in allowed if GENERAL_ROLE.get(role) == general), None)
