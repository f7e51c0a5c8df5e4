"""Body of a reader process: one job after another over the newest snapshot, until the server goes away.

The first thread watches; a second one works. A job that runs long gets its thread a lower priority, which cannot be
taken back without privileges, so the first thread then starts another one for the next job.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ekg.errors import EkgError, KgError
from ekg.server.evaluate import BrokenError, run_job
from ekg.server.isolation import drop_network
from ekg.server.jobs import CHUNK, END, HEAD, ReadTask, Reply, decode_read, encode, frame, read_frame, refusal
from ekg.server.reader import Reader

_WATCH_SECONDS = 0.25
_LONG_SECONDS = 1.0
_LONG_NICENESS = 10


class Lane:
    """Works on the jobs of a channel, on threads of its own, one at a time.

    Args:
        channel: where jobs come from and answers go to.
        reader: the graph.
        end: ends the process when the other end of the channel is closed.
    """

    def __init__(self, channel: socket.socket, reader: Reader, end: Callable[[int], object] = os._exit) -> None:
        self._channel = channel
        self._end = end
        self._reader = reader
        self._since: float | None = None
        self._thread = 0
        self._slowed = False
        self.ended = threading.Event()

    def start(self) -> None:
        """Start a thread for the next jobs."""
        self._slowed = False
        self.ended.clear()
        threading.Thread(target=self._work, daemon=True).start()

    def watch(self) -> None:
        """Lower the priority of a job that runs long."""
        since = self._since
        if since is not None and not self._slowed and time.monotonic() - since > _LONG_SECONDS:
            self._slowed = True
            with suppress(OSError):  # it has ended by now, or the system does not let threads differ
                os.setpriority(os.PRIO_PROCESS, self._thread, _LONG_NICENESS)

    def _work(self) -> None:
        self._thread = threading.get_native_id()
        while not self._slowed:
            try:
                task = decode_read(read_frame(self._channel))
                self._since = time.monotonic()
                self._answer(task)
            except (EOFError, ConnectionError):
                self._end(0)
                return
            finally:
                self._since = None
        self.ended.set()

    def _answer(self, task: ReadTask) -> None:
        try:
            store = self._reader.store(task.snapshot)
        except KgError as error:
            self._channel.sendall(frame(encode(Reply(status=503, error=refusal(error).error))))
            return
        if task.job is None:
            self._send(Reply())
            return
        try:
            run_job(store, task.job, self._send)
        except BrokenError:
            # The server must not take what was sent for a whole answer.
            os._exit(1)

    def _send(self, part: Reply | bytes | None) -> None:
        if part is None:
            self._channel.sendall(frame(b"", END))
        elif isinstance(part, Reply):
            self._channel.sendall(frame(encode(part), HEAD))
        elif part:
            self._channel.sendall(frame(part, CHUNK))


def _die(arguments: threading.ExceptHookArgs) -> None:
    """End after a bug, so that the server does not wait for an answer; the traceback goes to its log."""
    threading.__excepthook__(arguments)
    os._exit(1)


def main(kg: str, handle: str, memory: str, memory_quads: str = "0") -> None:
    """Work until the other end of the channel is closed.

    Args:
        kg: directory of the graph.
        handle: file descriptor of the channel.
        memory: bytes that the process may allocate; a query that needs more ends the process, and not the machine.
        memory_quads: see :class:`Reader`.
    """
    drop_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory), int(memory)))
    threading.excepthook = _die
    parent = os.getppid()
    with socket.socket(fileno=int(handle)) as channel:
        reader = Reader(Path(kg), int(memory_quads))
        with suppress(EkgError):  # the first job is told
            reader.store(-1)
        channel.sendall(frame(encode(Reply())))
        lane = Lane(channel, reader)
        lane.start()
        while os.getppid() == parent:
            if lane.ended.wait(_WATCH_SECONDS):
                lane.start()
            lane.watch()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
