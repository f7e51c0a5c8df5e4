"""Resolution of mentions into nodes: which entities and events of many documents are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alignment.clustering import UnionFind
from alignment.event_weights import EventWeights
from ekg.errors import DataError
from ekg.model import Event, Extraction, Link

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveConfig:
    """What resolution may join.

    Args:
        event_threshold: probability that a pair of clusters needs on average to become one event node; higher is more
            careful. ``docs/coreference.md`` has what is right at which threshold, on ECB+ and on news at large.
        neighbours: how many similar documents each document's events are compared with.
        candidates: how many event mentions each event mention is compared with, at most.
        unscored: how much a pair that was never compared weighs against a merge, 0 to 1.
        surname_share: share of the full names with a surname that one person must have for the bare surname to mean it.
        weights: pair model; None loads the one that ships.
    """

    event_threshold: float = 0.6
    neighbours: int = 25
    candidates: int = 40
    unscored: float = 0.3
    surname_share: float = 0.8
    weights: EventWeights | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.event_threshold <= 1.0:
            raise ValueError(f"event_threshold must lie in (0, 1], not {self.event_threshold}")
        if self.neighbours < 1 or self.candidates < 1:
            raise ValueError("neighbours and candidates must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Every mention's node, and why.

    Args:
        entities: document-level entity id → node id.
        events: event mention id → node id.
        links: one for every mention that is not the first of its node: ``left`` is the node, ``right`` the mention,
            ``evidence["with"]`` the member that it was joined to.
    """

    entities: dict[str, str] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


def ordered(records: Iterable[Extraction]) -> list[Extraction]:
    """Records by document date (undated last) and document id, on which node ids depend.

    Raises:
        DataError: two records have the same document id.
    """
    result = sorted(records, key=lambda r: (r.document.published or "9999-99", r.document.id))
    seen: set[str] = set()
    for record in result:
        if record.document.id in seen:
            raise DataError(
                f"document '{record.document.id}' has two extraction records", hint="keep one record a document"
            )
        seen.add(record.document.id)
    return result


def resolve(
    records: Sequence[Extraction],
    *,
    must_link: Iterable[Pair] = (),
    cannot_link: Iterable[Pair] = (),
    config: ResolveConfig | None = None,
    texts: Mapping[str, str] | None = None,
) -> Resolution:
    """Resolve the entities and events of many documents into nodes.

    A node's id is the id of its first member in the order of document date, document id and span; so it depends on
    the set of documents, never on their order of arrival. Events whose known times are disjoint, or of which one is
    negated, are never joined, not even by ``must_link``.

    Args:
        records: one a document, in any order.
        must_link: pairs of entity ids or of event ids that are the same.
        cannot_link: pairs that are not the same; stronger than everything else.
        config: thresholds and limits.
        texts: text by document id, to compare documents and what stands around the events; the records stand in for
            texts that are absent.

    Raises:
        DataError: a document or an id occurs twice, a pair names an unknown id or is both demanded and forbidden,
            or a time is not ISO 8601.
    """
    from alignment.entity_resolution import resolve_entities
    from alignment.event_resolution import resolve_events

    config = config or ResolveConfig()
    in_order = ordered(records)
    entity_ids = _unique((e.id for r in in_order for e in r.entities), "entity")
    event_ids = _unique((e.id for r in in_order for e in r.events), "event")
    must, cannot = _constraints(must_link, cannot_link, entity_ids, event_ids)
    entities, entity_links = resolve_entities(
        in_order,
        must_link=[p for p in must if p[0] in entity_ids],
        cannot_link=[p for p in cannot if p[0] in entity_ids],
        config=config,
    )
    events, event_links = resolve_events(
        in_order,
        entities,
        must_link=[p for p in must if p[0] in event_ids],
        cannot_link=[p for p in cannot if p[0] in event_ids],
        config=config,
        texts=texts,
    )
    return Resolution(entities=entities, events=events, links=tuple(entity_links + event_links))


def event_order(event: Event) -> tuple[int, int, str]:
    """Place of an event mention within its document."""
    return (*event.trigger.span, event.id)


def _unique(ids: Iterable[str], kind: str) -> set[str]:
    seen: set[str] = set()
    for item in ids:
        if item in seen:
            raise DataError(f"{kind} id '{item}' occurs twice", hint=f"{kind} ids must be unique across documents")
        seen.add(item)
    return seen


def _constraints(
    must_link: Iterable[Pair], cannot_link: Iterable[Pair], entity_ids: set[str], event_ids: set[str]
) -> tuple[list[Pair], list[Pair]]:
    groups = []
    for name, pairs in (("must_link", must_link), ("cannot_link", cannot_link)):
        checked: set[Pair] = set()
        for a, b in pairs:
            for known in (entity_ids, event_ids):
                if (a in known) != (b in known):
                    raise DataError(f"{name}: '{a}' and '{b}' are not both entities or both events of the records")
            if a not in entity_ids and a not in event_ids:
                raise DataError(f"{name}: there is neither an entity nor an event '{a}'")
            checked.add((min(a, b), max(a, b)))
        groups.append(checked)
    both = sorted(groups[0] & groups[1])
    if both:
        raise DataError(f"'{both[0][0]}' and '{both[0][1]}' are both demanded and forbidden", hint="remove one")
    _check_transitive(groups[0], groups[1])
    return sorted(groups[0]), sorted(groups[1])


def _check_transitive(must: set[Pair], cannot: set[Pair]) -> None:
    ids = sorted({i for pair in must | cannot for i in pair})
    index = {i: n for n, i in enumerate(ids)}
    sets = UnionFind(len(ids))
    for a, b in must:
        sets.union(index[a], index[b])
    for a, b in sorted(cannot):
        if sets.find(index[a]) == sets.find(index[b]):
            raise DataError(
                f"'{a}' and '{b}' must not be joined, but other pairs of must_link join them",
                hint="remove one of these",
            )
