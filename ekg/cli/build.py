"""build, add, rm, extract."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ekg.cli.common import JsonOption, KgArgument, options_set, print_json, say, settings
from ekg.cli.ontology import OntologyOption, use_ontology

if TYPE_CHECKING:
    from ekg.pipeline.build import BuildReport


def _use_link_table(context: typer.Context, path: Path | None) -> Path | None:
    """Set the option for this call and its worker processes."""
    if path is not None:
        from extractors.linking.link_table import chosen_table

        chosen_table(str(path), "--link-table")
        context.with_resource(options_set([f"link-table={path}"]))
    return path


Sources = Annotated[list[str], typer.Argument(metavar="SRC…", help="files, folders, or - for standard input")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", help="worker processes; 0 is one a core (the default)")]
Recorded = Annotated[
    str | None, typer.Option("--recorded-at", metavar="D", help="ISO date for documents that have no date")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="E", help="encoding of text sources; default: detected")
]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="read this many documents at most")]
LinkTable = Annotated[
    Path | None,
    typer.Option(
        "--link-table",
        metavar="FILE",
        callback=_use_link_table,
        help="CSV or TSV: name, Wikidata id, type, description; entities get owl:sameAs",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="read and compare only; write nothing")]


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("build")(build)
    app.command("add")(add)
    app.command("rm")(rm)
    app.command("extract")(extract)


class _Bar:
    """Progress on stderr: a line that is rewritten on a terminal, one line every ten seconds elsewhere."""

    def __init__(self) -> None:
        self.start = self.last = time.monotonic()
        self.live = sys.stderr.isatty()
        self.shown = False

    def __call__(self, stage: str, done: int, total: int | None, events: int) -> None:
        now = time.monotonic()
        if now - self.last < (0.2 if self.live else 10.0) and stage == "extracting":
            return
        self.last = now
        rate = done / max(now - self.start, 1e-9)
        of = f" of {total}" if total else ""
        line = f"{stage}: {done}{of} document{'' if (total or done) == 1 else 's'}, {events} events"
        line += f", {rate:.1f} documents/s" if stage == "extracting" else ""
        if self.live:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
            self.shown = True
        else:
            say(line)

    def close(self) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _run(command: str, sources: list[str], kg: Path, json: bool, **options: Any) -> None:
    from ekg.pipeline.build import build as run_build
    from ekg.pipeline.runs import RunRecord

    record, bar = RunRecord(command, sources), _Bar()
    try:
        report = run_build(sources, kg, progress=bar, **options)
    finally:
        bar.close()
    if not report.dry_run:
        record.write(kg, report)
    if json:
        from dataclasses import asdict

        print_json({"kg": str(kg), "seconds": record.seconds, **asdict(report), "documents": report.documents})
    else:
        _summary(kg, report, record.seconds)
    if report.problems and not report.documents:
        raise typer.Exit(1)


_NOTES = {
    "captions_repaired": "captions with repairs",
    "captions_unused": "caption files beside better ones",
    "dateline": "dates of publication taken from the text",
    "no_date": "without a date of publication",
    "no_events": "without an event",
    "relation_conflict": "with relations that contradict each other and were left out",
    "too_long": "cut, since they are too long",
}
"""What documents' notes say, in words; others are named by their code."""


