"""A SPARQL endpoint under test: its addresses, and one connection that is kept."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox

from ekg.store.terms import triple_text

_ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_ANY = "application/sparql-results+json, application/n-triples;q=0.9"
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def media(self) -> str:
        """Media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(slots=True)
class Endpoint:
    """A server's three addresses. A context manager, which closes the connection.

    Args:
        root: such as ``http://127.0.0.1:8000``.
        query: path for queries.
        update: path for updates.
        graphs: path of the Graph Store Protocol.
        token: to be shown with updates.
    """

    root: str
    query: str = "/sparql"
    update: str = "/update"
    graphs: str = "/graphs"
    token: str | None = None
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def send(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send one request; a connection that the server has closed in the meantime is opened anew.

        Raises:
            OSError: there is no such server, or it does not answer.
            http.client.HTTPException: it does not talk HTTP.
        """
        sent = dict(headers or {})
        if self.token is not None and method != "GET":
            sent.setdefault("Authorization", f"Bearer {self.token}")
        for _ in range(2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(urlsplit(self.root).netloc, timeout=_TIMEOUT)
            try:
                self._connection.request(method, path, body=body, headers=sent)
                answer = self._connection.getresponse()
                content = answer.read()
            except (ConnectionError, http.client.RemoteDisconnected):
                self._connection.close()
                self._connection = None
                continue
            return Response(answer.status, {key.lower(): value for key, value in answer.getheaders()}, content)
        raise ConnectionError(f"{self.root} closes every connection")

    def ask(self, sparql: str, accept: str = _ANY) -> Response:
        """Send a query."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.send("POST", self.query, body=sparql.encode(), headers=headers)

    def change(self, sparql: str) -> Response:
        """Send an update."""
        return self.send(
            "POST", self.update, body=sparql.encode(), headers={"Content-Type": "application/sparql-update"}
        )

    def fill(self, quads: Iterable[ox.Quad], graphs: Iterable[str]) -> Response:
        """Make the dataset hold exactly these quads; ``graphs`` are its named graphs, of which some may be empty."""
        data = "".join(_pattern(quad) for quad in quads)
        created = "".join(f" ; CREATE SILENT GRAPH <{graph}>" for graph in graphs)
        return self.change(f"DROP ALL{created} ; INSERT DATA {{ {data} }}")

    def holds(self) -> list[ox.Quad]:
        """All quads of the dataset.

        Raises:
            SyntaxError: the answer is no result.
        """
        result = ox.parse_query_results(self.ask(_ALL).body, ox.QueryResultsFormat.JSON)
        assert isinstance(result, ox.QuerySolutions)
        return [ox.Quad(row["s"], row["p"], row["o"], row["g"] or ox.DefaultGraph()) for row in result]


def form(**values: str) -> bytes:
    """A form's body."""
    return urlencode(values, quote_via=quote).encode()


def _pattern(quad: ox.Quad) -> str:
    triple = triple_text(quad)
    return f"{triple} . " if isinstance(quad.graph_name, ox.DefaultGraph) else f"GRAPH {quad.graph_name} {{{triple}}} "
