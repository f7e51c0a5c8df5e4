"""What the guard of SERVICE and LOAD refuses, in every disguise that Oxigraph would follow."""

from __future__ import annotations

import pytest

from ekg.errors import EvaluationError, QueryError, RefusedError
from ekg.store.guard import check_query, check_update, has_word, tokens, without_fetching, without_silent_loads
from ekg.store.oxigraph import OxigraphStore

X = "<http://127.0.0.1:9/x>"
BODY = f"{X} {{ ?a ?b ?c }}"


DISGUISES = [
    f"SELECT * {{ SERVICE {BODY} }}",
    f"SELECT * {{ sErViCe{BODY} }}",
    f"SELECT * {{ SERVICESILENT{BODY} }}",
    f"SELECT * {{ SERVICE # comment\n SILENT {BODY} }}",
    "SELECT * { SERVICE ?s { ?a ?b ?c } }",
    f"SELECT * {{ # no comment any more\rSERVICE {BODY} }}",
    "SELECT * { # \n SERVICE<file:///etc/passwd> { ?a ?b ?c } }",
    f"SELECT * {{ \\u0053ERVICE {BODY} }}",
    f"SELECT * {{ \\U00000073ervic\\u0065 {BODY} }}",
    f'SELECT * {{ ?s ?p "a\\u0022 . SERVICE {BODY} #" }}',
    f"SELECT * {{ ?s ?p '''it''s''' . SERVICE {BODY} }}",
    f"PREFIX : {X} SELECT * {{ SERVICE:{{ ?a ?b ?c }} }}",
    f"PREFIX x: {X} SELECT * {{ ?s ?p true.SERVICE:x {{ ?a ?b ?c }} }}",
    f"SELECT * {{ ?s ?p 1SERVICE{BODY} }}",
    f"SELECT * {{ ?s ?p 1.SERVICE{BODY} }}",
    f"SELECT * {{ ?s ?p 1e5SERVICE{BODY} }}",
    f"SELECT * {{ ?s ?p trueSERVICE{BODY} }}",
    f"PREFIX : <http://x/> SELECT * {{ ?s ?p :.SERVICE {BODY} }}",
    f"SELECT * {{ VALUES ?x {{ UNDEF }}SERVICE{BODY} }}",
    f"SELECT * {{ FILTER(1<2)SERVICE#>\n{BODY} }}",
    f'SELECT * {{ FILTER(1<2)#>"""\nSERVICE {BODY} #"""\n }}',
    f"SELECT * {{ FILTER(?a<?b#>'''\n)SERVICE {BODY} #'''\n }}",
    f"SELECT * {{ ?s ?p <http://x/\\u0041'>. SERVICE {BODY} #'\n }}",
    f'SELECT * {{ ?s ?p """never closed . SERVICE {BODY}',
]


@pytest.mark.parametrize("query", DISGUISES)
def test_service_in_disguise(query: str) -> None:
    with pytest.raises(QueryError, match=r"line \d+, column \d+: SERVICE is refused"):
        check_query(query)
    with pytest.raises(QueryError, match="SERVICE is refused"):
        check_update(
            f"INSERT {{ ?s ?p ?o }} WHERE {query[query.index('{') :]}" if query.startswith("SELECT") else query
        )


@pytest.mark.parametrize(
    "update",
    [
        f"LOAD {X}",
        f"load silent {X} INTO GRAPH <urn:g>",
        f"LOADSILENT{X}",
        f"PREFIX x: <http://x/>LOAD{X}",
        f"PREFIX : {X} LOAD:",
        f"CLEAR ALL;LOAD{X}",
        f"CLEAR ALL; # x\nLOAD {X}",
        f'VERSION "1.2"LOAD{X}',
        f"L\\u004fAD {X}",
        "LOAD <file:///etc/passwd>",
    ],
)
def test_load_in_disguise(update: str) -> None:
    with pytest.raises(QueryError, match=r"line \d+, column \d+: LOAD is refused"):
        check_update(update)


