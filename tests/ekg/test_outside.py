"""SERVICE and LOAD of what is listed: what comes to stand in their place, and what is refused as ever."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekg.errors import QueryError, RefusedError, RemoteError
from ekg.graph.open import memory_graph
from ekg.server import create_app
from ekg.store import DocumentStore
from ekg.store.clauses import find_clauses
from ekg.store.outside import with_outside
from ekg.store.oxigraph import OxigraphStore
from ekg.store.reach import Reach
from tests.ekg.test_guard import DISGUISES
from tests.replying import Reply, serving
from tests.running import running

ELSEWHERE = """
@prefix : <http://x/> .
:a :p 1, 2 ; :name "A {"@en ; :knows :b . :b :p 3 ; :name "B } SERVICE <http://y/> { #" ; :knows :c .
:c :p "x\\"y\\\\u0022 } \\n'" ; :in [ :name "blank" ] . :d :knows :d .
"""
HERE = "@prefix : <http://x/> . :a :weight 5 . :b :weight 6 ; :p 3 . :z :weight 7 ."
_BLANK = re.compile(r"<urn:ekg:blank:[^>]*>|_:\w+")
JSON = "application/sparql-results+json"


def rows(*found: dict[str, str], names: str = "x y", **headers: str) -> Reply:
    """An answer with rows of plain literals."""
    bindings = ", ".join(
        "{" + ", ".join(f'"{k}": {{"type": "literal", "value": "{v}"}}' for k, v in row.items()) + "}" for row in found
    )
    variables = ", ".join(f'"{name}"' for name in names.split())
    body = f'{{"head": {{"vars": [{variables}]}}, "results": {{"bindings": [{bindings}]}}}}'
    return 200, {"Content-Type": JSON, **headers}, body.encode()


def reach(url: str, *, limit: int = 10_000) -> Reach:
    return Reach(services=(url,), loads=(url,), private=True, timeout=60.0, rows=limit)


def told(sparql: str, *replies: Reply, limit: int = 10_000, update: bool = False) -> tuple[str, list[str]]:
    """The text that comes out where ``URL`` gives these replies, and the queries that were sent."""
    requests: list[tuple[dict[str, str], bytes]] = []
    with serving(*replies, requests=requests) as (url, _):
        text = with_outside(sparql.replace("URL", f"{url}/q"), reach(f"{url}/q", limit=limit), update=update)
    return text, [parse_qs(body.decode())["query"][0] for _, body in requests if body]


# -- the same rows ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another server of ours, and its data."""
    store = OxigraphStore()
    store.raw.load(ELSEWHERE.encode(), ox.RdfFormat.TURTLE)
    with running(create_app(memory_graph(store, DocumentStore()))) as port:
        yield f"http://127.0.0.1:{port}/sparql"


