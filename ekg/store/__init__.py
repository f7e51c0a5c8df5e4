"""The quad store and the document database: what is true about a knowledge graph on disk."""

from ekg.store.base import QueryResult, Store
from ekg.store.documents import DocumentRow, DocumentStore
from ekg.store.guard import check_query, check_update
from ekg.store.manifest import SCHEMA_VERSION, Manifest, kg_lock, read_manifest, write_manifest
from ekg.store.terms import date_literal, datetime_literal, decimal_literal, from_python, to_python

__all__ = [
    "SCHEMA_VERSION",
    "DocumentRow",
    "DocumentStore",
    "Manifest",
    "QueryResult",
    "Store",
    "check_query",
    "check_update",
    "date_literal",
    "datetime_literal",
    "decimal_literal",
    "from_python",
    "kg_lock",
    "read_manifest",
    "to_python",
    "write_manifest",
]
