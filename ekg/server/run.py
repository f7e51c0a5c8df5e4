"""Running the server: port, signals, messages."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import uvicorn

from ekg.errors import ConfigError, EkgError
from ekg.server.app import ANSWER_BYTES, LOCAL_HOSTS, MAX_BODY, create_app
from ekg.server.protocol import limited
from ekg.store.reach import Reach

_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # recognised, in order to warn; never a default
_GRACE_SECONDS = 3
_BACKLOG = 512
_ORIGIN = re.compile(r"https?://[^/?#\s@]+")


def serve(
    kg: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 2,
    timeout: float = 30.0,
    max_rows: int = 100_000,
    update_token_file: Path | None = None,
    strict_dataset: bool = False,
    max_body: int = MAX_BODY,
    max_connections: int = 256,
    origins: Collection[str] = (),
    access_log: Path | None = None,
    memory_quads: int | None = None,
    answer_bytes: int = ANSWER_BYTES,
    reach: Reach | None = None,
) -> None:
    """Serve a graph until Ctrl-C or SIGTERM.

    Args:
        kg: directory of the graph.
        host: address to bind to. Any but a loopback address lets other machines read the graph.
        port: 0 takes a free one; the message on stderr names it.
        workers: see :func:`ekg.server.create_app`, as for the rest.
        timeout: seconds a request may take.
        max_rows: rows of a query's result at most.
        update_token_file: file that holds the token for updates.
        strict_dataset: the default graph is not the union of all graphs.
        max_body: bytes of a request's body at most.
        max_connections: connections at a time.
        origins: of pages that may use the server (CORS).
        access_log: file that gets a line a request.
        memory_quads: quads of a graph that is copied into memory.
        answer_bytes: bytes of answers that are kept.
        reach: what SERVICE and LOAD may fetch from other machines.

    Raises:
        KgError: no graph there.
        ConfigError: the token's file is missing or empty, an origin is none, or the log cannot be written.
        EkgError: the port is taken, or the address is not one of this machine.
    """
    token = None if update_token_file is None else read_token(update_token_file)
    with closing(bind(host, port)) as listener:
        app = create_app(
            kg,
            timeout=timeout,
            max_rows=max_rows,
            strict_dataset=strict_dataset,
            workers=workers,
            update_token=token,
            allowed_hosts=None if host in _ANY else (*LOCAL_HOSTS, host),
            origins=[checked_origin(origin) for origin in origins],
            max_body=max_body,
            access_log=access_log,
            memory_quads=memory_quads,
            answer_bytes=answer_bytes,
            reach=reach,
        )
        shown = f"[{host}]" if ":" in host else host
        _say(f"{kg}: http://{shown}:{listener.getsockname()[1]}/ (SPARQL at /sparql; Ctrl-C stops)")
        if host in _ANY:
            _say("warning: every machine that reaches this one can read the graph")
        if reach is not None and reach.private:
            _say("warning: SERVICE and LOAD may fetch from this machine and its network (allow-private-addresses)")
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http=limited(max_connections),
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            _say("stopped")


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        EkgError: the port is taken, or the address is not one of this machine.
    """
    if not 0 <= port <= 65_535:
        raise ConfigError(f"there is no port {port}", hint="use one from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise EkgError(f"cannot listen on {host}:{port}: {reason}", hint="choose another --port or --host") from error
    return listener


def checked_origin(origin: str) -> str:
    """An origin as browsers send it.

    Raises:
        ConfigError: it is none.
    """
    found = origin.rstrip("/")
    if not _ORIGIN.fullmatch(found):
        raise ConfigError(f"'{origin}' is no origin of pages", hint="write https://example.org, without a path")
    return found.lower()


def read_token(path: Path) -> str:
    """The token in a file.

    Raises:
        ConfigError: no such file, not text, or nothing in it.
    """
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the update token cannot be read: {error}") from error
    if not token:
        raise ConfigError(f"{path}: the file of the update token is empty", hint="write a long random word into it")
    return token
