"""``ekg serve`` as a process, over real sockets."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from ekg.pipeline.importing import import_files
from tests.serving import Served, served

PATIENCE = 120.0


@pytest.fixture
def kg(tmp_path: Path) -> Path:
    add(tmp_path / "kg", "one")
    return tmp_path / "kg"


def add(kg: Path, name: str) -> None:
    source = kg.parent / f"{name}.nq"
    source.write_text(
        f"<http://x/{name}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        f"<http://semanticweb.cs.vu.nl/2009/11/sem/Event> <http://x/g> .\n"
    )
    import_files(kg, [source])


def get(server: Served, path: str) -> tuple[int, bytes]:
    try:
        with urlopen(server.url + path, timeout=60) as response:
            return response.status, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def ask(server: Served, name: str) -> bool:
    status, body = get(server, f"sparql?query={quote(f'ASK {{ <http://x/{name}> ?p ?o }}')}")
    assert status == 200, server.log
    return bool(json.loads(body)["boolean"])


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_graph_that_grows_beside_its_server(kg: Path) -> None:
    with served(kg) as server:
        assert ask(server, "one")
        assert not ask(server, "two")
        assert json.loads(get(server, "api/events")[1])["total"] == 1
        add(kg, "two")
        until(lambda: ask(server, "two"))
        until(lambda: json.loads(get(server, "api/events")[1])["total"] == 2)
        # The readers have moved on, so the old snapshot goes.
        until(lambda: [path.name for path in (kg / "snapshots").iterdir()] == ["2"])
        assert get(server, "healthz")[0] == 200
    assert server.process.returncode in {0, -signal.SIGTERM}, server.log
