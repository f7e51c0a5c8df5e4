"""The shared model: one encoder with heads for triggers, types, argument roles and names."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.events.batch import Batch
from extractors.events.encoder import Encoder, EncoderShape, Layer
from extractors.events.labels import NAME_TAGS
from extractors.events.lexicon import FEATURES

SHAPES = 8
"""Word shapes, see `extractors.events.batch.word_shape`."""
REACH = 24
"""Distances from the trigger beyond this many tokens are one."""
WIDTH = 256
ROLE_WIDTH = 192
CORPORA = 4
"""Corpora of names: each marks names in its own way, so the head is told which way is wanted (0: GUM's)."""


class EventModel(nn.Module):
    """Heads over token vectors.

    Triggers are tagged, with O, B and I, in three ways: as GENEVA marks them (its own types only), as ECB+ does (all
    that happens in news) and as LitBank does (what is told as having happened). The type head adds the dictionary's
    log shares to its own scores. Arguments are tagged one event at a time, by a small transformer that sees distance
    from the trigger, the trigger itself and its type. Each family of heads reads its own mixture of the layers.
    """

    def __init__(self, shape: EncoderShape, types: int, roles: int, dropout: float = 0.15) -> None:
        super().__init__()
        self.encoder = Encoder(shape, dropout=0.1)
        self.mixture = nn.Parameter(torch.zeros(3, shape.layers))
        self.shapes = nn.Embedding(shape.cases, 16)
        self.token = nn.Linear(shape.width + 16 + FEATURES, WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.geneva = nn.Linear(WIDTH, 3)
        self.news = nn.Linear(WIDTH, 3)
        self.told = nn.Linear(WIDTH, 3)
        self.kind = nn.Linear(WIDTH, types)
        self.trust = nn.Parameter(torch.tensor(0.5))
        self.name_token = nn.Linear(shape.width + 16, WIDTH)
        self.corpus = nn.Embedding(CORPORA, WIDTH)
        self.name = nn.Linear(WIDTH, NAME_TAGS)
        self.role_token = nn.Linear(shape.width + 16, ROLE_WIDTH)
        self.role_trigger = nn.Linear(shape.width, ROLE_WIDTH)
        self.role_distance = nn.Embedding(2 * REACH + 1, ROLE_WIDTH)
        self.role_type = nn.Embedding(types + 1, ROLE_WIDTH)
        small = EncoderShape(pieces=0, width=ROLE_WIDTH, heads=4, inner=2 * ROLE_WIDTH)
        self.role_layers = nn.ModuleList(Layer(small, dropout) for _ in range(2))
        self.role = nn.Linear(ROLE_WIDTH, roles + 1)
        with torch.no_grad():
            # The last layer counts most at first.
            self.mixture[:, -1] = 2.0

    def encode(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Token vectors ``[batch, tokens, width]`` for triggers, for names and for roles.

        A token's vector is the mean of its pieces' states.
        """
        states = self.encoder(batch.pieces, batch.cases, batch.mask)
        pooled = torch.stack([torch.bmm(batch.pool, hidden) for hidden in states])
        mixed = torch.softmax(self.mixture, dim=-1) @ pooled.flatten(1)
        triggers, names, roles = mixed.view(3, *pooled.shape[1:])
        return triggers, names, roles

    def trigger_states(self, vectors: Tensor, batch: Batch) -> Tensor:
        """What the trigger and type heads read, ``[batch, tokens, WIDTH]``."""
        seen = torch.cat([vectors, self.shapes(batch.shapes), batch.evidence], dim=-1)
        return functional.gelu(self.token(self.dropout(seen)))

    def triggers(self, states: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Logits ``[batch, tokens, 3]`` of GENEVA's and of news triggers, and ``[batch, tokens, types]``."""
        hidden = self.dropout(states)
        return self.geneva(hidden), self.news(hidden), self.kind(hidden) + self.trust * batch.shares

    def names(self, vectors: Tensor, batch: Batch, corpora: Tensor) -> Tensor:
        """Logits of name tags ``[batch, tokens, NAME_TAGS]``; ``corpora`` ``[batch]`` says whose way of marking."""
        seen = torch.cat([vectors, self.shapes(batch.shapes)], dim=-1)
        hidden = functional.gelu(self.name_token(self.dropout(seen)) + self.corpus(corpora)[:, None, :])
        logits: Tensor = self.name(self.dropout(hidden))
        return logits

    def roles(
        self, vectors: Tensor, shapes: Tensor, mask: Tensor, starts: Tensor, ends: Tensor, kinds: Tensor
    ) -> Tensor:
        """Role logits ``[events, tokens, roles + 1]``; column 0 is "no role".

        Args:
            vectors: token vectors of each event's sentence, ``[events, tokens, width]``.
            shapes: ``[events, tokens]``.
            mask: True where there is a token, ``[events, tokens]``.
            starts: first token of each trigger.
            ends: token after its last.
            kinds: row of its type.
        """
        where = torch.arange(vectors.shape[1], device=vectors.device)[None, :]
        before = torch.clamp(where - starts[:, None], max=0)
        after = torch.clamp(where - ends[:, None] + 1, min=0)
        distance = torch.clamp(before + after, -REACH, REACH) + REACH
        trigger = vectors[torch.arange(len(starts), device=vectors.device), starts]
        hidden = self.role_token(self.dropout(torch.cat([vectors, self.shapes(shapes)], dim=-1)))
        hidden = hidden + self.role_distance(distance)
        hidden = hidden + (self.role_trigger(trigger) + self.role_type(kinds))[:, None, :]
        open_to = mask[:, None, None, :]
        for layer in self.role_layers:
            hidden = layer(hidden, open_to)
        scores: Tensor = self.role(hidden)
        return scores