@pytest.fixture(scope="module")
def here() -> OxigraphStore:
    """A store that holds the other one's data as well, in a graph of their own."""
    store = OxigraphStore()
    store.raw.load(HERE.encode(), ox.RdfFormat.TURTLE)
    store.raw.load(ELSEWHERE.encode(), ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:there"))
    return store


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s :weight ?w . THERE { ?s :p ?v } }",
        "SELECT * { THERE { ?s :p ?v } ?s :weight ?w }",
        "SELECT * { ?s :weight ?w OPTIONAL { THERE { ?s :p ?v } } }",
        "SELECT * { ?s :weight ?w OPTIONAL { THERE { ?s :p ?v } FILTER(?v > 1 && ?w < 6) } }",
        "SELECT * { { ?s :weight ?w } UNION { THERE { ?s :knows ?w } } UNION { THERE { ?w :p 3 } } }",
        "SELECT * { ?s :weight ?w FILTER EXISTS { THERE { ?s :p ?v } } }",
        "SELECT * { ?s :weight ?w FILTER NOT EXISTS { THERE { ?s :p ?v } } }",
        "SELECT * { ?s :weight ?w MINUS { THERE { ?s :knows ?o } } }",
        "SELECT ?s ?n { ?s :weight ?w { SELECT ?s (COUNT(*) AS ?n) { THERE { ?s :p ?v } } GROUP BY ?s } }",
        "SELECT * { THERE { SELECT ?s (MAX(?v) AS ?most) { ?s :p ?v FILTER(isNumeric(?v)) } GROUP BY ?s } }",
        "SELECT * { THERE { { ?s :p ?v } UNION { ?s :name ?n FILTER(CONTAINS(?n, '{')) } } }",
        "SELECT * { THERE { ?s :name '''B } SERVICE <http://y/> { #''' # } SERVICE <http://z/> {\n ; :p ?v } }",
        'SELECT * { THERE { ?s :name "A {"@en } ?s :weight ?w }',
        "SELECT * { THERE { ?s :knows+ ?o VALUES ?o { :c UNDEF } BIND(STR(?o) AS ?text) } }",
        "SELECT * { THERE { ?s :p ?v OPTIONAL { ?s :knows ?o } FILTER(?v < 3 || !BOUND(?o)) } BIND(1 AS ?one) }",
        "SELECT ?s { THERE { ?s :knows ?s } }",
        "SELECT * { THERE { :a :knows :b } ?s :weight ?w }",
        "SELECT * { THERE { :a :knows :c } ?s :weight ?w }",
        "SELECT * { THERE { { :a :knows :b } UNION { :b :knows :c } } ?s :weight 5 }",
        "SELECT * { THERE { ?s :in [ :name ?n ] } }",
        "SELECT * { THERE { } ?s :weight ?w }",
        "SELECT * { THERE { ?s :p ?v }. THERE{?s :knows ?o}?s :weight ?w }",
        "ASK { THERE { :c :p ?v } FILTER(isLiteral(?v)) }",
        "CONSTRUCT { ?s :both ?v, ?w } WHERE { ?s :weight ?w . THERE { ?s :p ?v } }",
        "SELECT * { GRAPH ?g { THERE { ?s :p ?v } } }",
    ],
)
def test_rows_are_those_of_the_same_pattern_here(query: str, elsewhere: str, here: OxigraphStore) -> None:
    text = f"PREFIX : <http://x/>\n{query}"
    local = contents(here.query(text.replace("THERE", "GRAPH <urn:there>"), strict_dataset=True))
    completed = with_outside(text.replace("THERE", f"SERVICE <{elsewhere}>"), reach(elsewhere))
    assert completed.count("VALUES (") == query.count("THERE")
    found = contents(here.query(completed, strict_dataset=True))
    assert [_BLANK.sub("BLANK", row) for row in found] == [_BLANK.sub("BLANK", row) for row in local]
    assert local or ":knows :c" in query or ":knows ?s" in query


def contents(result: object) -> list[str]:
    """Rows or triples, sorted, or a yes or no."""
    if isinstance(result, ox.QueryBoolean):
        return [str(bool(result))]
    if isinstance(result, ox.QueryTriples):
        return sorted(map(str, result))
    assert isinstance(result, ox.QuerySolutions)
    names = sorted(v.value for v in result.variables)
    return sorted(str([(name, str(row[name])) for name in names]) for row in result)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "here", "there"),
    [
        ("service01", "data01.ttl", {"http://example.org": "data01endpoint.ttl"}),
        (
            "service02",
            None,
            {"http://example1.org": "data02endpoint1.ttl", "http://example2.org": "data02endpoint2.ttl"},
        ),
        ("service04a", "data04.ttl", {"http://example.org": "data04endpoint.ttl"}),
        ("service07", "data07.ttl", {}),
    ],
)
def test_w3c_cases_of_federation(
    data: Callable[[str], Path], name: str, here: str | None, there: dict[str, str]
) -> None:
    folder = data("w3c-sparql-tests") / "sparql11" / "service"
    query = (folder / f"{name}.rq").read_text()
    local = OxigraphStore()
    if here is not None:
        local.raw.load(path=folder / here, format=ox.RdfFormat.TURTLE)
    with ExitStack() as stack:
        for address, file in there.items():
            store = OxigraphStore()
            store.raw.load(path=folder / file, format=ox.RdfFormat.TURTLE)
            port = stack.enter_context(running(create_app(memory_graph(store, DocumentStore()))))
            query = query.replace(f"{address}/sparql", f"http://127.0.0.1:{port}/sparql")
        listed = tuple(re.findall(r"SERVICE (?:SILENT )?<([^>]+)>", query))
        reach = Reach(services=listed, private=True, timeout=60.0)
        text = with_outside(query, reach, resolve=lambda host, port: [host] if host == "127.0.0.1" else [])
    wanted = ox.parse_query_results(path=folder / f"{name[:9]}.srx", format=ox.QueryResultsFormat.XML)
    assert contents(local.query(text)) == contents(wanted)


