"""Updates and graphs that are written over HTTP: who may, what is taken, and what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from ekg.graph import open_graph
from ekg.server import create_app, evaluate
from ekg.server.changes import with_using

LOCAL = "http://127.0.0.1"
TOKEN = {"Authorization": "Bearer secret"}
DIRECT = {**TOKEN, "Content-Type": "application/sparql-update"}
TURTLE = {**TOKEN, "Content-Type": "text/turtle"}
G = "http://x/g"
INSERT = "INSERT DATA { <http://x/s> <http://x/p> 1 }"


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_app(open_graph(), strict_dataset=True, update_token="secret")
    with TestClient(app, base_url=LOCAL) as client:
        yield client


def total(client: TestClient) -> int:
    query = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    return len(client.get("/sparql", params={"query": query}).json()["results"]["bindings"])


def ask(client: TestClient, query: str) -> bool:
    return bool(client.get("/sparql", params={"query": query}).json()["boolean"])


def triples(client: TestClient, url: str) -> set[ox.Triple]:
    response = client.get(url)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    return {quad.triple for quad in ox.parse(response.content, ox.RdfFormat.TURTLE)}


# -- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/update"), ("PUT", "/graphs?default"), ("POST", "/graphs"), ("DELETE", f"/graphs?graph={G}")],
)
def test_who_may_write(client: TestClient, method: str, path: str) -> None:
    missing = client.request(method, path)
    assert missing.status_code == 401
    assert missing.headers["www-authenticate"] == "Bearer"
    for header in ("Basic secret", "Bearer", "Bearer ", "secret"):
        assert client.request(method, path, headers={"Authorization": header}).status_code == 401
    for token in ("wrong", "secre", "secrets", "s\u00e9cret"):
        sent = {"Authorization": f"Bearer {token}".encode()}
        assert client.request(method, path, headers=sent).status_code == 403  # type: ignore[arg-type]  # bytes are taken
    with TestClient(create_app(open_graph()), base_url=LOCAL) as closed:
        refused = closed.request(method, path, headers=TOKEN)
        assert refused.status_code == 403
        assert "does not accept updates" in refused.json()["error"]


def test_updates_go_in_through_the_front_door_only(client: TestClient) -> None:
    assert client.get("/update", params={"update": INSERT}, headers=TOKEN).status_code == 405
    assert client.post("/update", params={"update": INSERT}, headers=DIRECT).status_code == 400
    assert client.get("/sparql", params={"update": INSERT}, headers=TOKEN).status_code == 400
    assert client.get("/sparql", params={"query": INSERT}, headers=TOKEN).status_code == 400
    assert client.post("/sparql", data={"query": INSERT}, headers=TOKEN).status_code == 400
    assert client.post("/sparql", data={"update": INSERT}, headers=TOKEN).status_code == 400
    assert client.post("/sparql", content=INSERT, headers=DIRECT).status_code == 415
    assert total(client) == 0


# -- updates ---------------------------------------------------------------------------------------------------------


def test_two_ways_to_update(client: TestClient) -> None:
    assert client.post("/update", content=INSERT, headers=DIRECT).status_code == 204
    assert client.post("/update", data={"update": INSERT.replace("1", "2")}, headers=TOKEN).status_code == 204
    assert total(client) == 2


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"INSERT DATA { <http://x/s> <http://x/p> }", "application/sparql-update", 400),
        (INSERT.encode("utf-16"), "application/sparql-update; charset=UTF-16", 415),
        (INSERT.encode() + b" # \xff", "application/sparql-update", 400),
        (INSERT.encode(), "text/plain", 415),
        (INSERT.encode(), "", 415),
        (b"update=CLEAR+ALL&update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        (b"query=ASK+%7B%7D", "application/x-www-form-urlencoded", 400),
        (b"update=%FF", "application/x-www-form-urlencoded", 400),
        (b"LOAD <http://127.0.0.1:9/>", "application/sparql-update", 403),
        (b"LOAD <file:///etc/passwd> INTO GRAPH <http://x/g>", "application/sparql-update", 403),
        (
            b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://169.254.169.254/> { ?s ?p ?o } }",
            "application/sparql-update",
            403,
        ),
        (b"DROP GRAPH <http://x/none>", "application/sparql-update", 422),
    ],
)
def test_bad_updates_change_nothing(client: TestClient, content: bytes, media: str, status: int) -> None:
    headers = {**TOKEN, "Content-Type": media} if media else TOKEN
    client.post("/update", content=INSERT, headers=DIRECT)
    response = client.post("/update", content=content, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]
    assert total(client) == 1


def test_an_update_fails_as_a_whole(client: TestClient) -> None:
    failing = client.post("/update", content=f"{INSERT} ; DROP GRAPH <http://x/none>", headers=DIRECT)
    assert failing.status_code == 422
    malformed = client.post("/update", content=f"{INSERT} ;\n INSERT DATA {{ <http://x/s> }}", headers=DIRECT)
    assert (malformed.json()["line"], malformed.json()["column"]) == (2, 29)
    assert total(client) == 0


def test_relative_iris_have_a_base(client: TestClient) -> None:
    client.post("/update", content="INSERT DATA { <a> <b> <c> }", headers=DIRECT)
    assert ask(client, f"ASK {{ <{LOCAL}/a> <b> <c> }}")


def test_the_dataset_of_an_update(client: TestClient) -> None:
    client.put(f"/graphs?graph={G}", content="<http://x/s> <http://x/p> 1 .", headers=TURTLE)
    move = "INSERT { ?s <http://x/q> ?o } WHERE { ?s <http://x/p> ?o }"
    client.post("/update", content=move, headers=DIRECT)
    assert not ask(client, "ASK { ?s <http://x/q> ?o }")
    assert client.post("/update", params={"using-graph-uri": G}, content=move, headers=DIRECT).status_code == 204
    assert ask(client, "ASK { ?s <http://x/q> ?o }")
    within = "INSERT { ?s <http://x/r> ?o } WHERE { GRAPH ?g { ?s <http://x/p> ?o } }"
    form = {"update": within, "using-named-graph-uri": "http://x/other"}
    client.post("/update", data=form, headers=TOKEN)
    assert not ask(client, "ASK { ?s <http://x/r> ?o }")
    client.post("/update", data={**form, "using-named-graph-uri": G}, headers=TOKEN)
    assert ask(client, "ASK { ?s <http://x/r> ?o }")
    for text in (f"WITH <{G}> {move}", move.replace("WHERE", f"USING <{G}> WHERE"), "DELETE WHERE { ?s ?p ?o }"):
        assert client.post("/update", params={"using-graph-uri": G}, content=text, headers=DIRECT).status_code == 400
    bad = client.post("/update", params={"using-graph-uri": "no iri"}, content=move, headers=DIRECT)
    assert bad.status_code == 400


def test_using_is_put_where_the_grammar_has_it() -> None:
    text = "DELETE { ?where ?p 'WHERE' } # WHERE\nWHERE { ?s ?p ?o { SELECT * WHERE { ?s ?p ?o } } } ; CLEAR ALL"
    expected = text.replace("\nWHERE", "\nUSING <http://x/a> USING NAMED <http://x/b> WHERE", 1)
    assert with_using(text, ("http://x/a",), ("http://x/b",)) == expected


# -- graphs ----------------------------------------------------------------------------------------------------------


def test_a_graph_is_put_extended_read_and_removed(client: TestClient) -> None:
    url = f"/graphs?graph={G}"
    assert client.get(url).status_code == 404
    assert client.put(url, content="<s> <p> 1 .", headers=TURTLE).status_code == 201
    assert client.put(url, content="<s> <p> 2 , 3 .", headers=TURTLE).status_code == 204
    assert client.post(url, content="<s> <p> 3 , 4 .", headers=TURTLE).status_code == 204
    found = triples(client, url)
    assert {int(t.object.value) for t in found if isinstance(t.object, ox.Literal)} == {2, 3, 4}
    assert {t.subject for t in found} == {ox.NamedNode("http://x/s")}
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert client.delete(url, headers=TOKEN).status_code == 204
    assert client.get(url).status_code == client.head(url).status_code == 404
    assert client.delete(url, headers=TOKEN).status_code == 404


def test_an_empty_graph_is_there(client: TestClient) -> None:
    assert client.put(f"/graphs?graph={G}", content="", headers=TURTLE).status_code == 201
    assert triples(client, f"/graphs?graph={G}") == set()


def test_the_default_graph(client: TestClient) -> None:
    assert client.put("/graphs?default", content="<s> <p> 1 .", headers=TURTLE).status_code == 204
    assert len(triples(client, "/graphs?default")) == 1
    assert client.delete("/graphs?default", headers=TOKEN).status_code == 204
    assert triples(client, "/graphs?default") == set()


def test_a_graph_by_its_own_address(client: TestClient) -> None:
    assert client.put("/graphs/a/b%20c", content="<> <p> <d> .", headers=TURTLE).status_code == 201
    name = f"{LOCAL}/graphs/a/b%20c"
    (triple,) = triples(client, "/graphs/a/b%20c")
    assert triple.subject == ox.NamedNode(name)
    assert triples(client, f"/graphs?graph={name.replace('%', '%25')}") == {triple}
    assert client.get("/graphs/a/b%20c?default").status_code == 400


def test_a_new_graph_gets_an_address(client: TestClient) -> None:
    first = client.post("/graphs", content="[] <http://x/p> 1 .", headers=TURTLE)
    second = client.post("/graphs", content="[] <http://x/p> 1 .", headers=TURTLE)
    assert first.status_code == second.status_code == 201
    assert first.headers["location"] != second.headers["location"]
    assert len(triples(client, first.headers["location"])) == 1
    assert client.put("/graphs", content="", headers=TURTLE).status_code == 400


def test_a_form_of_several_parts(client: TestClient) -> None:
    files = [
        ("f", ("a.ttl", b"<s> <p> 1 .", "text/turtle")),
        ("f", ("b.nt", b"<http://x/s> <http://x/p> 2 .", "application/n-triples")),
    ]
    assert client.post(f"/graphs?graph={G}", files=files, headers=TOKEN).status_code == 400  # 2 is no N-Triples
    assert total(client) == 0
    files[1] = ("f", ("b.ttl", b"<s> <p> 2 .", "text/turtle; charset=utf-8"))
    assert client.post(f"/graphs?graph={G}", files=files, headers=TOKEN).status_code == 201
    assert len(triples(client, f"/graphs?graph={G}")) == 2
    no_boundary = {**TOKEN, "Content-Type": "multipart/form-data"}
    assert client.post(f"/graphs?graph={G}", content=b"x", headers=no_boundary).status_code == 400
    image = [("f", ("a.png", b"x", "image/png"))]
    assert client.post(f"/graphs?graph={G}", files=image, headers=TOKEN).status_code == 415


@pytest.mark.parametrize(
    ("media", "body", "line"),
    [
        ("text/turtle", b"<http://x/a> <http://x/p> 1 .\n<http://x/a> <http://x/p> .", 2),
        ("application/n-triples", b"<http://x/a> <http://x/p> <http://x/b> .\n<a> <http://x/p> <http://x/b> .", 2),
        ("application/n-quads", b"<http://x/a> <http://x/p> <http://x/b> .\n<http://x/a> <http://x/p>", 2),
        ("application/ld+json", b'{"@id": "http://x/a", "http://x/p": 1,\n "http://x/q": [', 2),
        ("application/rdf+xml", b"<a/>", None),
        ("application/ld+json", b'{"@context": "http://127.0.0.1:9/c", "@id": "http://x/a", "p": 1}', None),
        ("application/n-quads", b"<http://x/a> <http://x/p> <http://x/b> <http://x/other> .", None),
        ("text/turtle", b"<http://x/a> <http://x/p> '\xff' .", None),
    ],
)
def test_malformed_graphs_leave_nothing(client: TestClient, media: str, body: bytes, line: int | None) -> None:
    response = client.put(f"/graphs?graph={G}", content=body, headers={**TOKEN, "Content-Type": media})
    assert response.status_code == 400
    answer = response.json()
    assert answer["error"]
    assert answer.get("line") == line or line is None
    assert line is None or answer["column"] >= 1
    assert total(client) == 0
    assert client.get(f"/graphs?graph={G}").status_code == 404


def test_bodies_that_are_no_graphs(client: TestClient) -> None:
    for media, status in (("text/html", 415), ("image/png", 415), ("text/turtle; charset=latin-1", 415)):
        response = client.put(f"/graphs?graph={G}", content=b"x", headers={**TOKEN, "Content-Type": media})
        assert response.status_code == status
    assert client.put(f"/graphs?graph={G}", content=b"", headers=TOKEN).status_code == 415
    packed = {**TURTLE, "Content-Encoding": "gzip"}
    assert client.put(f"/graphs?graph={G}", content=b"", headers=packed).status_code == 415
    assert client.put("/graphs?graph=no%20iri", content=b"", headers=TURTLE).status_code == 400


@pytest.mark.parametrize("large", [0, 1000])
def test_terms_of_rdf_1_2_survive(client: TestClient, large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "_LARGE", large)
    text = '<http://x/s> <http://x/p> <<( <http://x/a> <http://x/b> <<( <http://x/c> <http://x/d> "e"@en--ltr )>> )>> .'
    assert client.put(f"/graphs?graph={G}", content=text, headers=TURTLE).status_code == 201
    nt = client.get(f"/graphs?graph={G}", headers={"Accept": "application/n-triples"})
    assert list(ox.parse(nt.content, ox.RdfFormat.N_TRIPLES)) == list(ox.parse(text, ox.RdfFormat.TURTLE))


def test_the_description_tells_of_updates(client: TestClient) -> None:
    assert "SPARQL11Update" in client.get("/sparql").text
    with TestClient(create_app(open_graph()), base_url=LOCAL) as closed:
        assert "SPARQL11Update" not in closed.get("/sparql").text