def _summary(kg: Path, report: BuildReport, seconds: float) -> None:
    count = report.documents - report.failed
    verb = "would be" if report.dry_run else "is" if count == 1 else "are"
    failed = f", {report.failed} failed" if report.failed else ""
    typer.echo(
        f"{kg}: {_counted(count, 'document')} {verb} in ({report.new} new, {report.changed} "
        f"changed, {report.unchanged} unchanged{failed}) in {seconds:.1f} s"
    )
    if report.counts:
        typer.echo("  " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in report.counts.items()))
    if report.without_events:
        typer.echo(f"  {_counted(report.without_events, 'document')} without an event")
    for code, number in sorted(report.diagnostics.items()):
        if code != "no_events":
            typer.echo(f"  {_counted(number, 'document')} {_NOTES.get(code) or 'noted: ' + code.replace('_', ' ')}")
    for problem in report.problems[:20]:
        # What is said of the graph itself is no failure of a document.
        what = "note" if problem.where == str(kg) else f"failed: {problem.where}"
        say(f"  {what}: {problem.message}")
    if len(report.problems) > 20:
        say(f"  … and {len(report.problems) - 20} more, all in {kg}/runs")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def build(
    sources: Sources,
    kg: Annotated[Path, typer.Option("--out", "-o", metavar="KG", help="directory of the graph")],
    jobs: Jobs = None,
    recorded_at: Recorded = None,
    encoding: Encoding = None,
    limit: Limit = None,
    link_table: LinkTable = None,
    executor: Annotated[
        str | None, typer.Option("--executor", help="where extraction runs: process, ray or dask")
    ] = None,
    dry_run: DryRun = False,
    ontology: OntologyOption = None,
    json: JsonOption = False,
) -> None:
    """Build a knowledge graph from articles and transcripts, or go on with a build that was interrupted."""
    use_ontology(ontology)
    chosen = settings(jobs=jobs, recorded_at=recorded_at, encoding=encoding, executor=executor)
    _run(
        "build",
        sources,
        kg,
        json,
        jobs=chosen["jobs"],
        executor=chosen["executor"],
        recorded_at=chosen["recorded-at"],
        encoding=chosen["encoding"],
        limit=limit,
        dry_run=dry_run,
    )


def add(
    kg: KgArgument,
    sources: Sources,
    jobs: Jobs = None,
    recorded_at: Recorded = None,
    encoding: Encoding = None,
    limit: Limit = None,
    link_table: LinkTable = None,
    dry_run: DryRun = False,
    ontology: OntologyOption = None,
    json: JsonOption = False,
) -> None:
    """Add documents to a graph; one that is there already with another text becomes a new revision."""
    use_ontology(ontology)
    chosen = settings(jobs=jobs, recorded_at=recorded_at, encoding=encoding)
    _run(
        "add",
        sources,
        kg,
        json,
        jobs=chosen["jobs"],
        executor=chosen["executor"],
        recorded_at=chosen["recorded-at"],
        encoding=chosen["encoding"],
        limit=limit,
        dry_run=dry_run,
        add=True,
    )


def rm(
    kg: KgArgument,
    documents: Annotated[list[str], typer.Argument(metavar="DOC…", help="ids of documents")],
    json: JsonOption = False,
) -> None:
    """Remove documents with all that was extracted from them; the rest is as if they had never been there."""
    from ekg.pipeline.build import remove
    from ekg.pipeline.runs import RunRecord

    record = RunRecord("rm", documents)
    report = remove(kg, documents)
    record.write(kg, report)
    if json:
        print_json({"kg": str(kg), "removed": documents, "counts": report.counts})
    else:
        typer.echo(f"{kg}: removed {len(documents)} documents; {report.counts['documents']} are left")


def extract(
    sources: Sources,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="JSONL file; default: stdout")] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="resolve event coreference across all documents of the call")
    ] = False,
    jobs: Jobs = None,
    encoding: Encoding = None,
    limit: Limit = None,
    link_table: LinkTable = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="say why, for a sentence or short texts: triggers, types, roles, dates")
    ] = False,
    json: JsonOption = False,
    ontology: OntologyOption = None,
) -> None:
    """Extract events from documents, one JSON record a line, without a graph."""
    use_ontology(ontology)
    if explain:
        _explain(sources, encoding, limit, json)
        return
    from ekg.pipeline.extracting import extract_records, write_lines

    chosen = settings(jobs=jobs, encoding=encoding)
    bar = _Bar()
    try:
        records, problems = extract_records(
            sources, jobs=chosen["jobs"], encoding=chosen["encoding"], limit=limit, cluster=cluster, progress=bar
        )
    finally:
        bar.close()
    write_lines(records, out)
    for problem in problems:
        say(f"failed: {problem.where}: {problem.message}")
    if problems and not records:
        raise typer.Exit(1)


def _explain(sources: list[str], encoding: str | None, limit: int | None, json: bool) -> None:
    from ekg.pipeline.extracting import explain_sources

    for explained, shown in explain_sources(sources, encoding=settings(encoding=encoding)["encoding"], limit=limit):
        if json:
            print_json(explained)
        else:
            typer.echo(shown)
