"""Importing RDF files into a graph, all of them or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from ekg.errors import DataError
from ekg.pipeline.build import check_target
from ekg.pipeline.changes import Changes
from ekg.pipeline.merge_imports import keep_imports
from ekg.pipeline.publish import WAIT_SECONDS, publish
from ekg.store import DocumentStore, Manifest, kg_lock, read_manifest, write_manifest
from ekg.vocab import GRAPH_RESOLVED, document_of


@dataclass(slots=True)
class ImportReport:
    """What an import added: quads a file, warnings about odd values, and the graph's counts afterwards."""

    files: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def import_files(kg: Path, files: Sequence[Path], *, graph: str | None = None) -> ImportReport:
    """Add RDF files to a graph, which is created if absent. Triples go to the default graph unless ``graph`` is given.

    Everything is parsed before anything is written.

    Raises:
        DataError: a file is malformed (with line and column), or writes to a graph that ekg itself keeps.
    """
    from ekg.io import parse_rdf

    check_target(kg, add=False)
    report = ImportReport()
    quads: list[ox.Quad] = []
    hashes: dict[str, str] = {}
    for path in files:
        parsed = parse_rdf(path, graph=graph)
        found = list(parsed.quads)
        for quad in found:
            _check_graph(path, quad)
        report.files[str(path)] = len(found)
        for kind, count in parsed.warnings.items():
            report.warnings[kind] = report.warnings.get(kind, 0) + count
        quads.extend(found)
        hashes[hashlib.sha256(path.read_bytes()).hexdigest()] = path.name  # names may be alike
    with kg_lock(kg, wait=WAIT_SECONDS):
        manifest = read_manifest(kg) if (kg / "manifest.json").exists() else Manifest()
        write_manifest(kg, replace(manifest, state="building"))
        database = DocumentStore(kg / "documents.sqlite")

        def write(changes: Changes) -> None:
            changes.add(quads)
            keep_imports(kg, quads)
            known = json.loads(database.get_meta("imports") or "{}")
            known = known if isinstance(known, dict) else {"": str(known)}
            known.update({f"{graph or ''} {digest}": name for digest, name in hashes.items()})
            database.set_meta("imports", json.dumps(known, sort_keys=True))

        try:
            report.counts = publish(kg, database, manifest.config, first=write).counts
        finally:
            database.close()
    return report


def _check_graph(path: Path, quad: ox.Quad) -> None:
    name = quad.graph_name
    if isinstance(name, ox.NamedNode) and (
        name.value == GRAPH_RESOLVED
        or name.value.startswith("urn:ekg:graph:run:")
        or document_of(name.value) is not None
    ):
        raise DataError(
            f"graph <{name.value}> is kept by ekg itself and cannot be imported into",
            path=path,
            hint="build from the documents, or import with --graph IRI after removing the graph names",
        )
