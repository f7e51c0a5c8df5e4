"""What the handlers of one server share: the open graph, its limits, and how work is kept off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import anyio.to_thread

from ekg.graph import EventGraph
from ekg.server.jobs import Job, Reply
from ekg.server.pool import InlineRunner, ProcessPool, busy, too_slow

T = TypeVar("T")

_API_THREADS = 4
_WAITING_PER_THREAD = 16


@dataclass(slots=True)
class State:
    """Shared by all handlers.

    Args:
        graph: open for reading.
        runner: runs SPARQL.
        timeout: seconds a request may take.
        max_rows: rows of a query's result at most.
        strict_dataset: whether the default graph holds its own triples only.
        update_token: token of the configured file; None where there is none.
        sparql_limit: threads that may wait for query workers.
        api_limit: threads that the JSON API may use.
        constants: responses that stay the same, by path.
    """

    graph: EventGraph
    runner: ProcessPool | InlineRunner
    timeout: float
    max_rows: int
    strict_dataset: bool
    update_token: str | None
    sparql_limit: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(64))
    api_limit: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_API_THREADS))
    constants: dict[str, bytes] = field(default_factory=dict)

    async def run(self, job: Job) -> Reply:
        """Run a SPARQL job.

        Raises:
            RequestError: 503 or 504.
        """
        if isinstance(self.runner, InlineRunner):
            return await self._within(self.runner.run, job, self.sparql_limit)
        return await anyio.to_thread.run_sync(self.runner.run, job, limiter=self.sparql_limit)

    async def call(self, function: Callable[[EventGraph], T]) -> T:
        """Call a function of the graph on a thread.

        Raises:
            RequestError: 503 if too many calls wait, 504 if it takes longer than the time-out.
        """
        if self.api_limit.statistics().tasks_waiting >= _API_THREADS * _WAITING_PER_THREAD:
            raise busy()
        return await self._within(function, self.graph, self.api_limit)

    async def _within(self, function: Callable[..., T], value: object, limit: anyio.CapacityLimiter) -> T:
        try:
            with anyio.fail_after(self.timeout):
                return await anyio.to_thread.run_sync(function, value, abandon_on_cancel=True, limiter=limit)
        except TimeoutError:
            raise too_slow(self.timeout) from None
