"""What travels between the server and the processes that read and write: jobs, replies, and frames of bytes."""

from __future__ import annotations

import socket
import struct
from typing import Any

import msgspec

from ekg.errors import EkgError
from ekg.server.errors import error_body


class QueryJob(msgspec.Struct, frozen=True, kw_only=True, tag="query"):
    """A SPARQL query with the protocol's parameters.

    Args:
        text: the query.
        accept: the request's Accept header.
        default_graphs: IRIs of ``default-graph-uri``.
        named_graphs: IRIs of ``named-graph-uri``; if both are empty, the query or the store chooses the dataset.
        strict: whether the default graph holds its own triples only, and not the union of all graphs.
        max_rows: rows or triples in the result at most.
        base: IRI against which relative ones in the query are resolved.
        gzip: whether the client takes a compressed body.
    """

    text: str
    accept: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    strict: bool = False
    max_rows: int
    base: str | None = None
    gzip: bool = False


class GraphJob(msgspec.Struct, frozen=True, kw_only=True, tag="graph"):
    """One graph to read, whole: the named one, or the default graph if ``graph`` is None.

    Args:
        graph: its IRI.
        accept: the request's Accept header.
        strict: whether the default graph holds its own triples only.
        gzip: whether the client takes a compressed body.
    """

    graph: str | None
    accept: str | None
    strict: bool = False
    gzip: bool = False


class UpdateJob(msgspec.Struct, frozen=True, kw_only=True, tag="update"):
    """A SPARQL update with the protocol's parameters.

    Args:
        text: the update.
        using_graphs: IRIs of ``using-graph-uri``.
        using_named_graphs: IRIs of ``using-named-graph-uri``.
        base: IRI against which relative ones in the update are resolved.
    """

    text: str
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    base: str | None = None


class PutGraphJob(msgspec.Struct, frozen=True, kw_only=True, tag="put"):
    """Triples for one graph, the default graph if ``graph`` is None.

    Args:
        graph: its IRI.
        data: the triples.
        media: media type of ``data``.
        base: IRI against which relative ones are resolved.
        replace: whether they take the place of what the graph holds (PUT), or are added to it (POST).
    """

    graph: str | None
    data: bytes
    media: str
    base: str | None = None
    replace: bool


class DeleteGraphJob(msgspec.Struct, frozen=True, kw_only=True, tag="delete"):
    """One graph to remove, or the default graph to empty if ``graph`` is None."""

    graph: str | None


ReadJob = QueryJob | GraphJob
WriteJob = UpdateJob | PutGraphJob | DeleteGraphJob


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a job.

    Args:
        status: HTTP status.
        media: content type of the body.
        body: the body, or its beginning.
        more: whether chunks of the body follow.
        truncated: whether rows were left out, if that is known before the body is sent.
        gzip: whether the body is compressed.
        error: what is wrong, as ``error_body`` gives it; the body is empty then.
        snapshot: number of the snapshot in which a write can be seen; 0 for what was read.
        warnings: dates of a write that cannot be right; they were kept.
    """

    status: int = 200
    media: str = "application/json"
    body: bytes = b""
    more: bool = False
    truncated: bool = False
    gzip: bool = False
    error: dict[str, Any] | None = None
    snapshot: int = 0
    warnings: tuple[str, ...] = ()


def refusal(error: EkgError) -> Reply:
    """The reply that tells a client of an error on purpose."""
    return Reply(status=error.http_status, error=error_body(error))


class ReadTask(msgspec.Struct, frozen=True):
    """A job for a reader process, which first opens the newest snapshot unless it has number ``snapshot`` open.

    Without a job that is all.
    """

    job: ReadJob | None
    snapshot: int


encode = msgspec.msgpack.Encoder().encode
decode_read = msgspec.msgpack.Decoder(ReadTask).decode
decode_write = msgspec.msgpack.Decoder(WriteJob).decode
decode_reply = msgspec.msgpack.Decoder(Reply).decode

HEAD, CHUNK, END = 0, 1, 2
"""Kinds of frames from a process: its reply, a piece of the reply's body, and the end of a body that had pieces."""
FRAME = struct.Struct("!IB")
"""Length of a frame's content, and its kind."""


def frame(content: bytes, kind: int = HEAD) -> bytes:
    """Bytes as they travel."""
    return FRAME.pack(len(content), kind) + content


def read_frame(channel: socket.socket) -> bytes:
    """The content of the next frame of a blocking channel.

    Raises:
        EOFError: the other end has closed it.
    """
    length, _ = FRAME.unpack(_read(channel, FRAME.size))
    return _read(channel, length)


def _read(channel: socket.socket, size: int) -> bytes:
    data = channel.recv(size, socket.MSG_WAITALL)
    while len(data) < size:
        more = channel.recv(size - len(data), socket.MSG_WAITALL)
        if not more:
            raise EOFError
        data += more
    return data
