"""The shared encoder: a small BERT that also sees case, small enough to ship."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """Sizes; the defaults are those of MiniLM-L6-H384 (Wang et al. 2020)."""

    pieces: int
    layers: int = 6
    cases: int = 8
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 256


class ChannelDropout(nn.Module):
    """Dropout of channels of a whole sequence at once (Gal and Ghahramani 2016): as good, and much cheaper to draw."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, hidden: Tensor) -> Tensor:
        """Hidden ``[batch, places, width]`` with some channels of each sequence at zero, in training."""
        if not self.training:
            return hidden
        keep = torch.rand(hidden.shape[0], 1, hidden.shape[2]) >= self.share
        return hidden * (keep / (1 - self.share))


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
        self.dropout = ChannelDropout(dropout)

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
    """Word pieces to the states of the last layers.

    The pieces know no case, so the shape of a piece's word is added to its embedding (starting from zero, so that
    training begins from the pretrained model). The piece embedding is frozen: it is shipped in four bits, and
    training sees it as shipped.
    """

    def __init__(self, shape: EncoderShape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.pieces, shape.width)
        self.pieces.weight.requires_grad_(False)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.cases = nn.Embedding(shape.cases, shape.width)
        nn.init.zeros_(self.cases.weight)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = ChannelDropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))

    def forward(self, pieces: Tensor, cases: Tensor, mask: Tensor) -> list[Tensor]:
        """States after each layer, ``[batch, pieces, width]`` each.

        Args:
            pieces: rows of the piece embedding, ``[batch, pieces]``.
            cases: shape of the word of each piece, ``[batch, pieces]``.
            mask: True where there is a piece, ``[batch, pieces]``.
        """
        where = torch.arange(pieces.shape[1], device=pieces.device)
        hidden = self.dropout(self.norm(self.pieces(pieces) + self.positions(where) + self.cases(cases)))
        open_to = mask[:, None, None, :]
        states = []
        for layer in self.layers:
            hidden = layer(hidden, open_to)
            states.append(hidden)
        return states
