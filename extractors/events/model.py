"""The event model: one encoder with heads for triggers, types and argument roles."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.events.encoder import Encoder, EncoderShape, Layer
from extractors.events.lexicon import FEATURES

SHAPES = 8
"""Word shapes, see `extractors.events.batch.word_shape`."""
REACH = 24
"""Distances from the trigger beyond this many tokens are one."""
WIDTH = 256
ROLE_WIDTH = 160


class EventModel(nn.Module):
    """Heads over token vectors.

    Triggers are tagged twice, with O, B and I: as GENEVA marks them (its own types only) and as ECB+ does (all that
    happens in news). The type head adds the dictionary's log shares to its own scores. Arguments are tagged one event
    at a time, by a small transformer that sees distance from the trigger, the trigger itself and its type.
    """

    def __init__(self, shape: EncoderShape, types: int, roles: int, dropout: float = 0.15) -> None:
        super().__init__()
        self.encoder = Encoder(shape, dropout=0.1)
        self.shapes = nn.Embedding(SHAPES, 16)
        self.token = nn.Linear(shape.width + 16 + FEATURES, WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.geneva = nn.Linear(WIDTH, 3)
        self.news = nn.Linear(WIDTH, 3)
        self.kind = nn.Linear(WIDTH, types)
        self.trust = nn.Parameter(torch.tensor(0.5))
        self.role_token = nn.Linear(shape.width + 16, ROLE_WIDTH)
        self.role_trigger = nn.Linear(shape.width, ROLE_WIDTH)
        self.role_distance = nn.Embedding(2 * REACH + 1, ROLE_WIDTH)
        self.role_type = nn.Embedding(types + 1, ROLE_WIDTH)
        small = EncoderShape(pieces=0, width=ROLE_WIDTH, heads=4, inner=2 * ROLE_WIDTH)
        self.role_layers = nn.ModuleList(Layer(small, dropout) for _ in range(2))
        self.role = nn.Linear(ROLE_WIDTH, roles + 1)

    def encode(self, pieces: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Token vectors ``[batch, tokens, width]`` (see `Encoder.forward`)."""
        vectors: Tensor = self.encoder(pieces, mask, pool)
        return vectors

    def triggers(
        self, vectors: Tensor, shapes: Tensor, evidence: Tensor, shares: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Logits ``[batch, tokens, 3]`` of GENEVA's and of news triggers, and ``[batch, tokens, types]``.

        Args:
            vectors: of `encode`.
            shapes: word shapes, ``[batch, tokens]``.
            evidence: the dictionary's numbers, ``[batch, tokens, FEATURES]``.
            shares: log share of each type in the dictionary, 0 where the stem is unknown, ``[batch, tokens, types]``.
        """
        seen = torch.cat([vectors, self.shapes(shapes), evidence], dim=-1)
        hidden = self.dropout(functional.gelu(self.token(self.dropout(seen))))
        return self.geneva(hidden), self.news(hidden), self.kind(hidden) + self.trust * shares

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
