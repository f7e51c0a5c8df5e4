"""Parameter-free message passing over relations and intervals with torch-geometric.

Every anchor pair is the same random vector on both sides; every fact turns its neighbour's vector by a sign pattern
that stands for its time, adds it with the weight of its relation's functionality, and the sums are passed on. So two
nodes get near vectors when their neighbourhoods agree up to ``layers`` steps away, also where no direct neighbour is
an anchor. Random codes bound by signs: Kanerva, "Hyperdimensional computing", 2009; propagation without training for
alignment: Mao et al., LightEA, EMNLP 2022.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch_geometric.nn import MessagePassing

from alignment.graph import OPEN
from alignment.sparse import Floats, Ints
from alignment.structure import Incidence

_SLICE = 64


class TimeAwarePropagation(MessagePassing):  # type: ignore[misc]  # torch_geometric is untyped
    """``x'_i = Σ_(j, time) weight · (x_j ∘ sign(time))`` over both directions of every fact."""

    def __init__(self) -> None:
        super().__init__(aggr="sum", flow="source_to_target")

    def forward(
        self,
        x: torch.Tensor,
        edge_index: torch.Tensor,
        weight: torch.Tensor,
        code: torch.Tensor,
        signs: torch.Tensor,
    ) -> torch.Tensor:
        """Propagate ``x`` (nodes × width) one step; ``code`` is the row of ``signs`` (times × width) of an edge."""
        result: torch.Tensor = self.propagate(edge_index, x=x, weight=weight, code=code, signs=signs)
        return result

    def message(self, x_j: torch.Tensor, weight: torch.Tensor, code: torch.Tensor, signs: torch.Tensor) -> torch.Tensor:
        """One fact's message."""
        return x_j * signs[code] * weight[:, None]


def neighbourhood_similarity(
    left: Incidence, right: Incidence, anchors: tuple[Ints, Ints], i: Ints, j: Ints, *, dimensions: int, seed: int
) -> Floats:
    """Cosine of the propagated vectors of pairs of nodes, 0 where one has no facts; two layers, joined.

    Works on slices of the dimensions, so that messages never take more than edges × 64 numbers.
    """
    generator = torch.Generator().manual_seed(seed)
    times = _time_codes(left, right)
    layer = TimeAwarePropagation()
    dots = np.zeros((3, len(i)))
    for low in range(0, dimensions, _SLICE):
        width = min(_SLICE, dimensions - low)
        codes = torch.randn((len(anchors[0]), width), generator=generator)
        signs = (
            torch.randint(0, 2, (max(int(t.max(initial=0)) for t in times) + 1, width), generator=generator) * 2.0 - 1.0
        )
        signs[0] = 1.0
        found = []
        for side, nodes, code in ((left, anchors[0], times[0]), (right, anchors[1], times[1])):
            x = torch.zeros((side.size, width))
            x[torch.from_numpy(nodes)] = codes
            edges = torch.from_numpy(np.stack([side.neighbour, side.node]))
            weight = torch.from_numpy(_functionality(side))
            first = _unit(layer(x, edges, weight, torch.from_numpy(code), signs))
            second = layer(first + x, edges, weight, torch.from_numpy(code), signs)
            found.append(torch.cat([first, _unit(second)], dim=1).numpy())
        for at in range(0, len(i), 65_536):
            part = slice(at, at + 65_536)
            a, b = found[0][i[part]], found[1][j[part]]
            dots[0, part] += (a * b).sum(axis=1)
            dots[1, part] += (a * a).sum(axis=1)
            dots[2, part] += (b * b).sum(axis=1)
    norm = np.sqrt(dots[1] * dots[2])
    cosine: Floats = np.round(np.divide(dots[0], norm, out=np.zeros(len(i)), where=norm > 0), 4)
    return cosine


def _unit(x: torch.Tensor) -> torch.Tensor:
    length: torch.Tensor = x.norm(dim=1, keepdim=True).clamp(min=1e-6)
    return x / length


def _functionality(side: Incidence) -> npt.NDArray[np.float32]:
    """Weight of a fact: rarer the neighbour's use of the relation, the more it says about the node."""
    _, inverse, counts = np.unique(
        side.neighbour * (side.relation.max(initial=0) + 1) + side.relation, return_inverse=True, return_counts=True
    )
    weight: npt.NDArray[np.float32] = (1.0 / np.log(1.0 + counts[inverse])).astype(np.float32)
    return weight


def _time_codes(left: Incidence, right: Incidence) -> tuple[Ints, Ints]:
    """A number for every interval that occurs; 0 where neither end is known."""
    begin = np.concatenate([left.begin, right.begin])
    end = np.concatenate([left.end, right.end])
    _, codes = np.unique(np.stack([begin, end], axis=1), axis=0, return_inverse=True)
    codes = codes.ravel() + 1
    codes[(begin == -OPEN) & (end == OPEN)] = 0
    return codes[: len(left.begin)].astype(np.int64), codes[len(left.begin) :].astype(np.int64)
