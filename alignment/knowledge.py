"""Alignment of two knowledge graphs that hold their documents.

Entities are aligned by names and structure, as in any two graphs. Events are not: their nodes have phrases for names,
which differ between outlets and recur within one. They are aligned by the mechanism that resolves event mentions across
the documents of one graph, run over the documents of both, so that merging two graphs joins what building them together
would have joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.graph import AlignGraph
from ekg.ids import digest
from ekg.model import Alignment, Extraction, Link, Zone
from ekg.vocab import mention_iri

if TYPE_CHECKING:
    from ekg.graph import EventGraph


_CALIBRATION = ((0.75, 0.85, 0.95), (0.73, 0.84, 0.91))
"""How often links with a score of the event pair model are right: 1,403 links that resolution made between gold
mentions of ECB+ topics 1 to 30; topics 31 to 35 give .82 .73 .86 (264 links). The corpus pairs stories that are easily
confused, so this errs on the careful side for news at large."""


def calibrated(score: float) -> float:
    """Probability that a link between events is right, from the pair model's score; four decimals.

    >>> calibrated(0.9)
    0.875
    """
    import numpy as np

    return round(float(np.interp(score, *_CALIBRATION)), 4)


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
    zones: Callable[[Sequence[float]], list[Zone]],
    align_entities: Callable[[AlignGraph, AlignGraph, list[str], list[str]], Alignment],
) -> Alignment:
    """Align two graphs with documents: entities by ``align_entities``, events by resolution of their mentions.

    Args:
        left: a graph.
        right: the other.
        left_ids: what to align; None is all.
        right_ids: the candidates; None is all.
        zones: zones of links from their scores.
        align_entities: aligns the nodes that are listed.
    """
    graphs = AlignGraph.from_event_graph(left), AlignGraph.from_event_graph(right)
    chosen: list[tuple[list[str], list[str]]] = []
    for graph, ids in zip(graphs, (left_ids, right_ids), strict=True):
        wanted = set(graph.index) if ids is None else set(ids)
        by_kind = ([n.id for n in graph.nodes if n.kind == kind and n.id in wanted] for kind in ("entity", "event"))
        entities, events = by_kind
        chosen.append((entities, events))
    result = align_entities(*graphs, chosen[0][0], chosen[1][0])
    allowed = set(chosen[0][1]), set(chosen[1][1])
    links = [k for k in event_links(left, right) if k.left in allowed[0] and k.right in allowed[1]]
    zoned = [replace(k, zone=zone) for k, zone in zip(links, zones([k.score for k in links]), strict=True)]
    linked = {link.left for link in zoned}
    ranking = dict(result.ranking) | {k.left: ((k.right, k.score),) for k in zoned}
    parts = sorted(f"{k.left} {k.right} {k.score}" for k in zoned)
    return replace(
        result,
        links=tuple(sorted((*result.links, *zoned), key=lambda k: (-k.score, k.left, k.right))),
        unmatched=(*result.unmatched, *(i for i in chosen[0][1] if i not in linked)),
        ranking=ranking,
        run=f"al_{digest(result.run, *parts)}",
    )


def event_links(left: EventGraph, right: EventGraph) -> list[Link]:
    """Links between event nodes of two graphs, one-to-one, best first; all in zone ``review`` until zones are set.

    A document that both graphs have joins the nodes of its mentions with certainty.
    """
    from alignment.resolution import resolve

    records: dict[str, Extraction] = {}
    for graph in (left, right):
        for record in graph.documents.records():
            records.setdefault(record.document.id, record)
    resolution = resolve(list(records.values()))
    nodes = _event_nodes(left), _event_nodes(right)
    clusters: dict[str, list[str]] = defaultdict(list)
    for mention, cluster in resolution.events.items():
        clusters[cluster].append(mention)
    reason = {link.right: link for link in resolution.links}
    options: list[tuple[float, str, str, dict[str, float | str]]] = []
    for members in clusters.values():
        options.extend(_options(members, nodes, reason))
    options.sort(key=lambda option: (-option[0], option[1], option[2]))
    taken: set[str] = set()
    links = []
    for score, a, b, evidence in options:
        if a not in taken and b not in taken:
            taken |= {a, b}
            links.append(Link(left=a, right=b, score=score, zone="review", evidence=evidence))
    return links


def _event_nodes(graph: EventGraph) -> dict[str, str]:
    """Node of every event mention, by the mention's id."""
    rows = graph.rows("SELECT ?mention ?node { ?mention a ekg:EventMention ; ekg:refersTo ?node }")
    prefix = len(mention_iri(""))
    return {str(row["mention"])[prefix:]: str(row["node"]) for row in rows}


def _options(
    members: Iterable[str], nodes: tuple[Mapping[str, str], Mapping[str, str]], reason: Mapping[str, Link]
) -> list[tuple[float, str, str, dict[str, float | str]]]:
    """Pairs of a left and a right node in one cluster, with the best direct reason, else the weakest on the way."""
    sides = [[m for m in sorted(members) if m in side] for side in nodes]
    if not sides[0] or not sides[1]:
        return []
    inside = [reason[m] for m in sorted(members) if m in reason]
    weakest = min((link.score for link in inside), default=1.0)
    best: dict[tuple[str, str], tuple[float, dict[str, float | str]]] = {}
    for a in sides[0]:
        for b in sides[1]:
            score, evidence = (
                weakest,
                dict[str, float | str]({"cluster": f"{len(sides[0])} and {len(sides[1])} mentions"}),
            )
            if a == b:
                score, evidence = 1.0, {"same_mention": 1.0}
            else:
                for link in (reason.get(a), reason.get(b)):
                    if link is not None and {link.right, str(link.evidence.get("with"))} == {a, b}:
                        score, evidence = link.score, dict(link.evidence)
            pair = nodes[0][a], nodes[1][b]
            if a != b:
                evidence["pair_model"], score = score, calibrated(score)
            if pair not in best or score > best[pair][0]:
                best[pair] = score, evidence
    return [(score, a, b, evidence) for (a, b), (score, evidence) in sorted(best.items())]
