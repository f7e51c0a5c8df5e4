"""Names of the RDF model: namespaces, terms and how ids become IRIs.

The ontology (``ekg.ttl``) and the SHACL shapes (``shapes.ttl``) lie beside this file. SEM and EventKG's schema are used
wherever they have a term, so that EventKG's data and queries work as they are.
"""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import quote, unquote

EKG = "https://w3id.org/ekg/ns#"
EVENT_TYPE = "https://w3id.org/ekg/event#"
ROLE = "https://w3id.org/ekg/role#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
EVENTKG = "http://eventKG.l3s.uni-hannover.de/schema/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SCHEMA = "http://schema.org/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
TIME = "http://www.w3.org/2006/time#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
SHACL = "http://www.w3.org/ns/shacl#"

PREFIXES: dict[str, str] = {
    "ekg": EKG,
    "evt": EVENT_TYPE,
    "role": ROLE,
    "sem": SEM,
    "eventKG-s": EVENTKG,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "schema": SCHEMA,
    "so": SCHEMA,
    "prov": PROV,
    "oa": OA,
    "time": TIME,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "geo": GEO,
}
"""Prefixes that every query may use without declaring them (``so`` is EventKG's name for schema.org)."""

GRAPH_RESOLVED = "urn:ekg:graph:resolved"
GRAPH_ONTOLOGY = "urn:ekg:graph:ontology"

ENTITY_CLASSES: dict[str, str] = {
    "person": SCHEMA + "Person",
    "organization": SCHEMA + "Organization",
    "place": SCHEMA + "Place",
    "product": SCHEMA + "Product",
    "work": SCHEMA + "CreativeWork",
}
"""schema.org class of each entity type that has one."""


def _segment(text: str) -> str:
    return quote(text, safe="-._~!$'()*,;=@/:")


def document_iri(doc: str) -> str:
    """IRI of a document, which is also the name of its graph.

    >>> document_iri("news/2016 11")
    'urn:ekg:doc:news/2016%2011'
    """
    return f"urn:ekg:doc:{_segment(doc)}"


def document_of(iri: str) -> str | None:
    """The document id of a document's IRI, None for any other IRI."""
    return unquote(iri[len("urn:ekg:doc:") :]) if iri.startswith("urn:ekg:doc:") else None


def mention_iri(mention: str) -> str:
    """IRI of an event or entity mention (``ev_…``, ``en_…``)."""
    return f"urn:ekg:mention:{mention}"


def node_iri(node: str) -> str:
    """IRI of the node that is named after its first member."""
    return f"urn:ekg:{'event' if node.startswith('ev_') else 'entity'}:{node}"


def node_id(iri: str) -> str:
    """The short id of one of our nodes, and the IRI itself for any other."""
    for prefix in ("urn:ekg:event:", "urn:ekg:entity:", "urn:ekg:mention:"):
        if iri.startswith(prefix):
            return iri[len(prefix) :]
    return iri


def run_graph_iri(run: str) -> str:
    """Name of the graph that holds one alignment run's links."""
    return f"urn:ekg:graph:run:{_segment(run)}"


def event_type_iri(name: str) -> str:
    """IRI of an event type of the ontology."""
    return EVENT_TYPE + quote(name, safe="-._~")


def role_iri(name: str) -> str:
    """IRI of an argument role."""
    return ROLE + quote(name, safe="-._~")


def local_name(iri: str) -> str:
    """The readable last part of an IRI.

    >>> local_name("https://w3id.org/ekg/event#Hostile_encounter")
    'Hostile_encounter'
    """
    tail = iri.rsplit("#", 1)[-1] if "#" in iri else iri.rstrip("/").rsplit("/", 1)[-1]
    return unquote(tail.rsplit(":", 1)[-1] if iri.startswith("urn:") else tail)


def sparql_prologue() -> str:
    """PREFIX declarations for all known prefixes."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def ontology_text() -> str:
    """The ontology in Turtle."""
    return files(__package__).joinpath("ekg.ttl").read_text(encoding="utf-8")


def shapes_text() -> str:
    """The SHACL shapes in Turtle."""
    return files(__package__).joinpath("shapes.ttl").read_text(encoding="utf-8")