@pytest.mark.parametrize(
    "text",
    [
        'ASK { ?s ?p "SERVICE <x>" } # SERVICE <y>',
        "PREFIX x: <http://x/> ASK { ?s x:service ?service ; <http://x/service#load> 'download service'@en-service }",
        "PREFIX service: <urn:x> ASK { ?s <urn:a#service> service:load FILTER(?a<?b && ?c>?d) }",
        'INSERT DATA { <urn:doc#1> rdfs:label \'download\' ; dl:load 1 ;\n download:x """load\nservice""" }',
        'ASK { ?s ?p \'it\\\'s SERVICE\', "say \\"SERVICE\\"" }',
    ],
)
def test_harmless_words(text: str) -> None:
    check_query(text)
    check_update(text)


def test_the_place_is_that_of_the_word() -> None:
    with pytest.raises(QueryError, match="line 2, column 9: SERVICE"):
        check_query(f"SELECT * {{\n ?s ?p 1SERVICE {BODY} }}")
    with pytest.raises(QueryError, match="line 3, column 2: LOAD"):
        check_update(f"CLEAR ALL\r;\n LOAD {X}")


@pytest.mark.parametrize(
    "unit",
    [
        "SERVIC",
        "a.",
        "a-",
        '"""\\"',
        '"\\"',
        "'",
        "<a",
        "\\u0053",
        '"""a',
        "x:",
        "<<",
        "''",
        "#",
        "?",
        "@a-",
        "::",
        "1.",
    ],
)
def test_no_character_is_read_often(unit: str) -> None:
    # In quadratic time this would hang.
    text = unit * (100_000 // len(unit)) + "\n service"
    assert sum(len(token) for _, token, _ in tokens(text)) == len(text)
    with pytest.raises(QueryError, match="SERVICE"):
        check_query(text)


def test_words() -> None:
    assert has_word("SELECT * from <urn:g> {}", "FROM")
    assert has_word("SELECT(1 AS ?x)FROM<urn:g>{}", "FROM")
    assert not has_word("SELECT ?from { ?s ex:from 'FROM' } # FROM", "FROM")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LOAD <x>", "ADD SILENT <x> TO DEFAULT"),
        (
            "load silent ex:x # y\n into graph <g>;LOAD <y>;",
            "ADD SILENT  ex:x # y\n TO graph <g>;ADD SILENT <y>TO DEFAULT ;",
        ),
        ("ASK { SERVICE SILENT ?s { } }", "ASK { GRAPH  ?s { } }"),
    ],
)
def test_what_takes_the_place_of_fetching(text: str, expected: str) -> None:
    assert without_fetching(text) == expected


def test_malformed_and_refused_and_impossible_are_told_apart() -> None:
    store = OxigraphStore()
    for text, kind in {
        "ASK { SERVICE <http://x/> { ?s ?p } }": QueryError,
        "ASK { SERVICE <http://x/> { ?s ?p ?o } }": RefusedError,
        "SELECT (<http://x/f>(1) AS ?y) {}": EvaluationError,
    }.items():
        with pytest.raises(QueryError) as caught:
            list(store.query(text))  # type: ignore[arg-type]  # no query here gets that far
        assert type(caught.value) is kind
    for text, kind in {
        "LOAD <http://x/> INTO <g>": QueryError,
        "LOAD <http://x/> INTO GRAPH <urn:g>": RefusedError,
        "DROP GRAPH <http://x/>": EvaluationError,
    }.items():
        with pytest.raises(QueryError) as caught:
            store.update(text)
        assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LOAD SILENT <x>", "DELETE DATA {}"),
        ("load # y\n silent ex:x into graph <g>", "DELETE DATA {}"),
        ("LOAD SILENT <x>;LOAD SILENT <y> INTO GRAPH <g>;CLEAR ALL", "DELETE DATA {};DELETE DATA {};CLEAR ALL"),
        ("CLEAR SILENT GRAPH <g>", "CLEAR SILENT GRAPH <g>"),
        ("LOAD SILENT", "LOAD SILENT"),
        ("LOAD SILENT ?x", "LOAD SILENT ?x"),
    ],
)
def test_silent_loads_do_nothing(text: str, expected: str) -> None:
    assert without_silent_loads(text) == expected


def test_silent_loads_do_not_hide_others() -> None:
    store = OxigraphStore()
    store.update("LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g> ; INSERT DATA { <urn:s> <urn:p> 1 }")
    assert len(store) == 1
    for text in ("LOAD SILENT <urn:x> ; LOAD <urn:y>", "LOAD SILENT <urn:x> INTO GRAPH <urn:g> ; LOAD <urn:y>"):
        with pytest.raises(RefusedError):
            store.update(text)
