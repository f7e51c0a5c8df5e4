"""Merging graphs along the links of alignments, in a new graph or into one that there is."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alignment.components import Component
from ekg.errors import DataError, KgError
from ekg.ids import digest
from ekg.model import Link
from ekg.pipeline.changes import Changes
from ekg.pipeline.merge_check import MergeRules, check_merge, read_nodes
from ekg.pipeline.merge_imports import add_imports
from ekg.pipeline.merge_parts import Brought, Owners, imported_quads, next_part, read_graph
from ekg.pipeline.publish import WAIT_SECONDS, Published, publish
from ekg.store import DocumentStore, kg_lock, read_manifest, write_manifest
from ekg.store.oxigraph import OxigraphStore


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
                    brought = _read(graph, str(number), owners)
                    brought.put(database)
                    if brought.imports:
                        imports[f"merge {number}"] = brought.imports
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

        def write(changes: Changes) -> None:
            add_imports(changes, kg, graphs, database, identifiers[0])

        try:
            if manifest.state == "building" and set(identifiers) <= set(database.links()):
                return Merged(runs=identifiers, published=publish(kg, database, manifest.config, first=write))
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
            numbers = _parts(database, identifiers[0], len(graphs))
            brought = [_read(graph, part, owners) for part, graph in zip(numbers, graphs, strict=True)]
            for one in brought if not resumed else ():
                _refuse_known(list(one.links), database)
            write_manifest(kg, replace(manifest, state="building"))
            if brought and not database.get_meta(came_with(identifiers[0])):
                runs_brought = sorted({run for one in brought for run in one.links})
                note = {"parts": [one.part for one in brought], "runs": runs_brought}
                database.set_meta(came_with(identifiers[0]), json.dumps(note, sort_keys=True))
            for one in brought:
                one.put(database)
            for run, found in zip(identifiers, runs, strict=True):
                database.put_links(run, found)
            published = publish(kg, database, manifest.config, first=write)
        finally:
            database.close()
    return Merged(runs=identifiers, published=published, clusters=tuple(clusters))


def _parts(database: DocumentStore, run: str, count: int) -> list[str]:
    """Parts that graphs become: those that they were to become in a call that was interrupted, else the next ones."""
    noted: list[str] = json.loads(database.get_meta(came_with(run)) or "{}").get("parts", [])
    if len(noted) == count:
        return noted  # unmerge takes out these
    first = next_part(database.rows())
    return [str(number) for number in range(first, first + count)]


def _read(graph: Path, part: str, owners: Owners) -> Brought:
    source = DocumentStore(graph / "documents.sqlite", read_only=True)
    try:
        return read_graph(graph, source, part, owners)
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
