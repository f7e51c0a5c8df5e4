"""Time windows in plain SPARQL: ``?e ekg:during ("2015-06-01" "2015-06-08")``.

The engine would look at the bounds of every event. So the pattern is replaced before the query is run: by the events
that the index finds, or, where there is no index of just this state, by the bounds that mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ekg.errors import QueryError
from ekg.store.guard import tokens
from ekg.time import format_instant, parse_iso
from ekg.vocab import EKG, SEM

Windows = Callable[[int | None, int | None], Sequence[str]]
"""IRIs of the events that overlap a half-open window in seconds since 1970; None is an open end."""

MANY = 20_000
"""Events above which the bounds are compared, since so long a list of IRIs takes longer to read."""

_SHAPE = 'write ?event ekg:during ("2015-06-01" "2015-06-08") as a triple of its own; "" is an open end'


def expand_windows(sparql: str, windows: Windows | None) -> str:
    """The query with its windows replaced.

    Args:
        sparql: a query.
        windows: finds events by time; None compares bounds.

    Raises:
        QueryError: a window is not of the one form there is, or a bound is no ISO date.
    """
    if "during" not in sparql:
        return sparql
    found = [token for token in tokens(sparql) if token[0] not in {"space", "comment"}]
    names = {f"<{EKG}during>"} | ({"ekg:during"} if _is_ours(found) else set())
    pieces: list[str] = []
    done = 0
    for place, (kind, text, at) in enumerate(found):
        if kind not in {"name", "iri"} or text not in names:
            continue
        around = found[place - 1 : place] + found[place + 1 : place + 6]
        kinds = [token[0] for token in around[:5]]
        shown = [token[1] for token in around]
        if kinds != ["var", "other", "string", "string", "other"] or shown[1] != "(" or shown[4] != ")":
            raise QueryError(f"ekg:during at character {at + 1} is not a window", hint=_SHAPE)
        if shown[5:] in ([";"], [","]):
            raise QueryError(f"ekg:during at character {at + 1} has more said after it", hint=_SHAPE)
        pieces += [sparql[done : around[0][2]], _pattern(shown[0], shown[2], shown[3], windows, len(pieces))]
        done = around[4][2] + 1
    return "".join([*pieces, sparql[done:]])


def _is_ours(found: list[tuple[str, str, int]]) -> bool:
    """Whether the prefix ``ekg`` means what it means without a declaration."""
    texts = [text for _, text, _ in found]
    at = [n for n, text in enumerate(texts) if text.upper() == "PREFIX" and texts[n + 1 : n + 2] == ["ekg:"]]
    return all(texts[n + 2 : n + 3] == [f"<{EKG}>"] for n in at)


def _pattern(variable: str, first: str, last: str, windows: Windows | None, number: int) -> str:
    low, high = _seconds(first), _seconds(last)
    if windows is not None:
        iris = windows(low, high)
        if len(iris) <= MANY:
            return f"VALUES {variable} {{ {' '.join(f'<{iri}>' for iri in iris)} }}"
    return _bounds(variable, low, high, f"?during{number}")


def _seconds(quoted: str) -> int | None:
    text = quoted.strip("\"'")
    if not text:
        return None
    try:
        return parse_iso(text)[0]
    except ValueError as error:
        raise QueryError(f"ekg:during: {error}", hint="use ISO dates such as 2016-11-08, 2016-11 or 2016") from error


def _bounds(variable: str, low: int | None, high: int | None, name: str) -> str:
    """The same by comparing bounds: ours, else EventKG's inclusive days. An unknown one is not taken as unlimited."""
    known = {"b": f"{EKG}begin", "n": f"{EKG}end", "f": f"{SEM}hasBeginTimeStamp", "l": f"{SEM}hasEndTimeStamp"}
    parts = [f"{variable} a <{SEM}Event> ."]
    parts += [f"OPTIONAL {{ {variable} <{predicate}> {name}{key} }}" for key, predicate in known.items()]
    b, n, f, last = (f"STR({name}{key})" for key in known)
    parts.append(f"FILTER(BOUND({name}b) || BOUND({name}n) || BOUND({name}f) || BOUND({name}l))")
    if low is not None:
        moment, day = _moment(low), _moment(low)[:10]
        parts.append(f'FILTER(COALESCE({n} > "{moment}", {b} >= "{moment}", {last} >= "{day}", {f} >= "{day}"))')
    if high is not None:
        moment, before = _moment(high), _moment(high - 1)[:10]
        parts.append(f'FILTER(COALESCE({b} < "{moment}", {n} <= "{moment}", {f} <= "{before}", {last} <= "{before}"))')
    return f"{{ {' '.join(parts)} }}"


def _moment(seconds: int) -> str:
    """An instant as bounds are written."""
    text = format_instant(seconds).lstrip("+")
    return f"{text}Z" if "T" in text else f"{text}T00:00:00Z"
