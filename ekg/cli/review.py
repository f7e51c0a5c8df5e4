"""review: a person's verdicts on uncertain links."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ekg.cli.common import JsonOption, print_json, say

if TYPE_CHECKING:
    from alignment.labels import Label
    from ekg.model import Link

Names = tuple[Mapping[str, str], Mapping[str, str]]
_ANSWERS = {"a": "accept", "y": "accept", "r": "reject", "n": "reject", "u": "unsure", "s": "skip", "q": "quit"}
_ZONES = ("merge", "review", "reject")


def add_commands(app: typer.Typer) -> None:
    """Register the command."""
    app.command("review")(review)


def review(
    links: Annotated[Path, typer.Argument(metavar="LINKS", help="links that `ekg align` wrote")],
    graphs: Annotated[
        tuple[str, str] | None, typer.Option("--graphs", metavar="LEFT RIGHT", help="the two graphs, to show names")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="F", help="verdicts so far and from now; default: LINKS.labels.tsv"),
    ] = None,
    zone: Annotated[
        list[str] | None, typer.Option("--zone", help="merge, review or reject; can be repeated; default: review")
    ] = None,
    export: Annotated[Path | None, typer.Option("--export", metavar="CSV", help="write them as CSV to fill in")] = None,
    import_: Annotated[
        Path | None, typer.Option("--import", metavar="CSV", help="take verdicts from such a CSV")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F", help="write the links as reviewed, to merge along")
    ] = None,
    sssom: Annotated[Path | None, typer.Option("--sssom", metavar="F", help="write the links as SSSOM TSV")] = None,
    json: JsonOption = False,
) -> None:
    """Say which links are right, the most uncertain first; stop whenever you like, verdicts are kept at once."""
    from alignment import read_labels, read_links, write_labels, write_links, write_sssom
    from alignment.review import merged_labels, read_csv, reviewed, uncertain_first, write_csv
    from ekg.model import Alignment

    wanted = zone or ["review"]
    unknown = [name for name in wanted if name not in _ZONES]
    if unknown:
        raise typer.BadParameter(f"'{unknown[0]}' is no zone; use {', '.join(_ZONES)}", param_hint="--zone")
    found = read_links(links)
    file = labels if labels is not None else links.with_name(f"{links.name}.labels.tsv")
    known = read_labels(file) if file.exists() else []
    names = _names(graphs)
    if import_ is not None:
        known = merged_labels(known, read_csv(import_, found))
        write_labels(file, known)
    queue = uncertain_first(found, zones=wanted)
    stopped = False
    if export is not None:
        write_csv(export, queue, known, names)
    elif import_ is None and out is None and sssom is None:
        known, stopped = _ask(queue, known, names, file)
    if out is not None:
        write_links(out, Alignment(links=tuple(reviewed(found, known))))
    if sssom is not None:
        write_sssom(sssom, found, labels=known, names=names, sources=graphs)
    _report(queue, known, file, json=json)
    if stopped:
        raise typer.Exit(1)


def _names(graphs: tuple[str, str] | None) -> Names:
    if graphs is None:
        return {}, {}
    from alignment import AlignGraph

    left, right = ({n.id: n.names[0] for n in AlignGraph.read(path).nodes if n.names} for path in graphs)
    return left, right


def _ask(queue: Sequence[Link], known: list[Label], names: Names, file: Path) -> tuple[list[Label], bool]:
    """Ask about what has no verdict yet; returns all verdicts, and whether the input ended before the questions."""
    from alignment import Label, write_labels
    from alignment.labels import VERDICTS
    from alignment.review import merged_labels

    done = {label.pair for label in known}
    left = [link for link in queue if (link.left, link.right) not in done]
    if left:
        say("accept (a), reject (r), unsure (u), skip (s) or quit (q)?")
        if not any(names):
            say("with --graphs LEFT RIGHT the names are shown beside the ids")
    for number, link in enumerate(left):
        say(_shown(link, names))
        answer = _answer(f"{number + 1} of {len(left)} [a/r/u/s/q] ")
        if answer is None:
            say(
                f"the input ended, {len(left) - number} links are left: run it again at a terminal, pipe an answer a "
                "line, or use --export and --import"
            )
            return known, True
        if answer == "quit":
            break
        if answer in VERDICTS:
            known = merged_labels(known, [Label(left=link.left, right=link.right, verdict=VERDICTS[answer])])
            write_labels(file, known)
    return known, False


def _answer(prompt: str) -> str | None:
    """What was answered, None where the input has ended."""
    while True:
        say(prompt)
        line = sys.stdin.readline()
        if not line:
            return None
        answer = _ANSWERS.get(line.strip().casefold()[:1])
        if answer is not None:
            return answer
        say("answer with a, r, u, s or q")


def _shown(link: Link, names: Names) -> str:
    ends = [
        f"{side[key]} ({key})" if key in side else key for side, key in zip(names, (link.left, link.right), strict=True)
    ]
    return f"{link.score:.2f}  {ends[0]}  –  {ends[1]}"


def _report(queue: Sequence[Link], known: Sequence[Label], file: Path, *, json: bool) -> None:
    counts = {verdict: sum(k.verdict == verdict for k in known) for verdict in ("accept", "reject", "unsure")}
    done = {label.pair for label in known}
    left = sum((link.left, link.right) not in done for link in queue)
    if json:
        print_json({"labels": str(file), "verdicts": counts, "left": left})
    else:
        parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        typer.echo(f"{file}: {parts}; {left} left")
