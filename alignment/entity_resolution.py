"""Entities of many documents into nodes, by name, type and what is unambiguous in the whole set; precision first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.clustering import UnionFind
from alignment.entity_names import VAGUE_TYPES, canonical, compatible, same_person
from alignment.resolution import Pair, ResolveConfig
from alignment.words import STOP_WORDS, initials
from ekg.model import Entity, Extraction, Link

_Edge = tuple[int, int, str, float]


@dataclass(frozen=True, slots=True)
class _Item:
    entity: Entity
    document: int
    words: tuple[str, ...]


def resolve_entities(
    records: Sequence[Extraction],
    *,
    must_link: Sequence[Pair],
    cannot_link: Sequence[Pair],
    config: ResolveConfig,
) -> tuple[dict[str, str], list[Link]]:
    """Node of every document-level entity, and a link for each that is not the first of its node.

    Args:
        records: in the order on which node ids depend.
        must_link: pairs of entity ids that are the same.
        cannot_link: pairs that are not.
        config: limits.
    """
    items = [
        _Item(entity, d, canonical(entity.name, entity.type))
        for d, record in enumerate(records)
        for entity in sorted(record.entities, key=_place)
    ]
    index = {item.entity.id: i for i, item in enumerate(items)}
    forbidden = {(index[a], index[b]) for a, b in cannot_link}
    clusters = _Clusters(items, forbidden)
    for a, b in must_link:
        clusters.join(index[a], index[b], "must_link", 1.0)
    for rule in (_same_anchor, _same_name, _middle_names, _acronyms, _surnames):
        # A rule sees what the rules before it joined: a surname is unambiguous among persons, not among spellings.
        for i, j, reason, score in rule(items, clusters, config):
            clusters.join(i, j, reason, score)
    nodes: dict[str, str] = {}
    links: list[Link] = []
    for i, item in enumerate(items):
        first = items[clusters.find(i)].entity.id
        nodes[item.entity.id] = first
        if first != item.entity.id:
            partner, reason, score = clusters.reason[i]
            links.append(
                Link(
                    left=first,
                    right=item.entity.id,
                    score=score,
                    zone="merge",
                    evidence={"rule": reason, "name": item.entity.name, "with": items[partner].entity.id},
                )
            )
    return nodes, links


class _Clusters:
    """Union-find that refuses forbidden pairs and remembers why an item was joined."""

    def __init__(self, items: Sequence[_Item], forbidden: set[tuple[int, int]]) -> None:
        self._sets = UnionFind(len(items))
        self._members = {i: [i] for i in range(len(items))}
        self._apart: dict[int, set[int]] = defaultdict(set)
        for i, j in forbidden:
            self._apart[i].add(j)
            self._apart[j].add(i)
        self.reason: dict[int, tuple[int, str, float]] = {}
        self._anchors = {i: set(_anchors(item)) for i, item in enumerate(items)}

    def find(self, i: int) -> int:
        return self._sets.find(i)

    def members(self, i: int) -> list[int]:
        return self._members[self.find(i)]

    def join(self, i: int, j: int, reason: str, score: float) -> None:
        a, b = sorted((self.find(i), self.find(j)))
        if a == b:
            return
        if self._apart and any(self._apart.get(m, set()).intersection(self._members[a]) for m in self._members[b]):
            return
        if reason != "must_link" and _contradict(self._anchors[a], self._anchors[b]):
            return
        # The item on the later side carries the reason; if that is not its first member, the first one does too.
        later, earlier = (i, j) if self.find(i) == b else (j, i)
        for member in {later, b}:
            self.reason.setdefault(member, (earlier, reason, score))
        self._members[a] += self._members.pop(b)
        self._anchors[a] |= self._anchors.pop(b)
        self._sets.union(a, b)


def _place(entity: Entity) -> tuple[int, int, str]:
    spans = sorted(entity.mentions) or sorted(entity.references) or [(0, 0)]
    return (*spans[0], entity.id)


def _anchors(item: _Item) -> list[tuple[str, str]]:
    """What identifies an entity outside its document: its place on earth, what a link table says it is."""
    entity = item.entity
    geo = [("place", entity.geo.iri)] if entity.geo is not None and entity.type == "place" else []
    return [*geo, *(("link", iri) for iri in entity.same_as)]


def _contradict(left: set[tuple[str, str]], right: set[tuple[str, str]]) -> bool:
    """Whether two clusters have anchors of one kind and none in common: Paris in France and Paris in Texas."""
    for kind in ("place", "link"):
        here, there = ({iri for name, iri in side if name == kind} for side in (left, right))
        if here and there and not here & there:
            return True
    return False


def _same_anchor(items: Sequence[_Item], clusters: _Clusters, config: ResolveConfig) -> Iterator[_Edge]:
    first: dict[tuple[str, str], int] = {}
    for i, item in enumerate(items):
        for anchor in _anchors(item):
            known = first.setdefault(anchor, i)
            if known != i and items[known].entity.type == item.entity.type:
                yield known, i, "same place on earth" if anchor[0] == "place" else "same link", 0.98


def _same_name(items: Sequence[_Item], clusters: _Clusters, config: ResolveConfig) -> Iterator[_Edge]:
    by_name: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, item in enumerate(items):
        if item.words:
            by_name[item.words].append(i)
    for words, group in by_name.items():
        by_type: dict[str, list[int]] = defaultdict(list)
        for i in group:
            by_type[items[i].entity.type].append(i)
        if words[0] in STOP_WORDS and len(words) == 1:
            continue
        # The most frequent type first: rare types of one name are mostly errors of the extractor.
        types = sorted(by_type, key=lambda t: (t in VAGUE_TYPES, -len(by_type[t]), by_type[t][0]))
        for rank, kind in enumerate(types):
            first = by_type[kind][0]
            for i in by_type[kind][1:]:
                if len(words) > 1 or kind != "person":
                    yield first, i, "same name", 0.98 if len(words) > 1 else 0.95
            for other in types[:rank]:
                if compatible(kind, other, words=len(words)) and not (len(words) == 1 and "person" in (kind, other)):
                    yield by_type[other][0], first, "same name, similar type", 0.9
                    break


def _persons(items: Sequence[_Item]) -> Iterator[tuple[int, _Item]]:
    return ((i, item) for i, item in enumerate(items) if item.entity.type == "person")


def _middle_names(items: Sequence[_Item], clusters: _Clusters, config: ResolveConfig) -> Iterator[_Edge]:
    by_surname: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)
    for i, item in _persons(items):
        if len(item.words) > 1:
            by_surname[item.words[-1]].setdefault(item.words, i)
    for forms in by_surname.values():
        names = sorted(forms)
        for name in names:
            partners = [other for other in names if other != name and same_person(name, other)]
            # "J. Smith" beside John and Jane, or "George Bush" beside two of them, stays alone.
            if partners and all(p == q or same_person(p, q) for p in partners for q in partners):
                for other in partners:
                    yield forms[other], forms[name], "middle name or initial", 0.9


def _acronyms(items: Sequence[_Item], clusters: _Clusters, config: ResolveConfig) -> Iterator[_Edge]:
    expansions: dict[str, set[int]] = defaultdict(set)
    for i, item in enumerate(items):
        if item.entity.type != "person" and len(item.words) >= 2:
            content = tuple(w for w in item.words if w not in STOP_WORDS)
            for words in {item.words, content}:
                expansions[initials(words)].add(clusters.find(i))
    for i, item in enumerate(items):
        name = item.entity.name.replace(".", "").strip()
        if item.entity.type == "person" or len(name) < 2 or not name.isupper() or not name.isalpha():
            continue
        if len(item.words) > 1:
            # A well-known alias already has its long form, and its letters fit others by chance.
            continue
        full = sorted({clusters.find(j) for j in expansions.get(name.casefold(), ())})
        full = [j for j in full if compatible(items[j].entity.type, item.entity.type, words=1)]
        local = [j for j in full if any(items[m].document == item.document for m in clusters.members(j))]
        if len(local) == 1 or (len(full) == 1 and len(name) >= 3):
            yield (local or full)[0], i, "acronym", 0.9 if local else 0.8


def _surnames(items: Sequence[_Item], clusters: _Clusters, config: ResolveConfig) -> Iterator[_Edge]:
    """Bare surnames (or first names of the famous) join the one person in the set who is meant by them."""
    documents: dict[str, Counter[int]] = defaultdict(Counter)
    local: dict[tuple[int, str], set[int]] = defaultdict(set)
    for i, item in _persons(items):
        if len(item.words) > 1:
            documents[item.words[-1]][clusters.find(i)] += 1
            local[item.document, item.words[-1]].add(clusters.find(i))
    elsewhere = Counter(item.words for item in items if item.entity.type not in {"person", *VAGUE_TYPES})
    as_person = Counter(item.words for _, item in _persons(items))
    leftovers: dict[str, int] = {}
    for i, item in _persons(items):
        if len(item.words) != 1 or elsewhere[item.words] > as_person[item.words]:
            # "Europe", once taken for a person, is no bearer of the surname in "Radio Free Europe".
            continue
        surname = item.words[0]
        here = local.get((item.document, surname), set())
        if len(here) == 1:
            yield next(iter(here)), i, "surname, full name in the document", 0.9
            continue
        persons = documents.get(surname)
        if persons and not here:
            (best, count), total = min(persons.items(), key=lambda p: (-p[1], p[0])), sum(persons.values())
            if count / total >= config.surname_share:
                yield best, i, "surname of one person in the set", 0.85
        elif not persons:
            # Nobody's full name is known: within the set, the bare name is taken to mean one person.
            if surname in leftovers:
                yield leftovers[surname], i, "same single name", 0.7
            leftovers.setdefault(surname, i)
