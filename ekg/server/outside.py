"""Who fetches for queries and updates from other machines: processes, started when they are first needed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ekg.server.errors import RequestError
from ekg.server.fetching import FetchJob
from ekg.server.jobs import Reply, encode
from ekg.server.pool import busy, too_slow
from ekg.server.process import Process, ProcessDiedError, start_process
from ekg.store.guard import without_escapes
from ekg.store.reach import Reach

_AT_ONCE = 4
_WAITING = 32
_KEPT = 2
_MEMORY = 1 << 30
_GRACE_SECONDS = 2.0
"""How much longer than its limit a fetch may take before its process is ended."""


class Outside:
    """Fetching processes; used from one event loop.

    Args:
        reach: what may be fetched, and the limits.
    """

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._idle: list[Process] = []
        self._running: set[Process] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def complete(self, text: str, *, update: bool, base: str | None) -> Reply:
        """A query or an update with what it asks of other machines in place, as the reply's body; or its error.

        Raises:
            RequestError: 503 if too many wait or the process dies, 504 if it has to be ended.
        """
        # In strings an escape is common, and no reason to wait behind those who ask slow machines.
        capitals = text.upper() + (without_escapes(text).upper() if "\\" in text else "")
        if "SERVICE" not in capitals and not (update and "LOAD" in capitals):
            return Reply(body=text.encode())
        if self._waiting >= _WAITING:
            raise busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(self.reach.timeout):
                await self._turns.acquire()
        except TimeoutError:
            raise busy() from None
        finally:
            self._waiting -= 1
        try:
            return await self._run(FetchJob(text=text, update=update, base=base, reach=self.reach))
        finally:
            self._turns.release()

    async def _run(self, job: FetchJob) -> Reply:
        process = self._idle.pop() if self._idle else await start_process("ekg.server.fetching", Path(), str(_MEMORY))
        self._running.add(process)
        done = False
        try:
            await process.ready()
            async with asyncio.timeout(self.reach.timeout + _GRACE_SECONDS):
                reply = await process.ask(encode(job))
            done = True
        except TimeoutError:
            raise too_slow(self.reach.timeout) from None
        except ProcessDiedError:
            raise RequestError(
                503, "the process that fetches from other machines was ended", hint="ask them for less"
            ) from None
        finally:
            # Whoever leaves in between leaves a process behind that is not fit for another job.
            self._running.discard(process)
            if done and len(self._idle) < _KEPT:
                self._idle.append(process)
            else:
                process.end()
        return reply

    async def close(self) -> None:
        """End all processes."""
        for process in (*self._idle, *self._running):
            process.end()
        self._idle.clear()
