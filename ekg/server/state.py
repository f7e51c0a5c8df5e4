"""What the handlers of one server share: the graph, its limits, and who does the work off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import anyio.to_thread

from ekg.graph import EventGraph
from ekg.server.current import Current, Watch
from ekg.server.jobs import ReadJob, Reply, WriteJob
from ekg.server.keeper import Keeper
from ekg.server.outside import Outside
from ekg.server.pool import Answer, InlineRunner, ProcessPool, Runner, busy, too_slow
from ekg.server.writer import InlineWriter, ProcessWriter, Writer
from ekg.store.reach import Reach

T = TypeVar("T")

_API_THREADS = 4
_WAITING_PER_THREAD = 16


@dataclass(slots=True)
class State:
    """Shared by all handlers; made by :func:`state_of`.

    Args:
        current: the graph of the JSON API.
        runner: runs SPARQL.
        writer: makes changes.
        watch: tells of new snapshots; None for a graph in memory.
        keeper: tidies up behind new snapshots; None for a graph in memory.
        timeout: seconds a request may take.
        max_rows: rows of a query's result at most.
        strict_dataset: whether the default graph holds its own triples only.
        update_token: token of the configured file; None where there is none, and then there are no changes.
        outside: fetches from other machines; None where nothing may be fetched.
        api_limit: threads that the JSON API may use.
        constants: responses that stay the same, by path and generation.
    """

    current: Current
    runner: Runner
    writer: Writer
    watch: Watch | None
    keeper: Keeper | None
    timeout: float
    max_rows: int
    strict_dataset: bool
    update_token: str | None
    outside: Outside | None = None
    api_limit: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_API_THREADS))
    constants: dict[tuple[str, str], bytes] = field(default_factory=dict)

    async def stream(self, job: ReadJob, client: str = "", *, anew: bool = False) -> Answer:
        """Run a reading job over the newest snapshot; see :meth:`ekg.server.pool.Runner.stream`.

        Raises:
            RequestError: 503 or 504.
        """
        return await self.runner.stream(job, client, anew=anew)

    async def write(self, job: WriteJob) -> Reply:
        """Run a writing job; once it is answered, every later :meth:`stream` sees what it did.

        Raises:
            RequestError: 503 or 504.
        """
        reply = await self.writer.run(job)
        if self.watch is None:
            self.current.changed()
        else:
            self.watch.look()
        return reply

    def gauges(self) -> dict[str, float]:
        """What the metrics tell of the processes."""
        pool = self.runner
        if not isinstance(pool, ProcessPool):
            return {}
        return {
            "ekg_workers": len(pool.pids),
            "ekg_workers_idle": pool.idle,
            "ekg_queries_waiting": pool.waiting,
            "ekg_answers_kept": len(pool.answers),
            "ekg_answers_reused_total": pool.answers.reused,
        }

    async def start(self) -> None:
        """Start what works beside the handlers."""
        await self.runner.start()
        if self.keeper is not None:
            await self.keeper.start()

    async def close(self) -> None:
        """End it, and let go of the graph."""
        if self.keeper is not None:
            await self.keeper.close()
        if self.outside is not None:
            await self.outside.close()
        await self.runner.close()
        await self.writer.close()
        self.current.close()

    async def call(self, function: Callable[[EventGraph], T]) -> T:
        """Call a function of the newest graph that has its index, on a thread.

        Raises:
            RequestError: 503 if too many calls wait, 504 if it takes longer than the time-out.
        """
        if self.api_limit.statistics().tasks_waiting >= _API_THREADS * _WAITING_PER_THREAD:
            raise busy()

        def leased() -> T:
            with self.current.lease() as graph:
                return function(graph)

        try:
            with anyio.fail_after(self.timeout):
                return await anyio.to_thread.run_sync(leased, abandon_on_cancel=True, limiter=self.api_limit)
        except TimeoutError:
            raise too_slow(self.timeout) from None


def state_of(
    graph: EventGraph,
    *,
    owned: bool,
    timeout: float,
    max_rows: int,
    strict_dataset: bool,
    workers: int,
    update_token: str | None,
    memory_quads: int,
    answer_bytes: int,
    reach: Reach | None = None,
) -> State:
    """The state of a server over a graph: with processes if it is on disk, with threads if it is in memory.

    Args:
        graph: the graph.
        owned: whether the server closes it.
        timeout: see :func:`ekg.server.create_app`, as for the rest.
        max_rows: rows of a result.
        strict_dataset: see there.
        workers: reader processes.
        update_token: see there.
        memory_quads: see there.
        answer_bytes: see there.
        reach: see there.
    """
    runner: Runner
    writer: Writer
    watch = keeper = None
    if graph.path is None:
        runner, writer = InlineRunner(graph.local_store, timeout), InlineWriter(graph.local_store)
    else:
        watch = Watch(graph.path)
        runner = pool = ProcessPool(
            graph.path, workers, timeout, watch.number, memory_quads=memory_quads, answer_bytes=answer_bytes
        )
        writer = ProcessWriter(graph.path, timeout)
        keeper = Keeper(graph.path, watch, pool)
    return State(
        current=Current(graph, owned=owned),
        runner=runner,
        writer=writer,
        watch=watch,
        keeper=keeper,
        timeout=timeout,
        max_rows=max_rows,
        strict_dataset=strict_dataset,
        update_token=update_token,
        outside=None if reach is None else Outside(reach),
    )
