"""A time-aware graph network over anchors: what propagation does with fixed weights, with weights that are learned.

A node is what its facts say about anchors up to two steps away. A message is the neighbour's vector, bound to the dates
of the fact; how much it counts is learned for each relation, in both directions, and for what is known of the dates.
Attention over relations and times: Xu et al., TEA-GNN, EMNLP 2021; Mao et al., RREA, CIKM 2020. At the start all that
is learned is neutral, so that an untrained network is plain propagation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch_geometric.nn import MessagePassing
from torch_geometric.utils import softmax

from alignment.graph import OPEN
from alignment.sparse import Ints
from alignment.structure import Incidence


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphTensors:
    """Facts of one graph as tensors, one entry an edge unless said otherwise.

    Args:
        edges: neighbours and nodes, 2 × edges.
        relation: relations of the left graph first, then those of the right one.
        interval: number of the interval.
        known: 0 to 3, which dates are known.
        prior: logarithm of the weight that an edge has untrained, by how rare it is for its neighbour.
        size: number of nodes.
    """

    edges: torch.Tensor
    relation: torch.Tensor
    interval: torch.Tensor
    known: torch.Tensor
    prior: torch.Tensor
    size: int

    def where(self, keep: torch.Tensor) -> GraphTensors:
        """The same nodes with some of the edges."""
        return GraphTensors(
            edges=self.edges[:, keep],
            relation=self.relation[keep],
            interval=self.interval[keep],
            known=self.known[keep],
            prior=self.prior[keep],
            size=self.size,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Signs that stand for dates: for a begin, an end and an interval, each intervals × width, 0 where unknown."""

    signs: torch.Tensor

    @property
    def width(self) -> int:
        """Width of the vectors."""
        return int(self.signs.shape[2])


def tensors(left: Incidence, right: Incidence) -> tuple[GraphTensors, GraphTensors, Ints]:
    """Both graphs as tensors over shared relations and intervals, and the intervals as rows of begin and end."""
    shift = int(left.relation.max(initial=-1)) + 1
    spans = np.concatenate([np.stack([side.begin, side.end], axis=1) for side in (left, right)])
    intervals, number = np.unique(spans, axis=0, return_inverse=True)
    number = number.ravel()
    made = []
    for side, offset, numbers in (
        (left, 0, number[: len(left.node)]),
        (right, shift, number[len(left.node) :]),
    ):
        users = side.neighbour * (int(side.relation.max(initial=0)) + 1) + side.relation
        _, position, counts = np.unique(users, return_inverse=True, return_counts=True)
        known = (np.abs(side.begin) < OPEN) * 2 + (np.abs(side.end) < OPEN)
        made.append(
            GraphTensors(
                edges=torch.from_numpy(np.stack([side.neighbour, side.node])),
                relation=torch.from_numpy(side.relation + offset),
                interval=torch.from_numpy(numbers.astype(np.int64)),
                known=torch.from_numpy(known.astype(np.int64)),
                prior=torch.from_numpy(-np.log(np.log1p(counts[position])).astype(np.float32)),
                size=side.size,
            )
        )
    return made[0], made[1], intervals


def dates(intervals: Ints, width: int, generator: torch.Generator) -> Dates:
    """Random signs for the begins, the ends and the intervals."""
    parts = []
    for columns in ([0], [1], [0, 1]):
        unique, number = np.unique(intervals[:, columns], axis=0, return_inverse=True)
        signs = torch.randint(0, 2, (max(len(unique), 1), width), generator=generator) * 2.0 - 1.0
        known = torch.from_numpy((np.abs(intervals[:, columns]) < OPEN).all(axis=1).astype(np.float32))
        parts.append(signs[torch.from_numpy(number.ravel())] * known[:, None])
    return Dates(signs=torch.stack(parts))


class TimeAwareAttention(MessagePassing):  # type: ignore[misc]  # torch_geometric is untyped
    """``h_i = Σ_j α_ij (x_j ∘ time_ij)`` with α a softmax over the facts of i, by relation and known dates."""

    def __init__(self, relations: int) -> None:
        super().__init__(aggr="sum", flow="source_to_target")
        self.by_relation = nn.Parameter(torch.zeros(relations))
        self.by_known = nn.Parameter(torch.zeros(4))
        # Shares of: the neighbour alone, with its begin, with its end, with its interval.
        self.shares = nn.Parameter(torch.zeros(4))

    def forward(self, x: torch.Tensor, graph: GraphTensors, signs: Dates) -> torch.Tensor:
        """One step; ``x`` and the result are nodes × width."""
        share = torch.softmax(self.shares, dim=0)
        time = share[0] + torch.einsum("k,kiw->iw", share[1:], signs.signs)
        score = graph.prior + self.by_relation[graph.relation] + self.by_known[graph.known]
        weight = softmax(score, graph.edges[1], num_nodes=graph.size)
        result: torch.Tensor = self.propagate(
            graph.edges, x=x, weight=weight, interval=graph.interval, time=time, size=(graph.size, graph.size)
        )
        return result

    def message(
        self, x_j: torch.Tensor, weight: torch.Tensor, interval: torch.Tensor, time: torch.Tensor
    ) -> torch.Tensor:
        """One fact's message."""
        return x_j * time[interval] * weight[:, None]


class TimeAwareNetwork(nn.Module):
    """Two layers of :class:`TimeAwareAttention`, joined by learned shares."""

    def __init__(self, relations: int) -> None:
        super().__init__()
        self.first = TimeAwareAttention(relations)
        self.second = TimeAwareAttention(relations)
        self.layers = nn.Parameter(torch.zeros(2))

    def forward(self, x: torch.Tensor, graph: GraphTensors, signs: Dates) -> torch.Tensor:
        """Vectors of length 1, nodes × twice the width."""
        first = _unit(self.first(x, graph, signs))
        second = _unit(self.second(first + x, graph, signs))
        share = torch.softmax(self.layers, dim=0)
        return _unit(torch.cat([first * share[0], second * share[1]], dim=1))


def effective_rank(vectors: torch.Tensor) -> float:
    """In how many directions vectors really differ: exponential of the entropy of their spectrum (Roy, Vetterli 2007).

    >>> round(effective_rank(torch.eye(4)), 2), round(effective_rank(torch.ones(4, 4)), 2)
    (4.0, 1.0)
    """
    spectrum = torch.linalg.svdvals(vectors.double())
    share = spectrum / spectrum.sum().clamp(min=1e-12)
    return float(torch.exp(-(share * share.clamp(min=1e-12).log()).sum()))


def _unit(x: torch.Tensor) -> torch.Tensor:
    length: torch.Tensor = x.norm(dim=1, keepdim=True).clamp(min=1e-6)
    return x / length
