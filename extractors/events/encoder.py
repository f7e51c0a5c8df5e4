"""The shared encoder: the first layers of a BERT, small enough to ship."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """Sizes; the defaults are those of MiniLM-L6-H384 (Wang et al. 2020) cut after a few layers."""

    pieces: int
    layers: int = 3
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 256


class Layer(nn.Module):
    """A post-norm transformer layer with BERT's parameter shapes."""

    def __init__(self, shape: EncoderShape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, shape.width)
        self.value = nn.Linear(shape.width, shape.width)
        self.mix = nn.Linear(shape.width, shape.width)
        self.mix_norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.out_norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Hidden ``[batch, pieces, width]`` under ``mask`` ``[batch, 1, 1, pieces]`` (True where there is a piece)."""
        batch, length, width = hidden.shape

        def split(x: Tensor) -> Tensor:
            return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        mixed = functional.scaled_dot_product_attention(
            split(self.query(hidden)), split(self.key(hidden)), split(self.value(hidden)), attn_mask=mask
        )
        mixed = self.mix(mixed.transpose(1, 2).reshape(batch, length, width))
        hidden = self.mix_norm(hidden + self.dropout(mixed))
        inner: Tensor = self.down(functional.gelu(self.up(hidden)))
        out: Tensor = self.out_norm(hidden + self.dropout(inner))
        return out


class Encoder(nn.Module):
    """Word pieces to one vector a token: the mean of its pieces' last states.

    The piece embedding is frozen: it is shipped in four bits, and training sees it as shipped.
    """

    def __init__(self, shape: EncoderShape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.pieces, shape.width)
        self.pieces.weight.requires_grad_(False)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))

    def forward(self, pieces: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Token vectors ``[batch, tokens, width]``.

        Args:
            pieces: rows of the piece embedding, ``[batch, pieces]``.
            mask: True where there is a piece, ``[batch, pieces]``.
            pool: ``[batch, tokens, pieces]``, each row the weights of a token's pieces.
        """
        where = torch.arange(pieces.shape[1], device=pieces.device)
        hidden = self.dropout(self.norm(self.pieces(pieces) + self.positions(where)))
        open_to = mask[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, open_to)
        return torch.bmm(pool, hidden)
