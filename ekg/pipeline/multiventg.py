"""Importing MultiVENT-G annotations: every annotated video becomes a document with one event, nothing is extracted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ekg.ids import digest
from ekg.model import Document, Extraction, encode_extraction
from ekg.pipeline.build import check_target, content_hash, recorded_date
from ekg.pipeline.importing import ImportReport
from ekg.pipeline.publish import WAIT_SECONDS, publish
from ekg.store import DocumentRow, DocumentStore, Manifest, kg_lock, read_manifest, write_manifest


def import_multiventg(kg: Path, files: Sequence[Path]) -> ImportReport:
    """Add the videos of annotation files to a graph, which is created if absent; a video that is there is replaced.

    All files are read before anything is written; what in them cannot be used is counted by kind in the warnings.

    Raises:
        DataError: a file is not in the format.
        KgError: ``kg`` is something else than a graph.
        LockedError: another process writes to it.
    """
    from extractors.multiventg import read_multiventg, to_record

    check_target(kg, add=False)
    report = ImportReport()
    rows: dict[str, tuple[DocumentRow, Document, Extraction]] = {}
    for path in files:
        annotations = read_multiventg(path)
        for where, message in annotations.problems:
            report.warnings[f"{path.name}: {where}: {message}"] = 1
        report.files[str(path)] = len(annotations.videos)
        for video in annotations.videos:
            document, record = to_record(video)
            revision = content_hash(document)
            key = digest("annotation", revision, encode_extraction(record).decode())
            recorded = recorded_date(document, None)
            row = DocumentRow(id=video.id, part="", source=str(path), recorded=recorded, revision=revision, key=key)
            rows[video.id] = (row, document, record)
    with kg_lock(kg, wait=WAIT_SECONDS):
        manifest = read_manifest(kg) if (kg / "manifest.json").exists() else Manifest()
        write_manifest(kg, replace(manifest, state="building"))
        database = DocumentStore(kg / "documents.sqlite")
        try:
            database.put(rows.values())
            report.counts = publish(kg, database, manifest.config).counts
        finally:
            database.close()
    return report
