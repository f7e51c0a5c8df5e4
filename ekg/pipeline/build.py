"""Building a knowledge graph: a fold over documents, then one pass that resolves, indexes and publishes.

Every document's result is committed under the hash of its content, the configuration and the code, so a build that was
killed goes on where it stopped, and a second build of the same sources does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ekg import registry
from ekg.errors import DataError, KgError, NotFoundError
from ekg.graph import EventGraph
from ekg.graph.open import memory_graph
from ekg.ids import digest
from ekg.model import Document, Extraction
from ekg.pipeline.own_documents import forget_own, note_own
from ekg.pipeline.own_types import KEY, types_in_use
from ekg.pipeline.part_nodes import Source
from ekg.pipeline.publish import WAIT_SECONDS, publish
from ekg.pipeline.render import render_document
from ekg.pipeline.resolve import resolve_sources
from ekg.pipeline.workers import Crash, extract_many
from ekg.store import DocumentRow, DocumentStore, Manifest, kg_lock, read_manifest, write_manifest
from ekg.store.files import is_aside
from ekg.store.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from extractors.sources import Failure

_COMMIT_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be used: the file or document, and why."""

    where: str
    message: str
    trace: str = ""


@dataclass(slots=True)
class BuildReport:
    """What a build did, or would do in a dry run; ``failed`` are new or changed ones without a record."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: int = 0
    events: int = 0
    without_events: int = 0
    problems: list[Problem] = field(default_factory=list)
    diagnostics: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    generation: str = ""
    dry_run: bool = False

    @property
    def documents(self) -> int:
        """Documents read."""
        return self.new + self.changed + self.unchanged


Progress = Callable[[str, int, int | None, int], None]
"""Called with the stage, documents done, documents in all (None if not known) and events so far."""


def _quiet(stage: str, done: int, total: int | None, events: int) -> None:
    """Progress that nobody watches."""


def content_hash(document: Document) -> str:
    """Revision of a document: a hash of all that the reader got from its source."""
    return digest("document", msgspec.json.encode(document, order="deterministic").decode())


def read_sources(
    sources: Sequence[str | Path], report: BuildReport, *, encoding: str | None = None, limit: int | None = None
) -> Iterator[Document]:
    """Documents of the sources, read lazily; what cannot be read goes into the report.

    Raises:
        DataError: at the call already: a source is missing, or the encoding unknown.
    """
    from extractors.sources import read_documents

    return _documents(read_documents(sources, encoding=encoding, limit=limit), report)


def _documents(items: Iterable[Document | Failure], report: BuildReport) -> Iterator[Document]:
    for item in items:
        if not isinstance(item, Document):
            _note_failure(item, report)
        else:
            yield item


def _note_failure(item: Failure, report: BuildReport) -> None:
    where = ":".join(str(part) for part in (item.path, item.line, item.column) if part is not None)
    which = f"field '{item.field}': " if item.field else ""
    hint = f" ({item.hint})" if item.hint else ""
    report.problems.append(Problem(where=where, message=f"{which}{item.message}{hint}"))


def recorded_date(document: Document, recorded_at: str | None) -> str | None:
    """When a document's statements count as recorded: the day it was published, else the date that was given."""
    return document.published.split("T")[0] if document.published else recorded_at


