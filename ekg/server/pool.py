"""Who runs jobs: processes that can be killed when a query runs away, or threads for a graph in memory.

Oxigraph can neither cancel a query nor limit its time, so a process per query slot is the only sure way to stop one.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import resource
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from ekg.errors import EkgError
from ekg.server.errors import RequestError, error_body
from ekg.server.jobs import Job, Reply, run_job
from ekg.store.oxigraph import OxigraphStore

_START_SECONDS = 60.0
_QUEUE_PER_WORKER = 8
_DECODE_JOB = msgspec.msgpack.Decoder(Job)
_DECODE_REPLY = msgspec.msgpack.Decoder(Reply)
_ENCODE = msgspec.msgpack.Encoder().encode


class WorkerDiedError(Exception):
    """A worker process ended while it ran a job (killed from outside, or out of memory)."""


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


def work(quads: str, pipe: Connection, memory: int) -> None:
    """Body of a worker process: one job after another until the server goes away.

    A query that needs more than ``memory`` bytes ends the process, and not the machine.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        store = OxigraphStore(Path(quads), read_only=True)
    except EkgError as error:
        pipe.send_bytes(_ENCODE(Reply(status=503, error=error_body(error))))
        return
    pipe.send_bytes(_ENCODE(Reply()))
    while True:
        try:
            job = _DECODE_JOB.decode(pipe.recv_bytes())
            pipe.send_bytes(_ENCODE(run_job(store, job)))
        except (EOFError, ConnectionError):
            return


def _end_with(parent: int) -> None:
    """End this process, runaway query and all, when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


class _Worker:
    def __init__(self, quads: Path, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(str(quads), theirs, memory), daemon=True, name="ekg-query")
        self._process.start()
        theirs.close()
        self._ready = False

    def run(self, job: Job, timeout: float) -> Reply:
        """Run a job.

        Raises:
            TimeoutError: it took longer; the worker must be ended.
            WorkerDiedError: the process ended.
        """
        try:
            if not self._ready:
                opened = self._receive(_START_SECONDS)
                if opened.error is not None:
                    return opened
                self._ready = True
            self._pipe.send_bytes(_ENCODE(job))
            return self._receive(timeout)
        except (EOFError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise WorkerDiedError from error

    def _receive(self, timeout: float) -> Reply:
        if not self._pipe.poll(timeout):
            raise TimeoutError
        return _DECODE_REPLY.decode(self._pipe.recv_bytes())

    @property
    def ready(self) -> bool:
        """Whether it has opened the store and can take the next job."""
        return self._ready

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


class ProcessPool:
    """Worker processes over a store on disk; safe to use from many threads.

    Args:
        quads: directory of the store.
        workers: processes, each runs one query at a time.
        timeout: seconds a query may take.
    """

    def __init__(self, quads: Path, workers: int, timeout: float) -> None:
        self._quads = quads
        self._size = workers
        self._timeout = timeout
        self._idle: queue.Queue[_Worker] = queue.Queue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._started = False

    def start(self) -> None:
        """Start the workers; a second call does nothing."""
        with self._lock:
            if not self._started:
                self._started = True
                for _ in range(self._size):
                    self._idle.put(self._worker())

    def run(self, job: Job) -> Reply:
        """Run a job on the next free worker.

        Raises:
            RequestError: 503 if none gets free, 504 if the job takes too long.
        """
        self.start()
        with self._lock:
            if self._waiting >= self._size * _QUEUE_PER_WORKER:
                raise busy()
            self._waiting += 1
        try:
            worker = self._idle.get(timeout=self._timeout)
        except queue.Empty:
            raise busy() from None
        finally:
            with self._lock:
                self._waiting -= 1
        try:
            reply = worker.run(job, self._timeout)
        except TimeoutError:
            worker = self._replace(worker)
            raise too_slow(self._timeout) from None
        except WorkerDiedError:
            worker = self._replace(worker)
            raise RequestError(
                503, "the query's worker process was ended", hint="the query may need more memory than there is"
            ) from None
        else:
            if not worker.ready:
                worker = self._replace(worker)
            return reply
        finally:
            self._idle.put(worker)

    def _replace(self, worker: _Worker) -> _Worker:
        worker.end()
        return self._worker()

    def _worker(self) -> _Worker:
        return _Worker(self._quads, memory_limit(self._size))

    def close(self) -> None:
        """End all workers that are idle; busy ones end with this process."""
        with self._lock:
            self._started = False
        while True:
            try:
                self._idle.get_nowait().end()
            except queue.Empty:
                return


class InlineRunner:
    """Runs jobs on the calling thread, for a graph in memory; it cannot stop a runaway query, only stop waiting."""

    def __init__(self, store: OxigraphStore) -> None:
        self._store = store

    def start(self) -> None:
        """Nothing to start."""

    def run(self, job: Job) -> Reply:
        """Run a job."""
        return run_job(self._store, job)

    def close(self) -> None:
        """Nothing to end."""
