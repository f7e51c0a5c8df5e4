"""Snapshots: complete states of a graph that readers open while a writer works on the next one.

``snapshots/N/`` holds quads, documents and manifest as hard links or copies that nobody writes to again, and
``index.sqlite`` once it is built. A snapshot is made under another name and appears by one rename. Whoever reads it
holds a shared lock on its file ``pin``; the writer removes old ones that nobody holds. The newest one is never removed.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import weakref
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ekg.errors import KgError
from ekg.store.files import link_or_copy, sync_folder
from ekg.store.manifest import Manifest, write_manifest
from ekg.store.oxigraph import OxigraphStore

SNAPSHOTS = "snapshots"
UNPUBLISHED = "unpublished"
"""Name of the file that lies in a graph's directory while it holds changes that no snapshot shows."""
_TOUCHED = "touched.json"
_PIN = "pin"
_TRIES = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """A published state.

    Args:
        number: counts up; a larger one is newer.
        path: its directory.
    """

    number: int
    path: Path

    @property
    def indexed(self) -> bool:
        """Whether its index is there; after an update it comes later than the quads."""
        return (self.path / "index.sqlite").exists()

    @property
    def identity(self) -> tuple[int, ...]:
        """Differs from that of any other snapshot, also of one with the same number in a graph that was made anew.

        Without a second part, the snapshot has just been removed.
        """
        try:
            pin = (self.path / _PIN).stat()
        except FileNotFoundError:
            return (self.number,)
        return self.number, pin.st_ino, pin.st_mtime_ns


def snapshots(kg: Path) -> list[Snapshot]:
    """All published snapshots of a graph, oldest first."""
    try:
        names = os.listdir(kg / SNAPSHOTS)
    except FileNotFoundError:
        return []
    return sorted(Snapshot(int(name), kg / SNAPSHOTS / name) for name in names if name.isdecimal())


def newest(kg: Path, *, indexed: bool = False) -> Snapshot | None:
    """The newest snapshot, or the newest one that has its index; None if there is none."""
    return next((found for found in reversed(snapshots(kg)) if not indexed or found.indexed), None)


class Pin:
    """Keeps a snapshot from being removed until it is closed or forgotten, or its process ends.

    Args:
        snapshot: what is held.
        descriptor: of the locked file, which is closed with the pin.
    """

    def __init__(self, snapshot: Snapshot, descriptor: int) -> None:
        self.snapshot = snapshot
        self._close = weakref.finalize(self, os.close, descriptor)

    def close(self) -> None:
        """Let go; a second call does nothing."""
        self._close()


def pin_newest(kg: Path, *, indexed: bool = False) -> Pin | None:
    """Hold the newest snapshot, see :func:`newest`."""
    for _ in range(_TRIES):
        found = newest(kg, indexed=indexed)
        if found is None:
            return None
        pin = _pin(found)
        if pin is not None:
            return pin
    raise KgError(f"{kg}: its snapshots vanish while they are opened", hint="is another program deleting them?")


def _pin(snapshot: Snapshot) -> Pin | None:
    """Hold a snapshot; None if it is being removed."""
    path = snapshot.path / _PIN
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    pin = Pin(snapshot, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        # Between the opening and the lock it may have been removed.
        held = os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):
        held = False
    if held:
        return pin
    pin.close()
    return None


def publish_snapshot(
    kg: Path,
    store: OxigraphStore,
    manifest: Manifest,
    *,
    indexed: bool,
    touched: Collection[str] | None = None,
    first: int = 1,
) -> Snapshot:
    """Make what a store holds now the newest snapshot, and remove those that nobody reads.

    The caller holds the writer's lock, and nobody writes to ``documents.sqlite`` (and ``index.sqlite``) any more:
    they are linked, and :class:`ekg.store.DocumentStore` takes a copy of its own before it writes again.

    Args:
        kg: the graph's directory.
        store: its quads, open for writing.
        manifest: of the state.
        indexed: whether ``index.sqlite`` is an index of this state.
        touched: IRIs that the changes since the last snapshot touch, where they are known; with them a later index
            need not be made from nothing (:func:`touched_since`).
        first: number of a graph's first snapshot.

    Raises:
        OSError: the disk is full, for instance; nothing was published then.
    """
    folder = kg / SNAPSHOTS
    folder.mkdir(exist_ok=True)
    last = newest(kg)
    number = first if last is None else last.number + 1
    partial = folder / f".partial-{number}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        store.backup(partial / "quads")
        link_or_copy(kg / "documents.sqlite", partial / "documents.sqlite")
        if indexed:
            link_or_copy(kg / "index.sqlite", partial / "index.sqlite")
        elif touched is not None and last is not None:
            _note_touched(partial, last, touched)
        write_manifest(partial, manifest)
        (partial / _PIN).touch()
        os.rename(partial, folder / str(number))
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_folder(folder)
    try:
        sweep(kg)
    except OSError as error:  # what is published stays so; the next writer, or a server's keeper, sweeps again
        _log.warning("%s: old snapshots could not be removed: %s", kg, error)
    return Snapshot(number, folder / str(number))


def _note_touched(folder: Path, last: Snapshot, touched: Collection[str]) -> None:
    """Write down what changes touch, together with what earlier ones did since the last snapshot with an index."""
    since, iris = last.number, set(touched)
    if not last.indexed:
        earlier = _touched(last)
        if earlier is None:
            return
        since = earlier[0]
        iris.update(earlier[1])
    with (folder / _TOUCHED).open("w", encoding="utf-8") as file:
        json.dump({"since": since, "iris": sorted(iris)}, file)


def _touched(snapshot: Snapshot) -> tuple[int, list[str]] | None:
    try:
        found = json.loads((snapshot.path / _TOUCHED).read_text(encoding="utf-8"))
        return int(found["since"]), [str(iri) for iri in found["iris"]]
    except (OSError, ValueError, KeyError):
        return None


def touched_since(snapshot: Snapshot, earlier: Snapshot) -> list[str] | None:
    """IRIs of subjects and objects of all quads that changed between two snapshots, and perhaps more; None where that
    is not known."""
    found = _touched(snapshot)
    return found[1] if found is not None and found[0] <= earlier.number else None


def sweep(kg: Path) -> None:
    """Remove snapshots that nobody reads, and what killed writers left; the caller holds the writer's lock."""
    sweep_old(kg)
    for name in os.listdir(kg / SNAPSHOTS) if (kg / SNAPSHOTS).is_dir() else ():
        if name.startswith("."):
            shutil.rmtree(kg / SNAPSHOTS / name, ignore_errors=True)


def sweep_old(kg: Path) -> None:
    """Remove snapshots that nobody reads, but for the newest and the newest with an index."""
    found = snapshots(kg)
    indexed = [snapshot for snapshot in found if snapshot.indexed]
    for snapshot in found:
        if snapshot not in (*found[-1:], *indexed[-1:]):
            _remove(snapshot)


def _remove(snapshot: Snapshot) -> None:
    """Remove a snapshot unless somebody holds it."""
    try:
        with (snapshot.path / _PIN).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Under a name that no reader looks for it can go in peace.
            gone = snapshot.path.with_name(f".gone-{snapshot.number}")
            os.rename(snapshot.path, gone)
    except BlockingIOError:
        return
    except FileNotFoundError:
        gone = snapshot.path
    shutil.rmtree(gone, ignore_errors=True)
