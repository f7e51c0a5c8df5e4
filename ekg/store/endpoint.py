"""A SPARQL endpoint of another program, spoken to over HTTP.

Not by way of SPARQLWrapper: it follows a redirected update with a GET, so that the update is lost without a word. Here
redirects are errors, and so is everything that is no complete answer of the right type.
"""

from __future__ import annotations

import base64
import http.client
import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from ekg.errors import ConfigError, QueryError, RemoteError
from ekg.store.digest import digest_answer, login_of

_PAUSES = (0.25, 1.0, 4.0)
"""Seconds before each further try."""
_BUSY = frozenset({429, 502, 503, 504})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SHOWN = 300
_CUT = re.compile(rb',\s*"truncated"\s*:\s*true\s*\}\s*\Z')
"""Our own mark at the end of an answer in JSON, which not all parsers take."""
_OPTIONS = {"update", "graphs", "timeout", "page", "union", "default", "hide", "documents"}
_MOST = 1e9


def is_cut(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an engine says that it has left rows out: ekg in a header or in the body, Virtuoso in a header.

    Args:
        headers: of the answer, names in lower case.
        body: of the answer.
    """
    said = "x-sparql-maxrows" in headers or headers.get("x-ekg-truncated") == "true"
    said = said or body[-64:].rstrip().endswith(b"\n# truncated")
    return said or _CUT.search(body, max(0, len(body) - 64)) is not None or b"<!-- truncated -->" in body[-64:]


class Told(NamedTuple):
    """An answer: its media type, its body without a member ``truncated``, and whether rows were left out."""

    kind: str
    body: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where an engine's services are, and how to ask them.

    Args:
        query: URL of the query service.
        update: URL of the update service; None allows reading only.
        graphs: URL of the Graph Store Protocol; None if there is none.
        timeout: seconds that a request may take until an answer begins, and between its pieces.
        page: rows asked for at a time.
        union: whether the engine takes Oxigraph's parameter ``union-default-graph``, so that both kinds of default
            graph can be asked; otherwise it has the one that it has.
        default: IRI of the graph that stands for the default graph in an engine that has named ones only (Virtuoso).
        hidden: IRIs of graphs that are the engine's own and no data.
        headers: sent with every request, such as ``Authorization``.
        documents: directory on this machine of a graph that has the texts of the documents; None if they are nowhere.
    """

    query: str
    update: str | None = None
    graphs: str | None = None
    timeout: float = 60.0
    page: int = 10_000
    union: bool = False
    default: str | None = None
    hidden: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    documents: str | None = None

    @classmethod
    def parse(cls, descriptor: str, *, token: str | None = None) -> Endpoint:
        """An endpoint from ``sparql+https://host/query#update=/update&graphs=/store&timeout=30``.

        What follows ``#`` never leaves this machine: ``update`` and ``graphs`` are URLs, relative to that of the query
        service; ``timeout`` are seconds, ``page`` rows, ``union=1`` is for Oxigraph, ``default`` and ``hide`` (IRIs,
        with commas between) are for Virtuoso; ``documents`` is a directory on this machine. ``user:password@`` before
        the host is sent as basic authentication, or digested where the engine wants that.

        Args:
            descriptor: as above.
            token: sent as ``Authorization: Bearer``.

        Raises:
            ConfigError: it is malformed, or would send a secret over an open line.
        """
        parts = urlsplit(descriptor.removeprefix("sparql+"))
        shape = "write sparql+https://host/query#update=/update&graphs=/store"
        try:
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise ConfigError(f"'{descriptor}': {error}", hint=shape) from error
        if parts.scheme not in {"http", "https"} or not host:
            raise ConfigError(f"'{descriptor}' is not the URL of a SPARQL endpoint", hint=shape)
        location = f"[{host}]" if ":" in host else host
        location += f":{port}" if port is not None else ""
        url = parts._replace(netloc=location, fragment="").geturl()
        options = dict(parse_qsl(parts.fragment, keep_blank_values=True))
        unknown = set(options) - _OPTIONS
        if unknown:
            raise ConfigError(f"unknown option '{min(unknown)}' of a SPARQL endpoint", hint=shape)
        headers = {}
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(secret).decode()}"
        elif token:
            if not (token.isascii() and token.isprintable()):
                raise ConfigError("the token for the SPARQL endpoint has characters that no header can hold")
            headers["Authorization"] = f"Bearer {token}"
        services = [urljoin(url, options[name]) for name in ("update", "graphs") if name in options]
        for service in (url, *services):
            if headers and urlsplit(service).scheme != "https" and urlsplit(service).hostname not in _LOOPBACK:
                raise ConfigError(f"a password or token would be sent in the clear to {service}", hint="use https")
        return cls(
            query=url,
            update=urljoin(url, options["update"]) if "update" in options else None,
            graphs=urljoin(url, options["graphs"]) if "graphs" in options else None,
            timeout=_number(options, "timeout", 60.0),
            page=int(_number(options, "page", 10_000, least=1.0)),
            union=options.get("union", "0") not in {"", "0"},
            default=options.get("default") or None,
            hidden=tuple(iri for iri in options.get("hide", "").split(",") if iri),
            headers=headers,
            documents=options.get("documents") or None,
        )

    def ask(self, sparql: str, accept: str, *, union: bool = True, named: Sequence[str] | None = None) -> Told:
        """The answer to a query; asked again while the engine is busy or cannot be reached.

        Args:
            sparql: the query.
            accept: media types that can be used.
            union: ask for all graphs as the default graph, where the engine can be told.
            named: the named graphs, if ``default`` shall be the only default graph; None leaves the dataset alone.

        Raises:
            QueryError: the engine says that the query is wrong.
            RemoteError: there is no answer, or none that can be used.
        """
        form = [("query", sparql)]
        if union and self.union:
            form.append(("union-default-graph", "true"))
        if named is not None and self.default is not None:
            form += [("default-graph-uri", self.default), *(("named-graph-uri", iri) for iri in named)]
        told = self._send("POST", self.query, form, accept, patient=True)
        kind, body, _ = told
        if kind not in {part.split(";")[0].strip() for part in accept.split(",")}:
            raise RemoteError(
                f"{self.query}: answered with {kind or 'no content type'} in place of {accept}: {_shown(body)}",
                hint="is that the URL of its query service?",
            )
        return told

    def change(self, sparql: str) -> None:
        """Run an update. It is sent once, unless the engine refuses to take it at all.

        Raises:
            QueryError: the engine says that the update is wrong.
            RemoteError: no update service is known, or it is not certain that the update was made.
        """
        if self.update is None:
            raise RemoteError(
                f"{self.query}: no URL for updates is known", hint="add it to the descriptor: …#update=/update"
            )
        dataset = [] if self.default is None else [("default-graph-uri", self.default)]
        self._send("POST", self.update, [("update", sparql), *dataset], "*/*", patient=False)

    def put_graph(self, graph: str, ntriples: bytes) -> None:
        """Make a named graph hold exactly these triples, by the Graph Store Protocol.

        Raises:
            RemoteError: there is no such service, or it failed.
        """
        if self.graphs is None:
            raise RemoteError(f"{self.query}: no URL of a graph store is known", hint="add …#graphs=/store")
        url = f"{self.graphs}{'&' if '?' in self.graphs else '?'}{urlencode({'graph': graph})}"
        self._send("PUT", url, ntriples, "*/*", patient=True)

    # -- one request -------------------------------------------------------------------------------------------------

    def _send(
        self, method: str, url: str, data: Sequence[tuple[str, str]] | bytes, accept: str, *, patient: bool
    ) -> Told:
        for pause in (*_PAUSES, None):
            try:
                status, headers, body = self._request(method, url, data, accept)
            except ConnectionRefusedError as error:
                if pause is None:
                    raise RemoteError(f"{url}: cannot be reached: {error.strerror}", hint="is it running?") from error
            except TimeoutError as error:
                raise RemoteError(
                    f"{url}: no answer within {self.timeout:g} s", hint="ask for less, or add …#timeout=SECONDS"
                ) from error
            except (OSError, http.client.HTTPException) as error:
                if pause is None or not patient:
                    what = "the answer broke off" if isinstance(error, http.client.IncompleteRead) else str(error)
                    raise RemoteError(f"{url}: {what}", hint=None if patient else _UNCERTAIN) from error
            else:
                if pause is None or status not in _BUSY or not (patient or status == 503):
                    self._check(url, status, headers, body)
                    kind = headers.get("content-type", "").split(";")[0].strip().lower()
                    return Told(kind, _whole(body), is_cut(headers, body))
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _request(
        self, method: str, url: str, data: Sequence[tuple[str, str]] | bytes, accept: str
    ) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        opened: Callable[..., http.client.HTTPConnection] = http.client.HTTPConnection
        options: dict[str, ssl.SSLContext] = {}
        if parts.scheme == "https":
            opened, options = http.client.HTTPSConnection, {"context": ssl.create_default_context()}
        connection = opened(parts.hostname, parts.port, timeout=self.timeout, **options)
        kind = "application/n-triples" if isinstance(data, bytes) else "application/x-www-form-urlencoded"
        content = data if isinstance(data, bytes) else urlencode(data).encode()
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        sent = {"Content-Type": kind, "Accept": accept, **self.headers}

        def send(headers: dict[str, str]) -> http.client.HTTPResponse:
            connection.close()
            connection.request(method, target, content, headers)
            return connection.getresponse()

        try:
            response = send(sent)
            login = login_of(self.headers.get("Authorization", ""))
            if response.status == 401 and login is not None:
                if "WWW-Authenticate" not in response.headers:  # Virtuoso challenges only who has not tried yet
                    response = send({name: value for name, value in sent.items() if name != "Authorization"})
                challenge = response.headers.get("WWW-Authenticate", "")
                answer = digest_answer(challenge, *login, method, target) if response.status == 401 else None
                if answer is not None:
                    response = send({**sent, "Authorization": answer})
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def _check(self, url: str, status: int, headers: dict[str, str], body: bytes) -> None:
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise RemoteError(
                f"{url}: redirects to {headers.get('location', 'another place')}; nothing was done",
                hint="give the URL of the service itself",
            )
        if status == 400:
            raise QueryError(f"{url}: not accepted: {_shown(body)}")
        if status in {401, 403}:
            raise RemoteError(
                f"{url}: not allowed ({status})", hint="set EKG_SPARQL_TOKEN, or write user:password@ before the host"
            )
        raise RemoteError(f"{url}: answered {status} {http.client.responses.get(status, '')}: {_shown(body)}")


def _whole(body: bytes) -> bytes:
    found = _CUT.search(body, max(0, len(body) - 64))
    return body if found is None else body[: found.start()] + b"}"


_UNCERTAIN = "look whether the change was made before sending it again"


def _number(options: dict[str, str], name: str, default: float, *, least: float = 0.0) -> float:
    try:
        value = float(options.get(name, default))
    except ValueError:
        value = 0.0
    if not (0 < value <= _MOST and value >= least):
        wanted = f"of at least {least:g}" if least else "above 0"
        raise ConfigError(
            f"option '{name}' of a SPARQL endpoint wants a number {wanted}, up to {_MOST:g}, not '{options[name]}'"
        )
    return value


def _shown(body: bytes) -> str:
    text = " ".join(body[: 4 * _SHOWN].decode("utf-8", "replace").split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
