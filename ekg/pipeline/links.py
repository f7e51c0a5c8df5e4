"""Links of an alignment run as quads, in the run's own named graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ekg.ids import digest
from ekg.model import Link
from ekg.store import decimal_literal
from ekg.vocab import EKG, OWL, PROV, RDF, SKOS, node_iri, run_graph_iri

AGENT = "urn:ekg:agent:aligner"
"""The program, as who is responsible for a run (PROV-O)."""


def _iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if ":" in name else node_iri(name))


def render_run(run: str, links: Iterable[Link]) -> Iterator[ox.Quad]:
    """Quads of a run: ``owl:sameAs`` for merged links, ``skos:closeMatch`` for those to review, and each link's score.

    The ends keep the ids that they were aligned under, so that the run can be read without the merged graph.
    """
    graph, agent = ox.NamedNode(run_graph_iri(run)), ox.NamedNode(AGENT)
    yield ox.Quad(graph, ox.NamedNode(RDF + "type"), ox.NamedNode(PROV + "Activity"), graph)
    yield ox.Quad(graph, ox.NamedNode(PROV + "wasAssociatedWith"), agent, graph)
    yield ox.Quad(agent, ox.NamedNode(RDF + "type"), ox.NamedNode(PROV + "SoftwareAgent"), graph)
    for link in links:
        left, right = _iri(link.left), _iri(link.right)
        node = ox.NamedNode(f"urn:ekg:link:{digest('link', run, link.left, link.right)}")
        yield ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(EKG + "Link"), graph)
        yield ox.Quad(node, ox.NamedNode(EKG + "left"), left, graph)
        yield ox.Quad(node, ox.NamedNode(EKG + "right"), right, graph)
        yield ox.Quad(node, ox.NamedNode(EKG + "confidence"), decimal_literal(link.score), graph)
        yield ox.Quad(node, ox.NamedNode(EKG + "zone"), ox.Literal(link.zone), graph)
        yield ox.Quad(node, ox.NamedNode(PROV + "wasGeneratedBy"), graph, graph)
        if link.zone == "merge":
            yield ox.Quad(left, ox.NamedNode(OWL + "sameAs"), right, graph)
        elif link.zone == "review":
            yield ox.Quad(left, ox.NamedNode(SKOS + "closeMatch"), right, graph)
