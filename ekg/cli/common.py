"""What the commands share: options, output on stdout, messages on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ekg.config import Settings, Value, load_settings

if TYPE_CHECKING:
    from ekg.graph import EventGraph
    from ekg.store.reach import Reach

KgArgument = Annotated[Path, typer.Argument(metavar="KG", help="directory of the knowledge graph")]
JsonOption = Annotated[bool, typer.Option("--json", help="print one JSON object instead of text")]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="D", help="ISO date: not before this day, month or year")
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="D", help="ISO date: up to the end of this day, month or year")
]


def settings(**flags: Value) -> Settings:
    """Effective options; flags are named with ``_`` for ``-``, None where not given."""
    return load_settings({name.replace("_", "-"): value for name, value in flags.items()})


ServiceOption = Annotated[
    list[str] | None,
    typer.Option("--allow-service", metavar="URL", help="SERVICE may ask this endpoint; all below it if it ends in /"),
]
LoadOption = Annotated[
    list[str] | None,
    typer.Option("--allow-load", metavar="URL", help="LOAD may fetch this file; all below it if it ends in /"),
]


def reach_of(chosen: Settings) -> Reach | None:
    """What SERVICE and LOAD may fetch; None is nothing.

    Raises:
        ConfigError: a URL is none.
    """
    from ekg.store.reach import Reach

    return Reach.of(
        services=chosen["allow-service"],
        loads=chosen["allow-load"],
        private=chosen["allow-private-addresses"],
        timeout=chosen["fetch-timeout"],
        rows=chosen["fetch-rows"],
        size=chosen["fetch-size"] * 1024,
    )


@contextmanager
def options_set(pairs: Sequence[str] | None) -> Iterator[None]:
    """Options given as ``NAME=VALUE`` for this call and the worker processes that it starts.

    Raises:
        ConfigError: an unknown option or a wrong value.
    """
    from ekg.config import option_named

    before: dict[str, str | None] = {}
    try:
        for pair in pairs or ():
            name, _, value = pair.partition("=")
            option = option_named(name.strip(), "--set")
            load_settings({option.name: value})
            before.setdefault(option.variable, os.environ.get(option.variable))
            os.environ[option.variable] = value
        yield
    finally:
        for variable, value_before in before.items():
            if value_before is None:
                del os.environ[variable]
            else:
                os.environ[variable] = value_before


_CALL = ExitStack()
"""What the running call of the program has changed, undone when it ends."""


def set_for_call(pairs: Sequence[str] | None) -> None:
    """Options given as ``NAME=VALUE`` until the running call ends, see `options_set`.

    Raises:
        ConfigError: an unknown option or a wrong value.
    """
    _CALL.enter_context(options_set(pairs))


def end_call() -> None:
    """Undo what `set_for_call` did."""
    _CALL.close()


def open_kg(path: Path | str) -> EventGraph:
    """Open a graph for reading."""
    from ekg.graph import open_graph

    return open_graph(path)


def say(message: str) -> None:
    """A message for the person at the terminal, on stderr."""
    typer.echo(message, err=True)


def print_json(value: Any) -> None:
    """One JSON object on stdout, in the order of its keys."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1 if sys.stdout.isatty() else None))


def after(iso: str | None) -> str | None:
    """The first instant after an ISO day, month or year, for ``--to``, which includes what it names.

    Raises:
        DataError: not an ISO date.
    """
    from ekg.errors import DataError
    from ekg.time import format_instant, parse_iso

    if iso is None:
        return None
    try:
        return format_instant(parse_iso(iso)[1])
    except ValueError as error:
        raise DataError(f"--to: {error}") from error


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, wide: int | None = None) -> None:
    """A table on stdout: fitted to a terminal, tab-separated when piped.

    Args:
        headers: names of the columns.
        rows: cells; None is shown empty.
        wide: number of the column that gets the room that is left.
    """
    cells = [["" if cell is None else " ".join(str(cell).split()) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            typer.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, header in enumerate(headers):
        table.add_column(header, ratio=1 if number == wide else None, overflow="fold")
    for row in cells:
        table.add_row(*row)
    Console().print(table, markup=False)


def when(begin: str | None, end: str | None, granularity: str | None = None) -> str:
    """A half-open interval for people: one day, month or year by its name, else both ends, the last one included."""
    from ekg.time import format_instant, parse_iso

    if begin is None or end is None:
        return f"since {begin}" if begin is not None else (f"until {end}" if end is not None else "")
    low, high = parse_iso(begin)[0], parse_iso(end)[0]
    if low % 86_400 or high % 86_400:
        return begin if granularity in {"minute", "second", "hour"} else f"{begin} – {end}"
    year, rest = begin[:-6], begin[-5:]
    for name in (begin, f"{year}-{rest[:2]}" if rest.endswith("-01") else "", year if rest == "01-01" else ""):
        if name and parse_iso(name) == (low, high):
            return name
    return f"{begin} – {format_instant(high - 86_400)}"
