"""``ekg serve`` with its options, as a process."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from ekg.pipeline.importing import import_files
from tests.serving import Served, served

ORIGIN = "https://example.org"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def post(server: Served, path: str, body: str, media: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = Request(server.url + path, body.encode(), {"Content-Type": media, **headers})
    try:
        with urlopen(request, timeout=120) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
    except HTTPError as error:
        with error:
            return error.code, {}, error.read()


def count(server: Served) -> int:
    status, headers, body = post(server, "sparql", COUNT, "application/sparql-query", Origin=ORIGIN)
    assert status == 200, server.log
    assert headers["access-control-allow-origin"] == ORIGIN
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def test_a_process_with_options(tmp_path: Path) -> None:
    source = tmp_path / "in.nq"
    source.write_text("<http://x/a> <http://x/p> <http://x/b> <http://x/g> .\n")
    import_files(tmp_path / "kg", [source])
    token, log = tmp_path / "token", tmp_path / "log"
    token.write_text("a-word-that-nobody-knows\n")
    options = ["--update-token-file", str(token), "--access-log", str(log), "--cors", ORIGIN, "--max-body", "1"]
    own = "http://127.0.0.1:9/sparql"
    options += ["--allow-service", own, "--allow-service", "https://example.org/", "--allow-load", own]
    right = {"Authorization": f"Bearer {token.read_text().strip()}"}
    insert, update = "INSERT DATA { <http://x/c> <http://x/p> <http://x/d> }", "application/sparql-update"
    with served(tmp_path / "kg", *options) as server:
        assert count(server) == 1
        assert post(server, "update", insert, update)[0] == 401
        assert post(server, "update", insert, update, Authorization="Bearer wrong")[0] == 403
        assert count(server) == 1
        assert post(server, "update", insert, update, **right)[0] == 204
        assert count(server) == 2
        assert post(server, "update", f"{insert} # {'x' * 1024}", update, **right)[0] == 413
        assert count(server) == 2
        for kind, path, text in (
            ("application/sparql-query", "sparql", f"ASK {{ SERVICE <{own}> {{ ?s ?p ?o }} }}"),
            (update, "update", f"LOAD <{own}>"),
        ):
            status, _, body = post(server, path, text, kind, **right)
            assert (status, b"this machine's own" in body) == (403, True)
            assert post(server, path, text.replace(own, "http://other.org/"), kind, **right)[0] == 403
    lines = log.read_text().splitlines()
    assert [line.split()[-3] for line in lines] == [
        "200",
        "401",
        "403",
        "200",
        "204",
        "200",
        "413",
        "200",
        *["403"] * 4,
    ]
    assert "nobody-knows" not in log.read_text()
    assert "http://x" not in log.read_text()
