"""Taking merges back: a whole run, one pair, or all that joined one entity or event."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ekg.errors import DataError, NotFoundError
from ekg.model import Link
from ekg.pipeline.changes import Changes
from ekg.pipeline.merge import came_with
from ekg.pipeline.merge_check import nodes_of
from ekg.pipeline.merge_imports import remove_imports
from ekg.pipeline.own_documents import forget_own, own_documents
from ekg.pipeline.publish import WAIT_SECONDS, Published, publish
from ekg.store import DocumentStore, kg_lock, read_manifest, write_manifest
from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import node_id

Runs = Mapping[str, Sequence[Link]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged:
    """What was taken back.

    Args:
        removed: the links that are gone, by run.
        published: the graph as it is now.
    """

    removed: dict[str, list[Link]]
    published: Published


def unmerge(
    kg: Path,
    run: str | None = None,
    *,
    pair: tuple[str, str] | None = None,
    entity: str | None = None,
    every_run: bool = False,
) -> Unmerged:
    """Take back what links joined; the graph is the one that was there without these links.

    Its canonical export is that graph's, byte for byte (the files of the databases themselves may differ). A run that
    brought graphs in by ``merge --into`` takes their documents and imported quads with it, but for those that were also
    added to or imported into this graph.

    Args:
        kg: directory of the graph.
        run: id of a run; alone, all of it is taken back.
        pair: only links between these two ids, in either order.
        entity: only links of the node that has this id or contains this mention; it may be an event.
        every_run: take back links of several runs that join the same; otherwise that is an error.

    Raises:
        NotFoundError: there is no such run, pair or node; the message lists the runs there are.
        DataError: what is asked for was merged by several runs and none of them is named, or nothing is asked for.
    """
    if run is None and pair is None and entity is None:
        raise DataError("nothing to take back is named", hint="give a run, a pair or an entity")
    if pair is not None and entity is not None:
        raise DataError("a pair and an entity cannot be taken back in one call", hint="give one of them")
    read_manifest(kg)
    with kg_lock(kg, wait=WAIT_SECONDS):
        # Whoever held the lock until now may have changed it.
        manifest = read_manifest(kg)
        database = DocumentStore(kg / "documents.sqlite")
        try:
            runs = database.links()
            known = run is None or run in runs or bool(database.get_meta(came_with(run)))
            if not known:
                names = ", ".join(runs) or "none"
                raise NotFoundError(f"{kg}: no run '{run}', it may have been taken back", hint=f"runs: {names}")
            chosen: Runs = {name: found for name, found in runs.items() if run in (None, name)}
            if pair is not None or entity is not None:
                chosen = _of_pair(chosen, pair) if pair is not None else _of_node(kg, chosen, entity or "")
                _check_found(kg, chosen, pair, entity, run)
                _check_one_run(chosen, every_run)
            write_manifest(kg, replace(manifest, state="building"))
            for name, gone in chosen.items():
                keep = [link for link in runs[name] if link not in gone]
                if keep:
                    database.put_links(name, keep)
                else:
                    database.remove_links(name)
            whole = run if pair is None and entity is None else None
            if whole is not None:
                _remove_parts(database, whole)

            def write(changes: Changes) -> None:
                if whole is not None:
                    remove_imports(changes, kg, database, whole)
                    database.set_meta(came_with(whole), "")

            published = publish(kg, database, manifest.config, first=write)
        finally:
            database.close()
    return Unmerged(removed={name: list(gone) for name, gone in chosen.items()}, published=published)


def _that(runs: Runs, wanted: Callable[[Link], bool]) -> Runs:
    found = {name: [k for k in links if k.zone == "merge" and wanted(k)] for name, links in runs.items()}
    return {name: links for name, links in found.items() if links}


def _of_pair(runs: Runs, pair: tuple[str, str]) -> Runs:
    ends = {node_id(pair[0]), node_id(pair[1])}
    return _that(runs, lambda link: {node_id(link.left), node_id(link.right)} == ends)


def _of_node(kg: Path, runs: Runs, entity: str) -> Runs:
    store = OxigraphStore(kg / "quads", read_only=True)
    try:
        nodes = nodes_of(store)
    finally:
        store.close()
    wanted = nodes.get(node_id(entity), node_id(entity))
    return _that(
        runs, lambda link: wanted in {nodes.get(end, end) for end in (node_id(link.left), node_id(link.right))}
    )


def _check_found(kg: Path, chosen: Runs, pair: tuple[str, str] | None, entity: str | None, run: str | None) -> None:
    if not chosen:
        what = f"'{pair[0]}' and '{pair[1]}'" if pair is not None else f"'{entity}'"
        within = f"run {run}" if run is not None else "the graph"
        raise NotFoundError(
            f"{kg}: no merged link of {within} joins {what}", hint="give ids as the links' file has them"
        )


def _check_one_run(chosen: Runs, every_run: bool) -> None:
    if len(chosen) > 1 and not every_run:
        raise DataError(
            f"runs {', '.join(chosen)} have all merged this", hint="name one of them, or take all back with --every-run"
        )


def _remove_parts(database: DocumentStore, run: str) -> None:
    """Take out the graphs that came with a run into the one that it was merged into.

    Documents that were also added to this one, corrected or as they are, become its own.
    """
    note = json.loads(database.get_meta(came_with(run)) or "{}")
    if not note:
        return
    brought = {row.id for row in database.rows() if row.part.split("/")[0] in note["parts"]}
    own = brought & own_documents(database)
    database.move(own, "")
    forget_own(database, own)
    database.remove(sorted(brought - own))
    for name in note["runs"]:
        database.remove_links(name)
