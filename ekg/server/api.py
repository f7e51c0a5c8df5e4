"""The JSON API: the same answers as the commands, one function an operation, all in one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import ekg
from ekg.graph import EventGraph
from ekg.server.call import parse_parameters
from ekg.server.parameters import Parameter, read_parameters
from ekg.time import format_instant, parse_iso
from ekg.vocab import PREFIXES

Values = Mapping[str, Any]

_TOP = 200
_FROM = Parameter(name="from", kind="date", help="not before this day, month or year (ISO date)")
_TO = Parameter(name="to", kind="date", help="up to the end of this day, month or year (ISO date)")


def _count(default: int) -> Parameter:
    return Parameter(name="k", kind="integer", default=default, minimum=1, help="how many at most")


def dump(value: Any) -> bytes:
    """UTF-8 JSON with keys in their order.

    >>> dump({"b": "é", "a": None}).decode()
    '{"b": "é", "a": null}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One path of the API.

    Args:
        path: below the server's root.
        summary: what it does.
        parameters: of the query string.
        result: name of the response's schema.
        run: computes the response; called on a thread.
        constant: whether the response is the same as long as the graph is.
    """

    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    result: str
    run: Callable[[EventGraph, Values], Any]
    constant: bool = False

    async def __call__(self, request: Request) -> Response:
        """Handle a request."""
        values = read_parameters(self.parameters, parse_parameters(request.scope["query_string"]))
        state = request.app.state.ekg
        if self.constant and state.current.is_newest():
            found = state.constants.get((self.path, state.current.generation()))
            if found is not None:
                return Response(found, media_type="application/json")
        generation, found = await state.call(lambda graph: (graph.manifest.generation, dump(self.run(graph, values))))
        if self.constant:
            for old in [key for key in state.constants if key[1] != generation]:
                del state.constants[old]
            state.constants[self.path, generation] = found
        return Response(found, media_type="application/json")


def _after(iso: str | None) -> str | None:
    return None if iso is None else format_instant(parse_iso(iso)[1])


def _ask(graph: EventGraph, values: Values) -> Any:
    from queries import answer_dict, ask

    answer = ask(
        graph,
        values["q"],
        as_of=values["as_of"],
        asked_at=values["asked_at"],
        k=values["k"],
        explain=values["explain"],
    )
    return answer_dict(answer)


def _search(graph: EventGraph, values: Values) -> Any:
    from queries import search

    found = search(
        graph, values["q"], kind=values["kind"], begin=values["from"], end=_after(values["to"]), k=values["k"]
    )
    return found.to_dict()


def _events(graph: EventGraph, values: Values) -> Any:
    if values["type"] is not None:
        graph.check_type(values["type"])
    found = graph.events(
        type=values["type"],
        actor=values["actor"],
        place=values["place"],
        begin=values["from"],
        end=_after(values["to"]),
        text=values["text"],
        missing=values["missing"],
    )
    start = values["offset"]
    return {"total": len(found), "events": [event.to_dict() for event in found[start : start + values["k"]]]}


def _timeline(graph: EventGraph, values: Values) -> Any:
    from queries import timeline

    return timeline(graph, values["q"], k=values["k"], maximum=values["max"])


def _entity(graph: EventGraph, values: Values) -> Any:
    name = values["q"]
    rows = [] if ":" in name else graph.index.find_entities(name, limit=values["k"])
    views = [graph.entity(row.iri) for row in rows] if rows else [graph.entity(name)]
    return {"query": name, **views[0].to_dict(), "others": [view.to_dict() for view in views[1:]]}


def _info(graph: EventGraph, values: Values) -> Any:
    info = graph.info()
    # The server's own folders are nobody's business.
    info["path"] = graph.path.name if graph.path else "memory:"
    top = graph.index.entities(limit=_TOP)
    return {
        **info,
        "version": ekg.__version__,
        "all_types": [list(row) for row in graph.index.type_counts()],
        "entities": [[row.name, row.type, row.mentions] for row in top],
        "prefixes": PREFIXES,
    }


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        path="/api/ask",
        summary="Answer a question with evidence, or say why it cannot be answered",
        result="Answer",
        run=_ask,
        parameters=(
            Parameter(name="q", required=True, help="a question in English"),
            Parameter(name="as_of", kind="date", help="only what was recorded by this date"),
            Parameter(name="asked_at", kind="date", help='what "today" means'),
            _count(5),
            Parameter(name="explain", kind="boolean", default=False, help="say how the question was understood"),
        ),
    ),
    Operation(
        path="/api/search",
        summary="Passages, articles, videos or events by words, best first",
        result="SearchResults",
        run=_search,
        parameters=(
            Parameter(name="q", required=True, help="words to look for"),
            Parameter(
                name="kind", choices=("passage", "article", "video", "image", "event"), help="only results of this kind"
            ),
            _FROM,
            _TO,
            _count(10),
        ),
    ),
    Operation(
        path="/api/events",
        summary="Events in time order, undated ones last",
        result="Events",
        run=_events,
        parameters=(
            Parameter(name="type", help="name of an event type"),
            Parameter(name="actor", help="name or IRI of a participant"),
            Parameter(name="place", help="name or IRI of the place"),
            _FROM,
            _TO,
            Parameter(name="text", help="words in label, participants or mentions"),
            Parameter(name="missing", kind="list", help="roles, time or place, that are not known; commas between"),
            _count(20),
            Parameter(name="offset", kind="integer", default=0, maximum=10_000_000, help="how many to leave out first"),
        ),
    ),
    Operation(
        path="/api/timeline",
        summary="What happened to or by somebody, in time order",
        result="Timeline",
        run=_timeline,
        parameters=(
            Parameter(name="q", required=True, help="name of an entity, or words"),
            Parameter(name="k", kind="integer", minimum=1, help="only the most important, still in time order"),
            Parameter(name="max", kind="integer", default=200, minimum=1, maximum=5000, help="never more than this"),
        ),
    ),
    Operation(
        path="/api/entity",
        summary="An entity by name, short id or IRI, and others of a similar name",
        result="Entity",
        run=_entity,
        parameters=(Parameter(name="q", required=True, help="name, short id or IRI"), _count(10)),
    ),
    Operation(
        path="/api/info",
        summary="What the graph holds",
        result="Info",
        run=_info,
        constant=True,
        parameters=(),
    ),
)
