"""Dates that cannot be right, at every way into a graph: kept, and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ekg.graph import open_graph
from ekg.io.datecheck import is_valid_date
from ekg.pipeline.importing import import_files
from ekg.server import create_app
from ekg.vocab import XSD

PREFIXES = (
    "PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>\n"
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\nPREFIX x: <http://x/>\n"
)
TOKEN = {"Authorization": "Bearer secret"}


@pytest.mark.parametrize(
    ("text", "datatype", "valid"),
    [
        ("-0044-03-15", "date", True),
        ("0000-01-01", "date", True),  # XML Schema 1.1: the year 1 BCE
        ("-0000-01-01", "date", True),
        ("2015-02-30", "date", False),
        ("2016-02-29", "date", True),
        ("2015-02-29", "date", False),
        ("-0004-02-29", "date", True),
        ("44-03-15", "date", False),
        ("2015-06-01T24:00:00Z", "dateTime", True),
        ("2015-06-01T24:00:01Z", "dateTime", False),
        ("2015-06-01", "dateTime", False),
        ("2015-06-01T12:00:00", "date", False),
        ("12015", "gYear", True),
        ("15", "gYear", False),
    ],
)
def test_which_dates_exist(text: str, datatype: str, valid: bool) -> None:
    assert is_valid_date(text, XSD + datatype) is valid


EVENTS = [
    # Begin, end, kinds of what is said about them.
    ('"-0044-03-15"^^xsd:date', '"-0044-03-15"^^xsd:date', []),
    ('"0000-05-01"^^xsd:date', '"0001-05-01"^^xsd:date', []),
    ('"-0010-01-01"^^xsd:date', '"-0011-01-01"^^xsd:date', ["after its end"]),
    ('"2015-02-30"^^xsd:date', '"2015-03-01"^^xsd:date', ["not a valid xsd:date"]),
    ('"2015-06-01T24:00:00Z"^^xsd:dateTime', '"2015-06-02"^^xsd:date', []),
    ('"2015-06-02T12:00:00Z"^^xsd:dateTime', '"2015-06-02"^^xsd:date', []),
    ('"2015-06-03T00:00:00Z"^^xsd:dateTime', '"2015-06-02"^^xsd:date', ["after its end"]),
    ('"2015-06-03"^^xsd:date', '"2015-06-02"^^xsd:date', ["after its end"]),
    ('"2015"^^xsd:gYear', '"2015-01-01"^^xsd:date', []),
    ('"2016"^^xsd:gYear', '"2015"^^xsd:gYear', ["after its end"]),
    ('"soon"^^xsd:date', '"later"^^xsd:date', ["not a valid", "not a valid"]),
]


def triples(number: int, begin: str, end: str) -> str:
    return f"x:{number} a sem:Event ; sem:hasBeginTimeStamp {begin} ; sem:hasEndTimeStamp {end} ."


def test_imported(tmp_path: Path) -> None:
    path = tmp_path / "in.ttl"
    path.write_text(PREFIXES + "\n".join(triples(n, begin, end) for n, (begin, end, _) in enumerate(EVENTS)))
    report = import_files(tmp_path / "kg", [path])
    assert report.warnings == {"begin-after-end": 4, "invalid-date": 3}
    with open_graph(tmp_path / "kg") as graph:
        assert len(graph) == len(EVENTS)
        assert [event.iri for event in graph.events(begin="-0044-03-01", end="-0044-04-01")] == ["http://x/0"]
        assert "http://x/3" not in [event.iri for event in graph.events(begin="2015-02-27", end="2015-02-28")]


@pytest.mark.parametrize("way", ["update", "insert-where", "graph"])
def test_written_over_http(tmp_path: Path, way: str) -> None:
    (tmp_path / "in.nt").write_text("<http://x/a> <http://x/b> <http://x/c> .\n")
    import_files(tmp_path / "kg", [tmp_path / "in.nt"])
    with TestClient(create_app(tmp_path / "kg", update_token="secret"), base_url="http://127.0.0.1") as client:
        for number, (begin, end, wanted) in enumerate(EVENTS):
            text = triples(number, begin, end)
            if way == "graph":
                answer = client.post(
                    "/graphs?graph=http://x/g",
                    content=PREFIXES + text,
                    headers={**TOKEN, "Content-Type": "text/turtle"},
                )
            else:
                update = f"INSERT DATA {{ {text} }}" if way == "update" else f"INSERT {{ {text} }} WHERE {{}}"
                answer = client.post(
                    "/update",
                    content=PREFIXES + update,
                    headers={**TOKEN, "Content-Type": "application/sparql-update"},
                )
            assert answer.status_code in {201, 204}, answer.text
            said = answer.headers.get_list("x-ekg-warning")
            assert len(said) == len(wanted)
            assert all(part in line for part, line in zip(wanted, said, strict=True)), said
        query = PREFIXES + "SELECT (COUNT(*) AS ?n) { ?e a sem:Event }"
        rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        assert rows[0]["n"]["value"] == str(len(EVENTS))
