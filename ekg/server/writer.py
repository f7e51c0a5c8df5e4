"""The one writer of a server: a process that holds the graph's lock while it works, or threads for one in memory."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import Protocol

from ekg.server.changes import apply_job
from ekg.server.errors import RequestError
from ekg.server.jobs import Reply, WriteJob, encode
from ekg.server.pool import memory_limit, too_slow
from ekg.server.process import Process, ProcessDiedError, start_process
from ekg.store.oxigraph import OxigraphStore

_END_SECONDS = 5.0
_QUEUE = 256


class Writer(Protocol):
    """Runs writing jobs, one after another."""

    async def close(self) -> None:
        """Finish what was begun and let go of the graph."""
        ...

    async def run(self, job: WriteJob) -> Reply:
        """Do a job; the reply's ``snapshot`` is the number of the snapshot that every later reader has to see.

        Raises:
            RequestError: 503 or 504: the job was not done, or, where the message says so, perhaps.
        """
        ...


class ProcessWriter:
    """A writer process, started with the first job; jobs that wait at the same time are published together.

    Args:
        kg: directory of the graph.
        timeout: seconds that a job may take, its wait included.
        memory: bytes that the process may allocate; half of the machine's by default.
    """

    def __init__(self, kg: Path, timeout: float, *, memory: int | None = None) -> None:
        self._kg = kg
        self.timeout = timeout
        self._memory = memory_limit(1) if memory is None else memory
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._pending: deque[asyncio.Future[Reply]] = deque()
        self._reader: asyncio.Task[None] | None = None

    async def run(self, job: WriteJob) -> Reply:
        """See :meth:`Writer.run`."""
        if len(self._pending) >= _QUEUE:
            raise RequestError(503, "too many updates wait", hint="try again", headers={"Retry-After": "2"})
        process = await self._started()
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._pending.append(answer)
        process.send(encode(job))
        try:
            async with asyncio.timeout(self.timeout):
                # A client that leaves does not take its job back.
                return await asyncio.shield(answer)
        except TimeoutError:
            self._end()
            raise too_slow(self.timeout) from None

    async def _started(self) -> Process:
        async with self._starting:
            if self._process is None:
                process = await start_process("ekg.server.writing", self._kg, str(self._memory))
                try:
                    await process.ready()
                except (ProcessDiedError, TimeoutError):
                    process.end()
                    raise _died() from None
                self._process = process
                self._reader = asyncio.get_running_loop().create_task(self._read(process))
            return self._process

    async def _read(self, process: Process) -> None:
        """Hand the replies to those who wait for them, in the order of the jobs."""
        try:
            while True:
                reply = await process.reply()
                answer = self._pending.popleft()
                if not answer.done():
                    answer.set_result(reply)
        except ProcessDiedError:
            if self._process is process:
                self._end()

    def _end(self) -> None:
        """Kill the process; what it was doing is undone or done as a whole, and the next one shows it."""
        if self._process is not None:
            self._process.end()
            self._process = None
        pending, self._pending = self._pending, deque()
        for answer in pending:
            if not answer.done():
                answer.set_exception(_died())
                answer.exception()  # whoever waits gets it; nobody may be waiting

    async def close(self) -> None:
        """See :meth:`Writer.close`."""
        process, self._process = self._process, None
        if process is None:
            return
        await process.finish(_END_SECONDS)
        if self._reader is not None:
            await self._reader


def _died() -> RequestError:
    return RequestError(
        503,
        "the writer was ended while it worked on this",
        hint="look whether the change was made before sending it again",
    )


class InlineWriter:
    """Runs jobs on a thread, for a graph in memory.

    Args:
        store: the graph's quads.
    """

    def __init__(self, store: OxigraphStore) -> None:
        self._store = store
        self._lock = asyncio.Lock()

    async def close(self) -> None:
        """Nothing to end."""

    async def run(self, job: WriteJob) -> Reply:
        """See :meth:`Writer.run`."""
        async with self._lock:
            return await asyncio.to_thread(apply_job, self._store, job)
