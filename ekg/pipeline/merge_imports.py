"""Imported quads of graphs that were merged into another: which of them came with which run.

Beside each run lies a file of the quads that only merges brought, so that they go when the run is taken back. What a
user imports is the user's, whether a merge brought it before or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from ekg.ids import digest
from ekg.io.export import write_atomically
from ekg.pipeline.changes import Changes
from ekg.pipeline.merge_parts import imported_quads
from ekg.store import DocumentStore


def add_imports(changes: Changes, kg: Path, graphs: Sequence[Path], database: DocumentStore, run: str) -> None:
    """Copy what users imported into other graphs, and keep beside the run which of it only merges brought here."""
    # What another run brought stays for this one when that one is taken back.
    brought = _brought(_files(kg))
    found = {quad for graph in graphs for quad in imported_quads(graph)}
    new = {quad for quad in found if quad in brought or quad not in changes.store.raw}
    if not new:
        return
    data = _lines(new)
    _file(kg, run).parent.mkdir(exist_ok=True)
    write_atomically(_file(kg, run), data)
    imports = json.loads(database.get_meta("imports") or "{}")
    database.set_meta("imports", json.dumps(imports | {f"merge {run}": digest(data)}, sort_keys=True))
    changes.add(sorted(new, key=str))


def remove_imports(changes: Changes, kg: Path, database: DocumentStore, run: str) -> None:
    """Take out what came with a run alone."""
    own = _file(kg, run)
    if own.is_file():
        changes.remove(_brought([own]) - _brought(file for file in _files(kg) if file != own))
    imports = json.loads(database.get_meta("imports") or "{}")
    if imports.pop(f"merge {run}", None) is not None:
        database.set_meta("imports", json.dumps(imports, sort_keys=True) if imports else "")
    own.unlink(missing_ok=True)


def keep_imports(kg: Path, quads: Iterable[ox.Quad]) -> None:
    """Note that a user has imported quads: no run takes them away when it is taken back."""
    files = _files(kg)
    wanted = set(quads) if files else set()
    for file in files:
        brought = _brought([file])
        if not brought.isdisjoint(wanted):
            write_atomically(file, _lines(brought - wanted))


def _file(kg: Path, run: str) -> Path:
    return kg / "runs" / f"merged-{run}.nq"


def _files(kg: Path) -> list[Path]:
    return sorted((kg / "runs").glob("merged-*.nq"))


def _brought(files: Iterable[Path]) -> set[ox.Quad]:
    return {quad for file in files for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)}


def _lines(quads: Iterable[ox.Quad]) -> bytes:
    return b"".join(f"{quad} .\n".encode() for quad in sorted(quads, key=str))
