"""The W3C's suites against our server, and the runner against a small suite of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from ekg.bench.w3c import KNOWN, failures
from ekg.bench.w3c_cases import Case, read_cases
from ekg.bench.w3c_endpoint import Endpoint
from ekg.bench.w3c_results import canonical_csv, canonical_result
from ekg.graph import open_graph
from ekg.server import create_app
from tests.running import running

STEP = 5


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    app = create_app(open_graph(), strict_dataset=True, update_token="secret")
    with running(app) as port, Endpoint(f"http://127.0.0.1:{port}", token="secret") as endpoint:
        yield endpoint


@pytest.fixture
def cases(data: Callable[[str], Path]) -> list[Case]:
    return read_cases(data("w3c-sparql-tests"))


@pytest.mark.data
@pytest.mark.parametrize(
    ("suite", "count"), [("protocol", 34), ("graph-store-protocol", 13), ("service-description", 3)]
)
def test_protocols(data: Callable[[str], Path], cases: list[Case], endpoint: Endpoint, suite: str, count: int) -> None:
    chosen = [case for case in cases if case.suite == f"sparql11/{suite}"]
    assert len(chosen) == count
    assert failures(data("w3c-sparql-tests"), chosen, endpoint) == {}


@pytest.mark.data
@pytest.mark.slow
def test_queries_and_updates(data: Callable[[str], Path], cases: list[Case], endpoint: Endpoint) -> None:
    others = [
        case for case in cases if case.kind.endswith(("SyntaxTest", "SyntaxTest11", "EvaluationTest", "FormatTest"))
    ]
    assert len(others) == 767
    # Every fifth case, and all that are known to fail, so that the list stays right.
    chosen = [case for n, case in enumerate(others) if n % STEP == 0 or case.name in KNOWN]
    assert set(failures(data("w3c-sparql-tests"), chosen, endpoint)) == set(KNOWN)


# -- the runner ------------------------------------------------------------------------------------------------------

MANIFEST = """
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix ut: <http://www.w3.org/2009/sparql/tests/test-update#> .
@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <#> .
<> a mf:Manifest ; mf:entries ( :right :wrong :set :graph :csv :good :bad :update :lost ) .
:right a mf:QueryEvaluationTest ; mf:action [ qt:query <q.rq> ; qt:data <d.ttl> ] ; mf:result <right.srj> .
:wrong a mf:QueryEvaluationTest ; mf:action [ qt:query <q.rq> ; qt:data <d.ttl> ] ; mf:result <wrong.srj> .
:set a mf:QueryEvaluationTest ; mf:action [ qt:query <q.rq> ; qt:data <d.ttl> ] ; mf:result <set.ttl> .
:graph a mf:QueryEvaluationTest ;
  mf:action [ qt:query <g.rq> ; qt:graphData <d.ttl> ] ; mf:result <d.ttl> .
:csv a mf:CSVResultFormatTest ; mf:action [ qt:query <q.rq> ; qt:data <d.ttl> ] ; mf:result <right.csv> .
:good a mf:PositiveSyntaxTest11 ; mf:action <refused.rq> .
:bad a mf:NegativeSyntaxTest11 ; mf:action <q.rq> .
:update a mf:UpdateEvaluationTest ; mf:action [ ut:request <u.ru> ; ut:data <e.ttl> ] ;
  mf:result [ ut:data <e.ttl> ; ut:graphData [ ut:graph <e.ttl> ; rdfs:label "http://x/g" ] ] .
:lost a mf:UpdateEvaluationTest ; mf:action [ ut:request <u.ru> ; ut:data <e.ttl> ] ; mf:result [ ut:data <e.ttl> ] .
"""
FILES = {
    "manifest.ttl": MANIFEST,
    "d.ttl": "<s> <p> 2.0 , [] .",
    "e.ttl": "<s> <p> 1 .",
    "q.rq": "SELECT ?o { <s> <p> ?o }",
    "g.rq": "CONSTRUCT { ?s ?p ?o } { GRAPH <d.ttl> { ?s ?p ?o } }",
    "refused.rq": "ASK { SERVICE <http://x/> { ?s ?p ?o } }",
    "u.ru": "COPY DEFAULT TO <http://x/g>",
    "right.csv": "o\r\n_:z\r\n2\r\n",
    "right.srj": '{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"bnode","value":"x"}},{"o":{"type":'
    '"literal","value":"2","datatype":"http://www.w3.org/2001/XMLSchema#decimal"}}]}}',
    "wrong.srj": '{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"bnode","value":"x"}}]}}',
    "set.ttl": """@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
[] a rs:ResultSet ; rs:resultVariable "o" ;
  rs:solution [ rs:binding [ rs:variable "o" ; rs:value 2.0 ] ] , [ rs:binding [ rs:variable "o" ; rs:value [] ] ] .""",
}


def test_the_runner_sees_faults(tmp_path: Path, endpoint: Endpoint) -> None:
    folder = tmp_path / "suites" / "own"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, newline="")
    found = read_cases(tmp_path)
    assert [case.name for case in found[:2]] == ["suites/own/right", "suites/own/wrong"]
    assert set(failures(tmp_path, found, endpoint)) == {"suites/own/wrong", "suites/own/bad", "suites/own/lost"}


def test_results_are_compared_up_to_names_of_blank_nodes() -> None:
    assert canonical_csv(b"a,b\r\n_:x,_:x\r\n") == canonical_csv(b"a,b\r\n_:y,_:y\r\n")
    assert canonical_csv(b"a,b\r\n_:x,_:x\r\n") != canonical_csv(b"a,b\r\n_:x,_:y\r\n")
    assert canonical_csv(b"a\r\n1\r\n1\r\n") != canonical_csv(b"a\r\n1\r\n")
    assert canonical_csv(b"a,b\r\n1,\r\n") != canonical_csv(b"a,b\r\n,1\r\n")
    assert canonical_result(b'{"head":{},"boolean":true}', ox.QueryResultsFormat.JSON) is True
