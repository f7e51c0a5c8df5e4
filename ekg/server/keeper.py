"""What a server does beside answering: moves readers to new snapshots, removes old ones, indexes after updates."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ekg.graph.refresh import take_indexing
from ekg.server.current import Watch
from ekg.server.pool import ProcessPool
from ekg.store.snapshots import newest, sweep_old

_TICK_SECONDS = 0.5
_QUIET_SECONDS = 2.0
_LONGEST_SECONDS = 10.0
_AGAIN_SECONDS = 30.0


class Keeper:
    """Runs beside a server over a graph on disk.

    An index is begun once updates have been quiet for a moment, but at most some seconds after the first one, so that
    steady updates cannot put it off for ever; and the next one is begun only when it is ready.

    Args:
        kg: directory of the graph.
        watch: tells of new snapshots.
        pool: the readers.
    """

    def __init__(self, kg: Path, watch: Watch, pool: ProcessPool) -> None:
        self._kg = kg
        self._watch = watch
        self._pool = pool
        self._task: asyncio.Task[None] | None = None
        self._mine: BinaryIO | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._number = -1
        self._newest_at = self._behind_since = self._not_before = 0.0

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Stop; an index that is being built is given up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._mine is not None:
            self._mine.close()

    async def _run(self) -> None:
        while True:
            with suppress(OSError):  # no process or file left at the moment, or a directory that cannot be written to
                self.tick(time.monotonic())
            await asyncio.sleep(_TICK_SECONDS)

    def tick(self, now: float) -> None:
        """Do what is due.

        Args:
            now: seconds of a clock that never goes back.
        """
        if self._mine is None:
            self._mine = take_indexing(self._kg)
        number = self._watch.number()
        if number != self._number:
            self._number, self._newest_at = number, now
        self._pool.refresh()
        sweep_old(self._kg)
        self._index(now)

    def _index(self, now: float) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                return
            if self._process.returncode:
                self._not_before = now + _AGAIN_SECONDS
            self._process = None
        found = newest(self._kg)
        if found is None or found.indexed:
            self._behind_since = 0.0
            return
        self._behind_since = self._behind_since or now
        due = now - self._newest_at >= _QUIET_SECONDS or now - self._behind_since >= _LONGEST_SECONDS
        if due and now >= self._not_before and self._mine is not None:
            self._behind_since = 0.0
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own module
                [sys.executable, "-m", "ekg.server.indexing", str(self._kg)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
