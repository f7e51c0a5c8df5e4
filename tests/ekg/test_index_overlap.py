"""Windows of valid time over the index's tables, against the rule applied to one event after another."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from ekg.index import EventFilter, Index
from ekg.index.schema import INDEXES, LONG, SCHEMA, VERSION

DAY, YEAR = 86_400, 365 * 86_400
Bounds = tuple[int | None, int | None]


def some_bounds(count: int) -> list[Bounds]:
    """Short and long events, some with one bound, none, or the wrong order."""
    draw = random.Random(13)
    found: list[Bounds] = [(0, LONG), (0, LONG + 1), (-1, LONG)]
    while len(found) < count:
        begin = draw.randrange(-20 * YEAR, 20 * YEAR)
        end = begin + draw.choice((1, DAY, 30 * DAY, LONG, LONG + 1, draw.randrange(1, 30 * YEAR)))
        found.append(draw.choice(((begin, end), (begin, end), (begin, None), (None, end), (None, None), (end, begin))))
    return found


def lies_in(bounds: Bounds, low: int | None, high: int | None) -> bool:
    begin, end = bounds
    if begin is None and end is None:
        return False
    first = begin if begin is not None else (end or 0) - 1
    last = end if end is not None else (begin or 0) + 1
    return (low is None or last > low) and (high is None or first < high)


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 7 * DAY), (LONG - 1, LONG), (LONG, LONG + 1), (5 * YEAR, 6 * YEAR), (-(1 << 62), 0), (None, DAY), (DAY, None)],
)
def test_a_window_has_the_events_that_overlap_it(low: int | None, high: int | None) -> None:
    events = some_bounds(600)
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA + INDEXES)
        database.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
        database.executemany(
            "INSERT INTO event (iri, type, label, begin_at, end_at, confidence, mentions) VALUES (?, 'T', '', ?, ?, 1, 1)",
            [(f"urn:{number}", *bounds) for number, bounds in enumerate(events)],
        )
        found = Index(database).events(EventFilter(begin=low, end=high))
        assert sorted(row.iri for row in found) == sorted(
            f"urn:{number}" for number, bounds in enumerate(events) if lies_in(bounds, low, high)
        )
