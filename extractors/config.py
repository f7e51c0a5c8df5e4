"""What a user may set about extraction; part of the signature that keys cached results."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.backends.choice import Choice
from extractors.events.found import Thresholds
from extractors.linking.link_table import LinkTable
from extractors.relations.thresholds import RelationThresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractConfig:
    """Options of extraction.

    Args:
        typed: probability, of trigger and type together, from which an event of GENEVA's types is reported.
        unseen: probability from which it is reported where the word never triggered an event in training.
        news: probability from which any other event is reported.
        faint: the same for a word that triggers an event elsewhere in the document.
        role_bias: log-odds in favour of a role, against none, for a token of an argument.
        language_share: share of English function words below which a text is not taken for English.
        max_characters: longer texts are cut there, with a diagnostic.
        choice: other people's models in place of ours.
        relations: from which confidence relations between events are reported.
        link_table: names and ids elsewhere that entities are linked to.
    """

    typed: float = 0.4
    unseen: float = 0.85
    news: float = 0.4
    faint: float = 0.15
    role_bias: float = 0.9
    language_share: float = 0.1
    max_characters: int = 5_000_000
    choice: Choice = field(default_factory=Choice)
    relations: RelationThresholds = field(default_factory=RelationThresholds)
    link_table: LinkTable | None = None

    def thresholds(self) -> Thresholds:
        """What the tagger is to report."""
        return Thresholds(
            typed=self.typed, unseen=self.unseen, news=self.news, faint=self.faint, role_bias=self.role_bias
        )