def test_an_update_takes_rows_from_elsewhere(elsewhere: str) -> None:
    store = OxigraphStore()
    text = (
        f"PREFIX : <http://x/> INSERT {{ GRAPH <urn:g> {{ ?s :copied ?v }} }} WHERE {{ SERVICE <{elsewhere}> {{ ?s :p ?v "
        "FILTER(isNumeric(?v)) } } ; DELETE DATA { GRAPH <urn:g> { :a :copied 1 } }"
    )
    store.update(with_outside(text, reach(elsewhere), update=True))
    assert sorted(quad.object.value for quad in store.quads()) == ["2", "3"]


def test_blank_nodes_become_iris_that_depend_on_the_answer(elsewhere: str) -> None:
    text = f"SELECT * {{ SERVICE <{elsewhere}> {{ ?s <http://x/in> ?o . ?o <http://x/name> ?n }} }}"
    found = with_outside(text, reach(elsewhere))
    assert re.search(r"\(\"blank\" <urn:ekg:blank:[0-9a-f]{20}:0> <http://x/c>\)", found)


# -- what is sent ----------------------------------------------------------------------------------------------------


def test_the_group_is_sent_with_its_declarations() -> None:
    query = (
        "BASE <http://base/> PREFIX a: <x#> PREFIX b: <urn:b:> SELECT ?x { ?x a sem:Event . SERVICE SILENT <URL> "
        "{ ?x a:p b:q ; rdfs:label ?y # } \n FILTER(STR(?y) != '}') } }"
    )
    text, sent = told(query, rows({"x": "1"}, {"x": "2", "y": "3"}))
    assert sent == [
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> BASE <http://base/> PREFIX a: <x#> PREFIX b: <urn:b:> "
        "SELECT * WHERE { ?x a:p b:q ; rdfs:label ?y # } \n FILTER(STR(?y) != '}') } LIMIT 10001"
    ]
    assert text == (
        "BASE <http://base/> PREFIX a: <x#> PREFIX b: <urn:b:> SELECT ?x { ?x a sem:Event .  "
        'VALUES (?x ?y) { ("1" UNDEF) ("2" "3") }  }'
    )


def test_relative_iris_keep_their_base() -> None:
    with serving(rows(), requests=(requests := [])) as (url, _):
        with_outside("SELECT * { SERVICE <q> { ?x <p> ?y } }", reach(f"{url}/q"), base=f"{url}/sparql")
    assert parse_qs(requests[0][1].decode())["query"][0].startswith(f"BASE <{url}/sparql>  SELECT * WHERE {{ ?x <p>")


def test_a_name_stands_for_an_endpoint_too() -> None:
    text, sent = told("PREFIX e: <URL> SELECT * { SERVICE e: { ?x <urn:p> ?y } }", rows())
    assert text.endswith("SELECT * {  VALUES (?x ?y) {  }  }")
    assert len(sent) == 1


def test_windows_are_sent_as_bounds() -> None:
    text, sent = told('SELECT * { SERVICE <URL> { ?x ekg:during ("2024-01-01" "2024-01-02") } }', rows({"x": "1"}))
    assert 'VALUES (?x) { ("1") }' in text
    assert "during (" not in sent[0]
    assert '"2024-01-02T00:00:00Z"' in sent[0]


def test_functions_that_only_the_endpoint_has() -> None:
    text, sent = told(
        "PREFIX f: <urn:f:> SELECT * { SERVICE <URL> { ?x <urn:p> ?z BIND(f:near(?z, <urn:g>(1)) AS ?y) } }",
        rows({"x": "1", "y": "2"}),
    )
    assert 'VALUES (?x ?y ?z) { ("1" "2" UNDEF) }' in text
    assert "f:near(?z" in sent[0]


def test_nothing_is_sent_for_what_is_malformed() -> None:
    for query in (
        "SELECT * { SERVICE <URL> { ?x ?p ?y } ?s ?p }",
        "SELECT * { SERVICE <URL> { ?x ?p } }",
        "SELECT * { SERVICE <URL> { ?x ?p ?y }",
        "SELECT * { SERVICE nowhere: { ?x ?p ?y } }",
    ):
        with serving(rows()) as (url, seen):
            with pytest.raises(QueryError):
                with_outside(query.replace("URL", f"{url}/q"), reach(f"{url}/q"))
            assert seen == []


