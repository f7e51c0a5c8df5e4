"""info, verify, reindex, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import JsonOption, KgArgument, open_kg, print_json, print_table, when


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("info")(info)
    app.command("verify")(verify)
    app.command("reindex")(reindex)
    app.command("backup")(backup)
    app.command("restore")(restore)


def info(
    kg: KgArgument,
    documents: Annotated[bool, typer.Option("--documents", help="list the documents")] = False,
    json: JsonOption = False,
) -> None:
    """Show what a graph holds."""
    with open_kg(kg) as graph:
        facts = graph.info()
        if documents:
            rows = graph.documents.rows()
            found = [graph.index.document_info(row.id) for row in rows]
            listed = [{"id": d.name, "kind": d.kind, "published": d.published, "title": d.title} for d in found if d]
            if json:
                print_json({"documents": listed})
            else:
                print_table(
                    ("id", "kind", "published", "title"),
                    [(d["id"], d["kind"], d["published"], d["title"]) for d in listed],
                    wide=3,
                )
            return
    if json:
        print_json(facts)
        return
    typer.echo(f"{facts['path']}  generation {facts['generation']}")
    for name, count in facts["counts"].items():
        typer.echo(f"  {count:>9,} {'entities' if name == 'entity' else name + 's'}")
    typer.echo(f"  {facts['quads']:>9,} quads")
    span = when(facts["time"]["begin"], facts["time"]["end"])
    typer.echo(f"  events from {span}" if span else "  no dated events")
    typer.echo("  most frequent types: " + ", ".join(f"{name} {n}" for name, n in list(facts["types"].items())[:12]))


def verify(kg: KgArgument, json: JsonOption = False) -> None:
    """Check that quads, documents, index and manifest agree; exit code 1 if they do not."""
    from ekg.pipeline.verify import verify as run

    problems = run(kg)
    if json:
        print_json({"kg": str(kg), "ok": not problems, "problems": problems})
    else:
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"{kg}: {'ok' if not problems else f'{len(problems)} problems'}")
    if problems:
        raise typer.Exit(1)


def reindex(kg: KgArgument) -> None:
    """Build the index again from the quads and the documents."""
    from ekg.pipeline.maintain import reindex as run

    run(kg)
    typer.echo(f"{kg}: index rebuilt")


def backup(kg: KgArgument, target: Annotated[Path, typer.Argument(metavar="DIR", help="must not exist")]) -> None:
    """Copy a graph to a new directory."""
    from ekg.pipeline.maintain import backup as run

    run(kg, target)
    typer.echo(f"{kg}: copied to {target}")


def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="what `ekg backup` made")], kg: KgArgument
) -> None:
    """Put a backup in the place of a graph, or where there is none."""
    from ekg.pipeline.maintain import restore as run

    run(source, kg)
    typer.echo(f"{kg}: restored from {source}")
