"""query, events, timeline, search, ask."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ekg.cli.common import (
    FromOption,
    JsonOption,
    KgArgument,
    ServiceOption,
    ToOption,
    after,
    open_kg,
    print_json,
    print_table,
    reach_of,
    say,
    settings,
    when,
)

if TYPE_CHECKING:
    from ekg.graph import EventView

_WHY_NOT = {
    "no_entity": "the question names something that the graph does not have",
    "no_relation": "the graph has what the question names, but nothing that says this of it",
    "time_out_of_range": "nothing is known of the time that the question asks about",
    "no_evidence": "nothing was found that tells of it",
    "low_confidence": "what was found is too unsure to be an answer",
    "false_premise": "as far as is known, it did not happen",
    "not_understood": 'the question was not understood; ask a whole one, such as "Who resigned in May 2025?" (for '
    '"yesterday" give --asked-at)',
}
Count = Annotated[int, typer.Option("-k", min=1, metavar="N", help="how many at most")]


class QueryFormat(StrEnum):
    """Formats of a query's result."""

    table = "table"
    json = "json"
    xml = "xml"
    csv = "csv"
    tsv = "tsv"
    ttl = "ttl"
    nt = "nt"
    jsonld = "jsonld"
    rdf = "rdf"


class SearchKind(StrEnum):
    """What to search for."""

    passage = "passage"
    article = "article"
    video = "video"
    image = "image"
    event = "event"


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("query")(query)
    app.command("events")(events)
    app.command("timeline")(timeline)
    app.command("search")(search)
    app.command("ask")(ask)


def query(
    kg: KgArgument,
    sparql: Annotated[str, typer.Argument(metavar="SPARQL", help="the query, or - to read it from standard input")],
    format: Annotated[QueryFormat, typer.Option("--format", "-f", help="of the result")] = QueryFormat.table,
    allow_service: ServiceOption = None,
    json: JsonOption = False,
) -> None:
    """Run a SPARQL 1.1 query; the usual prefixes need no declaration."""
    from ekg.io import write_result

    text = sys.stdin.read() if sparql == "-" else sparql
    reach = reach_of(settings(allow_service=" ".join(allow_service) if allow_service else None))
    if reach is not None:
        from ekg.store.outside import with_outside

        text = with_outside(text, reach)
    with open_kg(kg) as graph:
        write_result(graph.query(text), "json" if json else format.value, sys.stdout)


def events(
    kg: KgArgument,
    type: Annotated[str | None, typer.Option("--type", help="event type, such as Attack")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="name of somebody or something that takes part")] = None,
    place: Annotated[str | None, typer.Option("--place", help="name of the place")] = None,
    begin: FromOption = None,
    end: ToOption = None,
    text: Annotated[str | None, typer.Option("--text", help="words in label, participants or mentions")] = None,
    missing: Annotated[
        str | None, typer.Option("--missing", metavar="ROLE,…", help="roles, time or place, that are not known")
    ] = None,
    k: Count = 20,
    json: JsonOption = False,
) -> None:
    """List events, in time order; undated ones last."""
    with open_kg(kg) as graph:
        if type is not None:
            graph.check_type(type)
        found = graph.events(
            type=type,
            actor=actor,
            place=place,
            begin=begin,
            end=after(end),
            text=text,
            missing=tuple(part.strip() for part in missing.split(",") if part.strip()) if missing else (),
        )
        chosen = found[:k]
        if json:
            print_json({"total": len(found), "events": [event.to_dict() for event in chosen]})
            return
        headers = ("time", "type", "event", "place", "mentions", *(("known", "not known") if missing else ()))
        print_table(
            headers,
            [
                (
                    when(e.row.begin, e.row.end, e.row.granularity), e.type, e.label, e.place, e.row.mentions,
                    *((_known(e), ", ".join(e.missing)) if missing else ()),
                )
                for e in chosen
            ],
            wide=2,
        )  # fmt: skip
        if not found:
            unknown = [said for name in (actor, place) if name and (said := graph.unknown_name(name))]
            say("; ".join(["no event matches", *unknown]))
        if len(found) > len(chosen):
            typer.echo(f"… {len(found) - len(chosen)} more of {len(found)} events (use -k)", err=True)


