"""Merging graphs along the links of alignments, in a new graph or into one that there is."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from alignment.components import Component
from ekg.errors import DataError, KgError
from ekg.ids import digest
from ekg.io.export import write_atomically
from ekg.model import Link
from ekg.pipeline.merge_check import MergeRules, check_merge, read_nodes
from ekg.pipeline.merge_parts import Owners, Row, imported_quads, new_rows, next_part
from ekg.pipeline.publish import WAIT_SECONDS, Published, publish
from ekg.store import DocumentStore, kg_lock, read_manifest, write_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import UNPUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge did.

    Args:
        runs: id of every run, for :func:`ekg.pipeline.unmerge.unmerge`, in the order of the links that were given.
        published: the graph as it is now.
        clusters: the nodes that became one.
    """

    runs: tuple[str, ...]
    published: Published
    clusters: tuple[Component, ...] = ()

    @property
    def weak(self) -> list[Component]:
        """Clusters of more than two nodes that one doubtful link holds together."""
        return [cluster for cluster in self.clusters if cluster.weak]


def run_id(links: Sequence[Link]) -> str:
    """Id of a run: a hash of its links, so that the same links are the same run."""
    rows = [f"{k.left}\t{k.right}\t{k.score:.4f}\t{k.zone}" for k in links]
    return digest("run", *sorted(rows))[:12]


def merge(
    graphs: Sequence[Path], runs: Sequence[Sequence[Link]], out: Path, *, rules: MergeRules | None = None
) -> Merged:
    """Put graphs together in a new one and join the nodes that links of zone ``merge`` name.

    Each graph stays a part of its own: without the links its nodes are exactly those it had. A node that is joined has
    the id that it had in the first of the graphs.

    Args:
        graphs: directories of two or more graphs.
        runs: links between their nodes, one list a run.
        out: directory of the new graph, which must not exist.
        rules: what may be joined.

    Raises:
        KgError: ``out`` exists, or a graph is not one.
        DataError: two graphs have different documents of one id, a link names an unknown node, a run is given twice or
            is in one of the graphs already, or the rules forbid what the links join.
    """
    if out.exists():
        raise KgError(f"{out}: exists already", hint="choose another name, remove it first, or merge with --into")
    manifests = [read_manifest(graph) for graph in graphs]
    clusters = check_merge(read_nodes(graphs), [link for run in runs for link in run], rules or MergeRules())
    building = out.with_name(f".{out.name}.merging")
    shutil.rmtree(building, ignore_errors=True)
    try:
        with kg_lock(building):
            database = DocumentStore(building / "documents.sqlite")
            try:
                owners, imports = Owners(), {}
                for number, graph in enumerate(graphs):
                    rows, known, old = _read(graph, str(number), owners)
                    database.put(rows)
                    for run, links in known.items():
                        database.put_links(run, links)
                    if old:
                        imports[f"merge {number}"] = old
                identifiers = _put_runs(database, runs)
                if imports:
                    database.set_meta("imports", json.dumps(imports, sort_keys=True))
                store = OxigraphStore(building / "quads")
                for graph in graphs:
                    store.add(imported_quads(graph))
                store.close()
                published = publish(building, database, dict(manifests[0].config))
            finally:
                database.close()
        os.replace(building, out)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return Merged(runs=identifiers, published=published, clusters=tuple(clusters))


