"""The entities of a document with a look-up by character."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence

from ekg.model import CharSpan, Entity, MentionKind


class EntityIndex:
    """Entities of a document with a look-up by character.

    Args:
        entities: in the order of the record.
        pronouns: those of their references that are pronouns.
    """

    def __init__(self, entities: Sequence[Entity], pronouns: Collection[CharSpan] = ()) -> None:
        self.entities = tuple(entities)
        spans = [(*span, entity.id) for entity in entities for span in (*entity.mentions, *entity.references)]
        self._spans = sorted(spans)
        self._starts = [span[0] for span in self._spans]
        self._types = {entity.id: entity.type for entity in entities}
        self._pronouns = frozenset(pronouns)
        self._named = frozenset(span for entity in entities for span in entity.mentions)

    def at(self, position: int) -> tuple[str, CharSpan] | None:
        """Id and span of the mention or reference that covers a character."""
        place = bisect_right(self._starts, position) - 1
        if place < 0:
            return None
        start, end, name = self._spans[place]
        return (name, (start, end)) if position < end else None

    def type_of(self, entity: str) -> str:
        """The entity's type."""
        return self._types[entity]

    def kind_of(self, span: CharSpan) -> MentionKind:
        """How a mention or reference refers: by a name, a pronoun or a common noun."""
        if span in self._named:
            return "name"
        return "pronoun" if span in self._pronouns else "nominal"
