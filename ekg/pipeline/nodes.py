"""The node level: what the mentions of one event or entity say together, by a stated policy.

Policy, in short: the type that most confidence speaks for, plain ``Event`` only if nothing else is said; the time that
most mentions agree with, the most precise of those, the latest document's in a tie, ``contradicted`` if another mention
excludes it; a role, time or place that one mention knows is known, and what none knows of the type's template is noted
as missing; polarity and modality as most
mentions have them, ``actual`` before the rest in a tie; every role's fillers with the highest confidence given to each.
Everything here can be recomputed from mentions and links, so a wrong merge is never more than a wrong link.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from ekg.ids import digest, normal_name
from ekg.model import Document, Entity, Event, EventTime
from ekg.pipeline.places import pick_geo, place_statements, same_as_statements
from ekg.pipeline.render import argument_iri, relation_iri
from ekg.store import date_literal, datetime_literal, decimal_literal
from ekg.store.base import Term
from ekg.time import TimeInterval, compare, format_instant, parse_iso
from ekg.vocab import (
    EKG,
    ENTITY_CLASSES,
    EVENTKG,
    GRAPH_RESOLVED,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SEM,
    SKOS,
    document_iri,
    event_type_iri,
    mention_iri,
    node_iri,
    role_iri,
)
from extractors.completeness import missing_roles

_DATELINE = re.compile(r"^[A-Z][A-Z .,/'’-]*(?:\([^)]{1,30}\) *)?(?:—|–|--) +(?=.)")
_MODALITY_RANK = {"actual": 0, "reported": 1, "planned": 2, "possible": 3, "hypothetical": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMember:
    """An event mention with what the policy needs of its document."""

    event: Event
    doc: str
    published: str | None
    recorded: str | None
    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMember:
    """A document's entity with the document's id."""

    entity: Entity
    doc: str


@dataclass(slots=True)
class Nodes:
    """Members by node id, each list in the order of document date, document id and span."""

    events: dict[str, list[EventMember]] = field(default_factory=dict)
    entities: dict[str, list[EntityMember]] = field(default_factory=dict)
    relations: list[tuple[str, str, str, float, str]] = field(default_factory=list)


def event_phrase(document: Document, event: Event, limit: int = 110) -> str:
    """A readable name of an event mention: the stretch of text from its first to its last core argument.

    Falls back to the trigger with the arguments nearest to it where the stretch is too long or crosses a line.
    """
    spans = sorted([event.trigger.span, *(a.span for a in event.arguments if a.span is not None)])
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    text = document.text[low:high]
    if len(text) > limit or "\n" in text:
        before = [s for s in spans if s[1] <= event.trigger.span[0]]
        after = [s for s in spans if s[0] >= event.trigger.span[1]]
        near = [*before[-1:], event.trigger.span, *after[:1]]
        pieces = [document.text[a:b] for a, b in near if b - a <= limit // 2 or (a, b) == event.trigger.span]
        text = " … ".join(pieces) if len(pieces) > 1 else pieces[0]
    text = _quotes_paired(_DATELINE.sub("", re.sub(r"\s+", " ", text).strip()))
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _quotes_paired(text: str) -> str:
    """A stretch cut out of a sentence with the other mark of each quotation that it holds one mark of.

    >>> _quotes_paired("I saw it,” he said"), _quotes_paired('he said "I saw it')
    ('“I saw it,” he said', 'he said "I saw it"')
    """
    missing = text.count("“") - text.count("”")
    if missing:
        return text + "”" * missing if missing > 0 else "“" * -missing + text
    if text.count('"') % 2 == 0:
        return text
    at = text.index('"')
    opens = (at == 0 or text[at - 1].isspace()) and text[at + 1 : at + 2].strip() != ""
    return text + '"' if opens else '"' + text


def pick_time(members: Sequence[EventMember]) -> EventTime | None:
    """The time that most of the mentions' confidence agrees with (overlap), the most precise, then the latest told."""
    known = [(m, m.event.time) for m in members if m.event.time and (m.event.time.begin or m.event.time.end)]
    if not known:
        return None

    def bounds(time: EventTime) -> tuple[float, float]:
        low, high = TimeInterval(begin=time.begin, end=time.end).bounds()
        return (-float("inf") if low is None else low, float("inf") if high is None else high)

    def rank(candidate: tuple[EventMember, EventTime]) -> tuple[float, float, str, str]:
        member, time = candidate
        low, high = bounds(time)
        support = 0.0
        for other, other_time in known:
            a, b = bounds(other_time)
            if a < high and low < b:
                support += other.event.confidence
        latest = "".join(chr(0x10FFFF - ord(c)) for c in member.published or "")
        return -round(support, 4), high - low, latest, member.event.id

    return min(known, key=rank)[1]