@pytest.mark.parametrize(
    ("text", "update"),
    [
        ("ASK { ?s ?p 'SERVICE <http://x/> { }' } # SERVICE <http://x/> { }", False),
        ("SELECT ?service { ?service ex:load ?x }", False),
        ("LOAD <http://x/>", False),
        ("INSERT DATA { ex:service ex:load 'LOAD <http://x/>' }", True),
        ("", False),
    ],
)
def test_harmless_words_stay(text: str, update: bool) -> None:
    assert with_outside(text, reach("http://x/"), update=update) == text


PIECES = (
    "?a ?b ?c . ", "{ ?a ?b 1 } ", "'}' ", '"{" ', "\'\'\'it's } {\'\'\' ", '"""}""" ', "# } SERVICE {\n", "#\n", "?v ", "{", "}",
    "<http://x/#a'> ", "ex:a\\' ", "'\\\\' ", "'\\'}' ", "FILTER(?a < ?b) ", "@en ", "<< ?a ?b ?c >> ", "{| ?p 1 |} ", "\n", "'}'@de ",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["", "SILENT ", "# {\n"]))
def test_a_group_is_cut_out_at_its_own_braces(pieces: list[str], between: str) -> None:
    depth = 0
    kept = []
    for piece in pieces:  # balanced, so that the end is known
        if piece == "}" and not depth:
            continue
        depth += (piece == "{") - (piece == "}")
        kept.append(piece)
    group = f"{{ {''.join(kept)}{'}' * depth}}}"
    text = f"SELECT * {{ ?s ?p '{{' . SERVICE {between}<http://x/>{group} OPTIONAL {{ ?s ?q '}}' }} }}"
    (clause,) = find_clauses(text, update=False)
    assert clause.rest == group
    assert text[clause.at : clause.end] == f"SERVICE {between}<http://x/>{group}"
    assert clause.silent == (between == "SILENT ")


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", DISGUISES)
def test_no_disguise_is_followed(query: str) -> None:
    """Not even if everything is listed: what is not plainly a clause stays, and the guard refuses it."""
    with serving(rows(names="a b c")) as (url, seen):
        text = query.replace("http://127.0.0.1:9/x", f"{url}/q")
        everything = Reach(services=(f"{url}/",), private=True, timeout=60.0)
        # In these the word stands plainly, once strings, comments, IRIs and numbers are known.
        plain = r"SELECT \* \{ (SERVICE <ht|sEr|SERVICE #|# no|\?s \?p ('''it|<http|1S|1\.S)|VALUES)"
        if re.match(plain, query):
            OxigraphStore().query(with_outside(text, everything))
            assert len(seen) == 1
        else:
            with pytest.raises(QueryError):
                OxigraphStore().query(with_outside(text, everything))
            assert seen == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT * { SERVICE <http://other.example/> { ?x ?p ?y } }",
            "line 1, column 12: SERVICE is refused: .*not on",
        ),
        ("SELECT * { SERVICE SILENT <http://other.example/> { ?x ?p ?y } }", "not on the server's list"),
        ("SELECT * { SERVICE <URL> { ?x ?p ?y } SERVICE <URL2> { ?x ?p ?y } }", "not on the server's list"),
        ("SELECT * { SERVICE <file:///etc/passwd> { ?x ?p ?y } }", "only http and https"),
        ("SELECT * { SERVICE <gopher://127.0.0.1/> { ?x ?p ?y } }", "only http and https"),
        ("SELECT * { SERVICE <http://u:p@127.0.0.1/> { ?x ?p ?y } }", "user or password"),
        ("SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?x ?p ?y } }", "SERVICE is refused where no IRI"),
        ("SELECT * { SERVICE <URL> { ?x ?p ?y SERVICE <URL> { ?y ?q ?z } } }", "SERVICE within SERVICE"),
        ("SELECT * { SERVICE <URL> { ?x ?p 1SERVICE <URL> { ?y ?q ?z } } }", "SERVICE within SERVICE"),
        (
            "PREFIX ex: <urn:> SELECT * { SERVICE <URL> { ?x ?p ex:a.SERVICE <URL> { ?y ?q ?z } } }",
            "SERVICE is refused",
        ),
        ("SELECT * { SERVICE <URL> { ?x ?p ?y FILTER(?x<?y#>}\n) } }", "can be read in two ways"),
        ("SELECT * { SERVICE <URL> { ?x ?p ?y FILTER(?x<?y&&?y='>}') } }", "can be read in two ways"),
        ("SELECT * { SERVICE <URL> { ?x ?p '\\u0027 } #' } }", "escapes"),
        ("SELECT * { \\u0053ERVICE <URL> { ?x ?p ?y } }", "escapes"),
        (f"SELECT * {{ {'SERVICE <URL> { ?x ?p ?y } ' * 17} }}", "17 times"),
    ],
)
def test_what_is_not_plain_or_not_listed_is_refused(query: str, message: str) -> None:
    with serving(rows()) as (url, seen):
        with pytest.raises(RefusedError, match=message):
            with_outside(query.replace("URL", f"{url}/q"), reach(f"{url}/q"))
        assert seen == []


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_an_address_that_is_not_allowed_is_told_also_where_failures_are_not(silent: str) -> None:
    url = "http://internal.example/sparql"
    with pytest.raises(RefusedError, match="in a private network"):
        with_outside(
            f"SELECT * {{ SERVICE {silent}<{url}> {{ ?x ?p ?y }} }}",
            Reach(services=(url,), timeout=60.0),
            resolve=lambda host, port: ["192.168.0.1"],
        )


