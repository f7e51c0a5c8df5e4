"""What a question asks for, in a form that can be executed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ekg.model.answer import AnswerType
from ekg.time import TimeInterval

Kind = Literal[
    "who", "what", "which", "when", "where", "how_many", "how_much", "how_long", "how_old", "measure", "why",
    "happened", "holder", "definition", "yes_no",
]  # fmt: skip
Relation = Literal["in", "before", "after", "since", "until", "during"]
Side = Literal["agent", "patient"]
UnitKind = Literal["name", "verb", "noun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A word or name of the question that evidence must speak of.

    Args:
        text: as the question has it.
        stem: stem of a word; folded words of a name.
        groups: groups of related words.
        kind: ``name``, ``verb`` (what happened) or ``noun`` (everything else).
        iris: entities that a name stands for, the most mentioned first.
        side: whether the question has a name as agent or patient of its verb, None where it does not say.
    """

    text: str
    stem: str
    groups: frozenset[str] = frozenset()
    kind: UnitKind = "noun"
    iris: tuple[str, ...] = ()
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeConstraint:
    """Where on the time line the answer's event must lie.

    Args:
        relation: how the event relates to the interval.
        interval: the interval; None where it comes from an event and has not been resolved.
        text: the words that say so.
        units: the event that gives the interval ("after the flood"), empty where a date does.
        source: IRI of the event that gave the interval.
        told: the units are units of the whole question too ("when the ship hit the bridge"): nothing is to be resolved.
        assumed: the year was not said and was taken from the latest document.
    """

    relation: Relation
    interval: TimeInterval | None
    text: str
    units: tuple[Unit, ...] = ()
    source: str | None = None
    assumed: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A question, understood: pattern of the event, role wanted, time, ordering, and what was known when.

    Args:
        kind: what is asked.
        wants: type of the answer.
        units: names and words of the event pattern.
        role: whether the agent or the patient of the event is wanted, None if either may be.
        focus: what is counted or asked for ("which **company**", "how many **people**"), with what qualifies it.
        times: constraints of which all must hold.
        order: ``first`` or ``last`` in time.
        options: names of which one is the answer ("A or B").
        known_at: ISO date; what was recorded later is not known.
        unresolved: time expressions that need a reference date which was not given.
        voice: ``passive`` where the question is in the passive.
        tense: ``past``, ``present`` or ``future``, as its auxiliary has it.
        entity_type: type of entity that "which **company**" asks for.
        granularity: unit that a date is asked in ("which **year**").
    """

    kind: Kind
    wants: AnswerType
    units: tuple[Unit, ...] = ()
    role: Side | None = None
    focus: tuple[Unit, ...] = ()
    times: tuple[TimeConstraint, ...] = ()
    order: Literal["first", "last"] | None = None
    options: tuple[Unit, ...] = ()
    known_at: str | None = None
    unresolved: tuple[str, ...] = ()
    voice: Literal["active", "passive"] = "active"
    tense: Literal["past", "present", "future"] = "past"
    granularity: str | None = None
    entity_type: str | None = None

    @property
    def names(self) -> tuple[Unit, ...]:
        """The named units."""
        return tuple(u for u in self.units if u.kind == "name")

    @property
    def words(self) -> tuple[Unit, ...]:
        """The units that are not names."""
        return tuple(u for u in self.units if u.kind != "name")

    @property
    def verb(self) -> Unit | None:
        """What happens, where the question has a verb for it."""
        return next((u for u in self.units if u.kind == "verb"), None)

    def to_dict(self) -> dict[str, Any]:
        """The frame as JSON values."""
        return {
            "kind": self.kind,
            "wants": self.wants,
            "entities": [{"name": u.text, "iris": list(u.iris)} for u in self.names],
            "event": [u.text for u in self.words],
            "role": self.role,
            "focus": " ".join(u.text for u in self.focus) or None,
            "options": [u.text for u in self.options],
            "times": [
                {
                    "relation": t.relation,
                    "begin": t.interval.begin if t.interval else None,
                    "end": t.interval.end if t.interval else None,
                    "text": t.text,
                    "event": t.source,
                    "assumed": t.assumed,
                }
                for t in self.times
            ],
            "order": self.order,
            "known_at": self.known_at,
            "unresolved": list(self.unresolved),
        }
