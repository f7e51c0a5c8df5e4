"""The node level as Arrow tables, for data frames and Parquet files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ekg.errors import DataError, MissingError
from ekg.graph.event_graph import EventGraph

if TYPE_CHECKING:
    import pyarrow

TABLES = ("events", "entities", "facts")


def to_arrow(graph: EventGraph, table: str = "events") -> pyarrow.Table:
    """See :meth:`EventGraph.to_arrow`."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingError("Arrow tables need pyarrow", hint="pip install 'ekg-platform[parquet]'") from error
    if table not in TABLES:
        raise DataError(f"no table '{table}'", hint=f"there are {', '.join(TABLES)}")
    text, moment = pa.string(), pa.timestamp("s", tz="UTC")
    if table == "entities":
        names = graph.index.other_names()
        rows = [
            {"iri": row.iri, "type": row.type, "name": row.name, "aliases": list(names.get(row.iri, ()))}
            for row in graph.index.nodes("entity")
        ]
        schema = [("iri", text), ("type", text), ("name", text), ("aliases", pa.list_(text))]
        return pa.Table.from_pylist(rows, schema=pa.schema(schema))
    if table == "facts":
        columns = ("subject", "predicate", "object", "begin", "end")
        found = [dict(zip(columns, row, strict=True)) for row in graph.index.edges()]
        return pa.Table.from_pylist(found, schema=pa.schema([(name, text) for name in columns]))
    filler = pa.struct([("role", text), ("entity", text), ("name", text), ("confidence", pa.float64())])
    events = [
        {**row, "participants": [dict(zip(("role", "entity", "name", "confidence"), f, strict=True)) for f in fillers]}
        for row, fillers in graph.index.event_table()
    ]
    types = {
        "begin_at": moment,
        "end_at": moment,
        "confidence": pa.float64(),
        "mentions": pa.int64(),
        "participants": pa.list_(filler),
    }
    names_of = ("iri", "type", "label", "begin", "end", "begin_at", "end_at", "granularity", "recorded", "place")
    rest = ("place_name", "polarity", "modality", "confidence", "mentions", "participants")
    return pa.Table.from_pylist(events, schema=pa.schema([(n, types.get(n, text)) for n in (*names_of, *rest)]))
