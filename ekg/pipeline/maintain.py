"""Re-indexing and copying a graph, and putting a copy in its place."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from ekg.errors import KgError
from ekg.index import Index, build_index
from ekg.pipeline.build import check_target
from ekg.store import DocumentStore, kg_lock, read_manifest, write_manifest
from ekg.store.files import aside_of, is_aside, sync_folder
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import UNPUBLISHED, newest, pin_newest, publish_snapshot

_HASHES = "hashes.json"
_WAIT_SECONDS = 5.0
_EXCHANGE = 2
_HERE = -100


def reindex(kg: Path) -> None:
    """Drop the index and build it again from quads and documents; readers see it with the next snapshot.

    Raises:
        KgError: not a graph, or a build of it was interrupted.
    """
    read_manifest(kg)
    with kg_lock(kg, wait=_WAIT_SECONDS):
        manifest = read_manifest(kg)
        if manifest.state != "complete":
            raise KgError(f"{kg}: a build was interrupted", hint="run the same `ekg build` again to finish it")
        with (
            closing(DocumentStore(kg / "documents.sqlite", read_only=True)) as database,
            closing(OxigraphStore(kg / "quads")) as store,
        ):
            build_index(kg / "index.sqlite", store, database, manifest.generation)
            publish_snapshot(kg, store, manifest, indexed=True)
        (kg / UNPUBLISHED).unlink(missing_ok=True)


def backup(kg: Path, target: Path) -> None:
    """Copy a graph to a directory that does not exist; the copy appears complete or not at all.

    The newest snapshot is copied, so that writers and readers can go on. The copy shares no file with the graph.

    Raises:
        KgError: the target exists, or ``kg`` is not a graph.
    """
    read_manifest(kg)
    if target.exists():
        raise KgError(f"{target}: exists already", hint="choose another name")
    with _partial(target, "partial") as temporary, ExitStack() as stack:
        _copy(_state(kg, stack), kg / "runs", temporary)
        _write_hashes(temporary)
        os.rename(temporary, target)
    sync_folder(target.parent)


def _state(kg: Path, stack: ExitStack) -> Path:
    """A directory that holds a state of a graph and stays as it is until the stack is left."""
    pin = pin_newest(kg)
    if pin is not None:
        stack.callback(pin.close)
        return pin.snapshot.path
    stack.enter_context(kg_lock(kg, wait=_WAIT_SECONDS))  # made by a version without snapshots
    return kg


def _copy(state: Path, runs: Path, target: Path) -> None:
    shutil.copytree(state / "quads", target / "quads")
    shutil.copyfile(state / "documents.sqlite", target / "documents.sqlite")
    if runs.is_dir():
        shutil.copytree(runs, target / "runs")
    manifest = read_manifest(state)
    if (state / "index.sqlite").exists():
        shutil.copyfile(state / "index.sqlite", target / "index.sqlite")
    else:
        _index_copy(target, manifest.generation)
    write_manifest(target, manifest)


def _index_copy(target: Path, generation: str) -> None:
    with (
        closing(DocumentStore(target / "documents.sqlite", read_only=True)) as database,
        closing(OxigraphStore(target / "quads", read_only=True)) as store,
    ):
        build_index(target / "index.sqlite", store, database, generation)


def _index_of_this_version(folder: Path) -> None:
    """Build the index of a copied graph anew if it cannot be used: a backup may be older than the program."""
    generation = read_manifest(folder).generation
    try:
        Index(folder / "index.sqlite", generation=generation).close()
    except KgError:
        _index_copy(folder, generation)


def _write_hashes(folder: Path) -> None:
    hashes = {str(path.relative_to(folder)): _hash(path) for path in _hashed(folder)}
    text = json.dumps({"generation": read_manifest(folder).generation, "sha256": hashes}, indent=1, sort_keys=True)
    (folder / _HASHES).write_text(text + "\n", encoding="utf-8")


def _hashed(folder: Path) -> list[Path]:
    """The files that do not change as long as a backup is only read."""
    return sorted([*(folder / "quads").glob("*.sst"), *folder.glob("*.sqlite")])


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_hashes(folder: Path) -> None:
    """Compare a backup's files with their hashes.

    Raises:
        KgError: a file is missing or was changed.
    """
    if not (folder / _HASHES).exists():
        return
    noted = json.loads((folder / _HASHES).read_text(encoding="utf-8"))
    if noted["generation"] != read_manifest(folder).generation:
        return  # it was written to since, as a graph of its own
    for name, wanted in noted["sha256"].items():
        path = folder / name
        if not path.exists() or _hash(path) != wanted:
            raise KgError(f"{path}: is not as the backup left it", hint="restore another backup")


def restore(source: Path, kg: Path) -> None:
    """Put a backup in the place of a graph, or where there is none yet; the backup stays.

    The graph is exchanged in one step: who opens it finds the old one or the restored one, and if anything fails, the
    old one stays. Servers see the restored one as a newer snapshot.

    Raises:
        KgError: ``source`` is not a complete, undamaged backup or graph, or ``kg`` is something else.
        LockedError: another process writes to ``kg``.
    """
    if read_manifest(source).state != "complete":
        raise KgError(f"{source}: not a complete graph", hint="restore what `ekg backup` made")
    if is_aside(kg):
        os.rename(aside_of(kg), kg)  # an earlier restore was interrupted
    check_target(kg, add=False)
    _check_hashes(source)
    with ExitStack() as stack:
        state = _state(source, stack)
        temporary = stack.enter_context(_partial(kg, "restoring"))
        old = (kg / "manifest.json").exists()
        if old:
            stack.enter_context(kg_lock(kg, wait=_WAIT_SECONDS))
        _copy(state, source / "runs", temporary)
        _index_of_this_version(temporary)
        last = newest(kg)
        with closing(OxigraphStore(temporary / "quads")) as store:
            first = 1 if last is None else last.number + 1
            publish_snapshot(temporary, store, read_manifest(temporary), indexed=True, first=first)
        _check_opens(temporary)
        if old:
            exchange(temporary, kg)
        else:
            if kg.exists():
                shutil.rmtree(kg)  # holds nothing but a lock
            os.rename(temporary, kg)
    sync_folder(kg.parent)


def _check_opens(folder: Path) -> None:
    from ekg.graph import open_graph

    try:
        with open_graph(folder) as graph:
            graph.info()
    except (OSError, sqlite3.DatabaseError) as error:
        raise KgError(f"the backup cannot be read: {error}", hint="restore another backup") from error


@contextmanager
def _partial(target: Path, kind: str) -> Iterator[Path]:
    """An empty directory beside a target, removed at the end with what is in it then."""
    temporary = target.with_name(f".{target.name}.{kind}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def exchange(left: Path, right: Path) -> None:
    """Exchange the names of two directories in one step, with Linux's renameat2.

    Where the system or the file system has no such call, two renames do it: there is a moment without ``right``, in
    which readers wait and writers make nothing in its place (:mod:`ekg.store.manifest`). If the machine stops in it,
    ``right`` lies under the name ``.RIGHT.replaced`` beside it, and the next restore takes it back first.

    Raises:
        OSError: it failed, and both have their old names.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        if libc.renameat2(_HERE, os.fsencode(left), _HERE, os.fsencode(right), _EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in {errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EOPNOTSUPP}:
            raise OSError(code, os.strerror(code), str(right))
    aside = aside_of(right)
    shutil.rmtree(aside, ignore_errors=True)  # of an exchange that was interrupted at its last step
    os.rename(right, aside)
    try:
        _rename_to(left, right)
    except BaseException:
        _rename_to(aside, right)
        raise
    os.rename(aside, left)


def _rename_to(folder: Path, name: Path) -> None:
    """Rename a directory, though a writer may have made one of that name a moment ago, with nothing but a lock."""
    try:
        os.rename(folder, name)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST} or os.listdir(name) != ["lock"]:
            raise
        with (name / "lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # who waits for it looks anew where it lies
            (name / "lock").unlink()
        os.rename(folder, name)