def build(
    sources: Sequence[str | Path],
    kg: Path,
    *,
    jobs: int = 1,
    executor: str = "process",
    recorded_at: str | None = None,
    encoding: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    add: bool = False,
    progress: Progress = _quiet,
) -> BuildReport:
    """Build a graph from sources, go on with a build that was interrupted, or add sources to a graph.

    Args:
        sources: files, folders, or ``-``.
        kg: directory of the graph.
        jobs: workers; 0 is one a core.
        executor: where they are: ``process``, ``ray`` or ``dask``; the result is the same.
        recorded_at: ISO date at which documents without a date count as recorded.
        encoding: forced encoding of text sources.
        limit: read this many documents at most.
        dry_run: read and compare only; nothing is written.
        add: add to the graph, which has to exist; otherwise documents that are not in the sources are reported.
        progress: called as documents are done.

    Raises:
        KgError: ``kg`` is something else than a graph.
        LockedError: another process writes to it.
    """
    report = BuildReport(dry_run=dry_run)
    check_target(kg, add=add)
    documents = distinct(read_sources(sources, report, encoding=encoding, limit=limit), report)
    if dry_run:
        with types_in_use(kg):
            _dry_run(documents, kg, report, add=add)
        return report
    with kg_lock(kg, wait=WAIT_SECONDS), types_in_use(kg) as types:
        manifest = read_manifest(kg) if (kg / "manifest.json").exists() else Manifest()
        config = dict(manifest.config)
        if recorded_at is not None:
            config["recorded-at"] = recorded_at
        config["extractor"] = _signature()
        if types:
            config[KEY] = types
        write_manifest(kg, replace(manifest, state="building", config=config))
        database = DocumentStore(kg / "documents.sqlite")
        try:
            seen = _fold(
                documents, database, report, config, (jobs, executor), str(sources[0]) if sources else "", progress
            )
            note_own(database, seen)
            others = sorted({row.id for row in database.rows()} - seen)
            if others and not add and limit is None:
                _note_others(kg, others, report)
            progress("resolving", report.documents, report.documents, report.events)
            published = publish(kg, database, config)
        finally:
            database.close()
        report.counts, report.generation = published.counts, published.generation
    return report


def check_target(kg: Path, *, add: bool) -> None:
    """Make sure that a directory is a graph that this version can write, or, unless ``add``, can become one.

    Raises:
        KgError: it is neither.
    """
    if kg.exists() and not kg.is_dir():
        raise KgError(f"{kg}: is a file, not a knowledge graph", hint="give a directory")
    if (kg / "manifest.json").exists() or is_aside(kg):
        read_manifest(kg)
    elif add:
        raise KgError(f"{kg}: no such knowledge graph", hint="make one with `ekg build SRC… -o KG`")
    elif kg.exists() and any(p.name not in {"lock", ".manifest.json.tmp"} for p in kg.iterdir()):
        raise KgError(f"{kg}: the directory is not empty and not a knowledge graph", hint="choose another name")


def _note_others(kg: Path, others: list[str], report: BuildReport) -> None:
    """Say that the graph holds more than the sources: taking documents out is never a side effect."""
    names = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
    report.problems.append(
        Problem(
            where=str(kg),
            message=f"the graph also holds what is not in the sources ({len(others)} documents: {names}); it was kept: "
            "`ekg rm` takes it out",
        )
    )


def distinct(documents: Iterable[Document], report: BuildReport) -> Iterator[Document]:
    """Pass documents on once an id; a second one of the same id is a problem, whatever reader it came from."""
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            report.problems.append(Problem(where=document.id, message="a second document has the same id; left out"))
            continue
        seen.add(document.id)
        yield document


def _signature() -> str:
    from extractors import signature

    return signature()


def _key(revision: str, config: dict[str, str]) -> str:
    return digest("record", revision, config["extractor"])


def _dry_run(documents: Iterable[Document], kg: Path, report: BuildReport, *, add: bool) -> None:
    known: dict[str, DocumentRow] = {}
    if (kg / "documents.sqlite").exists():
        database = DocumentStore(kg / "documents.sqlite", read_only=True)
        known = {row.id: row for row in database.rows()}
        database.close()
    config = {"extractor": _signature()}
    for document in documents:
        _compare(document, known, config, report)


def _compare(
    document: Document, known: dict[str, DocumentRow], config: dict[str, str], report: BuildReport
) -> tuple[str, str] | None:
    """Count a document as new, changed or unchanged; its revision and key unless it is unchanged."""
    revision = content_hash(document)
    key = _key(revision, config)
    row = known.get(document.id)
    if row is None:
        report.new += 1
    elif row.key == key:
        report.unchanged += 1
        return None
    else:
        report.changed += 1
    return revision, key


