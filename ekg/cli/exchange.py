"""import, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import JsonOption, KgArgument, open_kg, print_json, say


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("import")(import_)
    app.command("export")(export)


def import_(
    kg: KgArgument,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help=".nt .nq .ttl .trig .jsonld .rdf, also .gz; .json")
    ],
    graph: Annotated[
        str | None, typer.Option("--graph", metavar="IRI", help="graph for triples; default: the default graph")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Add RDF files to a graph, which is created if absent: all of them, or none if one is malformed.

    What ekg derives from documents cannot be imported back (its graph names are refused): copy a graph with
    `ekg backup`, or give --graph to import an export as plain triples of one graph. A .json file is taken for
    MultiVENT-G's annotations of videos: each video becomes a document with one event.
    """
    from dataclasses import asdict

    from ekg.pipeline.importing import import_files
    from ekg.pipeline.multiventg import import_multiventg

    annotations = [path for path in files if path.suffix == ".json"]
    if annotations and (graph is not None or len(annotations) < len(files)):
        raise typer.BadParameter("annotations (.json) and RDF are imported one after the other, --graph is for RDF")
    report = import_multiventg(kg, annotations) if annotations else import_files(kg, files, graph=graph)
    if json:
        print_json({"kg": str(kg), **asdict(report)})
        return
    for name, count in report.files.items():
        typer.echo(f"{name}: {count:,} {'videos' if annotations else 'quads'}")
    for kind, count in sorted(report.warnings.items()):
        say(f"  {count} × {kind}")


def export(
    kg: KgArgument,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help=".nt .nq .ttl .trig .jsonld .rdf .graphml .parquet .eventkg.nq, or facts.tsv",
        ),
    ],
) -> None:
    """Write a graph to a file, in the format that its extension names."""
    from ekg.io import export as run

    with open_kg(kg) as graph:
        run(graph, out)
    typer.echo(f"{kg}: written to {out}")
