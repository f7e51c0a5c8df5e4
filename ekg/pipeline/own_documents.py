"""Documents that a merge brought and that were also added here: they stay when the merge is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ekg.store import DocumentStore

_KEY = "own documents"


def own_documents(database: DocumentStore) -> set[str]:
    """Ids of documents of merged parts that were also read from the graph's own sources."""
    return set(json.loads(database.get_meta(_KEY) or "[]"))


def note_own(database: DocumentStore, read: Iterable[str]) -> None:
    """Note that documents were read from sources; only those of merged parts are kept in mind."""
    merged = {row.id for row in database.rows() if row.part}
    _set(database, own_documents(database) | merged.intersection(read))


def forget_own(database: DocumentStore, ids: Iterable[str]) -> None:
    """Documents are gone, or are no part of a merge any more."""
    _set(database, own_documents(database).difference(ids))


def _set(database: DocumentStore, ids: set[str]) -> None:
    if ids != own_documents(database):
        database.set_meta(_KEY, json.dumps(sorted(ids)) if ids else "")
