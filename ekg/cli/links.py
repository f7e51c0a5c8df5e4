"""align, merge, unmerge, explain."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import JsonOption, KgArgument, print_json, settings

Side = Annotated[str, typer.Argument(help="a KG, an RDF file, or a folder with names.tsv and/or facts.tsv")]
SeedsOption = Annotated[Path | None, typer.Option("--seeds", metavar="F", help="known links: left⇥right")]


class Cardinality(StrEnum):
    """How many partners a node may have."""

    one_one = "1:1"
    one_many = "1:n"
    many_many = "n:m"


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("align")(align)
    app.command("merge")(merge)
    app.command("unmerge")(unmerge)
    app.command("explain")(explain)


def align(
    left: Side,
    right: Side,
    seeds: SeedsOption = None,
    left_ids: Annotated[
        Path | None, typer.Option("--left-ids", metavar="F", help="what to align, one id a line")
    ] = None,
    right_ids: Annotated[
        Path | None, typer.Option("--right-ids", metavar="F", help="the candidates, one id a line")
    ] = None,
    cardinality: Annotated[Cardinality, typer.Option("--cardinality")] = Cardinality.one_one,
    precision: Annotated[float | None, typer.Option("--precision", help="wanted precision of the merge zone")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="F", help="the links: left⇥right⇥score⇥zone")] = Path(
        "links.tsv"
    ),
    ranking: Annotated[Path | None, typer.Option("--ranking", metavar="F", help="ranks before assignment")] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, help="candidates a source in the ranking")] = 10,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
    json: JsonOption = False,
) -> None:
    """Find what is the same in two graphs; writes links, changes neither graph."""
    from alignment import align as run
    from alignment import read_ids, read_seeds, write_links, write_ranking

    chosen = settings(precision=precision, seed=seed)
    result = run(
        left,
        right,
        seeds=read_seeds(seeds) if seeds else None,
        left_ids=read_ids(left_ids) if left_ids else None,
        right_ids=read_ids(right_ids) if right_ids else None,
        cardinality=cardinality.value,
        precision=chosen["precision"],
        top_k=top_k,
        seed=chosen["seed"],
    )
    write_links(out, result)
    if ranking is not None:
        write_ranking(ranking, result)
    zones = {zone: sum(link.zone == zone for link in result.links) for zone in ("merge", "review", "reject")}
    if json:
        print_json({"links": str(out), "run": result.run, "zones": zones, "unmatched": len(result.unmatched)})
    else:
        parts = ", ".join(f"{count} {zone}" for zone, count in zones.items())
        typer.echo(f"{out}: {len(result.links)} links ({parts}); {len(result.unmatched)} without a counterpart")


def merge(
    graphs: Annotated[list[Path], typer.Argument(metavar="KG… LINKS", help="two or more graphs, then the links' file")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="KG", help="directory of the new graph")],
    json: JsonOption = False,
) -> None:
    """Put graphs together in a new one, joined along links of the merge zone."""
    from alignment import read_links
    from ekg.pipeline.merge import merge as run

    if len(graphs) < 3:
        raise typer.BadParameter("give at least two graphs and then the links' file")
    identifier, published = run(graphs[:-1], read_links(graphs[-1]), out)
    if json:
        print_json({"kg": str(out), "run": identifier, "counts": published.counts})
    else:
        typer.echo(f"{out}: {published.counts['events']:,} events; `ekg unmerge {out} {identifier}` takes it back")


def unmerge(
    kg: KgArgument, run: Annotated[str, typer.Argument(metavar="RUN", help="id of the run")], json: JsonOption = False
) -> None:
    """Take back what the links of a run joined."""
    from ekg.pipeline.merge import unmerge as undo

    published = undo(kg, run)
    if json:
        print_json({"kg": str(kg), "run": run, "counts": published.counts})
    else:
        typer.echo(f"{kg}: run {run} taken back; {published.counts['events']:,} events")


def explain(
    left: Side,
    right: Side,
    a: Annotated[str, typer.Argument(metavar="A", help="id in the left graph")],
    b: Annotated[str, typer.Argument(metavar="B", help="id in the right graph")],
    seeds: SeedsOption = None,
    json: JsonOption = False,
) -> None:
    """Say why two nodes are, or are not, taken for the same."""
    from alignment import explain as run
    from alignment import read_seeds

    link = run(left, right, a, b, seeds=read_seeds(seeds) if seeds else None)
    if json:
        print_json(
            {"left": link.left, "right": link.right, "score": link.score, "zone": link.zone, "evidence": link.evidence}
        )
        return
    typer.echo(f"{a} – {b}: {link.zone}, probability {link.score:.2f}")
    for name, value in link.evidence.items():
        typer.echo(f"  {name:<24} {value if isinstance(value, str) else f'{value:.4f}'}")
