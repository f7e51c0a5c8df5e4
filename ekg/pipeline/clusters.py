"""Executors on clusters; Ray and Dask are imported only here, and only when they are chosen.

Both use the cluster that their own variables name (``RAY_ADDRESS``, ``DASK_SCHEDULER_ADDRESS``), and this machine
otherwise. The machines of a cluster need the same ekg installed, since records depend on its version.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

from ekg.errors import MissingError
from ekg.pipeline.executors import Lost

_AHEAD = 2
"""Shards in flight for each of Ray's workers, so that none waits for this process."""


class RayExecutor:
    """A Ray cluster (https://ray.io, Apache-2.0), tried with Ray 2.60.

    Args:
        jobs: workers.

    Raises:
        MissingError: Ray is not installed.
    """

    def __init__(self, jobs: int) -> None:
        try:
            import ray
        except ImportError as error:
            raise MissingError("the executor 'ray' needs Ray", hint="pip install 'ekg-platform[ray]'") from error
        self._ray = ray
        self._ours = not ray.is_initialized()
        if self._ours:
            local = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": jobs, "include_dashboard": False}
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **local)
        # A shard that kills its worker must not kill the next one: it is tried again document by document.
        self._task = ray.remote(max_retries=0, num_cpus=1)(_call)
        self._limit = jobs * _AHEAD
        self._running: dict[Any, int] = {}

    def submit(self, function: Callable[..., Any], number: int, *arguments: Any) -> bool:
        """See :meth:`ekg.pipeline.executors.Executor.submit`."""
        if len(self._running) >= self._limit:
            return False
        self._running[self._task.remote(function, *arguments)] = number
        return True

    def finished(self) -> list[tuple[int, Any]]:
        """See :meth:`ekg.pipeline.executors.Executor.finished`."""
        if not self._running:
            return []
        errors = self._ray.exceptions
        done, _ = self._ray.wait(list(self._running), num_returns=1)
        results: list[tuple[int, Any]] = []
        for reference in done:
            number = self._running.pop(reference)
            try:
                results.append((number, self._ray.get(reference)))
            except errors.RayTaskError as error:
                raise _of_worker(error.cause) from error
            except errors.RayError as error:
                results.append((number, Lost(f"the worker died: {type(error).__name__}")))
        return results

    def close(self) -> None:
        """See :meth:`ekg.pipeline.executors.Executor.close`; a Ray that this process had before goes on."""
        for reference in self._running:
            self._ray.cancel(reference, force=True)
        self._running.clear()
        if self._ours:
            self._ray.shutdown()


class DaskExecutor:
    """A Dask cluster (https://distributed.dask.org, BSD-3-Clause), tried with distributed 2026.8.

    Args:
        jobs: workers.

    Raises:
        MissingError: dask.distributed is not installed.
    """

    def __init__(self, jobs: int) -> None:
        try:
            import dask
            import distributed
        except ImportError as error:
            raise MissingError(
                "the executor 'dask' needs distributed", hint="pip install 'ekg-platform[dask]'"
            ) from error
        self._dask = distributed
        if os.environ.get("DASK_SCHEDULER_ADDRESS"):
            self._client = distributed.Client()
        else:
            # A shard that kills its worker must not kill the next one.
            with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
                self._client = distributed.Client(
                    n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
                )
        # No more than there are workers: Dask gives a worker its next task early, and both are lost if it dies.
        self._limit = jobs
        self._running: dict[Any, int] = {}

    def submit(self, function: Callable[..., Any], number: int, *arguments: Any) -> bool:
        """See :meth:`ekg.pipeline.executors.Executor.submit`."""
        if len(self._running) >= self._limit:
            return False
        self._running[self._client.submit(_call, function, *arguments, pure=False)] = number
        return True

    def finished(self) -> list[tuple[int, Any]]:
        """See :meth:`ekg.pipeline.executors.Executor.finished`."""
        if not self._running:
            return []
        done = self._dask.wait(list(self._running), return_when="FIRST_COMPLETED").done
        results: list[tuple[int, Any]] = []
        for future in done:
            number = self._running.pop(future)
            try:
                results.append((number, future.result()))
            except self._dask.KilledWorker:
                results.append((number, Lost("the worker died")))
            except ImportError as error:
                raise _of_worker(error) from error
        return sorted(results, key=lambda item: item[0])

    def close(self) -> None:
        """See :meth:`ekg.pipeline.executors.Executor.close`."""
        self._running.clear()
        self._client.close()


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    """What workers are given: both clusters take plain Python functions only, and find this one once."""
    return function(*arguments)


def _of_worker(error: BaseException) -> BaseException:
    """What to raise for a mistake on a worker: a machine that has no ekg, or not all of it, is the cluster's matter."""
    if isinstance(error, ImportError):
        return MissingError(f"a worker of the cluster: {error}", hint="every machine needs the same ekg installed")
    return error
