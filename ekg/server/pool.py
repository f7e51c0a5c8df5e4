"""Who runs reading jobs: processes that can be killed when a query runs away, or threads for a graph in memory.

Oxigraph can neither cancel a query nor limit its time, so a process per query slot is the only sure way to stop one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from msgspec import structs

from ekg.server.answers import AnswerCache
from ekg.server.errors import RequestError
from ekg.server.evaluate import BrokenError, run_job
from ekg.server.fair import FairQueue
from ekg.server.jobs import QueryJob, ReadJob, ReadTask, Reply, encode, refusal
from ekg.server.process import START_SECONDS, Process, ProcessDiedError, start_process
from ekg.server.quick import QuickLane
from ekg.store.oxigraph import OxigraphStore

_QUEUE_PER_WORKER = 8
_DRAIN_SECONDS = 1.0
_AGAIN_SECONDS = 1.0


class BrokenAnswerError(Exception):
    """The rest of an answer that has begun cannot be sent: the client must see that it is incomplete."""


def too_slow(timeout: float) -> RequestError:
    """The answer to a query that took too long."""
    return RequestError(
        504,
        f"the request was stopped after {timeout:g} s",
        hint="ask for less (triple patterns, a LIMIT), start the server with a larger --timeout, or write whole graphs "
        "with `ekg export`",
    )


def busy() -> RequestError:
    """The answer when all workers are busy and enough others wait already."""
    return RequestError(
        503, "all query workers are busy", hint="try again, or start the server with more --workers",
        headers={"Retry-After": "2"},
    )  # fmt: skip


def memory_limit(workers: int) -> int:
    """Bytes that one worker may allocate: half of the machine's memory shared by all workers, but at least a GiB."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1 << 30, total // 2 // workers)


