"""Endpoints as other processes, and a client that asks them."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from ekg.errors import EkgError

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
"""The program of the package ``oxigraph``, which need not be installed."""
_START_SECONDS = 120.0
_RDFLIB = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Graph()
graph.parse(sys.argv[1], format="nt")
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running endpoint: its process, port, and the path of its query service."""

    name: str
    pid: int
    port: int
    path: str


class NotReadyError(EkgError):
    """An endpoint ended before it answered, or did not answer in time."""


class Client:
    """A keep-alive connection to an endpoint.

    Args:
        server: the endpoint.
        timeout: seconds to wait for an answer.
        kept: whether answers that it has kept will do; else it is told to find each anew.
    """

    def __init__(self, server: Server, *, timeout: float = 1200.0, kept: bool = False) -> None:
        self._server = server
        self._more = {} if kept else {"Cache-Control": "no-cache"}
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)

    def ask(self, sparql: str) -> bytes:
        """The body of the answer to a query.

        Raises:
            EkgError: the endpoint does not answer with 200.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
        headers |= self._more
        try:
            self._connection.request("POST", self._server.path, urlencode({"query": sparql}), headers)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise EkgError(f"{self._server.name} did not answer: {error}") from error
        if response.status != 200:
            raise EkgError(f"{self._server.name} answered {response.status}: {body[:200]!r}")
        return body

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def ekg_server(kg: Path, *options: str) -> Iterator[Server]:
    """``ekg serve`` of a graph."""
    command = [sys.executable, "-m", "ekg", "serve", str(kg), "--port", "0", *options]
    with _process(command) as process:
        assert process.stderr is not None
        for line in process.stderr:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                # What it says later must not fill the pipe and stop it.
                threading.Thread(target=process.stderr.read, daemon=True).start()
                server = Server(name="ekg serve", pid=process.pid, port=int(found[1]), path="/sparql")
                yield _ready(server, process)
                return
        raise EkgError("ekg serve ended before it listened")


@contextmanager
def oxigraph_server(quads: Path | None = None, *, union: bool = True) -> Iterator[Server]:
    """``oxigraph serve``.

    Args:
        quads: directory of a store; None keeps everything in memory.
        union: whether the default graph is always the union of all graphs.

    Raises:
        EkgError: it does not start.
    """
    options = ["--location", str(quads)] if quads is not None else []
    options += ["--union-default-graph"] if union else []
    with ExitStack() as stack:
        for last in (False, False, False, False, True):
            # It cannot choose a port itself, so another program may have taken this one meanwhile.
            port = free_port()
            command = [str(OXIGRAPH), "serve", "--bind", f"127.0.0.1:{port}", *options]
            process = stack.enter_context(_process(command, quiet=True))
            server = Server(name="oxigraph serve", pid=process.pid, port=port, path="/query")
            try:
                yield _ready(server, process)
            except NotReadyError:
                if last:
                    raise
            else:
                return


@contextmanager
def rdflib_server(triples: Path) -> Iterator[Server]:
    """rdflib-endpoint over a graph in memory, read from N-Triples."""
    port = free_port()
    with _process([sys.executable, "-c", _RDFLIB, str(triples), str(port)], quiet=True) as process:
        yield _ready(Server(name="rdflib-endpoint", pid=process.pid, port=port, path="/sparql"), process)


@contextmanager
def _process(command: list[str], *, quiet: bool = False) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603  # our own programs with fixed arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _ready(server: Server, process: subprocess.Popen[str]) -> Server:
    """Wait until an endpoint answers.

    Raises:
        NotReadyError: it ended, or did not answer in two minutes.
    """
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        client = Client(server)
        try:
            client.ask("ASK {}")
        except EkgError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return server
        finally:
            client.close()
    raise NotReadyError(f"{server.name} did not start")
