"""``index.sqlite``: times, types, participants, places and full text, for the questions that users ask all day.

It is derived from the quads and the documents, can be dropped and rebuilt at any time, and is never the truth.
"""

from ekg.index.build import build_index
from ekg.index.events import fts_query
from ekg.index.facts import Facts
from ekg.index.read import Index
from ekg.index.rows import (
    DocumentInfoRow,
    EdgeRow,
    EntityRow,
    EventFilter,
    EventRow,
    MentionRow,
    NodeRow,
    ParticipantRow,
    PassageRow,
    RelationRow,
)
from ekg.index.update import update_index

__all__ = [
    "DocumentInfoRow",
    "EdgeRow",
    "EntityRow",
    "EventFilter",
    "EventRow",
    "Facts",
    "Index",
    "MentionRow",
    "NodeRow",
    "ParticipantRow",
    "PassageRow",
    "RelationRow",
    "build_index",
    "fts_query",
    "update_index",
]
