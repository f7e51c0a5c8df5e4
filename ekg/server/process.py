"""A process of ours that runs jobs, as the server sees it: started, asked, and ended."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import cast

from ekg.server.jobs import END, FRAME, Reply, decode_reply, frame

START_SECONDS = 60.0
_HIGH_WATER = 4 << 20
"""Bytes of an answer that wait in the server; the process waits with the rest until the client has taken them."""


class ProcessDiedError(Exception):
    """The process ended while it ran a job: killed from outside, or out of memory."""


class _Channel(asyncio.Protocol):
    """Frames that come from a process."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._frames: deque[tuple[int, bytes]] = deque()
        self._size = 0
        self._waiting: asyncio.Future[None] | None = None
        self._closed = asyncio.Event()
        self._paused = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods, but not the class.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        start = 0
        while len(buffer) - start >= FRAME.size:
            length, kind = FRAME.unpack_from(buffer, start)
            end = start + FRAME.size + length
            if len(buffer) < end:
                break
            self._frames.append((kind, bytes(buffer[start + FRAME.size : end])))
            self._size += length
            start = end
        del buffer[:start]
        if self._size > _HIGH_WATER and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def has_frame(self) -> bool:
        """Whether :meth:`receive` has something at once."""
        return bool(self._frames)

    async def closed(self) -> None:
        """Wait until the other end has closed the channel."""
        await self._closed.wait()

    async def receive(self) -> tuple[int, bytes]:
        """The next frame.

        Raises:
            ProcessDiedError: there is none.
        """
        while not self._frames:
            if self._closed.is_set():
                raise ProcessDiedError
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        kind, content = self._frames.popleft()
        self._size -= len(content)
        if self._paused and self._size < _HIGH_WATER // 2:
            self._paused = False
            self.transport.resume_reading()
        return kind, content


class Process:
    """A process that answers one job at a time. Made by :func:`start_process`.

    Args:
        snapshot: number of the one that it was told to look at last; its user keeps it.
    """

    def __init__(self, popen: subprocess.Popen[bytes], channel: _Channel) -> None:
        self._popen = popen
        self._channel = channel
        self.snapshot = -1
        self._ready = False
        self._owes = False
        self._open = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._popen.pid

    @property
    def started(self) -> bool:
        """Whether it has said that it can take a job."""
        return self._ready or self._channel.has_frame()

    async def ready(self) -> None:
        """Wait until it can take a job.

        Raises:
            ProcessDiedError: it ended instead.
            TimeoutError: it takes too long.
        """
        if not self._ready:
            async with asyncio.timeout(START_SECONDS):
                await self._channel.receive()
            self._ready = True

    async def ask(self, content: bytes) -> Reply:
        """Send a job; returns its reply, after which, if ``more`` is set, :meth:`chunk` has to be read to the end.

        Raises:
            ProcessDiedError: it ended.
        """
        self.send(content)
        return await self.reply()

    def send(self, content: bytes) -> None:
        """Send a job, to be answered by :meth:`reply`."""
        self._owes = True
        self._channel.transport.write(frame(content))

    async def reply(self) -> Reply:
        """The next reply.

        Raises:
            ProcessDiedError: the process ended.
        """
        _, content = await self._channel.receive()
        reply = decode_reply(content)
        self._owes, self._open = False, reply.more
        return reply

    async def chunk(self) -> bytes | None:
        """The next piece of what follows a reply; None at its end.

        Raises:
            ProcessDiedError: it ended before.
        """
        kind, content = await self._channel.receive()
        if kind == END:
            self._open = False
            return None
        return content

    async def drain(self) -> None:
        """Read the rest of an answer that nobody wants, after which the process can take another job.

        Raises:
            ProcessDiedError: it ended.
        """
        await self.ready()
        if self._owes:
            await self.reply()
        while self._open:
            await self.chunk()

    async def finish(self, seconds: float) -> None:
        """Let it end by itself once it has done its work, or kill it if that takes too long."""
        if self._channel.transport.can_write_eof():
            self._channel.transport.write_eof()
        try:
            async with asyncio.timeout(seconds):
                await self._channel.closed()
        except TimeoutError:
            pass
        self.end()

    def end(self) -> None:
        """Kill it."""
        self._popen.kill()
        self._popen.wait()
        self._channel.transport.abort()


async def start_process(module: str, kg: Path, *arguments: str) -> Process:
    """Start a process that runs a module's ``main`` with the graph's directory, its end of the channel, and arguments.

    Raises:
        OSError: the system has no process or socket left.
    """
    ours, theirs = socket.socketpair()
    popen = None
    try:
        with theirs:
            popen = subprocess.Popen(  # noqa: S603  # our own interpreter and our own modules
                [sys.executable, "-m", module, str(kg), str(theirs.fileno()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        _, channel = await asyncio.get_running_loop().create_connection(_Channel, sock=ours)
    except BaseException:
        ours.close()
        if popen is not None:
            popen.kill()
            popen.wait()
        raise
    return Process(popen, channel)
