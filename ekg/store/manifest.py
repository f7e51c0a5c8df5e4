"""The directory of a knowledge graph: its manifest, and the lock that keeps a second writer out."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from ekg.errors import KgError, LockedError
from ekg.ids import digest
from ekg.store.files import aside_of, is_aside

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
_RETRY_SECONDS = 0.05
_ASIDE_SECONDS = 1.0
"""How long a reader waits for a graph that is between two names; that takes a moment, unless it was interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a knowledge graph says of itself.

    Args:
        schema: version of the layout and the RDF model.
        generation: hash of the content; quads, documents and index carry it too.
        state: ``complete``, or ``building`` while a build is under way or was interrupted.
        config: options that the content depends on.
        counts: documents, events, entities, quads …
        updates: hash of all SPARQL updates and graph uploads so far; "" without any.
    """

    schema: int = SCHEMA_VERSION
    generation: str = ""
    state: str = "complete"
    config: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    updates: str = ""


def full_generation(documents: str, updates: str) -> str:
    """Generation of a graph from that of its documents and imports, and the hash of its updates."""
    return digest("generation", documents, updates) if updates else documents


def read_manifest(kg: Path) -> Manifest:
    """Read ``manifest.json``.

    Raises:
        KgError: no knowledge graph there, a damaged manifest, or one written by a newer version.
    """
    refuse_remote(kg)
    path = kg / MANIFEST
    deadline = time.monotonic() + _ASIDE_SECONDS
    while is_aside(kg):
        if time.monotonic() >= deadline:
            raise _left_aside(kg, KgError)
        time.sleep(_RETRY_SECONDS)
    if not path.is_file():
        what = f"not a knowledge graph (it has no {MANIFEST})" if kg.exists() else "no such knowledge graph"
        raise KgError(f"{kg}: {what}", hint="make one with `ekg build SRC… -o KG`")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        schema = int(values["schema"])
    except (ValueError, KeyError, TypeError) as error:
        raise KgError(f"{path}: damaged manifest: {error}", hint="restore a backup, or build again") from error
    if schema > SCHEMA_VERSION:
        raise KgError(
            f"{kg}: written with schema version {schema}, this ekg reads up to {SCHEMA_VERSION}", hint="update ekg"
        )
    known = {key: values[key] for key in Manifest.__dataclass_fields__ if key in values}
    return Manifest(**known)


def refuse_remote(kg: Path) -> None:
    """Refuse the address of another engine where a directory is wanted.

    Raises:
        KgError: it is one.
    """
    if str(kg).startswith("sparql+"):
        raise KgError(
            f"{kg}: is in another engine, and this works on a graph's directory only",
            hint="query, events, timeline, info, search, ask, export and align take a graph in another engine",
        )


def _left_aside(kg: Path, kind: type[KgError]) -> KgError:
    return kind(
        f"{kg}: is being restored, or a restore of it was interrupted",
        hint=f"if none runs, restore it again, or take the old graph back: mv {aside_of(kg)} {kg}",
    )


def write_manifest(kg: Path, manifest: Manifest) -> None:
    """Replace the manifest atomically."""
    temporary = kg / f".{MANIFEST}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, kg / MANIFEST)


@contextmanager
def kg_lock(kg: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the writer's lock of a directory; the system releases it when the process dies.

    Args:
        kg: the directory, made if absent.
        wait: seconds to wait for another process that holds it.

    Raises:
        LockedError: another process holds it; the message names its process id.
        KgError: it is no directory, but a graph in another engine.
    """
    refuse_remote(kg)
    deadline = time.monotonic() + wait
    while True:
        while is_aside(kg):  # a directory made now would stand in the way of the one that comes
            if time.monotonic() >= deadline:
                raise _left_aside(kg, LockedError)
            time.sleep(_RETRY_SECONDS)
        kg.mkdir(parents=True, exist_ok=True)
        with (kg / "lock").open("a+", encoding="utf-8") as file:
            while not _locked(file):
                if time.monotonic() >= deadline:
                    file.seek(0)
                    owner = file.read().strip() or "unknown"
                    raise LockedError(
                        f"{kg}: another process (pid {owner}) is writing to it", hint="wait until it has finished"
                    )
                time.sleep(_RETRY_SECONDS)
            if not _lies_at(file, kg / "lock"):
                continue  # the directory was exchanged for a restored one meanwhile, which has a lock of its own
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)
            return


def _lies_at(file: TextIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
