"""SPARQLWrapper and rdflib's stores against our endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from ekg.graph import open_graph
from ekg.server import create_app
from tests.running import running

X = rdflib.Namespace("http://x/")
TOKEN = {"Authorization": "Bearer secret"}


@pytest.fixture
def url() -> Iterator[str]:
    with open_graph() as graph:
        graph.store.update(
            "INSERT DATA { <http://x/a> <http://x/p> 'ä' . GRAPH <http://x/g> { <http://x/b> a <http://x/T> } }"
        )
        with running(create_app(graph, update_token="secret")) as port:
            yield f"http://127.0.0.1:{port}"


def wrapper(url: str, query: str) -> SPARQLWrapper:
    client = SPARQLWrapper(f"{url}/sparql", f"{url}/update")
    client.setQuery(query)
    return client


@pytest.mark.parametrize("post", [False, True])
def test_sparqlwrapper_reads_rows(url: str, post: bool) -> None:
    client = wrapper(url, "SELECT ?s ?o { ?s <http://x/p> ?o }")
    if post:
        client.setMethod(POST)
    client.setReturnFormat(JSON)
    (row,) = client.queryAndConvert()["results"]["bindings"]
    assert (row["s"]["value"], row["o"]["value"]) == ("http://x/a", "ä")
    client.setReturnFormat(XML)
    assert "<literal>ä</literal>" in client.queryAndConvert().toxml()
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode() == "s,o\r\nhttp://x/a,ä\r\n"
    client.setReturnFormat(TSV)
    assert client.queryAndConvert().decode() == '?s\t?o\n<http://x/a>\t"ä"\n'


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper makes one
def test_sparqlwrapper_asks_and_constructs(url: str) -> None:
    ask = wrapper(url, "ASK { ?s ?p ?o }")
    ask.setReturnFormat(JSON)
    assert ask.queryAndConvert()["boolean"] is True
    for format in (TURTLE, N3, RDFXML):
        client = wrapper(url, "CONSTRUCT WHERE { ?s <http://x/p> ?o }")
        client.setReturnFormat(format)
        found = client.queryAndConvert()
        graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
        assert set(graph) == {(X.a, X.p, rdflib.Literal("ä"))}


def test_sparqlwrapper_is_told_of_errors(url: str) -> None:
    with pytest.raises(QueryBadFormed):
        wrapper(url, "SELECT {").query()
    update = wrapper(url, "INSERT DATA { <http://x/c> <http://x/p> 1 }")
    update.setMethod(POST)
    with pytest.raises(Unauthorized):
        update.query()


def test_sparqlwrapper_updates(url: str) -> None:
    update = wrapper(url, "INSERT DATA { <http://x/c> <http://x/p> 1 }")
    update.setMethod(POST)
    update.addCustomHttpHeader("Authorization", "Bearer secret")
    update.query()
    ask = wrapper(url, "ASK { <http://x/c> <http://x/p> 1 }")
    ask.setReturnFormat(JSON)
    assert ask.queryAndConvert()["boolean"] is True


def test_rdflib_reads(url: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}/sparql"))
    assert len(graph) == 2
    assert set(graph.subjects(X.p)) == {X.a}
    assert graph.value(X.a, X.p) == rdflib.Literal("ä")
    rows = list(graph.query("SELECT ?t { ?s a ?t }"))
    assert [row[0] for row in rows] == [X["T"]]  # type: ignore[index]  # rows of a SELECT
    assert bool(graph.query("ASK { ?s a <http://x/T> }"))
    constructed = graph.query("CONSTRUCT WHERE { ?s a ?t }").graph
    assert constructed is not None
    assert set(constructed) == {(X.b, rdflib.RDF.type, X["T"])}


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_in_each_way(url: str, method: str) -> None:
    store = SPARQLStore(f"{url}/sparql", method=method)
    assert len(list(rdflib.Graph(store).query("SELECT * { ?s ?p ?o }"))) == 2


def test_rdflib_writes(url: str) -> None:
    store = SPARQLUpdateStore(f"{url}/sparql", f"{url}/update", headers=TOKEN, autocommit=True)
    dataset = rdflib.Dataset(store)
    graph = dataset.graph(X.new)
    graph.add((X.s, X.p, rdflib.Literal("é")))
    assert set(graph) == {(X.s, X.p, rdflib.Literal("é"))}
    graph.remove((X.s, None, None))
    assert not set(graph)
    graph.update("INSERT DATA { <http://x/s> <http://x/p> 2 }")
    assert graph.value(X.s, X.p) == rdflib.Literal(2)
    refused = SPARQLUpdateStore(f"{url}/sparql", f"{url}/update", autocommit=True)
    with pytest.raises(HTTPError) as caught:
        rdflib.Graph(refused, X.new).add((X.s, X.p, X.o))
    assert caught.value.code == 401
    caught.value.close()
