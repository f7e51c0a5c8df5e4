"""Losses of the shared model's heads on a batch."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from extractors.events.batch import OTHER, Batch, make_batch
from extractors.events.example import EventSentence
from extractors.events.labels import GENERAL_ROLE, GENERAL_ROLES, NAME_LABELS, Labels
from extractors.events.lexicon import Lexicon
from extractors.events.model import EventModel
from extractors.events.pieces import WordPieces
from extractors.training.events_data import NAME_CORPORA, NamedSentence, varied_events, varied_names

IGNORE = -100
HIDDEN = 0.06
"""Share of the word pieces that are hidden, so that the heads learn to read the context."""


class Trainer:
    """Turns batches into losses.

    Args:
        model: the model, in training mode.
        labels: of its outputs.
        pieces: the splitter.
        lexicon: the dictionary; a sentence of GENEVA sees it without its own counts.
        rng: source of the variations.
    """

    def __init__(
        self, model: EventModel, labels: Labels, pieces: WordPieces, lexicon: Lexicon, rng: random.Random
    ) -> None:
        self.model, self.labels, self.pieces, self.lexicon, self.rng = model, labels, pieces, lexicon, rng

    def loss(self, group: Sequence[EventSentence] | Sequence[NamedSentence]) -> Tensor:
        """The loss of sentences of one task."""
        if isinstance(group[0], NamedSentence):
            return self._names([varied_names(n, self.rng) for n in group if isinstance(n, NamedSentence)])
        return self._events([varied_events(s, self.rng) for s in group if isinstance(s, EventSentence)])

    def _batch(self, texts: Sequence[Sequence[str]], lexicons: Sequence[Lexicon]) -> Batch:
        batch = make_batch(texts, self.pieces, self.labels, lexicons, self.model.encoder.shape.positions)
        hidden = (torch.rand(batch.pieces.shape) < HIDDEN) & (batch.cases != OTHER)
        batch.pieces[hidden] = self.pieces.unknown
        return batch

    def _names(self, group: Sequence[NamedSentence]) -> Tensor:
        batch = self._batch([n.tokens for n in group], [Lexicon()] * len(group))
        _, vectors, _ = self.model.encode(batch)
        corpora = torch.tensor([NAME_CORPORA.index(n.corpus) for n in group])
        logits = self.model.names(vectors, batch, corpora)
        wanted = torch.full(batch.present.shape, IGNORE)
        for row, named in enumerate(group):
            wanted[row, : len(named.sentence.tokens)] = 0
            for mention in named.sentence.mentions or ():
                kind = NAME_LABELS.index(mention.label)
                wanted[row, mention.start] = 1 + 2 * kind
                wanted[row, mention.start + 1 : mention.end] = 2 + 2 * kind
            for place in named.sentence.unknown:
                wanted[row, place] = IGNORE
        return functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), ignore_index=IGNORE, label_smoothing=0.03
        )

    def _events(self, group: Sequence[EventSentence]) -> Tensor:
        lexicons = [self.lexicon.without(s) if s.source == "geneva" else self.lexicon for s in group]
        batch = self._batch([s.tokens for s in group], lexicons)
        vectors, _, role_vectors = self.model.encode(batch)
        geneva, news, kinds = self.model.triggers(states := self.model.trigger_states(vectors, batch), batch)
        told = self.model.told(self.model.dropout(states))
        tags, types = self._targets(group, batch)
        total: Tensor = vectors.new_zeros(())
        for logits, source, weight in ((geneva, "geneva", 1.0), (news, "ecb", 1.0), (told, "litbank", 0.5)):
            wanted = tags.clone()
            wanted[torch.tensor([s.source != source for s in group])] = IGNORE
            if (wanted != IGNORE).any():
                total = total + weight * functional.cross_entropy(
                    logits.flatten(0, 1), wanted.flatten(), ignore_index=IGNORE, label_smoothing=0.05
                )
        if (types != IGNORE).any():
            total = total + 0.5 * functional.cross_entropy(
                kinds.flatten(0, 1), types.flatten(), ignore_index=IGNORE, label_smoothing=0.05
            )
        return total + 2.0 * self._roles(group, role_vectors, batch)

    def _targets(self, group: Sequence[EventSentence], batch: Batch) -> tuple[Tensor, Tensor]:
        tags = torch.full(batch.present.shape, IGNORE)
        types = torch.full(batch.present.shape, IGNORE)
        for row, sentence in enumerate(group):
            tags[row, : len(sentence.tokens)] = 0
            for event in sentence.events:
                tags[row, event.start] = 1
                tags[row, event.start + 1 : event.end] = 2
                if event.type is not None:
                    types[row, event.start] = self.labels.type_index(event.type)
        return tags, types

    def _roles(self, group: Sequence[EventSentence], vectors: Tensor, batch: Batch) -> Tensor:
        events = [
            (row, event, self.rng.random() < 0.2)
            for row, sentence in enumerate(group)
            for event in sentence.events
            if event.type is not None
        ]
        if not events:
            return vectors.new_zeros(())
        rows = torch.tensor([row for row, _, _ in events])
        wanted = torch.full((len(events), batch.present.shape[1]), IGNORE)
        masks = torch.full((len(events), len(self.labels.roles) + 1), -1e4)
        masks[:, 0] = 0.0
        for place, (row, event, hidden) in enumerate(events):
            wanted[place, : len(group[row].tokens)] = 0
            for role in GENERAL_ROLES if hidden else self.labels.by_type[str(event.type)]:
                if role in self.labels.roles:
                    masks[place, self.labels.role_index(role)] = 0.0
            # Longest first, so that of two nested arguments the inner one keeps its tokens.
            for argument in sorted(event.arguments, key=lambda a: (a.start - a.end, a.start)):
                name = GENERAL_ROLE.get(argument.role) if hidden else argument.role
                if name is None:
                    continue
                index = self.labels.role_index(name)
                masks[place, index] = 0.0
                wanted[place, argument.start : argument.end] = index
        roles = self.model.roles(
            vectors[rows],
            batch.shapes[rows],
            batch.present[rows],
            torch.tensor([event.start for _, event, _ in events]),
            torch.tensor([event.end for _, event, _ in events]),
            torch.tensor([self.labels.type_index(None if hidden else event.type) for _, event, hidden in events]),
        )
        roles = roles + masks[:, None, :]
        return functional.cross_entropy(roles.flatten(0, 1), wanted.flatten(), ignore_index=IGNORE)