# -- failures --------------------------------------------------------------------------------------------------------

FAILURES: list[tuple[Reply, str]] = [
    ((500, {}, b"oh"), "answered 500"),
    ((200, {"Content-Type": "text/html"}, b"<h1>Hello</h1>"), "answered with text/html"),
    ((200, {"Content-Type": JSON}, b'{"head":{"vars":["x"]},"results":{"bind'), "broken or incomplete"),
    ((200, {"Content-Type": JSON}, b'{"head":{},"boolean":true}'), "yes or no"),
    (rows({"x": "1"}, {"x": "2"}, {"x": "3"}), "more than 2 rows"),
    (rows({"x": "1"}, **{"X-Ekg-Truncated": "true"}), "only a part"),
    (rows({"x": "1"}, **{"X-SPARQL-MaxRows": "1"}), "only a part"),
    ((200, {"Content-Type": JSON}, rows({"x": "1"})[2][:-1] + b',"truncated":true}'), "only a part"),
    ((200, {"Content-Type": JSON}, b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:> x"}}]}}'), "broken"),
    ((200, {"Content-Type": JSON}, b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"a","xml:lang":"en } DROP"}}]}}'), "broken"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "message"), FAILURES)
def test_a_failure_is_told_unless_it_shall_be_silent(reply: Reply, message: str) -> None:
    with pytest.raises(RemoteError, match=f"SERVICE failed: .*{message}") as caught:
        told("SELECT * { SERVICE <URL> { ?x <urn:p> ?y } }", reply, limit=2)
    assert caught.value.http_status == 502
    text, _ = told("SELECT * { SERVICE SILENT <URL> { ?x <urn:p> ?y } }", reply, limit=2)
    assert text == "SELECT * {  VALUES (?x ?y) { (UNDEF UNDEF) }  }"
    text, _ = told("SELECT * { SERVICE SILENT <URL> { <urn:x> <urn:p> 1 } }", (500, {}, b""))
    assert text == "SELECT * {  VALUES () { () }  }"


def test_values_are_no_syntax() -> None:
    evil = 'x" } ; DROP ALL # \\u0022 \n SERVICE <http://y/> { ?a ?b ?c }'
    text, _ = told("SELECT * { SERVICE <URL> { ?x <urn:p> ?y } }", rows({"x": json.dumps(evil)[1:-1]}))
    (row,) = OxigraphStore().query(text)  # type: ignore[misc]  # rows
    assert row["x"] == ox.Literal(evil)


# -- LOAD ------------------------------------------------------------------------------------------------------------

TURTLE: Reply = (200, {"Content-Type": "text/turtle"}, b"@prefix : <http://x/> . :a :p 1 ; :in [ :p <rel> ] .")


def loaded(update: str, *replies: Reply, limit: int = 10_000) -> OxigraphStore:
    """A store after an update in which ``URL`` gives these replies; it held one quad before."""
    store = OxigraphStore()
    store.update("INSERT DATA { <urn:old> <urn:p> 1 }")
    store.update(told(update, *replies, limit=limit, update=True)[0])
    return store


def test_a_file_is_loaded() -> None:
    store = loaded("LOAD <URL>", TURTLE)
    assert len(store) == 4
    assert {quad.graph_name for quad in store.quads()} == {ox.DefaultGraph()}
    assert any(str(quad.object).endswith("/rel>") for quad in store.quads())


