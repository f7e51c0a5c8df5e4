"""Tables of a graph's node level in files: the facts and names that aligners read, and Parquet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from ekg.time import format_instant, parse_iso

_BREAK = re.compile(r"[\t\r\n]+")


def facts_tsv(graph: Any) -> tuple[bytes, int]:
    """``subject⇥predicate⇥object⇥begin⇥end``, sorted; both bounds are inclusive, as in folders that are aligned."""
    return _lines(
        (row.subject, row.predicate, row.object, row.begin or "", _inclusive(row.end)) for row in graph.iter_facts()
    )


def names_tsv(graph: Any) -> tuple[bytes, int]:
    """``id⇥name``, sorted; a node with several names has several lines."""
    return _lines((row.id, name) for row in graph.iter_nodes() for name in (row.name, *row.aliases))


def _lines(rows: Iterable[tuple[str, ...]]) -> tuple[bytes, int]:
    lines = sorted({"\t".join(_BREAK.sub(" ", cell) for cell in row) for row in rows})
    return "".join(f"{line}\n" for line in lines).encode(), len(lines)


def _inclusive(end: str | None) -> str:
    """The last day, or second, before an excluded end."""
    if end is None:
        return ""
    last = format_instant(parse_iso(end)[0] - 1)
    return last if "T" in end else last.split("T")[0]


def parquet_bytes(graph: Any) -> tuple[bytes, int]:
    """The table of events, participants nested, as Parquet.

    Raises:
        MissingError: pyarrow is not installed.
    """
    table = graph.to_arrow()
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue(), table.num_rows
