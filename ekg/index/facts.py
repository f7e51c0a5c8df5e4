"""What the index needs of the quads, gathered in one pass over them in any order.

A build passes the quads through :meth:`Facts.passing` while it loads them; a rebuild reads them from the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ekg.store import Store
from ekg.vocab import DCTERMS, EKG, EVENT_TYPE, EVENTKG, OA, OWL, PROV, RDF, RDFS, SCHEMA, SEM, SKOS

_TYPE = RDF + "type"
_SLOTS: dict[str, str] = {
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
    EKG + "missingRole": "missing",
    EKG + "timeStatus": "time-status",
    EKG + "placeStatus": "place-status",
    EKG + "fillerText": "text",
    SEM + "hasActor": "actor",
    SEM + "hasPlace": "place",
    SEM + "roleType": "role",
    OWL + "sameAs": "same",
    SCHEMA + "sameAs": "same",
    SCHEMA + "containedInPlace": "within",
    RDF + "subject": "source",
    RDF + "object": "target",
    PROV + "wasDerivedFrom": "derived",
    OA + "hasSelector": "selector",
    EKG + "mediaFragment": "media",
}
_OF_MENTIONS = frozenset({"selector", "media"})
"""The only slots of mentions and arguments that the index has; the rest of what they say is the nodes'."""

_MENTION_LEVEL = ("urn:ekg:mention:", "urn:ekg:argument:", "urn:ekg:time:", "urn:ekg:relation:")
_OTHERS = (EKG + "refersTo", EKG + "hasArgument", OA + "exact")

Value = tuple[str, str | None]
"""A value and what it is: None for an IRI, "" for a literal, else the literal's language."""


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
        self._values: dict[str, list[str | None]] = {}

    # -- gathering ---------------------------------------------------------------------------------------------------

    def passing(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Pass quads on and note what the index needs of them."""
        for quad in quads:
            self.note(quad)
            yield quad

    def read(self, store: Store) -> None:
        """Note all that a store holds, reading only what is needed."""
        kinds = store.query("SELECT DISTINCT ?type { ?s a ?type }")
        assert isinstance(kinds, ox.QuerySolutions)
        for row in kinds:
            kind = row["type"]
            if isinstance(kind, ox.NamedNode) and _is_kind(kind.value):
                self.note_all(store.quads(None, ox.NamedNode(_TYPE), kind))
        for predicate in (*_SLOTS, *_OTHERS):
            self.note_all(store.quads(None, ox.NamedNode(predicate)))

    def note_all(self, quads: Iterable[ox.Quad]) -> None:
        """Note quads."""
        for quad in quads:
            self.note(quad)

    def note(self, quad: ox.Quad) -> None:
        """Note one quad."""
        predicate = quad.predicate.value
        subject, value = quad.subject, quad.object
        if isinstance(value, ox.Triple) or not isinstance(subject, ox.NamedNode):
            return
        iri = subject.value
        slot = _SLOTS.get(predicate)
        if slot is not None:
            if slot not in _OF_MENTIONS and iri.startswith(_MENTION_LEVEL):
                return
            kind = (value.language or "") if isinstance(value, ox.Literal) else None
            if kind is None and not isinstance(value, ox.NamedNode):
                return
            known = self._values.get(iri)
            if known is None:
                self._values[iri] = [slot, value.value, kind]
            else:
                known += (slot, value.value, kind)
        elif predicate == _TYPE:
            self._note_type(iri, value.value)
        elif predicate == _OTHERS[0]:
            if isinstance(value, ox.NamedNode):
                self.mentions[value.value].add(iri)
        elif predicate == _OTHERS[1]:
            if isinstance(value, ox.NamedNode):
                self.owners[value.value] = min(iri, self.owners.get(value.value, iri))
        elif predicate == _OTHERS[2] and isinstance(value, ox.Literal):
            self.exact[iri] = min(value.value, self.exact.get(iri, value.value))

    def _note_type(self, iri: str, kind: str) -> None:
        if kind == SEM + "Event":
            self.events.add(iri)
        elif kind == SEM + "Place" or (kind == SEM + "Actor" and iri not in self.entities):
            self.entities[iri] = kind.removeprefix(SEM)
        elif kind == EVENTKG + "Relation":
            self.statements.add(iri)
        elif kind.startswith(EVENT_TYPE):
            self._types[iri].add(kind)

    # -- asking ------------------------------------------------------------------------------------------------------

    def type_of(self, iri: str) -> str | None:
        """The first of a node's event types."""
        return min(self._types[iri], default=None) if iri in self._types else None

    def of(self, iri: str) -> Described:
        """What is said of a node, statement or mention."""
        found: dict[str, list[Value]] = {}
        flat = iter(self._values.get(iri, ()))
        for slot, value, kind in zip(flat, flat, flat, strict=True):
            assert slot is not None
            assert value is not None
            found.setdefault(slot, []).append((value, kind))
        return Described(found)


class Described:
    """Values by slot; every answer is in an order that does not depend on the order of the quads."""

    def __init__(self, found: dict[str, list[Value]]) -> None:
        self._found = found

    def __contains__(self, slot: str) -> bool:
        return slot in self._found

    def iris(self, slot: str) -> list[str]:
        """IRIs, sorted, each once."""
        return sorted({value for value, kind in self._found.get(slot, ()) if kind is None})

    def iri(self, slot: str) -> str | None:
        """The first IRI."""
        return min((value for value, kind in self._found.get(slot, ()) if kind is None), default=None)

    def texts(self, slot: str) -> list[str]:
        """Literals' texts, each once, those without a language and English ones first: EventKG has many languages."""
        found = self._found.get(slot)
        if found is None:
            return []
        if len(found) == 1:
            return [value for value, kind in found if kind is not None]
        literals = sorted((kind not in {"", "en"}, value) for value, kind in found if kind is not None)
        return list(dict.fromkeys(value for _, value in literals))

    def text(self, slot: str) -> str | None:
        """The first of the texts."""
        return next(iter(self.texts(slot)), None)

    def values(self, slot: str) -> list[str]:
        """IRIs and literals' texts alike, sorted, each once."""
        return sorted({value for value, _ in self._found.get(slot, ())})

    def number(self, slot: str, default: float) -> float:
        """A number; what is none, or out of bounds, counts as not there: a user may write anything into a graph."""
        try:
            number = float(self.text(slot) or default)
        except ValueError:
            return default
        return number if abs(number) < 1e15 else default


def _is_kind(iri: str) -> bool:
    return iri in {SEM + "Event", SEM + "Actor", SEM + "Place", EVENTKG + "Relation"} or iri.startswith(EVENT_TYPE)
