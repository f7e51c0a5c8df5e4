"""What every request passes: the Host header, origins of pages, the metrics and the access log."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.testclient import TestClient

from ekg.errors import ConfigError
from ekg.graph import open_graph
from ekg.server import create_app
from ekg.server.call import parse_parameters
from ekg.server.errors import RequestError
from ekg.server.run import checked_origin

LOCAL = "http://127.0.0.1"
GOOD, BAD = "https://good.example", "https://bad.example"
QUERY = {"query": "SELECT ('secret' AS ?word) {}"}
LETTERS = "ab=&%+ é€😀\n#:/<>?\"'41"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(open_graph(), origins=[GOOD], update_token="t0ken", access_log=tmp_path / "log")
    with TestClient(app, base_url=LOCAL) as client:
        yield client


@pytest.mark.parametrize("path", ["/sparql", "/update", "/graphs", "/api/info", "/"])
def test_preflights(client: TestClient, path: str) -> None:
    good = client.options(path, headers={**PREFLIGHT, "Origin": GOOD})
    assert good.status_code == 204
    assert good.headers["access-control-allow-origin"] == GOOD
    assert "Authorization" in good.headers["access-control-allow-headers"]
    for origin in (BAD, "null", f"{GOOD}.evil.example", GOOD.replace("https", "http")):
        bad = client.options(path, headers={**PREFLIGHT, "Origin": origin})
        assert bad.status_code == 403
        assert not [name for name in bad.headers if name.startswith("access-control")]


def test_answers_for_pages_of_other_origins(client: TestClient) -> None:
    good = client.get("/sparql", params=QUERY, headers={"Origin": GOOD})
    assert good.headers["access-control-allow-origin"] == GOOD
    assert "Origin" in good.headers["vary"]
    bad = client.get("/sparql", params=QUERY, headers={"Origin": BAD})
    assert "access-control-allow-origin" not in bad.headers
    with TestClient(create_app(open_graph()), base_url=LOCAL) as closed:
        assert "access-control-allow-origin" not in closed.get("/healthz", headers={"Origin": GOOD}).headers
        assert closed.options("/sparql", headers={**PREFLIGHT, "Origin": GOOD}).status_code == 403


def test_origins_are_checked() -> None:
    assert checked_origin("https://Example.org:8443/") == "https://example.org:8443"
    for text in ("*", "example.org", "https://example.org/page", "ftp://example.org", "https://a b", ""):
        with pytest.raises(ConfigError, match="no origin"):
            checked_origin(text)


@pytest.mark.parametrize("path", ["/sparql", "/healthz", "/api/info", "/"])
def test_names_of_the_server(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Host": "localhost:8000"}).status_code == 200
    wrong = client.get(path, headers={"Host": "evil.example"})
    assert wrong.status_code == 400
    assert "evil.example" in wrong.json()["error"]
    for name in (
        "127.0.0.1:80 80",
        "127.0.0.1:80/x",
        "localhost:<x>",
        "localhost:",
        "[::1",
        "a b",
        "127.0.0.1:80, evil",
    ):
        assert client.get(path, headers={"Host": name}).status_code == 400


@pytest.mark.parametrize("path", ["/sparql", "/sparql?query=ASK+%7B%7D", "/metrics", "/api/info", "/nowhere", "/"])
def test_every_answer_is_protected(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'self'")


def test_metrics(client: TestClient) -> None:
    for _ in range(3):
        client.get("/sparql", params=QUERY)
    client.get("/sparql", params={"query": "SELECT {"})
    client.get("/api/info")
    client.get("/made/up/path")
    text = client.get("/metrics")
    assert text.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = text.text.splitlines()
    assert 'ekg_http_requests_total{path="/sparql",method="GET",status="200"} 3' in lines
    assert 'ekg_http_requests_total{path="/sparql",method="GET",status="400"} 1' in lines
    assert 'ekg_http_requests_total{path="/api/info",method="GET",status="200"} 1' in lines
    assert 'ekg_http_requests_total{path="other",method="GET",status="404"} 1' in lines
    assert 'ekg_http_request_seconds_bucket{path="/sparql",le="+Inf"} 4' in lines
    assert 'ekg_http_request_seconds_count{path="/sparql"} 4' in lines
    assert "ekg_http_requests_running 1" in lines
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+')
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in lines)


def test_the_log_tells_no_secrets(client: TestClient, tmp_path: Path) -> None:
    client.get("/sparql", params=QUERY)
    client.post("/sparql", data=QUERY)
    client.post("/update", content="INSERT DATA {}", headers={"Authorization": "Bearer t0ken"})
    client.get('/a"b\\c%0Ad')
    lines = (tmp_path / "log").read_text().splitlines()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z testclient"
    expected = [
        rf'{stamp} "GET /sparql" 200 \d+ \d+\.\d{{3}}',
        rf'{stamp} "POST /sparql" 200 \d+ \d+\.\d{{3}}',
        rf'{stamp} "POST /update" 415 \d+ \d+\.\d{{3}}',
        rf'{stamp} "GET /a\\x22b\\x5cc\\x0ad" 404 \d+ \d+\.\d{{3}}',
    ]
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line)
    assert not any("secret" in line or "t0ken" in line for line in lines)


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        create_app(open_graph(), access_log=tmp_path / "none" / "log")


def test_parameters_are_read_as_the_standard_library_reads_them() -> None:
    choice = random.Random(13)
    for _ in range(500):
        pairs = [("".join(choice.choices(LETTERS, k=3)), "".join(choice.choices(LETTERS, k=9))) for _ in range(3)]
        data = urlencode(pairs)
        assert parse_parameters(data.encode()) == parse_qsl(data, keep_blank_values=True) == pairs
    for raw in ("", "&&", "a", "a=", "=b", "a=b=c", "%", "%4", "%zz", "%2541", "%253A", "a%3db+c", "%e2%82%ac"):
        assert parse_parameters(raw.encode()) == parse_qsl(raw, keep_blank_values=True)
    for bad in (b"a=%ff", b"a=\xe9", b"&".join([b"a=1"] * 1001)):
        with pytest.raises(RequestError) as caught:
            parse_parameters(bad)
        assert caught.value.http_status == 400
