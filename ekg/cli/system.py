"""doctor, config, captions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import JsonOption, print_json, print_table, say


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("doctor")(doctor)
    config = typer.Typer(help="Options and where they come from.", no_args_is_help=True)
    config.command("show")(config_show)
    app.add_typer(config, name="config")
    captions = typer.Typer(help="Captions of videos.", no_args_is_help=True)
    captions.command("check")(captions_check)
    app.add_typer(captions, name="captions")


def config_show(json: JsonOption = False) -> None:
    """Print each effective option with its origin."""
    from ekg.config import load_settings

    items = load_settings().items()
    if json:
        print_json({option.name: {"value": s.value, "origin": s.origin, "help": option.help} for option, s in items})
        return
    rows = [(o.name, "" if s.value is None else s.value, s.origin, o.variable, o.help) for o, s in items]
    print_table(("option", "value", "origin", "variable", "meaning"), rows, wide=4)


def doctor(json: JsonOption = False) -> None:
    """Check the installation; exit code 3 if something that is needed is missing or shadowed."""
    from ekg.pipeline.doctor import examine

    checks = examine()
    if json:
        print_json(
            {
                "ok": all(c.ok for c in checks),
                "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks],
            }
        )
    else:
        for check in checks:
            typer.echo(f"{'ok  ' if check.ok else 'FAIL'} {check.name}: {check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(3)


def captions_check(files: Annotated[list[Path], typer.Argument(metavar="FILE…")], json: JsonOption = False) -> None:
    """Read caption files and report what had to be repaired; exit code 1 if one cannot be read."""
    from extractors.captions import check

    failed = False
    for path in files:
        result = check(path)
        failed = failed or result["error"] is not None
        if json:
            print_json(result)
        elif result["error"]:
            say(f"{path}: {result['error']}")
        else:
            repairs = ", ".join(f"{count} {kind}" for kind, count in result["repairs"].items()) or "nothing to repair"
            typer.echo(f"{path}: {result['format']}, {len(result['cues'])} cues, {repairs}")
    if failed:
        raise typer.Exit(1)
