"""Where shards of documents are worked on: processes of this machine, or a cluster of Ray or Dask.

An executor has three methods and knows nothing of documents. It never fails because a shard did: a shard whose worker
died comes back as :class:`Lost`, and only that one.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Lost:
    """What comes of a shard whose worker died.

    Args:
        reason: what is known of it.
    """

    reason: str


class Executor(Protocol):
    """Runs a function on shards, several at once. Made with the number of workers wanted."""

    def submit(self, function: Callable[..., Any], number: int, *arguments: Any) -> bool:
        """Start a shard, unless as many are running as is sensible.

        Args:
            function: importable on the workers.
            number: names the shard in :meth:`finished`.
            arguments: its arguments.

        Returns:
            Whether it was started; if not, ask again after :meth:`finished`.
        """
        ...

    def finished(self) -> list[tuple[int, Any]]:
        """Wait until at least one shard is done; number and result, or :class:`Lost`, of each that is. Empty if none
        is running."""
        ...

    def close(self) -> None:
        """End the workers, and what they are doing."""
        ...


class ProcessExecutor:
    """Processes of this machine.

    Every worker is a pool of one, so that one that is killed takes no other's shard with it.

    Args:
        jobs: workers.
    """

    def __init__(self, jobs: int) -> None:
        self._free = [self._worker() for _ in range(jobs)]
        self._running: dict[Future[Any], tuple[int, ProcessPoolExecutor]] = {}

    def _worker(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def submit(self, function: Callable[..., Any], number: int, *arguments: Any) -> bool:
        """See :meth:`Executor.submit`."""
        if not self._free:
            return False
        worker = self._free.pop()
        try:
            future = worker.submit(function, *arguments)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            worker.shutdown()
            worker = self._worker()
            future = worker.submit(function, *arguments)
        self._running[future] = number, worker
        return True

    def finished(self) -> list[tuple[int, Any]]:
        """See :meth:`Executor.finished`."""
        done, _ = wait(self._running, return_when=FIRST_COMPLETED) if self._running else ((), ())
        results: list[tuple[int, Any]] = []
        for future in done:
            number, worker = self._running.pop(future)
            try:
                results.append((number, future.result()))
            except BrokenProcessPool:
                results.append((number, Lost("the worker process died (out of memory, or killed)")))
                worker.shutdown()
                worker = self._worker()
            self._free.append(worker)
        return sorted(results, key=lambda item: item[0])

    def close(self) -> None:
        """See :meth:`Executor.close`."""
        for worker in (*self._free, *(worker for _, worker in self._running.values())):
            worker.shutdown(cancel_futures=True)
        self._free.clear()
        self._running.clear()
