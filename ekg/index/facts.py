"""What the index needs of the quads, gathered in one pass over them in any order.

A build passes the quads through :meth:`Facts.passing` while it loads them; a rebuild reads them from the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

import pyoxigraph as ox

from ekg.store import Store
from ekg.vocab import DCTERMS, EKG, EVENT_TYPE, EVENTKG, OA, OWL, PROV, RDF, RDFS, SCHEMA, SEM, SKOS

Q = TypeVar("Q", bound=ox.Quad | ox.Triple)

_IRIS: dict[str, str] = {
    SEM + "hasActor": "actor",
    SEM + "hasPlace": "place",
    SEM + "roleType": "role",
    SCHEMA + "containedInPlace": "within",
    RDF + "subject": "source",
    RDF + "object": "target",
    PROV + "wasDerivedFrom": "derived",
}
_LITERALS: dict[str, str] = {
    RDFS + "label": "label",
    SKOS + "altLabel": "alias",
    DCTERMS + "alternative": "alias",
    DCTERMS + "description": "description",
    EKG + "begin": "begin",
    EKG + "end": "end",
    SEM + "hasBeginTimeStamp": "first",
    SEM + "hasEndTimeStamp": "last",
    EKG + "granularity": "granularity",
    EKG + "recordedAt": "recorded",
    EKG + "polarity": "polarity",
    EKG + "modality": "modality",
    EKG + "confidence": "confidence",
    EKG + "mentionCount": "count",
    EKG + "entityType": "kind",
    EKG + "fillerText": "text",
}
_EITHER: dict[str, str] = {
    EKG + "missingRole": "missing",
    EKG + "timeStatus": "time-status",
    EKG + "placeStatus": "place-status",
    OWL + "sameAs": "same",
    SCHEMA + "sameAs": "same",
}
_Kinds = tuple[type[ox.NamedNode | ox.Literal], ...]
_KINDS: tuple[tuple[dict[str, str], _Kinds], ...] = (
    (_IRIS, (ox.NamedNode,)),
    (_LITERALS, (ox.Literal,)),
    (_EITHER, (ox.NamedNode, ox.Literal)),
)
_SLOTS: dict[str, tuple[str, _Kinds]] = {
    predicate: (slot, kinds) for slots, kinds in _KINDS for predicate, slot in slots.items()
}
"""Slots of nodes and statements with the kinds of values that they have; another kind says nothing."""

_TYPE, _REFERS, _ARGUMENT, _EXACT = RDF + "type", EKG + "refersTo", EKG + "hasArgument", OA + "exact"
_SELECTOR, _MEDIA = OA + "hasSelector", EKG + "mediaFragment"
_OTHERS = frozenset({_REFERS, _ARGUMENT, _EXACT, _SELECTOR, _MEDIA})
_EVENT, _ACTOR, _PLACE, _STATEMENT = SEM + "Event", SEM + "Actor", SEM + "Place", EVENTKG + "Relation"

_MENTION_LEVEL = ("urn:ekg:mention:", "urn:ekg:argument:", "urn:ekg:time:", "urn:ekg:relation:")

Values = dict[str, "str | list[str]"]
"""What is said of one thing, by slot: a value, or several of them in no order."""
_NOTHING: Values = {}


class _Foreign(str):
    """A text in another language than English."""

    __slots__ = ()


def is_mention(iri: str) -> bool:
    """Whether an IRI names something of a document's graph, and not a node."""
    return iri.startswith(_MENTION_LEVEL)


