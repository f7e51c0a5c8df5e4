"""Alignment of two knowledge graphs that hold their documents.

Entities are aligned by names and structure, as in any two graphs. Events are not: their nodes have phrases for names,
which differ between outlets and recur within one. They are compared by the model that resolves event mentions across
the documents of one graph, and by participants, places, times and types of their nodes; then the entities once more, by
the events that they share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.constraints import make_constraints
from alignment.entity_pool import held_back, joined_entities
from alignment.event_sides import EventSide
from alignment.event_turns import Zones, entity_links, entity_scores, event_links, in_turns
from alignment.graph import AlignGraph
from alignment.labels import Label
from ekg.ids import digest
from ekg.model import Alignment

if TYPE_CHECKING:
    from ekg.graph import EventGraph

IdPairs = Sequence[tuple[str, str]]
AlignEntities = Callable[[AlignGraph, AlignGraph, list[str], list[str], IdPairs, Sequence[Label]], Alignment]


def open_if_graph(source: object) -> EventGraph | None:
    """The knowledge graph behind a path, if it is one with documents; the caller closes it."""
    from ekg.graph import EventGraph, open_graph

    if isinstance(source, EventGraph):
        return source if len(source.documents) else None
    if isinstance(source, str | Path) and (Path(source) / "manifest.json").is_file():
        graph = open_graph(source)
        if len(graph.documents):
            return graph
        graph.close()
    return None


def align_knowledge(
    left: EventGraph,
    right: EventGraph,
    *,
    left_ids: Iterable[str] | None,
    right_ids: Iterable[str] | None,
    cannot_link: IdPairs,
    labels: Sequence[Label],
    zones: Zones,
    align_entities: AlignEntities,
) -> Alignment:
    """Align two graphs with documents: entities by ``align_entities``, then events and entities in turns.

    Args:
        left: a graph.
        right: the other.
        left_ids: what to align; None is all.
        right_ids: the candidates; None is all.
        cannot_link: pairs of ids to keep apart.
        labels: a person's verdicts.
        zones: zones of links from their probabilities.
        align_entities: aligns the nodes that are listed, given what is known of them.

    Raises:
        DataError: an id of ``cannot_link`` or ``labels`` is unknown, or they contradict one another.
    """
    graphs = AlignGraph.from_event_graph(left), AlignGraph.from_event_graph(right)
    known = make_constraints(graphs[0].index, graphs[1].index, cannot_link=cannot_link, labels=labels)
    entities: list[list[str]] = []
    events: list[list[str]] = []
    for graph, ids in zip(graphs, (left_ids, right_ids), strict=True):
        wanted = set(graph.index) if ids is None else set(ids)
        for kind, chosen in (("entity", entities), ("event", events)):
            chosen.append([n.id for n in graph.nodes if n.kind == kind and n.id in wanted])
    of_entities = known.among(*({n.id for n in graph.nodes if n.kind == "entity"} for graph in graphs))
    result = align_entities(
        *graphs, entities[0], entities[1], sorted(of_entities.apart - of_entities.rejected), of_entities.labels()
    )
    sides = EventSide.of(left), EventSide.of(right)
    certain = {(k.left, k.right) for k in result.links if "label" in k.evidence}
    turns = in_turns(*sides, held_back(entity_scores(result), joined_entities(*sides) | certain))
    result = entity_links(result, turns, of_entities, zones)
    links = event_links(
        turns,
        *sides,
        allowed=(set(events[0]), set(events[1])),
        known=known.among(*({n.id for n in graph.nodes if n.kind == "event"} for graph in graphs)),
        zones=zones,
    )
    linked = {link.left for link in links}
    ranks: dict[str, list[tuple[str, float]]] = {}
    compared = turns.events
    for a, b, p in zip(compared.left, compared.right, compared.probability.tolist(), strict=True):
        if a in linked:
            ranks.setdefault(a, []).append((b, p))
    ranking = dict(result.ranking)
    for a, found in ranks.items():
        ranking[a] = tuple(sorted(found, key=lambda item: (-item[1], item[0]))[:10])
    parts = sorted(f"{k.left} {k.right} {k.score}" for k in (*result.links, *links))
    return replace(
        result,
        links=tuple(sorted((*result.links, *links), key=lambda k: (-k.score, k.left, k.right))),
        unmatched=(*result.unmatched, *(i for i in events[0] if i not in linked)),
        ranking=ranking,
        run=f"al_{digest(result.run, *parts)}",
    )
