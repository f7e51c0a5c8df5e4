"""``ekg bench store``: what the store, the index and the endpoint cost, as ratios to what one would use without them.

Every ratio comes from one run on the same synthetic data (:mod:`ekg.bench.synthetic`), the two sides in turns, medians
of five (three with ``--quick``). Rows of other programs are left out, with a note, where those are not installed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ekg.bench.measure import Row
from ekg.bench.store_parts import load_rows, pyg_row, time_rows
from ekg.bench.store_servers import server_rows
from ekg.bench.synthetic import write_graph
from ekg.config import load_settings
from ekg.graph import open_graph

EVENTS = 100_000
_LOADED = 10_000
_CONVERTED = 5_000
_SERVED = 1_000


def run(
    data: Path, *, seed: int = 13, events: int = EVENTS, quick: bool = False, only: str | None = None
) -> dict[str, Any]:
    """Measure all rows of the table in ``docs/scale.md``.

    Args:
        data: not used: the data is synthetic.
        seed: of the synthetic graph.
        events: size of the graph for questions of time; loading takes 10,000 of them at
            most, conversion 5,000, servers 1,000.
        quick: medians of three instead of five, and fewer requests.
        only: names of groups, separated by commas: ``load``, ``time``, ``servers``, ``pyg``; None runs all.
    """
    repeats = 3 if quick else 5
    wanted = set(only.split(",")) if only else {"load", "time", "servers", "pyg"}
    cache = Path(str(load_settings()["cache"]))
    cache.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Row | str] = {}
    with tempfile.TemporaryDirectory(prefix="ekg-bench-") as name:
        scratch = Path(name)
        if "load" in wanted:
            rows |= load_rows(scratch, min(events, _LOADED), seed=seed, repeats=repeats)
        if "time" in wanted:
            large = cache / f"synthetic-{events}-{seed}"
            write_graph(large, events, seed=seed)
            with open_graph(large) as graph:
                rows |= time_rows(graph, repeats=repeats)
        if "pyg" in wanted:
            middle = scratch / "converted"
            quads = write_graph(middle, min(events, _CONVERTED), seed=seed)
            with open_graph(middle) as graph:
                rows |= pyg_row(graph, quads, repeats=repeats)
        if "servers" in wanted:
            small = scratch / "served"
            quads = write_graph(small, min(events, _SERVED), seed=seed)
            rows |= server_rows(small, quads, scratch, repeats=repeats, quick=quick)
    return {name: row if isinstance(row, str) else row.to_dict() for name, row in rows.items()}
