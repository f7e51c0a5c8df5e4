"""The remote store and Virtuoso's ways: as a server of ours imitates them, and, where it is installed, the real one.

On Debian and Ubuntu ``apt-get install virtuoso-opensource-7-bin`` brings it.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote
from urllib.request import urlopen

import pyoxigraph as ox
import pytest

from ekg.errors import RemoteError
from ekg.store.digest import digest_answer
from ekg.store.endpoint import Endpoint
from ekg.store.remote import RemoteStore
from tests.ekg.store_contract import StoreContract
from tests.replying import Reply, serving

JSON = "application/sparql-results+json"
PATIENCE = 120.0
MOST = 1000
"""Rows of a result and of a sort at most, of the server that is started here; it is 10,000 as installed."""
OWN = "http://www.openlinksw.com/schemas/virtrdf#,http://www.w3.org/ns/ldp#"
CONFIG = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = vt.db
TransactionFile = vt.trx
[Parameters]
ServerPort = {sql}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 2000
MaxDirtyBuffers = 1500
MaxSortedTopRows = {most}
DirsAllowed = .
[HTTPServer]
ServerPort = {http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {most}
"""
A, P, G = (ox.NamedNode(f"urn:{name}") for name in "apg")


# -- imitated --------------------------------------------------------------------------------------------------------


def row(**values: str) -> str:
    """A row of literals as Virtuoso writes them."""
    kind = '"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer"'
    return "{" + ", ".join(f'"{name}": {{ {kind}, "value": "{value}" }}' for name, value in values.items()) + "}"


def answer(names: str, *rows: str, **headers: str) -> Reply:
    variables = ", ".join(f'"{name}"' for name in names.split())
    body = f"""
{{ "head": {{ "link": [], "vars": [{variables}] }},
  "results": {{ "distinct": false, "ordered": true, "bindings": [ {", ".join(rows)} ] }} }}"""
    return 200, {"Content-Type": JSON, **headers}, body.encode()


def opened(url: str, options: str = "") -> RemoteStore:
    return RemoteStore(Endpoint.parse(f"sparql+{url}/sparql#update=/sparql{options}"))


def test_yes_is_a_row_and_no_is_none() -> None:
    with serving(answer("__ASK_RETVAL", row(__ASK_RETVAL="1")), answer("__ASK_RETVAL")) as (url, _):
        store = opened(url)
        assert bool(store.query("ASK { ?s ?p ?o }"))
        assert not bool(store.query("ASK { ?s ?p ?o }"))


def test_a_result_that_was_cut_is_no_result() -> None:
    cut = answer("x", row(x="1"), **{"X-SPARQL-MaxRows": "1"})
    with serving(cut) as (url, _), pytest.raises(RemoteError, match="only a part of the rows"):
        opened(url).query("SELECT ?x { ?s ?p ?x }")


def test_a_cut_result_of_ours_is_no_result_either_but_a_page_is_one() -> None:
    whole = answer("o", row(o="1"))[2].rstrip()
    cut: Reply = (200, {"Content-Type": JSON}, whole[:-1] + b',"truncated":true}')
    with serving(cut) as (url, _), pytest.raises(RemoteError, match="only a part of the rows"):
        opened(url).query("SELECT ?o { ?s ?p ?o }")
    with serving(cut, answer("o")) as (url, _):
        assert [quad.object.value for quad in opened(url).quads(A, P, None, G)] == ["1"]


def test_what_may_not_be_sorted_is_asked_for_from_within() -> None:
    refused: Reply = (500, {}, b"Virtuoso 22023 Error SR353: Sorted TOP clause specifies more then 10001 rows to sort.")
    requests: list[tuple[dict[str, str], bytes]] = []
    replies = (answer("o", row(o="1")), refused, answer("o", row(o="2")), answer("o"))
    with serving(*replies, requests=requests) as (url, _):
        assert [quad.object.value for quad in opened(url, "&page=1").quads(A, P, None, G)] == ["1", "2"]
    asked = [dict(parse_qsl(body.decode()))["query"] for _, body in requests]
    plain = "SELECT * { GRAPH <urn:g> { <urn:a> <urn:p> ?o } } ORDER BY ?g ?s ?p ?o"
    assert asked == [
        f"{plain} LIMIT 1 OFFSET 0",
        f"{plain} LIMIT 1 OFFSET 1",
        f"SELECT * {{ {{ {plain} }} }} LIMIT 1 OFFSET 1",
        f"SELECT * {{ {{ {plain} }} }} LIMIT 1 OFFSET 2",
    ]
    with serving((500, {}, b"another error")) as (url, seen):
        with pytest.raises(RemoteError, match="another error"):
            list(opened(url).quads(A, P, None, G))
        assert len(seen) == 1