class Chunks:
    """Pieces of an answer that follow its first one; none here. Iterate to the end, or ``aclose()``.

    Iteration raises BrokenAnswerError if the answer cannot be completed: it took too long, or the worker died.
    """

    def __aiter__(self) -> Chunks:
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Give up the rest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and the rest of its body.

    Args:
        reply: status, content type and the first piece of the body.
        chunks: the pieces that follow if ``reply.more``.
        kept: whether it is one that was found before.
    """

    reply: Reply
    chunks: Chunks
    kept: bool = False


class Runner(Protocol):
    """Runs reading jobs."""

    async def start(self) -> None:
        """Get ready; a second call does nothing."""
        ...

    async def close(self) -> None:
        """End everything that was started."""
        ...

    async def stream(self, job: ReadJob, client: str = "", *, anew: bool = False) -> Answer:
        """Run a job, and pass its answer on as it comes.

        Args:
            job: what to do.
            client: whose it is; where jobs have to wait, clients take turns.
            anew: whether an answer that was kept will not do.

        Raises:
            RequestError: 503 if no worker gets free or the worker dies before the answer begins, 504 if it takes too
                long until then.
        """
        ...


async def run(runner: Runner, job: ReadJob) -> Reply:
    """Run a job and wait for the whole answer, of which the reply holds all.

    Raises:
        RequestError: as :meth:`Runner.stream`; 503 also if the answer breaks off.
    """
    answer = await runner.stream(job)
    if not answer.reply.more:
        return answer.reply
    try:
        rest = [chunk async for chunk in answer.chunks]
    except BrokenAnswerError:
        raise _died() from None
    return structs.replace(answer.reply, body=b"".join([answer.reply.body, *rest]), more=False)


def _died() -> RequestError:
    return RequestError(
        503, "the query's worker process was ended", hint="the query may need more memory than there is"
    )


class _Rest(Chunks):
    """The pieces that come from a worker, which goes back to its pool after the last one."""

    def __init__(self, pool: ProcessPool, process: Process, deadline: float) -> None:
        self._pool = pool
        self._process = process
        self._done = False
        # A client that takes nothing more must not keep a worker, so the end comes even while nobody asks for a piece.
        self._guard = asyncio.get_running_loop().call_at(deadline, pool.replace, process)

    async def __anext__(self) -> bytes:
        if self._done:
            raise StopAsyncIteration
        try:
            chunk = await self._process.chunk()
        except ProcessDiedError as error:
            self._finish(self._pool.replace)
            raise BrokenAnswerError from error
        if chunk is None:
            self._finish(self._pool.give)
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        if not self._done:
            self._finish(self._pool.abandon)

    def _finish(self, hand_back: Callable[[Process], None]) -> None:
        self._done = True
        self._guard.cancel()
        hand_back(self._process)


class ProcessPool:
    """Worker processes over the snapshots of a graph on disk; used from one event loop.

    Args:
        kg: directory of the graph.
        workers: processes, each runs one query at a time.
        timeout: seconds a query may take.
        number: tells the number of the newest snapshot.
        memory: bytes that one worker may allocate; see :func:`memory_limit` for the default.
        memory_quads: quads of a graph that every process copies into memory; larger ones are read from disk.
        answer_bytes: bytes of answers that are kept for who asks the same.
    """

    def __init__(
        self,
        kg: Path,
        workers: int,
        timeout: float,
        number: Callable[[], int],
        *,
        memory: int | None = None,
        memory_quads: int = 0,
        answer_bytes: int = 0,
    ) -> None:
        self._kg = kg
        self._size = workers
        self.timeout = timeout
        self._number = number
        self._memory = memory_limit(workers) if memory is None else memory
        self._all: set[Process] = set()
        self._idle: list[Process] = []
        self._waiting = FairQueue[asyncio.Future[Process]](workers * _QUEUE_PER_WORKER)
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = False
        self._memory_quads = memory_quads
        self._quick = QuickLane(kg, memory_quads)
        self.answers = AnswerCache(answer_bytes)

    async def start(self) -> None:
        """Start the workers; a second call does nothing."""
        if not self._started:
            self._started = True
            self._quick.refresh(self._number())
            for _ in range(self._size):
                self.give(await self._worker())

    async def close(self) -> None:
        """End all workers."""
        self._started = False
        await self._quick.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in self._all:
            process.end()
        self._all.clear()
        self._idle.clear()

    @property
    def idle(self) -> int:
        """Workers that have nothing to do."""
        return len(self._idle)

    @property
    def waiting(self) -> int:
        """Jobs that wait for a worker."""
        return len(self._waiting)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [process.pid for process in self._all]

    async def stream(self, job: ReadJob, client: str = "", *, anew: bool = False) -> Answer:
        """See :meth:`Runner.stream`."""
        number = self._number()
        if isinstance(job, QueryJob):
            if not anew and (kept := self.answers.get(job, number)) is not None:
                return Answer(kept, Chunks(), kept=True)
            if (quick := self._quick.answer(job, number)) is not None:
                return Answer(quick, Chunks())
        process = await self._take(client)
        try:
            await process.ready()
            begun = asyncio.get_running_loop().time()
            deadline = begun + self.timeout
            number = self._number()
            async with asyncio.timeout_at(deadline):
                reply = await self._ask(process, job, number)
        except TimeoutError:
            self.replace(process)
            raise too_slow(self.timeout) from None
        except ProcessDiedError:
            self.replace(process)
            raise _died() from None
        except BaseException:
            self.abandon(process)
            raise
        if reply.more:
            return Answer(reply, _Rest(self, process, deadline))
        self.give(process)
        # The worker may have met a snapshot that is newer than the one it was told of.
        if isinstance(job, QueryJob) and number == self._number():
            self.answers.put(job, number, reply, asyncio.get_running_loop().time() - begun)
        return Answer(reply, Chunks())

    def abandon(self, process: Process) -> None:
        """Let a worker finish a job whose client has left, but not for long."""
        self._spawn(self._drain(process))

    async def _drain(self, process: Process) -> None:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await process.drain()
        except (TimeoutError, ProcessDiedError):
            self.replace(process)
        else:
            self.give(process)

    def refresh(self) -> None:
        """Have idle workers that hold an old snapshot open the newest one."""
        number = self._number()
        self._quick.refresh(number)
        old = [process for process in self._idle if process.started and process.snapshot != number]
        self._idle = [process for process in self._idle if process not in old]
        for process in old:
            self._spawn(self._refresh(process, number))

    async def _refresh(self, process: Process, number: int) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                await process.ready()
                await self._ask(process, None, number)
        except (TimeoutError, ProcessDiedError):
            self.replace(process)
        else:
            self.give(process)

    async def _ask(self, process: Process, job: ReadJob | None, number: int) -> Reply:
        process.snapshot = number
        return await process.ask(encode(ReadTask(job, number)))

    async def _take(self, client: str) -> Process:
        await self.start()
        if self._idle:
            return self._idle.pop()
        waiting: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        last = self._waiting.put(client, waiting)
        if last is not None and not last.done():
            last.set_exception(busy())
        try:
            async with asyncio.timeout(self.timeout):
                return await waiting
        except (TimeoutError, asyncio.CancelledError) as error:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self.give(waiting.result())  # it came in the same moment
            if isinstance(error, TimeoutError):
                raise busy() from None
            raise
        finally:
            self._waiting.remove(client, waiting)

    def give(self, process: Process) -> None:
        """Hand a worker to who waits longest of the client whose turn it is."""
        if process not in self._all:
            return
        while (waiting := self._waiting.pop()) is not None:
            if not waiting.done():
                waiting.set_result(process)
                return
        self._idle.append(process)

    def replace(self, process: Process) -> None:
        """End a worker and start another one; does nothing if that was done before."""
        if process not in self._all:
            return
        process.end()
        self._all.discard(process)
        if self._started:
            self._spawn(self._restart())

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _restart(self) -> None:
        while True:
            try:
                process = await self._worker()
            except OSError:  # the machine has no process or file left at the moment
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                self.give(process)
                return

    async def _worker(self) -> Process:
        process = await start_process("ekg.server.worker", self._kg, str(self._memory), str(self._memory_quads))
        self._all.add(process)
        return process


class InlineRunner:
    """Runs jobs on threads, for a graph in memory; it cannot stop a runaway query, only stop waiting.

    Args:
        store: the graph's quads.
        timeout: seconds to wait.
    """

    def __init__(self, store: OxigraphStore, timeout: float) -> None:
        self._store = store
        self.timeout = timeout
        self._limit = asyncio.Semaphore(64)

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to end."""

    async def stream(self, job: ReadJob, client: str = "", *, anew: bool = False) -> Answer:
        """See :meth:`Runner.stream`; the answer is whole, and none is kept."""
        async with self._limit:
            try:
                async with asyncio.timeout(self.timeout):
                    return Answer(await asyncio.to_thread(self._run, job), Chunks())
            except TimeoutError:
                raise too_slow(self.timeout) from None

    def _run(self, job: ReadJob) -> Reply:
        head = Reply()
        pieces: list[bytes] = []

        def take(part: Reply | bytes | None) -> None:
            nonlocal head
            if isinstance(part, Reply):
                head = part
            elif part is not None:
                pieces.append(part)

        try:
            run_job(self._store, job, take)
        except BrokenError as error:
            return refusal(error.error)
        return structs.replace(head, body=b"".join([head.body, *pieces]), more=False)
