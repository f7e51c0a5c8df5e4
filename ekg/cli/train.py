"""train, bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ekg.cli.common import JsonOption, print_json, say, settings
from ekg.errors import DataError

_TASKS = {
    "base": "extractors.training.base:train_base",
    "events": "extractors.training.events:train_events",
    "coref": "ekg.bench.coref_train:train_coref",
    "coref-words": "ekg.bench.coref_words:train_words",
    "event-links": "ekg.bench.event_links_train:train_event_links",
    "coreference": "extractors.training.coreference:train_coreference",
    "newtypes": "extractors.training.newtypes:train_newtypes",
    "relations": "extractors.training.relations:train_relations",
}
_BENCHES = (
    "extract",
    "time",
    "align",
    "ask",
    "coref",
    "multiventg",
    "fivew",
    "entities",
    "newtypes",
    "relations",
    "store",
    "w3c",
)


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
    start: Annotated[
        Path | None, typer.Option("--start", metavar="DIR", help="events: go on from these weights, not from MiniLM")
    ] = None,
    without: Annotated[
        Path | None,
        typer.Option("--without-types", metavar="FILE", help="events: JSON list of types to leave out of training"),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Train the weights that ship, or others on your own copy of the data."""
    from importlib import import_module

    if task not in _TASKS:
        raise typer.BadParameter(f"no task '{task}'; there are {', '.join(_TASKS)}")
    chosen = settings(data=str(data) if data else None, seed=seed)
    module, _, name = _TASKS[task].partition(":")
    if epochs is not None and task in {"coreference", "newtypes"}:
        raise typer.BadParameter(f"{task} is fitted at once, not in epochs", param_hint="--epochs")
    options: dict[str, Any] = {} if epochs is None else {"epochs": epochs}
    if (start or without) and task != "events":
        raise typer.BadParameter("--start and --without-types belong to events")
    if start:
        options["start"] = start
    if without:
        options["without"] = _type_list(without)
    scores = getattr(import_module(module), name)(Path(chosen["data"]), out, seed=chosen["seed"], log=say, **options)
    if json:
        print_json({"task": task, "out": str(out), "seed": chosen["seed"], "scores": scores})
    else:
        for key, value in scores.items():
            typer.echo(f"{key}\t{value:.4f}")


def _type_list(path: Path) -> list[str]:
    """A JSON list of names.

    Raises:
        DataError: it is not.
    """
    from json import JSONDecodeError, loads

    try:
        names = loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", path=path) from error
    except JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", path=path, line=error.lineno, column=error.colno) from error
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise DataError("is not a list of names of event types", path=path, hint='write ["Arriving", "Change"]')
    return names


def bench(
    name: Annotated[str, typer.Argument(metavar="NAME", help=" or ".join(_BENCHES))],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="folder of the corpora")] = None,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
    gold: Annotated[Path | None, typer.Option("--gold", metavar="FILE", help="multiventg: annotations")] = None,
    pred: Annotated[
        Path | None, typer.Option("--pred", metavar="FILE", help="multiventg: predictions; default: our extractor's")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="DIR", help="newtypes: event model trained without the types")
    ] = None,
    sets: Annotated[
        str | None, typer.Option("--sets", metavar="NAMES", help="align: which sets, joined by commas")
    ] = None,
    events: Annotated[
        int | None, typer.Option("--events", metavar="N", min=10, help="store: size of the graph")
    ] = None,
    floors: Annotated[
        bool, typer.Option("--floors", help="extract: also the floor of a frozen encoder (extra 'train')")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="store: medians of three, fewer requests")] = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="PART,…", help="store: load, time, servers, pyg; default: all")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Measure a part on the corpora of EKG_DATA, or (store) on synthetic data."""
    from importlib import import_module

    if name not in _BENCHES:
        raise typer.BadParameter(f"no benchmark '{name}'; there are {', '.join(_BENCHES)}")
    chosen = settings(data=str(data) if data else None, seed=seed)
    files: dict[str, Any] = {key: path for key, path in (("gold", gold), ("pred", pred)) if path is not None}
    if files and name != "multiventg":
        raise typer.BadParameter("--gold and --pred belong to multiventg")
    if weights is not None and name != "newtypes":
        raise typer.BadParameter("--weights belongs to newtypes")
    if sets is not None and name != "align":
        raise typer.BadParameter("--sets belongs to align")
    files |= {} if weights is None else {"weights": weights}
    if floors and name != "extract":
        raise typer.BadParameter("--floors belongs to extract")
    files |= {"floors": True} if floors else {}
    files |= {} if sets is None else {"sets": [part.strip() for part in sets.split(",")]}
    of_store = {key: value for key, value in (("events", events), ("quick", quick), ("only", only)) if value}
    if of_store and name != "store":
        raise typer.BadParameter("--events, --quick and --only belong to store")
    result = import_module(f"ekg.bench.{name}").run(Path(chosen["data"]), seed=chosen["seed"], **files, **of_store)
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