def _fold(
    documents: Iterable[Document],
    database: DocumentStore,
    report: BuildReport,
    config: dict[str, str],
    workers: tuple[int, str],
    source: str,
    progress: Progress,
) -> set[str]:
    """Extract every document that is not there yet and commit the results; returns the ids of all documents read."""
    from extractors.llm.failure import PASSING

    known = {row.id: row for row in database.rows()}
    seen: set[str] = set()
    pending: dict[str, tuple[str, str]] = {}

    def wanted() -> Iterator[Document]:
        for document in documents:
            seen.add(document.id)
            keys = _compare(document, known, config, report)
            if keys is not None:
                pending[document.id] = keys
                yield document

    batch: list[tuple[DocumentRow, Document, Extraction]] = []
    for done, (document, result) in enumerate(extract_many(wanted(), workers[0], executor=workers[1]), 1):
        revision, key = pending.pop(document.id)
        if isinstance(result, Crash):
            report.failed += 1
            report.problems.append(Problem(where=document.id, message=result.message, trace=result.trace))
        else:
            recorded = recorded_date(document, config.get("recorded-at"))
            # Without a key the document counts as changed in the next build, which may get an answer.
            key = "" if any(note.code in PASSING for note in result.diagnostics) else key
            part = known[document.id].part if document.id in known else ""
            row = DocumentRow(id=document.id, part=part, source=source, recorded=recorded, revision=revision, key=key)
            batch.append((row, document, result))
            report.events += len(result.events)
            report.without_events += not result.events
            for diagnostic in result.diagnostics:
                report.diagnostics[diagnostic.code] = report.diagnostics.get(diagnostic.code, 0) + 1
        if len(batch) >= _COMMIT_EVERY:
            database.put(batch)
            batch.clear()
        progress("extracting", report.unchanged + done, None, report.events)
    database.put(batch)
    return seen


def remove(kg: Path, ids: Sequence[str]) -> BuildReport:
    """Remove documents with all that was extracted from them; what is left is the graph built without them.

    Raises:
        NotFoundError: an id is unknown; nothing is removed then.
    """
    read_manifest(kg)
    with kg_lock(kg, wait=WAIT_SECONDS):
        # Whoever held the lock until now may have changed it.
        manifest = read_manifest(kg)
        database = DocumentStore(kg / "documents.sqlite")
        try:
            write_manifest(kg, replace(manifest, state="building"))
            try:
                database.remove(ids)
                forget_own(database, ids)
            except NotFoundError:
                write_manifest(kg, manifest)
                raise
            published = publish(kg, database, manifest.config)
        finally:
            database.close()
    return BuildReport(removed=len(ids), counts=published.counts, generation=published.generation)


def graph_of(pairs: Sequence[tuple[Document, Extraction]], *, recorded_at: str | None = None) -> EventGraph:
    """A graph in memory from documents and their records."""
    store, database = OxigraphStore(), DocumentStore()
    sources = []
    for document, record in pairs:
        recorded = recorded_date(document, recorded_at)
        revision = content_hash(document)
        row = DocumentRow(id=document.id, part="", source="", recorded=recorded, revision=revision, key=revision)
        database.put([(row, document, record)])
        store.add(render_document(document, record, recorded))
        sources.append(Source(document=document, record=record, recorded=recorded))
    store.add(resolve_sources(sources).quads)
    return memory_graph(store, database)


def build_in_memory(
    sources: Sequence[str | Path], *, recorded_at: str | None = None, encoding: str | None = None
) -> EventGraph:
    """Extract sources in this process into a graph in memory.

    Raises:
        DataError: a source cannot be read, or extraction fails on a document.
    """
    report = BuildReport()
    documents = list(distinct(read_sources(sources, report, encoding=encoding), report))
    if report.problems:
        raise DataError(f"{report.problems[0].where}: {report.problems[0].message}")
    extractor = registry.part("extractor")()
    return graph_of([(document, extractor.extract(document)) for document in documents], recorded_at=recorded_at)
