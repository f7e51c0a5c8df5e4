"""The remote store against ``oxigraph serve``, and against servers that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import ekg
from ekg.bench.servers import OXIGRAPH, oxigraph_server
from ekg.errors import ConfigError, DataError, QueryError, RemoteError
from ekg.ids import IRI
from ekg.store.endpoint import Endpoint, Told
from ekg.store.remote import RemoteStore
from tests.ekg.store_contract import StoreContract
from tests.replying import Reply, serving

A, B, P, G = (ox.NamedNode(f"urn:{name}") for name in "abpg")
JSON = "application/sparql-results+json"
needs_oxigraph = pytest.mark.skipif(not OXIGRAPH.exists(), reason="the package oxigraph is not installed")


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    """Descriptor of a running Oxigraph."""
    with oxigraph_server(union=False) as server:
        yield f"sparql+http://127.0.0.1:{server.port}/query#update=/update&graphs=/store&union=1"


def emptied(descriptor: str) -> RemoteStore:
    store = RemoteStore(Endpoint.parse(descriptor))
    store.update("DROP ALL")
    return store


@needs_oxigraph
class TestRemoteStore(StoreContract):
    @pytest.fixture
    def store(self, engine: str) -> RemoteStore:
        return emptied(engine)


@needs_oxigraph
class TestRemoteStoreWithoutGraphStore(StoreContract):
    @pytest.fixture
    def store(self, engine: str) -> RemoteStore:
        return emptied(engine.replace("graphs=/store&", ""))


@needs_oxigraph
def test_small_pages_give_all_quads(engine: str) -> None:
    store = emptied(f"{engine}&page=3")
    quads = {ox.Quad(A, P, ox.Literal(n), G) for n in range(10)} | {ox.Quad(B, P, A)}
    store.add(quads)
    assert set(store.quads()) == quads
    assert set(store.quads(A, P)) == {quad for quad in quads if quad.subject == A}
    assert list(store.quads(B, P, A)) == [ox.Quad(B, P, A)]
    assert list(store.quads(A, P, B)) == []


@needs_oxigraph
def test_constructed_triples_come_back(engine: str) -> None:
    store = emptied(engine)
    store.add([ox.Quad(A, P, ox.Literal("ä\n", language="de"), G)])
    assert [t.object for t in store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")] == [
        ox.Literal("ä\n", language="de")
    ]


@needs_oxigraph
def test_a_blank_node_cannot_be_asked_for(engine: str) -> None:
    with pytest.raises(DataError, match="blank node"):
        emptied(engine).quads(ox.BlankNode("x"))


@needs_oxigraph
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")  # rdflib calls it itself
def test_a_graph_in_another_engine_has_events_and_an_rdflib_view(engine: str) -> None:
    store = emptied(engine)
    store.update(
        "PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> PREFIX ekg: <https://w3id.org/ekg/ns#> "
        "INSERT DATA { GRAPH <urn:g> { <urn:a> a sem:Event ; sem:hasActor <urn:b> ; "
        "ekg:begin '2024-05-01T00:00:00Z' ; ekg:end '2024-05-02T00:00:00Z' } }"
    )
    with ekg.open(engine) as graph:
        assert [e.iri for e in graph["2024-05-01":"2024-05-02"]] == ["urn:a"]
        assert [p.entity for p in graph.event("urn:a").participants] == ["urn:b"]
        assert graph.rows("SELECT ?b { ?e sem:hasActor ?b }", e=IRI("urn:a")) == [{"b": "urn:b"}]
        assert graph.rows('SELECT ?e { ?e ekg:during ("2024-05-01" "2024-05-02") }') == [{"e": "urn:a"}]
        dataset = graph.to_rdflib()
        assert len(list(dataset.query("SELECT ?p { GRAPH ?g { <urn:a> ?p ?o } }"))) == 4
        dataset.close()
    # A path has lost one of the slashes.
    with ekg.open(Path(engine)) as graph:
        assert len(graph) == 1


# -- engines that misbehave ------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.store.endpoint._PAUSES", (0.0, 0.0))


def opened(url: str, options: str = "update=/update&graphs=/store") -> RemoteStore:
    return RemoteStore(Endpoint.parse(f"sparql+{url}/query#{options}"))


GOOD: Reply = (200, {"Content-Type": JSON}, b'{"head":{},"boolean":true}')


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>"), "answered with text/html.*Welcome.*query service"),
        ((200, {}, b""), "no content type"),
        ((200, {"Content-Type": JSON}, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"ty'), "broken or incomplete"),
        ((200, {"Content-Type": JSON, "Content-Length": "999"}, b'{"head":{"vars":["s"]},'), "broke off"),
        ((302, {"Location": "http://127.0.0.1/login"}, b""), "redirects to http://127.0.0.1/login"),
        ((401, {}, b""), "EKG_SPARQL_TOKEN"),
        ((404, {}, b"no such service"), "404 Not Found: no such service"),
        ((503, {}, b"later"), "503"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_used_are_errors(reply: Reply, message: str) -> None:
    with serving(reply) as (url, _), pytest.raises(RemoteError, match=message):
        opened(url).query("SELECT ?s { ?s ?p ?o }")


def test_triples_that_were_cut_are_no_whole_graph() -> None:
    body = b"<urn:a> <urn:p> <urn:b> .\n# truncated\n"
    cut: Reply = (200, {"Content-Type": "application/n-triples"}, body)
    with serving(cut) as (url, _), pytest.raises(RemoteError, match="only a part"):
        opened(url).query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_a_refused_query_is_the_users_mistake() -> None:
    with serving((400, {}, b"unknown function")) as (url, _), pytest.raises(QueryError, match="unknown function"):
        opened(url).query("ASK {}")


def test_a_busy_engine_is_asked_again() -> None:
    with serving((503, {}, b""), (502, {}, b""), GOOD) as (url, seen):
        assert opened(url).query("ASK {}")
    assert len(seen) == 3


def test_a_slow_engine_is_not_waited_for() -> None:
    with (
        serving(GOOD, wait=threading.Event()) as (url, _),
        pytest.raises(RemoteError, match=r"no answer within 0\.2 s"),
    ):
        opened(url, "timeout=0.2").query("ASK {}")


def test_an_engine_that_is_down_is_named() -> None:
    with serving(GOOD) as (url, _):
        store = opened(url)
    with pytest.raises(RemoteError, match="cannot be reached"):
        store.query("ASK {}")
    with pytest.raises(RemoteError, match="cannot be reached"):
        store.update("INSERT DATA { <urn:a> <urn:p> <urn:b> }")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_update_is_an_error_and_not_lost(status: int) -> None:
    lost = pytest.raises(RemoteError, match="redirects to /elsewhere; nothing was done")
    with serving((status, {"Location": "/elsewhere"}, b""), GOOD) as (url, seen), lost:
        opened(url).update("INSERT DATA { <urn:a> <urn:p> <urn:b> }")
    assert seen == ["POST /update"]


def test_an_update_is_not_sent_twice_when_it_may_have_been_made() -> None:
    with serving((500, {}, b"oh")) as (url, seen), pytest.raises(RemoteError, match="500"):
        opened(url).update("INSERT DATA { <urn:a> <urn:p> <urn:b> }")
    assert len(seen) == 1
    with serving((200, {"Content-Length": "9"}, b"")) as (url, seen), pytest.raises(RemoteError, match="look whether"):
        opened(url).update("INSERT DATA { <urn:a> <urn:p> <urn:b> }")
    assert len(seen) == 1


def test_services_that_are_not_known_are_asked_for() -> None:
    store = opened("http://127.0.0.1:1", "")
    with pytest.raises(RemoteError, match="update=/update"):
        store.update("CLEAR ALL")
    with pytest.raises(RemoteError, match="graphs=/store"):
        store.endpoint.put_graph("urn:g", b"")


def test_secrets_are_sent_in_a_header_to_this_machine_or_over_https() -> None:
    with serving(GOOD) as (url, seen):
        RemoteStore(Endpoint.parse(f"sparql+{url}/query", token="secret")).query("ASK {}")
        RemoteStore(Endpoint.parse(f"sparql+{url.replace('//', '//me:pass@')}/query")).query("ASK {}")
    assert seen == ["POST /query Bearer secret", "POST /query Basic bWU6cGFzcw=="]
    assert Endpoint.parse("sparql+https://example.org/q", token="secret").headers == {"Authorization": "Bearer secret"}
    with pytest.raises(ConfigError, match="in the clear"):
        Endpoint.parse("sparql+http://example.org/q", token="secret")
    with pytest.raises(ConfigError, match="in the clear"):
        Endpoint.parse("sparql+https://me:pass@example.org/q#update=http://example.org/u")


@pytest.mark.parametrize("token", ["a\nb", "€"])
def test_a_token_that_no_header_can_hold(token: str) -> None:
    with pytest.raises(ConfigError, match="no header can hold"):
        Endpoint.parse("sparql+https://example.org/q", token=token)


@pytest.mark.parametrize(
    ("descriptor", "message"),
    [
        ("sparql+ftp://example.org/q", "not the URL"),
        ("sparql+http://", "not the URL"),
        ("sparql+http://example.org:99999/q", "Port out of range"),
        ("sparql+http://example.org/q#colour=red", "unknown option 'colour'"),
        ("sparql+http://example.org/q#timeout=soon", "wants a number"),
        ("sparql+http://example.org/q#timeout=inf", "wants a number"),
        ("sparql+http://example.org/q#page=0", "wants a number"),
        ("sparql+http://example.org/q#page=0.5", "wants a number of at least 1"),
        ("sparql+http://example.org/q#page=inf", "wants a number"),
    ],
)
def test_descriptors_that_are_wrong(descriptor: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ekg.open(descriptor)


def test_urls_of_services_are_relative_to_the_query_service() -> None:
    endpoint = Endpoint.parse("sparql+https://example.org:8443/ds/query#update=update&graphs=https://other.org/store")
    assert endpoint.query == "https://example.org:8443/ds/query"
    assert endpoint.update == "https://example.org:8443/ds/update"
    assert endpoint.graphs == "https://other.org/store"


def test_only_prefixes_that_are_used_and_not_declared_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def note(_: Endpoint, sparql: str, *__: object, **___: object) -> Told:
        asked.append(sparql)
        return Told(JSON, GOOD[2])

    monkeypatch.setattr(Endpoint, "ask", note)
    ask: Callable[[str], object] = opened("http://127.0.0.1:1").query
    ask("PREFIX ekg: <urn:mine/> ASK { ?e a sem:Event ; ekg:x 'role:y' }")
    assert asked == [
        "PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> PREFIX ekg: <urn:mine/> ASK { ?e a sem:Event ; ekg:x 'role:y' }"
    ]
