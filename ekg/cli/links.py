"""align, merge, unmerge, explain."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ekg.cli.common import JsonOption, KgArgument, open_kg, print_json, say, settings

Side = Annotated[
    str, typer.Argument(help="a KG, an RDF file, a folder with names.tsv and/or facts.tsv, or sparql+https://…")
]
SeedsOption = Annotated[Path | None, typer.Option("--seeds", metavar="F", help="known links: left⇥right")]
CannotLinkOption = Annotated[
    Path | None, typer.Option("--cannot-link", metavar="F", help="pairs of ids, in either order, to keep apart")
]
_SHOWN = 5


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
    cannot_link: CannotLinkOption = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", metavar="F", help="verdicts of `ekg review`: fix and calibrate scores")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="F", help="the links: left⇥right⇥score⇥zone")] = Path(
        "links.tsv"
    ),
    ranking: Annotated[Path | None, typer.Option("--ranking", metavar="F", help="ranks before assignment")] = None,
    sssom: Annotated[Path | None, typer.Option("--sssom", metavar="F", help="the links as SSSOM TSV too")] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, help="candidates a source in the ranking")] = 10,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
    json: JsonOption = False,
) -> None:
    """Find what is the same in two graphs; writes links, changes neither graph."""
    from alignment import align as run
    from alignment import read_ids, read_labels, read_seeds, write_links, write_ranking, write_sssom

    chosen = settings(precision=precision, seed=seed)
    result = run(
        left,
        right,
        seeds=read_seeds(seeds) if seeds else None,
        left_ids=read_ids(left_ids) if left_ids else None,
        right_ids=read_ids(right_ids) if right_ids else None,
        cardinality=cardinality.value,
        precision=chosen["precision"],
        cannot_link=read_seeds(cannot_link) if cannot_link else (),
        labels=read_labels(labels) if labels else (),
        top_k=top_k,
        seed=chosen["seed"],
    )
    write_links(out, result)
    if ranking is not None:
        write_ranking(ranking, result)
    if sssom is not None:
        write_sssom(sssom, result.links, sources=(left, right))
    zones = {zone: sum(link.zone == zone for link in result.links) for zone in ("merge", "review", "reject")}
    if json:
        print_json({"links": str(out), "run": result.run, "zones": zones, "unmatched": len(result.unmatched)})
    else:
        parts = ", ".join(f"{count} {zone}" for zone, count in zones.items())
        typer.echo(f"{out}: {len(result.links)} links ({parts}); {len(result.unmatched)} without a counterpart")


def merge(
    paths: Annotated[list[Path], typer.Argument(metavar="KG… LINKS…", help="graphs, then one or more links' files")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="KG", help="directory of the new graph")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="KG", help="merge into this graph, which keeps its ids")
    ] = None,
    cannot_link: CannotLinkOption = None,
    cardinality: Annotated[
        Cardinality, typer.Option("--cardinality", help="how many nodes of a graph may become one")
    ] = Cardinality.one_one,
    json: JsonOption = False,
) -> None:
    """Put graphs together in a new one (-o) or in one that there is (--into), joined along links of the merge zone."""
    from alignment import read_links, read_seeds
    from ekg.pipeline.merge import merge as merge_new
    from ekg.pipeline.merge import merge_into
    from ekg.pipeline.merge_check import MergeRules
    from ekg.store.manifest import refuse_remote

    for path in paths:
        refuse_remote(path)
    graphs, files = [p for p in paths if p.is_dir()], [p for p in paths if not p.is_dir()]
    if (out is None) == (into is None):
        raise typer.BadParameter("give either -o for a new graph or --into for one that there is")
    if not files or len(graphs) < (2 if out is not None else 0):
        raise typer.BadParameter("give at least two graphs and then a links' file (one graph or none with --into)")
    rules = MergeRules(cardinality=cardinality.value, cannot_link=tuple(read_seeds(cannot_link)) if cannot_link else ())
    runs = [read_links(path) for path in files]
    target = out if out is not None else into
    assert target is not None
    merged = merge_new(graphs, runs, out, rules=rules) if out else merge_into(target, graphs, runs, rules=rules)
    weak = [(c.ends[0][1], c.ends[1][1], c.bridge, len(c.members)) for c in merged.weak if c.ends is not None]
    for a, b, score, count in weak[:_SHOWN]:
        say(f"a weak bridge: {a} – {b} ({score:.2f}) holds a cluster of {count} nodes together")
    if len(weak) > _SHOWN:
        say(f"… and {len(weak) - _SHOWN} more weak bridges; --json lists them all")
    counts = merged.published.counts
    if json:
        bridges = [{"left": a, "right": b, "score": score, "nodes": count} for a, b, score, count in weak]
        print_json(
            {"kg": str(target), "run": merged.runs[0], "runs": merged.runs, "counts": counts, "weak_bridges": bridges}
        )
    else:
        undo = "; ".join(f"`ekg unmerge {target} {run}`" for run in merged.runs)
        typer.echo(f"{target}: {counts['events']:,} events; {undo} takes it back")


def unmerge(
    kg: KgArgument,
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="id of the run")] = None,
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", metavar="A B", help="only what links join these two ids")
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", metavar="ID", help="only what links join to this entity or event")
    ] = None,
    every_run: Annotated[
        bool, typer.Option("--every-run", help="of several runs that joined the same, take all back")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Take back what the links of a run, of a pair or of an entity joined."""
    from ekg.pipeline.unmerge import unmerge as undo

    done = undo(kg, run, pair=pair, entity=entity, every_run=every_run)
    counts = done.published.counts
    if json:
        removed = [{"run": name, "left": k.left, "right": k.right} for name, gone in done.removed.items() for k in gone]
        print_json({"kg": str(kg), "run": run, "removed": removed, "counts": counts})
    elif pair is None and entity is None:
        typer.echo(f"{kg}: run {run} taken back; {counts['events']:,} events")
    else:
        links = sum(len(gone) for gone in done.removed.values())
        typer.echo(f"{kg}: {links} links of {', '.join(done.removed)} taken back; {counts['events']:,} events")


def explain(
    left: Side,
    right: Side,
    a: Annotated[str, typer.Argument(metavar="A", help="id in the left graph")],
    b: Annotated[str, typer.Argument(metavar="B", help="id in the right graph")],
    seeds: SeedsOption = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="F", help="the contributions as a chart")] = None,
    json: JsonOption = False,
) -> None:
    """Say why two nodes are, or are not, taken for the same."""
    from alignment import chart, in_words, read_seeds
    from alignment import explain as run

    link = run(left, right, a, b, seeds=read_seeds(seeds) if seeds else None)
    if svg is not None:
        svg.write_text(chart(link), encoding="utf-8", newline="")
    if json:
        print_json(
            {"left": link.left, "right": link.right, "score": link.score, "zone": link.zone, "evidence": link.evidence}
        )
        return
    other = link.evidence.get("best other")
    names = _names(left, [link.left]), _names(right, [link.right, *([str(other)] if other is not None else [])])
    for line in in_words(link, names):
        typer.echo(line)


def _names(side: str, keys: Sequence[str]) -> dict[str, str]:
    """What nodes of a graph that ekg made are called, by id; of other graphs the ids are all that is known."""
    from ekg.index import EntityRow

    if not (Path(side) / "manifest.json").exists():
        return {}
    with open_kg(side) as graph:
        rows = [graph.index.entity(key) for key in keys] + graph.index.events_by_iri(keys)
    return {row.iri: row.name if isinstance(row, EntityRow) else f"“{row.label}”" for row in rows if row is not None}
