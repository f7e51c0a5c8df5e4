"""The W3C's tests of the SPARQL protocol, the Graph Store Protocol and the service description.

The first two are scripts: requests in order with what is expected of each answer, written in the manifests with the
vocabularies of HTTP in RDF and of the suites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

import pyoxigraph as ox

from ekg.bench.w3c_cases import MF, Case, Manifest, Node
from ekg.bench.w3c_endpoint import Endpoint, Response
from ekg.bench.w3c_results import canonical
from ekg.vocab import RDF

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
SD = "http://www.w3.org/ns/sparql-service-description#"
_STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
_ROWS = re.compile(r"application/sparql-results\+(?:xml|json)|application/json|text/(?:csv|tab-separated-values)")
_RDF = re.compile(r"text/turtle|application/(?:n-triples|n-quads|trig|rdf\+xml|ld\+json)")


def run_script(case: Case, endpoint: Endpoint) -> str | None:
    """Send the requests of a case; what is wrong with the first unexpected answer, None if all are as expected."""
    manifest = case.manifest
    action = manifest.node(case.node, MF + "action")
    assert action is not None
    known: dict[str, str] = {}
    for number, request in enumerate(manifest.items(manifest.node(action, HT + "requests")), 1):
        response = _send(manifest, request, endpoint, known)
        expected = manifest.node(request, HT + "resp")
        assert expected is not None
        problem = _compare(manifest, expected, response, known)
        if problem is not None:
            return f"request {number}: {problem}"
    return None


def _send(manifest: Manifest, request: Node, endpoint: Endpoint, known: Mapping[str, str]) -> Response:
    path = manifest.text(request, HT + "absolutePath") or "/"
    for name, value in known.items():
        path = path.replace(name, quote(value, safe=""))
    headers = {
        manifest.text(item, HT + "fieldName") or "": manifest.text(item, HT + "fieldValue") or ""
        for item in manifest.items(manifest.node(request, HT + "headers"))
    }
    body = None
    content = manifest.node(request, HT + "body")
    if content is not None:
        encoding = manifest.text(content, CNT + "characterEncoding") or "UTF-8"
        body = (manifest.text(content, CNT + "chars") or "").encode(encoding)
    method = manifest.text(request, HT + "methodName") or "GET"
    return endpoint.send(method, _address(endpoint, path, headers, body), body=body, headers=headers)


def _address(endpoint: Endpoint, path: str, headers: Mapping[str, str], body: bytes | None) -> str:
    """A path of the suites at this endpoint, which may have another one for updates."""
    if path.startswith("/gsp"):
        return endpoint.graphs + path.removeprefix("/gsp")
    rest = path.removeprefix("/sparql/")
    kinds = " ".join(headers.values())
    update = "sparql-update" in kinds or rest.startswith("?update=") or (body or b"").startswith(b"update=")
    return (endpoint.update if update or "using-" in rest else endpoint.query) + rest


def _compare(manifest: Manifest, expected: Node, response: Response, known: dict[str, str]) -> str | None:
    wanted = [term.value.rpartition("#")[2] for term in manifest.all(expected, MF + "expectedStatus")]
    if wanted and not any(_is_status(response.status, name) for name in wanted):
        return f"status {response.status}, not {' or '.join(wanted)}"
    location = manifest.text(expected, MF + "expectedLocation")
    if location is not None:
        if not response.headers.get("location"):
            return "no Location"
        known[location] = response.headers["location"]
    truth = manifest.text(expected, MF + "expectedBoolean")
    if truth is not None and f'"boolean":{truth}' not in response.body.decode().replace(" ", ""):
        return f"not the truth value {truth}"
    shape = manifest.text(expected, MF + "expectedFormat")
    if shape is not None and not (_RDF if shape == "RDF" else _ROWS).fullmatch(response.media):
        return f"'{response.media}' is no {shape} result"
    for item in manifest.items(manifest.node(expected, HT + "headers")):
        name, value = manifest.text(item, HT + "fieldName") or "", manifest.text(item, HT + "fieldValue") or ""
        found = response.headers.get(name, "")
        # Turtle is UTF-8 whether a parameter says so or not.
        if found.lower().replace("; charset=utf-8", "") != value.replace("; charset=utf-8", ""):
            return f"{name} is '{found}', not '{value}'"
    return _compare_graph(manifest, expected, response)


def _is_status(status: int, name: str) -> bool:
    family = re.fullmatch(r"StatusCode(\d)xx", name)
    return status // 100 == int(family[1]) if family else status == _STATUS[name]


def _compare_graph(manifest: Manifest, expected: Node, response: Response) -> str | None:
    content = manifest.node(expected, HT + "body")
    if content is None:
        return None
    text = manifest.text(content, CNT + "chars") or ""
    try:
        found = canonical(ox.parse(response.body, ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        return f"malformed Turtle: {error}"
    return None if found == canonical(ox.parse(text, ox.RdfFormat.TURTLE)) else "another graph"


def run_description(case: Case, endpoint: Endpoint) -> str | None:
    """Check the service description; what is wrong with it, None if nothing is."""
    response = endpoint.send("GET", endpoint.query, headers={"Accept": "text/turtle"})
    if not response.good or not _RDF.fullmatch(response.media):
        return f"status {response.status}, '{response.media}'"
    address = endpoint.root + endpoint.query
    try:
        triples = {quad.triple for quad in ox.parse(response.body, ox.RdfFormat.TURTLE, base_iri=address)}
    except SyntaxError as error:
        return f"malformed Turtle: {error}"
    services = {t.subject for t in triples if t.predicate == _sd("endpoint") and t.object == ox.NamedNode(address)}
    if case.id != "returns-rdf" and len(services) != 1:
        return f"{len(services)} services at {address}"
    if case.id == "conforms-to-schema":
        return _check_schema(triples, services.pop())
    return None


_CLASSES = {
    "supportedLanguage": "Language", "feature": "Feature", "defaultEntailmentRegime": "EntailmentRegime",
    "extensionFunction": "Function", "extensionAggregate": "Aggregate", "defaultDataset": "Dataset",
    "availableGraphs": "GraphCollection", "defaultGraph": "Graph", "namedGraph": "NamedGraph", "graph": "Graph",
}  # fmt: skip
"""Ranges in the schema; what is given a type must have this one."""

_LANGUAGES = frozenset({"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"})
_FEATURES = frozenset(
    {"DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs"} | {"BasicFederatedQuery"}
)


def _check_schema(triples: set[ox.Triple], service: object) -> str | None:
    types = {(t.subject, t.object) for t in triples if t.predicate.value == RDF + "type"}
    if (service, _sd("Service")) not in types:
        return "the service is no sd:Service"
    for triple in triples:
        name = triple.predicate.value.removeprefix(SD)
        typed = {kind for subject, kind in types if subject == triple.object}
        if name in _CLASSES and typed and _sd(_CLASSES[name]) not in typed:
            return f"the object of sd:{name} is no sd:{_CLASSES[name]}"
        known = {"supportedLanguage": _LANGUAGES, "feature": _FEATURES}.get(name)
        value = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
        if known is not None and value.startswith(SD) and value.removeprefix(SD) not in known:
            return f"<{value}> is not in the vocabulary"
    return None


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
