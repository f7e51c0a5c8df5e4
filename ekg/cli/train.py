"""train, bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import JsonOption, print_json, say, settings

_TASKS = {"base": "extractors.training.base:train_base", "events": "extractors.training.events:train_events"}
_BENCHES = ("extract", "time", "align", "ask")


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("train")(train)
    app.command("bench")(bench)


def train(
    task: Annotated[str, typer.Argument(metavar="TASK", help=" or ".join(_TASKS))],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="where the weights go")],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="folder of the corpora")] = None,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="default: what the shipped weights had")] = None,
    json: JsonOption = False,
) -> None:
    """Train the weights that ship, or others on your own copy of the data."""
    from importlib import import_module

    if task not in _TASKS:
        raise typer.BadParameter(f"no task '{task}'; there are {', '.join(_TASKS)}")
    chosen = settings(data=str(data) if data else None, seed=seed)
    module, _, name = _TASKS[task].partition(":")
    options = {} if epochs is None else {"epochs": epochs}
    scores = getattr(import_module(module), name)(Path(chosen["data"]), out, seed=chosen["seed"], log=say, **options)
    if json:
        print_json({"task": task, "out": str(out), "seed": chosen["seed"], "scores": scores})
    else:
        for key, value in scores.items():
            typer.echo(f"{key}\t{value:.4f}")


def bench(
    name: Annotated[str, typer.Argument(metavar="NAME", help=" or ".join(_BENCHES))],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="folder of the corpora")] = None,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
    json: JsonOption = False,
) -> None:
    """Measure a part on the corpora of EKG_DATA."""
    from importlib import import_module

    if name not in _BENCHES:
        raise typer.BadParameter(f"no benchmark '{name}'; there are {', '.join(_BENCHES)}")
    chosen = settings(data=str(data) if data else None, seed=seed)
    result = import_module(f"ekg.bench.{name}").run(Path(chosen["data"]), seed=chosen["seed"])
    if json:
        print_json({"bench": name, "data": chosen["data"], "seed": chosen["seed"], "results": result})
        return
    _print_tree(result)


def _print_tree(value: object, indent: int = 0) -> None:
    if not isinstance(value, dict):
        typer.echo("  " * indent + str(value))
        return
    for key, item in value.items():
        if isinstance(item, dict):
            typer.echo("  " * indent + str(key))
            _print_tree(item, indent + 1)
        else:
            shown = f"{item:.4f}" if isinstance(item, float) else item
            typer.echo(f"{'  ' * indent}{key}: {shown}")