def test_a_login_is_digested_where_that_is_wanted() -> None:
    requests: list[tuple[dict[str, str], bytes]] = []
    wants: Reply = (401, {"WWW-Authenticate": 'Digest realm="SPARQL", nonce="n", opaque="o", qop="auth"'}, b"")
    # Virtuoso says what it wants only to who has not tried yet.
    with serving((401, {}, b""), wants, (200, {}, b""), requests=requests) as (url, _):
        opened(url.replace("//", "//dba:secret@")).update("INSERT DATA { <urn:a> <urn:p> 1 }")
    first, second, third = (headers.get("Authorization", "none") for headers, _ in requests)
    assert first.startswith("Basic ")
    assert second == "none"
    assert third.startswith('Digest username="dba", realm="SPARQL", nonce="n", uri="/sparql", response="')
    assert requests[0][1] == requests[2][1]
    with serving(wants, requests=requests) as (url, seen):
        with pytest.raises(RemoteError, match="not allowed"):  # a wrong password is not tried for ever
            opened(url.replace("//", "//dba:wrong@")).update("INSERT DATA { <urn:a> <urn:p> 1 }")
        assert len(seen) == 2


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        'Basic realm="x"',
        "Digest x=1",
        'Digest realm="x", nonce="y", algorithm=MD5-sess',
        "Digest x",
        'Digest realm=, nonce="y"',
        'Digest realm="x", nonce',
    ],
)
def test_other_challenges_are_not_answered(challenge: str) -> None:
    assert digest_answer(challenge, "me", "secret", "POST", "/") is None


def test_a_named_graph_stands_for_the_default_graph() -> None:
    requests: list[tuple[dict[str, str], bytes]] = []
    with serving(answer("o", row(o="1")), answer("o"), requests=requests) as (url, _):
        store = opened(url, "&default=urn:default&hide=urn:own,urn:other")
        assert next(iter(store.quads(A, P, None, ox.DefaultGraph()))) == ox.Quad(A, P, ox.Literal(1))
        store.update("INSERT DATA { <urn:a> <urn:p> 1 }")
        list(store.quads(A, P))
        store.query("SELECT ?o { ?s ?p ?o }", strict_dataset=True)
    forms = [dict(parse_qsl(body.decode())) for _, body in requests]
    assert "GRAPH <urn:default> { <urn:a> <urn:p> ?o }" in forms[0]["query"]
    assert forms[1] == {"update": "INSERT DATA { <urn:a> <urn:p> 1 }", "default-graph-uri": "urn:default"}
    assert "FILTER(?g NOT IN (<urn:own>, <urn:other>))" in forms[2]["query"]
    assert forms[3] == {"query": "SELECT ?o { ?s ?p ?o }", "default-graph-uri": "urn:default"}


# -- the real one ----------------------------------------------------------------------------------------------------


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        for listener in (one, two):
            listener.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Descriptor of a running Virtuoso that takes updates from everybody; skips where it is not installed."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        pytest.skip("Virtuoso is not installed")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = free_ports()
    (folder / "v.ini").write_text(CONFIG.format(sql=sql, http=http, most=MOST))
    with subprocess.Popen(
        [program, "+configfile", "v.ini", "+foreground"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{http}/sparql?query=ASK%20%7B%7D", process, folder / "v.log")
            subprocess.run(
                [client, str(sql), "dba", "dba", 'exec=GRANT SPARQL_UPDATE TO "SPARQL";'],
                check=True,
                capture_output=True,
                timeout=PATIENCE,
            )
            url = f"http://127.0.0.1:{http}/sparql"
            yield f"sparql+{url}#update=/sparql&default=urn:default&hide={quote(OWN)}"
        finally:
            process.terminate()
            killer = threading.Timer(PATIENCE, process.kill)
            killer.start()
            process.wait()
            killer.cancel()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(url, timeout=PATIENCE).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        else:
            return


def emptied(descriptor: str) -> RemoteStore:
    store = RemoteStore(Endpoint.parse(descriptor))
    for name in (*store.graphs(), "urn:default"):
        store.update(f"CLEAR GRAPH <{name}>")
    return store


class TestVirtuoso(StoreContract):
    @pytest.fixture
    def store(self, virtuoso: str) -> RemoteStore:
        return emptied(virtuoso)


def test_more_rows_than_a_result_or_a_sort_may_have(virtuoso: str) -> None:
    store = emptied(virtuoso)
    quads = {ox.Quad(ox.NamedNode(f"urn:{n}"), P, ox.Literal(n), G) for n in range(2 * MOST + 500)}
    store.add(quads)
    assert len(store) == len(quads)
    assert set(store.quads(graph=G)) == quads
    with pytest.raises(RemoteError, match="only a part of the rows"):
        store.query("SELECT ?s { ?s <urn:p> ?o }")
    assert len(list(store.query(f"SELECT ?s {{ ?s <urn:p> ?o }} LIMIT {MOST - 1}"))) == MOST - 1  # type: ignore[arg-type]  # rows


def test_a_digested_login_may_update(virtuoso: str) -> None:
    emptied(virtuoso)
    login = virtuoso.replace("//", "//dba:dba@").replace("#update=/sparql&", "#update=/sparql-auth&")
    store = RemoteStore(Endpoint.parse(login))
    store.add([ox.Quad(A, P, A, G)])
    assert list(store.quads(A)) == [ox.Quad(A, P, A, G)]
    wrong = RemoteStore(Endpoint.parse(login.replace("dba:dba", "dba:wrong")))
    with pytest.raises(RemoteError, match="not allowed"):
        wrong.add([ox.Quad(A, P, P, G)])
