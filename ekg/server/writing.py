"""Body of the writer process: batches of jobs, each batch published as one snapshot before any of it is answered.

The graph's lock is held while there is work, and let go soon after, so that ``ekg add`` can run beside a server.
"""

from __future__ import annotations

import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import msgspec

from ekg.errors import EkgError, KgError
from ekg.ids import digest
from ekg.server.changes import apply_job, touched_by_job, with_warnings
from ekg.server.errors import RequestError
from ekg.server.isolation import drop_network
from ekg.server.jobs import Reply, WriteJob, decode_write, encode, frame, read_frame, refusal
from ekg.store import DocumentStore, Manifest, kg_lock, read_manifest, write_manifest
from ekg.store.manifest import full_generation
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import UNPUBLISHED, publish_snapshot
from ekg.store.touched import LIMIT

_BATCH = 64
_KEEP_SECONDS = 0.5
_TURN_SECONDS = 1.0
_PAUSE_SECONDS = 0.2
_LOCK_SECONDS = 5.0


class GraphWriter:
    """A graph's directory, opened for writing while there is work.

    Args:
        kg: the directory.
    """

    def __init__(self, kg: Path) -> None:
        self._kg = kg
        self._held: ExitStack | None = None
        self._store: OxigraphStore | None = None
        self._mark = kg / UNPUBLISHED
        self._since = 0.0

    def run(self, jobs: Sequence[WriteJob]) -> list[Reply]:
        """Do jobs in their order, then publish; the replies name the snapshot in which the changes can be seen."""
        try:
            store = self._opened()
            # A mark that is there already is of a writer that was killed between a change and its snapshot.
            behind = self._mark.exists()
            self._mark.touch()
            touched: set[str] | None = None if behind else set()
            replies = []
            for job in jobs:
                new = touched_by_job(store, job)
                touched = None if touched is None or new is None or len(touched) > LIMIT else touched | new
                replies.append(with_warnings(store, job, apply_job(store, job), new))
            done = [job for job, reply in zip(jobs, replies, strict=True) if reply.error is None]
            if not done and not behind:
                self._mark.unlink()
                return replies
            number = self._publish(store, done, touched)
        except EkgError as error:
            return [_unavailable(error)] * len(jobs)
        except OSError as error:
            # After an error of the disk Oxigraph takes nothing more until it is opened again.
            self.close()
            return [_no_room(error)] * len(jobs)
        return [msgspec.structs.replace(reply, snapshot=number) for reply in replies]

    def _publish(self, store: OxigraphStore, done: Sequence[WriteJob], touched: set[str] | None) -> int:
        manifest = self._changed(store, done)
        snapshot = publish_snapshot(self._kg, store, manifest, indexed=False, touched=touched)
        write_manifest(self._kg, manifest)
        self._mark.unlink()
        return snapshot.number

    def _changed(self, store: OxigraphStore, done: Sequence[WriteJob]) -> Manifest:
        """The manifest after changes: its generation depends on the documents and on every change since the first."""
        manifest = read_manifest(self._kg)
        updates = digest("updates", manifest.updates, *(encode(job).hex() for job in done))
        database = DocumentStore(self._kg / "documents.sqlite", read_only=True)
        try:
            generation = full_generation(database.get_meta("generation") or "", updates)
        finally:
            database.close()
        return replace(
            manifest, generation=generation, updates=updates, counts={**manifest.counts, "quads": len(store)}
        )

    def _opened(self) -> OxigraphStore:
        if self._store is None:
            with ExitStack() as stack:
                stack.enter_context(kg_lock(self._kg, wait=_LOCK_SECONDS))
                if read_manifest(self._kg).state != "complete":
                    raise KgError("a build of the graph was interrupted", hint="run the same `ekg build` again")
                store = OxigraphStore(self._kg / "quads")
                stack.callback(store.close)
                self._held = stack.pop_all()
            self._store, self._since = store, time.monotonic()
        return self._store

    def pause(self) -> None:
        """Let another process have its turn if this one has held the lock for long."""
        if self._held is not None and time.monotonic() - self._since > _TURN_SECONDS:
            self.close()
            time.sleep(_PAUSE_SECONDS)

    def close(self) -> None:
        """Let go of the store and the lock; the next job takes them again."""
        self._store = None
        if self._held is not None:
            self._held.close()
            self._held = None


def _unavailable(error: EkgError) -> Reply:
    return refusal(RequestError(503, error.message, hint=error.hint))


def _no_room(error: OSError) -> Reply:
    return refusal(
        RequestError(
            507,
            f"the change could not be written and shown: {error.strerror or error}",
            hint="make room on the disk and look whether it was made before sending it again",
        )
    )


def main(kg: str, handle: str, memory: str) -> None:
    """Work until the other end of the channel is closed.

    Args:
        kg: directory of the graph.
        handle: file descriptor of the channel.
        memory: bytes that the process may allocate; an update that needs more ends it, and is undone.
    """
    drop_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory), int(memory)))
    writer = GraphWriter(Path(kg))
    with socket.socket(fileno=int(handle)) as channel:
        channel.sendall(frame(encode(Reply())))
        try:
            while True:
                if not _waits(channel, _KEEP_SECONDS):
                    writer.close()
                jobs = [decode_write(read_frame(channel))]
                while len(jobs) < _BATCH and _waits(channel, 0):
                    jobs.append(decode_write(read_frame(channel)))
                channel.sendall(b"".join(frame(encode(reply)) for reply in writer.run(jobs)))
                writer.pause()
        except (EOFError, ConnectionError):
            writer.close()


def _waits(channel: socket.socket, seconds: float) -> bool:
    return bool(select.select([channel], [], [], seconds)[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