def merge_into(
    kg: Path, graphs: Sequence[Path], runs: Sequence[Sequence[Link]], *, rules: MergeRules | None = None
) -> Merged:
    """Merge graphs into one that there is, which keeps the ids of its nodes.

    What the graph had is not aligned or written again. Without ``graphs`` the links are one more run between the parts
    of a graph that was merged before. A call that was interrupted is finished by the same call.

    Args:
        kg: directory of the graph to merge into.
        graphs: directories of the others, which are not changed.
        runs: links between their nodes, one list a run.
        rules: what may be joined.

    Raises:
        KgError: one of the directories is no graph.
        DataError: as :func:`merge`.
    """
    if not runs:
        raise DataError("there are no links to merge along", hint="make them with `ekg align`")
    read_manifest(kg)
    for graph in graphs:
        if graph.resolve() == kg.resolve():
            raise DataError(f"{kg} cannot be merged into itself", hint="name another graph")
        read_manifest(graph)
    identifiers = _distinct(runs)
    with kg_lock(kg, wait=WAIT_SECONDS):
        # Whoever held the lock until now may have changed it.
        manifest = read_manifest(kg)
        database = DocumentStore(kg / "documents.sqlite")
        try:
            if manifest.state == "building" and set(identifiers) <= set(database.links()):
                return Merged(runs=identifiers, published=publish(kg, database, manifest.config))
            clusters = check_merge(
                read_nodes([kg, *graphs]), [link for run in runs for link in run], rules or MergeRules()
            )
            # What an interrupted call has put in already is put in again.
            resumed = manifest.state == "building"
            if not resumed:
                _refuse_known(identifiers, database)
            owners = Owners()
            for row in database.rows():
                owners.claim(row, kg)
            first = next_part(database.rows())
            added: list[Row] = []
            known: dict[str, list[Link]] = {}
            parts = []
            for number, graph in enumerate(graphs, start=first):
                rows, links, _ = _read(graph, str(number), owners)
                if not resumed:
                    _refuse_known(list(links), database)
                added += rows
                known |= links
                parts.append(str(number))
            write_manifest(kg, replace(manifest, state="building"))
            if parts and not database.get_meta(came_with(identifiers[0])):
                note = {"parts": parts, "runs": sorted(known)}
                database.set_meta(came_with(identifiers[0]), json.dumps(note, sort_keys=True))
            _add_imports(kg, graphs, database, identifiers[0])
            database.put(added)
            for run, found in (*known.items(), *zip(identifiers, runs, strict=True)):
                database.put_links(run, found)
            published = publish(kg, database, manifest.config)
        finally:
            database.close()
    return Merged(runs=identifiers, published=published, clusters=tuple(clusters))


def _read(graph: Path, part: str, owners: Owners) -> tuple[list[Row], dict[str, list[Link]], str]:
    """New documents of a graph, its runs, and the digests of what was imported into it."""
    source = DocumentStore(graph / "documents.sqlite", read_only=True)
    try:
        return new_rows(graph, source, part, owners), source.links(), source.get_meta("imports") or ""
    finally:
        source.close()


def _distinct(runs: Sequence[Sequence[Link]]) -> tuple[str, ...]:
    identifiers = tuple(run_id(links) for links in runs)
    twice = [run for run, count in Counter(identifiers).items() if count > 1]
    if twice:
        raise DataError(f"the links of run {twice[0]} are given twice", hint="name each links' file once")
    return identifiers


def _refuse_known(identifiers: Sequence[str], database: DocumentStore) -> None:
    known = database.links()
    for run in identifiers:
        if run in known:
            raise DataError(
                f"run {run} is merged already, with the same links", hint=f"`ekg unmerge KG {run}` takes it back"
            )


def _put_runs(database: DocumentStore, runs: Sequence[Sequence[Link]]) -> tuple[str, ...]:
    identifiers = _distinct(runs)
    _refuse_known(identifiers, database)
    for run, links in zip(identifiers, runs, strict=True):
        database.put_links(run, links)
    return identifiers


def came_with(run: str) -> str:
    """Key of the note on which parts and runs came into a graph together with a run."""
    return f"merged {run}"


def imports_of(kg: Path, run: str) -> Path:
    """The file with the imported quads that came into a graph together with a run."""
    return kg / "runs" / f"merged-{run}.nq"


def brought_quads(files: Iterable[Path]) -> set[ox.Quad]:
    """The quads of files of :func:`imports_of`."""
    return {quad for file in files for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)}


def _add_imports(kg: Path, graphs: Sequence[Path], database: DocumentStore, run: str) -> None:
    """Copy what users imported into the other graphs, and keep beside the run which of it only merges brought here."""
    store = OxigraphStore(kg / "quads")
    try:
        # What another run brought stays for this one when that one is taken back.
        brought = brought_quads(imports_of(kg, "*").parent.glob(imports_of(kg, "*").name))
        found = {quad for graph in graphs for quad in imported_quads(graph)}
        new = {quad for quad in found if quad in brought or quad not in store.raw}
        if not new:
            return
        data = b"".join(f"{quad} .\n".encode() for quad in sorted(new, key=str))
        imports_of(kg, run).parent.mkdir(exist_ok=True)
        write_atomically(imports_of(kg, run), data)
        imports = json.loads(database.get_meta("imports") or "{}")
        database.set_meta("imports", json.dumps(imports | {f"merge {run}": digest(data)}, sort_keys=True))
        (kg / UNPUBLISHED).touch()
        store.add(new)
    finally:
        store.close()
