"""The ontology declares every term that the code writes, and the shapes find what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyshacl import validate
from rdflib.namespace import OWL, RDF, RDFS

import ekg
from ekg.io.rdf import written
from ekg.model import Link
from ekg.pipeline.build import graph_of
from ekg.pipeline.links import render_run
from ekg.store.oxigraph import OxigraphStore
from ekg.store.shapes import violations
from ekg.vocab import EKG, GRAPH_RESOLVED, PREFIXES, ontology_text, shapes_text
from tests.samples import sample_pairs

PACKAGES = [Path(ekg.__file__).parent.parent / name for name in ("ekg", "extractors", "alignment", "queries")]
TERM = re.compile(r'\bEKG \+ "(\w+)"|\bekg:([A-Za-z]\w+)\b|\{EKG\}(\w+)')
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")
URN = re.compile(r"urn:ekg:\w+")


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(data=ontology_text(), format="turtle")


@pytest.fixture(scope="module")
def sample() -> str:
    """The sample graph with an alignment run, as N-Triples."""
    store = OxigraphStore()
    store.add(graph_of(sample_pairs()).store.quads())
    store.add(render_run("r1", [Link(left="urn:a", right="urn:b", score=0.9, zone="merge")]))
    return written(sorted({q.triple for q in store.quads()}, key=str), ox.RdfFormat.N_TRIPLES).decode()


def terms_in_code() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            text = URN.sub("", path.read_text(encoding="utf-8"))
            for match in TERM.finditer(text):
                found.setdefault(match[1] or match[2] or match[3], path.name)
    return found


def test_every_term_of_the_code_is_declared(ontology: rdflib.Graph) -> None:
    declared = {str(s)[len(EKG) :] for s in ontology.subjects(RDFS.label) if str(s).startswith(EKG)}
    used = terms_in_code()
    assert len(used) > 20
    assert {name: where for name, where in used.items() if name not in declared} == {}


def test_every_term_of_real_output_is_declared(ontology: rdflib.Graph, sample: str) -> None:
    graph = rdflib.Graph().parse(data=sample, format="nt")
    used = {str(term) for triple in graph for term in triple if str(term).startswith(EKG)}
    assert used <= {str(s) for s in ontology.subjects(RDFS.label)}
    assert len(used) > 20


def test_every_term_has_label_comment_and_kind(ontology: rdflib.Graph) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
    terms = {s for s in ontology.subjects() if str(s).startswith(EKG)}
    for term in sorted(terms, key=str):
        assert kinds & set(ontology.objects(term, RDF.type)), term
        assert len(list(ontology.objects(term, RDFS.label))) == 1, term
        assert len(list(ontology.objects(term, RDFS.comment))) == 1, term
        for end in ontology.objects(term, RDFS.domain | RDFS.range | RDFS.subClassOf):
            assert end in terms or str(end).startswith(tuple(PREFIXES.values())), (term, end)


def test_ontology_has_a_version(ontology: rdflib.Graph) -> None:
    (header,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert ontology.value(header, OWL.versionInfo)


def test_shapes_use_declared_terms(ontology: rdflib.Graph) -> None:
    shapes = rdflib.Graph().parse(data=shapes_text(), format="turtle")
    paths = {str(o) for o in shapes.objects(None, SHACL.path | SHACL.targetClass) if str(o).startswith(EKG)}
    assert paths <= {str(s) for s in ontology.subjects(RDFS.label)}
    assert len(set(shapes.subjects(SHACL.targetClass))) >= 10


def problems(data: str) -> set[tuple[str, str]]:
    """(shape of the focus node's class, path or constraint) of every violation."""
    graph = rdflib.Graph().parse(data=data, format="nt")
    _, report, _ = validate(graph, shacl_graph=rdflib.Graph().parse(data=shapes_text(), format="turtle"))
    found = set()
    for result in report.subjects(RDF.type, SHACL.ValidationResult):
        focus = report.value(result, SHACL.focusNode)
        path = report.value(result, SHACL.resultPath)
        component = str(report.value(result, SHACL.sourceConstraintComponent)).rsplit("#", 1)[-1]
        name = str(path).rsplit("#", 1)[-1].rsplit("/", 1)[-1] if isinstance(path, rdflib.URIRef) else ""
        found.add((str(focus), name or component))
    return found


def compiled(data: str) -> set[tuple[str, str]]:
    """The same by the shapes as SPARQL."""
    store = OxigraphStore()
    graph = ox.NamedNode(GRAPH_RESOLVED)
    triples = ox.parse(data.encode(), ox.RdfFormat.N_TRIPLES)
    store.add(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return {(found.focus, found.part) for found in violations(store)}


def test_the_sample_graph_is_valid(sample: str) -> None:
    assert problems(sample) == compiled(sample) == set()


def test_an_event_may_happen_at_an_organization(sample: str) -> None:
    """ "Met at Halden Optics": the place of an event is what its clause names, and a company is no sem:Place."""
    store = OxigraphStore()
    store.raw.load(sample.encode(), ox.RdfFormat.N_TRIPLES)
    store.update(
        "DELETE { ?e sem:hasPlace ?old } INSERT { ?e sem:hasPlace ?who } WHERE { "
        "{ SELECT ?e ?who { ?e a sem:Event . ?who a sem:Actor } ORDER BY ?e ?who LIMIT 1 } "
        "OPTIONAL { ?e sem:hasPlace ?old } }"
    )
    data = written(sorted((q.triple for q in store.quads()), key=str), ox.RdfFormat.N_TRIPLES).decode()
    assert data != sample
    assert problems(data) == compiled(data) == set()


SEEDS = [
    # Each removes and adds triples: subject by class and number, predicate, value; None removes all values.
    ("ekg:EventMention", "oa:hasSource", None),
    ("ekg:EventMention", "oa:hasSource", "more <urn:other>"),
    ("ekg:EventMention", "oa:hasSource", '"no IRI"'),
    ("ekg:EventMention", "oa:hasSelector", "<urn:of-no-class>"),
    ("ekg:EventMention", "ekg:confidence", '"0.5"'),
    ("ekg:EventMention", "ekg:confidence", '"1.5"^^xsd:decimal'),
    ("ekg:EventMention", "ekg:confidence", '"-0.1"^^xsd:decimal'),
    ("ekg:EventMention", "ekg:polarity", '"maybe"'),
    ("ekg:EventMention", "ekg:polarity", '"positive"@en'),
    ("ekg:EventMention", "ekg:refersTo", "<urn:of-no-class>"),
    ("ekg:Argument", "ekg:status", None),
    ("oa:TextPositionSelector", "oa:start", '"99999"^^xsd:integer'),
    ("oa:TextPositionSelector", "oa:end", "more 7"),
    ("sem:Event", "rdfs:label", None),
    ("sem:Event", "ekg:begin", '"2015-02-30T00:00:00Z"^^xsd:dateTime'),
    ("sem:Event", "sem:hasBeginTimeStamp", '"9999-01-01"^^xsd:date'),
    ("sem:Event", "sem:hasPlace", "<urn:of-no-class>"),
    ("sem:Actor", "rdfs:label", None),
    ("eventKG-s:Relation", "rdf:subject", None),
    ("eventKG-s:Relation", "rdf:object", None),
    ("eventKG-s:Relation", "ekg:fillerText", 'more "both"'),
    ("ekg:Link", "ekg:zone", '"perhaps"'),
]


@pytest.mark.parametrize(("kind", "predicate", "value"), SEEDS)
def test_the_compiled_shapes_agree_with_pyshacl(sample: str, kind: str, predicate: str, value: str | None) -> None:
    store = OxigraphStore()
    store.raw.load(sample.encode(), ox.RdfFormat.N_TRIPLES)
    order = "ORDER BY DESC(EXISTS { ?s ?predicate ?o }) ?s LIMIT 1".replace("?predicate", predicate)
    chosen = f"{{ SELECT ?s {{ ?s a {kind} }} {order} }}"
    if value is None or not value.startswith("more "):
        store.update(f"DELETE {{ ?s {predicate} ?old }} WHERE {{ {chosen} OPTIONAL {{ ?s {predicate} ?old }} }}")
    if value is not None:
        store.update(f"INSERT {{ ?s {predicate} {value.removeprefix('more ')} }} WHERE {{ {chosen} }}")
    data = written(sorted((q.triple for q in store.quads()), key=str), ox.RdfFormat.N_TRIPLES).decode()
    found = problems(data)
    assert compiled(data) == found
    assert found


def test_seeded_errors_are_found(sample: str) -> None:
    """Each seeded error is reported, and nothing else is."""
    graph = rdflib.Graph().parse(data=sample, format="nt")
    ns = {name: rdflib.Namespace(iri) for name, iri in PREFIXES.items()}
    ekg_ns, oa, sem = ns["ekg"], ns["oa"], ns["sem"]

    def first(kind: rdflib.URIRef, number: int = 0) -> rdflib.URIRef:
        return sorted(s for s in graph.subjects(RDF.type, kind) if isinstance(s, rdflib.URIRef))[number]

    mentions = [first(ekg_ns.EventMention, n) for n in range(4)]
    events = sorted(
        s for s in set(graph.subjects(ekg_ns.end)) if (s, RDF.type, sem.Event) in graph and isinstance(s, rdflib.URIRef)
    )
    statement = first(ns["eventKG-s"].Relation)
    selector = first(oa.TextPositionSelector)
    xsd = ns["xsd"]

    graph.remove((mentions[0], oa.hasSource, None))
    graph.add((mentions[1], oa.hasSelector, selector))
    graph.set((mentions[2], ekg_ns.confidence, rdflib.Literal("1.5", datatype=xsd.decimal)))
    graph.set((mentions[3], ekg_ns.polarity, rdflib.Literal("maybe")))
    graph.set((selector, oa.start, rdflib.Literal(9_999)))
    graph.set((events[0], ekg_ns.end, rdflib.Literal("1999-01-01T00:00:00Z", datatype=xsd.dateTime)))
    graph.remove((events[1], RDFS.label, None))
    graph.remove((None, ekg_ns.refersTo, events[2]))
    graph.remove((statement, sem.roleType, None))
    assert problems(graph.serialize(format="nt")) == {
        (str(mentions[0]), "hasSource"),
        (str(mentions[1]), "hasSelector"),
        (str(mentions[2]), "confidence"),
        (str(mentions[3]), "polarity"),
        (str(selector), "start"),
        (str(events[0]), "begin"),
        (str(events[1]), "label"),
        (str(events[2]), "MinCountConstraintComponent"),
        (str(statement), "roleType"),
    }
    assert compiled(graph.serialize(format="nt")) == problems(graph.serialize(format="nt"))


def test_imported_nodes_follow_their_own_rules() -> None:
    store = OxigraphStore()
    store.update("INSERT DATA { GRAPH <http://x/g> { <http://x/e> a sem:Event } }")
    assert violations(store) == []
    store.update("INSERT DATA { GRAPH <urn:ekg:graph:resolved> { <http://x/e> a sem:Event } }")
    assert {found.part for found in violations(store)} >= {"label", "confidence", "type"}
