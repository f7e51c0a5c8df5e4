"""Where documents say that one event stands in a relation to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ekg.model import Evidence
from ekg.vocab import document_of

if TYPE_CHECKING:
    from ekg.graph.event_graph import EventGraph

_QUERY = """
SELECT DISTINCT ?doc ?low ?high ?cue WHERE {
  ?statement prov:wasDerivedFrom ?mention . ?mention oa:hasSource ?doc .
  { ?mention oa:hasSelector ?selector . BIND(true AS ?cue) }
  UNION { ?mention rdf:subject|rdf:object ?event . ?event oa:hasSelector ?selector . BIND(false AS ?cue) }
  ?selector oa:start ?low ; oa:end ?high .
} ORDER BY ?doc ?low ?high
"""


def relation_evidence(graph: EventGraph, statement: str) -> list[Evidence]:
    """Sentences that tell of a relation between two events, in the order of documents and places.

    A sentence that states it ("because of …"), where there is one in a document; else those of the two events.

    Args:
        graph: the graph.
        statement: IRI of the relation's statement, as in ``EventView.relations``.
    """
    from ekg.ids import IRI

    found: dict[str, list[tuple[bool, int, int]]] = {}
    for row in graph.rows(_QUERY, statement=IRI(statement)):
        doc = document_of(str(row["doc"]))
        if doc is not None:
            found.setdefault(doc, []).append((bool(row["cue"]), int(row["low"]), int(row["high"])))
    result: list[Evidence] = []
    for doc, places in found.items():
        stated = [place for place in places if place[0]] or places
        for _, low, high in stated:
            evidence = graph.evidence(doc, (low, high), statement=statement)
            if evidence not in result:
                result.append(evidence)
    return result
