"""The JSON API, its description, the page and what protects them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

import ekg.server
from ekg.graph import EventGraph
from ekg.pipeline.build import graph_of
from ekg.pipeline.importing import import_files
from ekg.server import create_app
from ekg.server.api import OPERATIONS
from ekg.server.app import STATIC
from tests.samples import sample_pairs

LOCAL = "http://127.0.0.1"


@pytest.fixture(scope="module")
def graph() -> Iterator[EventGraph]:
    with graph_of(sample_pairs()) as graph:
        yield graph


@pytest.fixture(scope="module")
def client(graph: EventGraph) -> Iterator[TestClient]:
    with TestClient(create_app(graph), base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def test_events_are_those_of_the_graph(client: TestClient, graph: EventGraph) -> None:
    found = client.get("/api/events").json()
    assert found == json.loads(json.dumps({"total": 6, "events": [event.to_dict() for event in graph.events()]}))


@pytest.mark.parametrize(
    ("parameters", "types"),
    [
        ({"type": "Fire"}, ["Fire"]),
        ({"actor": "Tom Reyes"}, ["Arrest", "Trial"]),
        ({"place": "Norrby", "to": "2024-04-08"}, ["Fire"]),
        ({"from": "2024-04-09", "to": "2024-05"}, ["Arrest"]),
        ({"to": "2024"}, ["Fire", "Arrest", "Trial"]),
        ({"text": "holm opening"}, ["Process_start"]),
        ({"missing": "time"}, ["Rescuing", "Releasing"]),
        ({"missing": "time, Agent"}, ["Rescuing"]),
        ({"k": "2"}, ["Fire", "Arrest"]),
        ({"k": "2", "offset": "2"}, ["Trial", "Process_start"]),
        ({"type": ""}, ["Fire", "Arrest", "Trial", "Process_start", "Rescuing", "Releasing"]),
        ({"offset": "100"}, []),
    ],
)
def test_filters_of_events(client: TestClient, parameters: dict[str, str], types: list[str]) -> None:
    response = client.get("/api/events", params=parameters)
    assert response.status_code == 200
    found = [event["type"] for event in response.json()["events"]]
    assert sorted(found) == sorted(types)
    dated = [event["begin"] for event in response.json()["events"] if event["begin"]]
    assert dated == sorted(dated)


def test_total_does_not_depend_on_the_page(client: TestClient) -> None:
    assert client.get("/api/events", params={"k": 1, "offset": 3}).json()["total"] == 6


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/api/events?k=0", "whole number from 1"),
        ("/api/events?k=9999", "whole number"),
        ("/api/events?k=x", "whole number"),
        ("/api/events?k=%C2%B2", "whole number"),
        ("/api/events?k=1&k=2", "twice"),
        ("/api/events?from=2015-02-30", "no day 30"),
        ("/api/events?from=yesterday", "not an ISO 8601 date"),
        ("/api/events?form=2015", "unknown parameter 'form'"),
        ("/api/search", "'q' is missing"),
        ("/api/search?q=%20", "'q' is missing"),
        ("/api/search?q=a&kind=dance", "one of passage"),
        ("/api/ask?q=a&explain=maybe", "true or false"),
        ("/api/events?text=%FF", "UTF-8"),
        ("/api/events?text=" + "a" * 10_001, "longer"),
    ],
)
def test_bad_parameters(client: TestClient, path: str, message: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert message in response.json()["error"]
    assert "hint" in response.json()


def test_unknown_parameter_has_a_suggestion(client: TestClient) -> None:
    assert "'from'" in client.get("/api/events?form=2015").json()["hint"]


def test_entity(client: TestClient) -> None:
    found = client.get("/api/entity", params={"q": "tom reyes"}).json()
    assert (found["name"], found["type"], found["events"]) == ("Tom Reyes", "person", 2)
    assert client.get("/api/entity", params={"q": found["iri"]}).json()["name"] == "Tom Reyes"
    assert client.get("/api/entity", params={"q": found["id"]}).json()["name"] == "Tom Reyes"
    missing = client.get("/api/entity", params={"q": "Nobody"})
    assert missing.status_code == 404
    assert "Nobody" in missing.json()["error"]


def test_timeline(client: TestClient) -> None:
    found = client.get("/api/timeline", params={"q": "Tom Reyes"}).json()
    assert [event["type"] for event in found["events"]] == ["Arrest", "Trial"]
    assert found["entity"]["name"] == "Tom Reyes"
    assert len(client.get("/api/timeline", params={"q": "Tom Reyes", "k": 1}).json()["events"]) == 1
    assert client.get("/api/timeline", params={"q": "Xylophonist"}).status_code == 404


def test_search(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "police arrested", "k": 1}).json()
    assert found["query"] == "police arrested"
    (result,) = found["results"]
    assert result["document"] == "fire"
    assert "Police arrested Tom Reyes" in result["text"]


def test_ask(client: TestClient, graph: EventGraph) -> None:
    found = client.get("/api/ask", params={"q": "Who was arrested in Norrby?"}).json()
    assert set(found) >= {
        "question", "abstained", "reason", "confidence", "answers", "conflicts", "sparql", "frame", "elapsed_ms",
    }  # fmt: skip
    assert found["question"] == "Who was arrested in Norrby?"
    for answer in found["answers"]:
        for evidence in answer["evidence"]:
            low, high = evidence["span"]
            assert graph.document(evidence["document"]).text[low:high] == evidence["quote"]


def test_info_does_not_name_folders(client: TestClient) -> None:
    info = client.get("/api/info").json()
    assert info["counts"]["event"] == 6
    assert info["path"] == "memory:"
    assert ["Fire", 1] in info["all_types"]
    assert info["entities"][0][0] == "Norrby"
    assert info["prefixes"]["sem"].startswith("http")


def test_slow_call_is_answered(graph: EventGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(EventGraph, "info", lambda self: release.wait(60))
    with TestClient(create_app(graph, timeout=0.1), base_url=LOCAL) as client:
        try:
            response = client.get("/api/info")
            assert response.status_code == 504
            assert client.get("/healthz").status_code == 200
        finally:
            release.set()


def test_bug_is_not_shown(graph: EventGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: EventGraph) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(EventGraph, "info", fail)
    with TestClient(create_app(graph), base_url=LOCAL, raise_server_exceptions=False) as client:
        response = client.get("/api/info")
        assert response.status_code == 500
        assert "secret" not in response.text
        assert "Traceback" not in response.text


# -- description -----------------------------------------------------------------------------------------------------


def test_description_matches_the_routes(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    app = client.app.app  # type: ignore[attr-defined]  # the Starlette behind the front
    paths = {route.path for route in app.routes if isinstance(route, Route)}
    assert set(document["paths"]) == {path for path in paths if path.startswith("/api/")} - {"/api/openapi.json"}
    for operation in OPERATIONS:
        described = document["paths"][operation.path]["get"]
        assert [p["name"] for p in described["parameters"]] == [p.name for p in operation.parameters]
    text = json.dumps(document)
    for name in set(re.findall(r"#/components/schemas/(\w+)", text)):
        assert name in document["components"]["schemas"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/events",
        "/api/info",
        "/api/search?q=fire",
        "/api/timeline?q=Norrby",
        "/api/entity?q=Norrby",
        "/api/ask?q=Who+was+arrested%3F",
    ],
)
def test_answers_have_what_the_description_requires(client: TestClient, path: str) -> None:
    document = client.get("/api/openapi.json").json()
    schemas = document["components"]["schemas"]

    def check(value: Any, schema: dict[str, Any], where: str) -> None:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        kinds = schema.get("type")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds:
            actual = {
                bool: "boolean", str: "string", int: "integer", float: "number", list: "array", dict: "object",
                type(None): "null",
            }[type(value)]  # fmt: skip
            assert actual in kinds or (actual == "integer" and "number" in kinds), where
        if isinstance(value, dict):
            for name in schema.get("required", ()):
                assert name in value, f"{where}.{name}"
            for name, part in schema.get("properties", {}).items():
                if name in value:
                    check(value[name], part, f"{where}.{name}")
        if isinstance(value, list) and isinstance(schema.get("items"), dict):
            for item in value:
                check(item, schema["items"], f"{where}[]")

    operation = document["paths"][path.partition("?")[0]]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    check(client.get(path).json(), schema, path)


# -- page and protection ---------------------------------------------------------------------------------------------


def test_page_and_its_parts(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert {"/static/app.js", "/static/style.css"} <= parts
    for part in sorted(parts):
        assert client.get(part).status_code == 200, part
    assert client.get("/static/app.js").headers["content-type"].startswith("text/javascript")


def test_page_has_nothing_inline_or_foreign() -> None:
    html = (STATIC / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", html)
    for path in sorted(STATIC.iterdir()):
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", text), path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), path.name


def test_every_field_of_the_page_has_a_label() -> None:
    html = (STATIC / "index.html").read_text()
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', html))
    inside = re.sub(r"<label(?![^>]*\bfor=).*?</label>", "", html, flags=re.DOTALL)
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", inside):
        match = re.search(r'\bid="([^"]+)"', field)
        assert match is not None, field
        assert match[1] in labelled, field


def test_page_is_in_the_package() -> None:
    assert Path(ekg.server.__file__).parent in STATIC.parents


@pytest.mark.parametrize("path", ["/", "/api/events", "/sparql?query=ASK%7B%7D", "/nothing", "/static/app.js"])
def test_headers_of_every_answer(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "http://evil.example"}).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", ""])
def test_foreign_host_names_are_refused(client: TestClient, host: str) -> None:
    response = client.get("/api/events", headers={"Host": host})
    assert response.status_code == 400
    assert "events" not in response.json()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_local_host_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"]
)
def test_no_way_out_of_the_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_unknown_path_and_wrong_method(client: TestClient) -> None:
    missing = client.get("/nothing")
    assert missing.status_code == 404
    assert "/sparql" in missing.json()["hint"]
    wrong = client.post("/api/events")
    assert wrong.status_code == 405
    assert set(wrong.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert client.head("/api/events").status_code == 200


def test_what_stays_the_same_changes_with_the_graph(tmp_path: Path) -> None:
    """Also if nothing else is asked for, which would open the new graph."""
    file = tmp_path / "in.nt"
    file.write_text("<urn:a> <urn:p> <urn:b> .\n")
    import_files(tmp_path / "kg", [file])
    with TestClient(create_app(tmp_path / "kg", allowed_hosts=None, workers=1)) as client:
        told = [client.get("/api/info").json() for _ in range(2)]
        file.write_text("<urn:a> <urn:p> <urn:c> .\n")
        import_files(tmp_path / "kg", [file])
        told += [client.get("/api/info").json() for _ in range(2)]
    assert [info["quads"] for info in told] == [1, 1, 2, 2]
