"""serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import KgArgument, LoadOption, ServiceOption, reach_of, settings


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("serve")(serve)


def serve(
    kg: KgArgument,
    host: Annotated[str | None, typer.Option("--host", help="address to bind to; default 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="default 8000")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="reader processes; default 2")] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="seconds a query may take; default 30")] = None,
    max_rows: Annotated[int | None, typer.Option("--max-rows", help="rows of a result at most")] = None,
    update_token_file: Annotated[
        Path | None, typer.Option("--update-token-file", metavar="F", help="file with the token that allows updates")
    ] = None,
    strict_dataset: Annotated[
        bool, typer.Option("--strict-dataset", help="the default graph holds its own triples only")
    ] = False,
    max_body: Annotated[
        int | None, typer.Option("--max-body", metavar="KIB", help="of a request; default 16384")
    ] = None,
    max_connections: Annotated[
        int | None, typer.Option("--max-connections", metavar="N", help="at a time; default 256")
    ] = None,
    cors: Annotated[
        str | None, typer.Option("--cors", metavar="ORIGINS", help="whose pages may use the server, commas between")
    ] = None,
    access_log: Annotated[
        str | None, typer.Option("--access-log", metavar="FILE", help="a line a request; - is standard error")
    ] = None,
    memory_quads: Annotated[
        int | None,
        typer.Option(
            "--memory-quads", metavar="N", help="workers copy graphs up to this size into memory; default 200000"
        ),
    ] = None,
    answer_cache: Annotated[
        int | None, typer.Option("--answer-cache", metavar="MIB", help="of answers kept for who asks the same")
    ] = None,
    allow_service: ServiceOption = None,
    allow_load: LoadOption = None,
) -> None:
    """Serve a graph: SPARQL endpoint, JSON API and a web page."""
    from ekg.server import serve as run

    chosen = settings(
        host=host,
        port=port,
        workers=workers,
        timeout=timeout,
        max_rows=max_rows,
        max_body=max_body,
        max_connections=max_connections,
        cors=cors,
        access_log=access_log,
        memory_quads=memory_quads,
        answer_cache=answer_cache,
        allow_service=" ".join(allow_service) if allow_service else None,
        allow_load=" ".join(allow_load) if allow_load else None,
    )
    run(
        kg,
        host=chosen["host"],
        port=chosen["port"],
        workers=chosen["workers"],
        timeout=chosen["timeout"],
        max_rows=chosen["max-rows"],
        update_token_file=update_token_file,
        strict_dataset=strict_dataset,
        max_body=chosen["max-body"] * 1024,
        max_connections=chosen["max-connections"],
        origins=[origin.strip() for origin in (chosen["cors"] or "").split(",") if origin.strip()],
        access_log=Path(chosen["access-log"]) if chosen["access-log"] else None,
        memory_quads=chosen["memory-quads"],
        answer_bytes=chosen["answer-cache"] * 1024 * 1024,
        reach=reach_of(chosen),
    )
