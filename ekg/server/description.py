"""SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

import pyoxigraph as ox

from ekg.io import serialize_triples
from ekg.server.call import Call, Response
from ekg.server.evaluate import acceptable
from ekg.server.negotiate import GRAPHS, content_type
from ekg.server.state import State
from ekg.vocab import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
_INPUT_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")


def describe(call: Call, state: State) -> Response:
    """The description, at the address that the client has used."""
    media = acceptable(call.accept, GRAPHS)
    endpoint = ox.NamedNode(f"{call.root}/sparql")
    dataset = ox.NamedNode(f"{endpoint.value}#dataset")
    graph = ox.NamedNode(f"{endpoint.value}#default-graph")
    kind = ox.NamedNode(RDF + "type")
    services = state.outside is not None and bool(state.outside.reach.services)
    writes = state.update_token is not None
    triples = [
        ox.Triple(endpoint, kind, _sd("Service")),
        ox.Triple(endpoint, _sd("endpoint"), endpoint),
        ox.Triple(endpoint, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *([ox.Triple(endpoint, _sd("supportedLanguage"), _sd("SPARQL11Update"))] if writes else []),
        *([] if state.strict_dataset else [ox.Triple(endpoint, _sd("feature"), _sd("UnionDefaultGraph"))]),
        *([ox.Triple(endpoint, _sd("feature"), _sd("BasicFederatedQuery"))] if services else []),
        ox.Triple(endpoint, _sd("feature"), _sd("EmptyGraphs")),
        *(ox.Triple(endpoint, _sd("resultFormat"), ox.NamedNode(FORMATS + name)) for name in _RESULT_FORMATS),
        *(
            ox.Triple(endpoint, _sd("inputFormat"), ox.NamedNode(FORMATS + n))
            for n in (_INPUT_FORMATS if writes else ())
        ),
        ox.Triple(endpoint, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, kind, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), graph),
        ox.Triple(graph, kind, _sd("Graph")),
    ]
    headers = [(b"content-type", content_type(media).encode()), (b"vary", b"Accept, Accept-Encoding")]
    return Response(200, headers, serialize_triples(triples, GRAPHS[media]))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