def _known(event: EventView) -> str:
    """Who and what is known of an event, by role."""
    fillers: dict[str, list[str]] = {}
    for participant in event.participants:
        fillers.setdefault(participant.role, []).append(participant.name)
    return "; ".join(f"{role}: {', '.join(names)}" for role, names in sorted(fillers.items()))


def timeline(
    kg: KgArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="an entity's name, or words")],
    k: Annotated[int | None, typer.Option("-k", min=1, metavar="N", help="the most important N, in time order")] = None,
    maximum: Annotated[int, typer.Option("--max", min=1, metavar="N", help="never more than N")] = 200,
    json: JsonOption = False,
) -> None:
    """Show what happened to or by somebody, in time order."""
    from queries import timeline as run

    with open_kg(kg) as graph:
        result = run(graph, name, k=k, maximum=maximum)
    if json:
        print_json(result)
        return
    if result["entity"] is None:
        say(f"nothing is called '{name}'; these events have its words")
    print_table(
        ("time", "type", "event", "place"),
        [(when(e["begin"], e["end"], e["granularity"]), e["type"], e["label"], e["place"]) for e in result["events"]],
        wide=2,
    )


def search(
    kg: KgArgument,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="what to look for")],
    kind: Annotated[SearchKind | None, typer.Option("--kind", help="only results of this kind")] = None,
    begin: FromOption = None,
    end: ToOption = None,
    k: Count = 10,
    json: JsonOption = False,
) -> None:
    """Find passages, articles, videos or events by words."""
    from queries import search as run

    with open_kg(kg) as graph:
        results = run(graph, words, kind=kind.value if kind else None, begin=begin, end=after(end), k=k).to_dict()
    if json:
        print_json(results)
        return
    from ekg.display import excerpt

    for number, row in enumerate(results["results"], 1):
        where = f"{row['media'][0]:.0f}s" if row["media"] else (f"{row['span'][0]}" if row["span"] else "")
        typer.echo(
            f"{number:>2}. {row['title'] or row['document']}  [{row['kind']} {(row['published'] or '')[:10]} @{where}]"
        )
        typer.echo(f"    {excerpt(row['text'] or '', words)}")
    if not results["results"]:
        say("nothing matches")


def ask(
    kg: KgArgument,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="a question in English")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="D", help="only what was recorded by this date")
    ] = None,
    asked_at: Annotated[str | None, typer.Option("--asked-at", metavar="D", help='what "today" means')] = None,
    k: Count = 5,
    explain: Annotated[bool, typer.Option("--explain", help="show how the question was understood")] = False,
    others: Annotated[list[str] | None, typer.Option("--with", metavar="KG2", help="ask this graph too")] = None,
    json: JsonOption = False,
) -> None:
    """Answer a question with evidence, or say why it cannot be answered."""
    from queries import answer_dict
    from queries import ask as run

    with open_kg(kg) as graph:
        more = [open_kg(other) for other in others or []]
        answer = run(graph, question, as_of=as_of, asked_at=asked_at, k=k, explain=explain, others=more)
        for other in more:
            other.close()
    result = answer_dict(answer)
    if json:
        print_json(result)
    else:
        _print_answer(result, explain)


def _print_answer(result: dict[str, Any], explain: bool) -> None:
    from ekg.display import excerpt

    if result["abstained"]:
        typer.echo(f"I don't know: {_WHY_NOT[result['reason']]}.")
    for number, answer in enumerate(result["answers"], 1):
        label = excerpt(str(answer["label"]), result["question"])
        typer.echo(f"{number}. {label}  ({answer['type']}, confidence {answer['confidence']:.2f})")
        for evidence in answer["evidence"][:2]:
            source = ", ".join(
                str(part)
                for part in (evidence["title"] or evidence["document"], (evidence["published"] or "")[:10])
                if part
            )
            moment = f" at {evidence['media'][0]:.0f}–{evidence['media'][1]:.0f} s" if evidence["media"] else ""
            typer.echo(f"   “{excerpt(evidence['quote'] or '', str(answer['label']), result['question'])}”")
            typer.echo(f"   — {source}{moment}")
    for conflict in result["conflicts"]:
        typer.echo(f"   but also: {conflict['label']}")
    if explain:
        import json

        typer.echo("\nunderstood as: " + json.dumps(result["frame"], ensure_ascii=False, indent=1))
        typer.echo("SPARQL:\n" + result["sparql"])
