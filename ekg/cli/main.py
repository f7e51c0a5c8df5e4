"""The program ``ekg``: its commands and what happens to their errors."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import Annotated

import typer

from ekg import __version__
from ekg.cli import ask, build, exchange, inspect, links, ontology, review, serve, system, train
from ekg.cli.common import end_call, set_for_call
from ekg.config import load_settings
from ekg.errors import EkgError

app = typer.Typer(
    name="ekg",
    help="Event knowledge graphs: build them from news and transcripts, align and merge them, ask and serve them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_PROGRAM = object()
"""What a call's context holds if this process is the program, and not somebody's Python that calls a command."""
_BEHIND = frozenset({"build", "add", "rm", "import", "merge", "unmerge", "reindex", "verify", "backup", "restore"})
"""Commands that work at low priority: long, and often beside a server."""
_NICENESS = 10

for module in (build, inspect, ask, serve, links, review, exchange, train, ontology, system):
    module.add_commands(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ekg {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version and exit")
    ] = False,
    options: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="an option of `ekg config show` for this call; repeatable"),
    ] = None,
) -> None:
    """Options of the program itself."""
    if context.obj is _PROGRAM and context.invoked_subcommand in _BEHIND:
        # Whoever asks a server on this machine must not wait for it.
        os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    context.call_on_close(end_call)
    set_for_call(options)
    load_settings()  # a mistake in ekg.toml is said at once, whatever the command


def program() -> None:
    """The program ``ekg``: `main` in a process of its own, whose priority is its own to lower."""
    main(_PROGRAM)


def main(context: object = None) -> None:
    """Run the command line; exit codes: 0 ok, 1 user or data error, 2 usage, 3 something missing, 130 interrupted."""
    try:
        app(obj=context)
    except EkgError as error:
        typer.echo(f"ekg: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("ekg: interrupted; nothing is half-written, run the command again to go on", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe (head, less) has left: stop quietly, and keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (OSError, sqlite3.OperationalError) as error:
        # A full disk, or a file that may not be written.
        todo = "run it as who may" if isinstance(error, PermissionError) else "make room and run the command again"
        typer.echo(f"ekg: {error} (what was complete stays; {todo})", err=True)
        sys.exit(1)