class Facts:
    """Nodes, statements and mentions by IRI."""

    def __init__(self) -> None:
        self.events: set[str] = set()
        self.entities: dict[str, str] = {}
        """Actors and places, with ``Place`` or ``Actor``; a node that is both is a place."""
        self.statements: set[str] = set()
        self.mentions: defaultdict[str, set[str]] = defaultdict(set)
        """Mentions that refer to a node."""
        self.owners: dict[str, str] = {}
        """The event mention that has an argument."""
        self.exact: dict[str, str] = {}
        """Text of a selector."""
        self._types: defaultdict[str, set[str]] = defaultdict(set)
        self._values: dict[str, Values] = {}
        # All that the index has of mentions themselves; the rest of what they say is the nodes'.
        self._selectors: Values = {}
        self._media: Values = {}

    # -- gathering ---------------------------------------------------------------------------------------------------

    def read(self, store: Store) -> None:
        """Note all that a store holds, reading only what is needed."""
        kinds = store.query("SELECT DISTINCT ?type { ?s a ?type }")
        assert isinstance(kinds, ox.QuerySolutions)
        for row in kinds:
            kind = row["type"]
            if isinstance(kind, ox.NamedNode) and _is_kind(kind.value):
                self.note_all(store.triples(ox.NamedNode(_TYPE), kind))
        for predicate in (*_SLOTS, *sorted(_OTHERS)):
            self.note_all(store.triples(ox.NamedNode(predicate)))

    def note_all(self, quads: Iterable[ox.Quad | ox.Triple]) -> None:
        """Note quads, or triples of any graph."""
        for _ in self.passing(quads):
            pass

    def passing(self, quads: Iterable[Q]) -> Iterator[Q]:
        """Pass quads on and note what the index needs of them."""
        # One in three quads of a graph ends here, so there is no call for a quad that needs none.
        slots, values, node, literal = _SLOTS.get, self._values, ox.NamedNode, ox.Literal
        for quad in quads:
            predicate = quad.predicate.value
            found = slots(predicate)
            if found is not None:
                slot, kinds = found
                subject, term = quad.subject, quad.object
                if isinstance(subject, node) and isinstance(term, kinds):
                    iri, value = subject.value, term.value
                    if isinstance(term, literal) and (term.language or "en") != "en":
                        value = _Foreign(value)
                    known = values.get(iri)
                    if known is not None:
                        if slot in known:
                            _add(known, slot, value)
                        else:
                            known[slot] = value
                    elif not iri.startswith(_MENTION_LEVEL):
                        values[iri] = {slot: value}
            elif predicate == _TYPE:
                self._note_type(quad)
            elif predicate in _OTHERS:
                self._note_other(predicate, quad)
            yield quad

    def _note_other(self, predicate: str, quad: ox.Quad | ox.Triple) -> None:
        subject, term = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode):
            return
        iri = subject.value
        if isinstance(term, ox.NamedNode):
            value = term.value
            if predicate == _REFERS:
                self.mentions[value].add(iri)
            elif predicate == _SELECTOR:
                _add(self._selectors, iri, value)
            elif predicate == _ARGUMENT:
                self.owners[value] = min(iri, self.owners.get(value, iri))
            elif predicate == _MEDIA:
                _add(self._media, iri, value)
        elif predicate == _EXACT and isinstance(term, ox.Literal):
            self.exact[iri] = min(term.value, self.exact.get(iri, term.value))

    def _note_type(self, quad: ox.Quad | ox.Triple) -> None:
        subject, term = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(term, ox.NamedNode):
            return
        iri, kind = subject.value, term.value
        if kind == _EVENT:
            self.events.add(iri)
        elif kind == _STATEMENT:
            self.statements.add(iri)
        elif kind == _PLACE or (kind == _ACTOR and iri not in self.entities):
            self.entities[iri] = kind.removeprefix(SEM)
        elif kind.startswith(EVENT_TYPE):
            self._types[iri].add(kind)

    # -- asking ------------------------------------------------------------------------------------------------------

    def type_of(self, iri: str) -> str | None:
        """The first of a node's event types."""
        return min(self._types[iri], default=None) if iri in self._types else None

    def selectors(self, mention: str) -> list[str]:
        """IRIs of where a mention stands, sorted, each once."""
        return _sorted(self._selectors.get(mention))

    def media(self, mention: str) -> str | None:
        """IRI of the moment in a video where a mention is, the first of several."""
        return next(iter(_sorted(self._media.get(mention))), None)

    def of(self, iri: str) -> Described:
        """What is said of a node or statement."""
        return Described(self._values.get(iri, _NOTHING))


def _add(known: Values, slot: str, value: str) -> None:
    before = known.get(slot)
    if before is None:
        known[slot] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        known[slot] = [before, value]


def _sorted(found: str | list[str] | None) -> list[str]:
    if found is None:
        return []
    return sorted(set(found)) if isinstance(found, list) else [found]


class Described:
    """Values by slot; every answer is in an order that does not depend on the order of the quads."""

    __slots__ = ("_found",)

    def __init__(self, found: Values) -> None:
        self._found = found

    def __contains__(self, slot: str) -> bool:
        return slot in self._found

    def iris(self, slot: str) -> list[str]:
        """IRIs, sorted, each once."""
        return _sorted(self._found.get(slot))

    def iri(self, slot: str) -> str | None:
        """The first IRI."""
        found = self._found.get(slot)
        return min(found) if isinstance(found, list) else found

    def texts(self, slot: str) -> list[str]:
        """Literals' texts, each once, those without a language and English ones first: EventKG has many languages."""
        found = self._found.get(slot)
        if not isinstance(found, list):
            return [] if found is None else [str(found)]
        ordered = sorted((isinstance(value, _Foreign), str(value)) for value in found)
        return list(dict.fromkeys(value for _, value in ordered))

    def text(self, slot: str) -> str | None:
        """The first of the texts."""
        found = self._found.get(slot)
        if isinstance(found, list):
            return self.texts(slot)[0]
        return None if found is None else str(found)

    def values(self, slot: str) -> list[str]:
        """IRIs and literals' texts alike, sorted, each once."""
        return [str(value) for value in _sorted(self._found.get(slot))]

    def number(self, slot: str, default: float) -> float:
        """A number; what is none, or out of bounds, counts as not there: a user may write anything into a graph."""
        try:
            number = float(self.text(slot) or default)
        except ValueError:
            return default
        return number if abs(number) < 1e15 else default


def _is_kind(iri: str) -> bool:
    return iri in {_EVENT, _ACTOR, _PLACE, _STATEMENT} or iri.startswith(EVENT_TYPE)