def time_status(members: Sequence[EventMember], chosen: EventTime) -> str:
    """``contradicted`` if a mention gives a time that excludes the chosen one, ``inferred`` if none tells it, else
    ``observed``."""
    known = [m.event.time for m in members if m.event.time and (m.event.time.begin or m.event.time.end)]
    interval = TimeInterval(begin=chosen.begin, end=chosen.end)
    told_times = [TimeInterval(begin=time.begin, end=time.end) for time in known if time.status == "observed"]
    if any(compare(interval, other) in {"before", "after", "meets"} for other in told_times):
        return "contradicted"
    told = any(time.status == "observed" and (time.begin, time.end) == (chosen.begin, chosen.end) for time in known)
    return "observed" if told else "inferred"


def _majority(votes: Iterable[tuple[str, float]], rank: Mapping[str, int] | None = None) -> str:
    total: defaultdict[str, float] = defaultdict(float)
    for name, weight in votes:
        total[name] += round(weight, 4)
    return min(total, key=lambda name: (-round(total[name], 4), (rank or {}).get(name, 0), name))


class NodeRenderer:
    """Quads of the resolved graph.

    Args:
        nodes: members by node.
        entity_node: node of each document-level entity.
        event_node: node of each event mention.
    """

    def __init__(self, nodes: Nodes, entity_node: Mapping[str, str], event_node: Mapping[str, str]) -> None:
        self.nodes = nodes
        self.entity_node = entity_node
        self.event_node = event_node
        self.graph = ox.NamedNode(GRAPH_RESOLVED)

    def quads(self) -> Iterator[ox.Quad]:
        """All quads, nodes in sorted order."""
        for node in sorted(self.nodes.entities):
            yield from self._emit(self._entity(node, self.nodes.entities[node]))
        for node in sorted(self.nodes.events):
            yield from self._emit(self._event(node, self.nodes.events[node]))
        yield from self._emit(self._relations())

    def _emit(self, statements: Iterable[tuple[str, str, Term]]) -> Iterator[ox.Quad]:
        for subject, predicate, value in statements:
            yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, self.graph)

    def _entity(self, node: str, members: list[EntityMember]) -> Iterator[tuple[str, str, Term]]:
        iri = node_iri(node)
        kind = _majority((m.entity.type, len(m.entity.mentions) + 0.5) for m in members)
        names = Counter(m.entity.name for m in members)
        # The most used form wins, the longer in a tie: "Donald Trump" before "Trump" where both name the node.
        label = min(names, key=lambda name: (-names[name], -len(name), name))
        yield iri, RDF + "type", ox.NamedNode(SEM + ("Place" if kind == "place" else "Actor"))
        if kind in ENTITY_CLASSES:
            yield iri, RDF + "type", ox.NamedNode(ENTITY_CLASSES[kind])
        yield iri, EKG + "entityType", ox.Literal(kind)
        yield iri, RDFS + "label", ox.Literal(label)
        for name in sorted(names):
            if normal_name(name) != normal_name(label):
                yield iri, SKOS + "altLabel", ox.Literal(name)
        count = sum(len(m.entity.mentions) for m in members)
        yield iri, EKG + "mentionCount", ox.Literal(count)
        entities = [m.entity for m in members]
        geo = pick_geo(entities) if kind == "place" else None
        if geo is not None:
            yield from place_statements(iri, geo)
        yield from same_as_statements(iri, entities)
        for member in members:
            yield mention_iri(member.entity.id), EKG + "refersTo", ox.NamedNode(iri)

    def _event(self, node: str, members: list[EventMember]) -> Iterator[tuple[str, str, Term]]:
        iri = node_iri(node)
        typed = [(m.event.type, m.event.confidence) for m in members if m.event.type != "Event"]
        kind = _majority(typed) if typed else "Event"
        best = min(members, key=lambda m: (-len(m.event.arguments), len(m.phrase), m.event.id))
        time = pick_time(members)
        yield iri, RDF + "type", ox.NamedNode(SEM + "Event")
        yield iri, RDF + "type", ox.NamedNode(event_type_iri(kind))
        yield iri, RDFS + "label", ox.Literal(best.phrase)
        polarity = _majority((m.event.polarity, m.event.confidence) for m in members)
        modality = _majority(((m.event.modality, m.event.confidence) for m in members), _MODALITY_RANK)
        yield iri, EKG + "polarity", ox.Literal(polarity)
        yield iri, EKG + "modality", ox.Literal(modality)
        yield iri, EKG + "confidence", decimal_literal(max(m.event.confidence for m in members))
        yield iri, EKG + "mentionCount", ox.Literal(len(members))
        recorded = min((m.recorded for m in members if m.recorded), default=None)
        if recorded:
            yield iri, EKG + "recordedAt", date_literal(recorded)
        if time is not None:
            yield from self._interval(iri, time)
            if (status := time_status(members, time)) != "observed":
                yield iri, EKG + "timeStatus", ox.Literal(status)
        filled = {argument.role for member in members for argument in member.event.arguments}
        for role in missing_roles(kind, filled, time=True, place=True):
            yield iri, EKG + "missingRole", ox.NamedNode(role_iri(role))
        for doc in sorted({m.doc for m in members}):
            yield iri, SCHEMA + "subjectOf", ox.NamedNode(document_iri(doc))
        for member in members:
            yield mention_iri(member.event.id), EKG + "refersTo", ox.NamedNode(iri)
        yield from self._participants(iri, members, time, recorded)

    def _interval(self, iri: str, time: EventTime) -> Iterator[tuple[str, str, Term]]:
        """Half-open exact bounds as date-times, and EventKG's inclusive days."""
        if time.begin is not None:
            yield iri, EKG + "begin", datetime_literal(time.begin)
            yield iri, SEM + "hasBeginTimeStamp", date_literal(time.begin)
        if time.end is not None:
            last = format_instant(parse_iso(time.end)[0] - 1)
            yield iri, EKG + "end", datetime_literal(time.end)
            yield iri, SEM + "hasEndTimeStamp", date_literal(last)
        yield iri, EKG + "granularity", ox.Literal(time.granularity)

    def _participants(
        self, iri: str, members: list[EventMember], time: EventTime | None, recorded: str | None
    ) -> Iterator[tuple[str, str, Term]]:
        fillers: dict[tuple[str, str, str], list[tuple[float, str]]] = defaultdict(list)
        # A place that a mention names in its own clause outvotes any number of inferred ones.
        observed: Counter[str] = Counter()
        inferred: Counter[str] = Counter()
        for member in members:
            for argument in member.event.arguments:
                source = (argument.confidence, argument_iri(member.event, argument))
                filler = self.entity_node.get(argument.entity or "")
                if filler:
                    fillers[argument.role, filler, ""].append(source)
                elif argument.text:
                    fillers[argument.role, "", argument.text].append(source)
            place = member.event.place
            where = self.entity_node.get((place.entity if place else None) or "")
            if place is not None and where:
                (inferred if place.status == "inferred" else observed)[where] += 1
        for actor in sorted({entity for _, entity, _ in fillers if entity}):
            yield iri, SEM + "hasActor", ox.NamedNode(node_iri(actor))
        if places := observed or inferred:
            place_node = min(places, key=lambda name: (-places[name], name))
            yield iri, SEM + "hasPlace", ox.NamedNode(node_iri(place_node))
            if not observed:
                yield iri, EKG + "placeStatus", ox.Literal("inferred")
        for (role, entity, text), sources in sorted(fillers.items()):
            statement = f"urn:ekg:statement:{digest('participation', iri, role, entity, text)}"
            yield statement, RDF + "type", ox.NamedNode(EVENTKG + "Relation")
            yield statement, RDF + "subject", ox.NamedNode(iri)
            yield statement, SEM + "roleType", ox.NamedNode(role_iri(role))
            if entity:
                yield statement, RDF + "object", ox.NamedNode(node_iri(entity))
            else:
                yield statement, EKG + "fillerText", ox.Literal(text)
            yield statement, EKG + "confidence", decimal_literal(max(c for c, _ in sources))
            if time is not None and time.begin is not None:
                yield statement, EKG + "begin", datetime_literal(time.begin)
            if time is not None and time.end is not None:
                yield statement, EKG + "end", datetime_literal(time.end)
            if recorded:
                yield statement, EKG + "recordedAt", date_literal(recorded)
            for _, argument_source in sorted(sources):
                yield statement, PROV + "wasDerivedFrom", ox.NamedNode(argument_source)

    def _relations(self) -> Iterator[tuple[str, str, Term]]:
        best: dict[tuple[str, str, str], float] = {}
        told: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for kind, source, target, confidence, mention in self.nodes.relations:
            left, right = self.event_node.get(source), self.event_node.get(target)
            if left and right and left != right and kind != "coreference":
                key = (left, relation_iri(kind), right)
                best[key] = max(confidence, best.get(key, 0.0))
                told[key].add(mention)
        for (left, kind_iri, right), confidence in sorted(best.items()):
            statement = f"urn:ekg:statement:{digest('relation', left, kind_iri, right)}"
            yield statement, RDF + "type", ox.NamedNode(EVENTKG + "Relation")
            yield statement, RDF + "subject", ox.NamedNode(node_iri(left))
            yield statement, RDF + "object", ox.NamedNode(node_iri(right))
            yield statement, SEM + "roleType", ox.NamedNode(kind_iri)
            yield statement, EKG + "confidence", decimal_literal(confidence)
            for mention in sorted(told[left, kind_iri, right]):
                yield statement, PROV + "wasDerivedFrom", ox.NamedNode(mention)
            if kind_iri == EKG + "subevent":
                yield node_iri(right), SEM + "hasSubEvent", ox.NamedNode(node_iri(left))