def test_a_file_is_loaded_into_a_graph_in_the_order_of_the_update() -> None:
    store = loaded(
        "PREFIX g: <urn:g:> DROP SILENT GRAPH g:1 ; LOAD SILENT <URL> INTO GRAPH g:1 ; load <URL> into "
        "graph <urn:h:2>; DELETE WHERE { GRAPH <urn:g:1> { ?s <http://x/p> 1 } }",
        TURTLE,
    )
    count = {name: len(list(store.quads(graph=ox.NamedNode(name)))) for name in store.graphs()}
    assert count == {"urn:g:1": 2, "urn:h:2": 3}


@pytest.mark.parametrize(
    ("media", "suffix", "body"),
    [
        ("application/n-triples", "", b"<urn:a> <urn:p> 'x' ."),
        ("application/rdf+xml", "", b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
         b'<r:Description r:about="urn:a"><u:p>1</u:p></r:Description></r:RDF>'),
        ("application/ld+json", "", b'{"@id": "urn:a", "urn:p": 1}'),
        ("text/plain", ".nt", b"<urn:a> <urn:p> <urn:b> ."),
        ("application/octet-stream", ".ttl?x=1", b"<urn:a> <urn:p> 1 ."),
    ],
)  # fmt: skip
def test_types_of_files(media: str, suffix: str, body: bytes) -> None:
    if "'x'" in body.decode():
        body = body.replace(b"'", b'"')
    with serving((200, {"Content-Type": media}, body)) as (url, _):
        text = with_outside(
            f"LOAD <{url}/f{suffix}>", Reach(loads=(f"{url}/",), private=True, timeout=60.0), update=True
        )
    store = OxigraphStore()
    store.update(text)
    assert len(store) == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((404, {}, b"none"), "answered 404"),
        ((200, {"Content-Type": "text/html"}, b"<h1>"), "no RDF"),
        ((200, {"Content-Type": "text/plain"}, b"a"), "no RDF"),
        ((200, {"Content-Type": "text/turtle"}, b"<urn:a> <urn:p> ."), "cannot be read as Turtle"),
        (
            (200, {"Content-Type": "application/n-quads"}, b"<urn:a> <urn:p> <urn:b> <urn:g> ."),
            "cannot be read as N-Quads",
        ),
        (
            (200, {"Content-Type": "application/ld+json"}, b'{"@context": "http://127.0.0.1:9/", "p": 1}'),
            "cannot be read",
        ),
        (TURTLE, "more than 2 triples"),
    ],
)
def test_a_file_that_cannot_be_loaded(reply: Reply, message: str) -> None:
    with pytest.raises(RemoteError, match=f"LOAD failed: .*{message}"):
        told("INSERT DATA { <urn:x> <urn:p> 1 } ; LOAD <URL>", reply, limit=2, update=True)
    store = loaded("INSERT DATA { <urn:x> <urn:p> 1 } ; LOAD SILENT <URL> INTO GRAPH <urn:g>", reply, limit=2)
    assert sorted(str(quad.subject) for quad in store.quads()) == ["<urn:old>", "<urn:x>"]


def test_files_that_are_not_listed() -> None:
    listed = Reach(loads=("http://data.example/",), services=("http://other.example/",), timeout=60.0)
    for url in ("http://other.example/", "http://data.example.evil.org/", "file:///etc/passwd"):
        with pytest.raises(RefusedError, match="LOAD is refused"):
            with_outside(f"LOAD <{url}>", listed, update=True)
        # As ever: the standard wants the failure untold.
        store = OxigraphStore()
        store.update(with_outside(f"LOAD SILENT <{url}> ; INSERT DATA {{ <urn:a> <urn:p> 1 }}", listed, update=True))
        assert len(store) == 1
    for silent in ("", "SILENT "):
        with pytest.raises(RefusedError, match="this machine's own"):
            with_outside(
                f"LOAD {silent}<http://data.example/x>", listed, update=True, resolve=lambda host, port: ["127.0.0.1"]
            )


@pytest.mark.parametrize("update", ["L\\u004fAD <URL>", "LOADSILENT<URL>", "PREFIX x: <urn:>LOAD<URL>", "LOAD<URL>"])
def test_disguised_loads(update: str) -> None:
    with serving(TURTLE) as (url, seen):
        listed = Reach(loads=(f"{url}/",), private=True, timeout=60.0)
        text = update.replace("URL", f"{url}/q")
        if "\\" in update or "SILENT" in update:
            with pytest.raises(QueryError):
                OxigraphStore().update(with_outside(text, listed, update=True))
            assert seen == []
        else:
            OxigraphStore().update(with_outside(text, listed, update=True))
            assert len(seen) == 1
