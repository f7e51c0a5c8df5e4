"""Training the time-aware network on anchors, and the similarity that it gives to pairs of nodes.

Half of the anchors are given as random codes, the network has to find the other half: so no node is recognised by a
code of its own. The loss is contrastive both ways, with the other targets of the batch and with each target's best
wrong candidate as negatives (InfoNCE, van den Oord et al. 2018), plus a term against correlated dimensions (VICReg,
Bardes et al., ICLR 2022). The anchors are those of the rounds of structure, so that they are pseudo-seeds where there
are no seeds. A graph that does not fit is trained in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from alignment.network import Dates, GraphTensors, TimeAwareNetwork, dates, effective_rank, tensors
from alignment.partition import partition
from alignment.sparse import Floats, Ints
from alignment.structure import Incidence
from alignment.structure_rounds import StructuralPairs

_EPOCHS = 24
_BATCH = 768
_RATE = 0.05
_HEAT = 0.05
_DECORRELATION = 0.05
_FOLDS = 3
_SURE = 0.8
_FEWEST = 20
# Vectors that span fewer than this share of the directions they could have collapsed.
_COLLAPSED = 0.1
_PAIRS = 65_536


def trained_similarity(
    left: Incidence,
    right: Incidence,
    found: StructuralPairs,
    *,
    width: int,
    parts: int,
    seed: int,
    progress: Callable[[str], None],
) -> Floats:
    """Similarity of every candidate pair by a network trained on the sure anchors, −1 to 1, four decimals.

    Args:
        left: facts of the left graph.
        right: facts of the right graph.
        found: candidates and anchors.
        width: of the codes.
        parts: in how many parts to train; messages of one part are in memory at a time.
        seed: of codes, batches and weights.
        progress: told the loss; also told when the vectors collapse, or anchors are too few. All is 0 then.
    """
    anchors, nothing = found.anchors, np.zeros(len(found.left))
    if (anchors.weight >= _SURE).sum() < _FEWEST:
        progress(f"network: fewer than {_FEWEST} sure anchors, not trained")
        return nothing
    generator = torch.Generator().manual_seed(seed)
    one, two, intervals = tensors(left, right)
    signs = dates(intervals, width, generator)
    network = TimeAwareNetwork(int(left.relation.max(initial=-1)) + int(right.relation.max(initial=-1)) + 2)
    labels = partition(left, right, (anchors.left, anchors.right), parts)
    with _one_thread():
        _train(network, (one, two), signs, found, labels, parts, generator, progress)
        return _similarities(network, (one, two), signs, found, generator, progress)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums in one order, so that a run is repeated byte for byte on any number of cores."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _train(
    network: TimeAwareNetwork,
    graphs: tuple[GraphTensors, GraphTensors],
    signs: Dates,
    found: StructuralPairs,
    labels: tuple[Ints, Ints],
    parts: int,
    generator: torch.Generator,
    progress: Callable[[str], None],
) -> None:
    anchors = found.anchors
    sure = anchors.weight >= _SURE
    hard = torch.from_numpy(_hard_negatives(found))
    optimizer = torch.optim.Adam(network.parameters(), lr=_RATE)
    pieces = []
    for part in range(parts):
        own = torch.from_numpy(np.flatnonzero(sure & (labels[0][anchors.left] == part)))
        kept = []
        for graph, label in zip(graphs, labels, strict=True):
            inside = torch.from_numpy(label == part)
            kept.append(graph.where(inside[graph.edges[0]] & inside[graph.edges[1]]))
        if len(own) >= _FEWEST:
            pieces.append((own, kept))
    loss = torch.zeros(())
    for _ in range(_EPOCHS):
        for own, (one, two) in pieces:
            order = own[torch.randperm(len(own), generator=generator)]
            given, asked = order[: len(order) // 2], order[len(order) // 2 :][:_BATCH]
            codes = torch.randn((len(given), signs.width), generator=generator)
            pair = [torch.from_numpy(nodes) for nodes in (anchors.left, anchors.right)]
            a, b = (
                network(_spread(codes, nodes[given], graph.size), graph, signs)
                for nodes, graph in zip(pair, (one, two), strict=True)
            )
            rivals = hard[pair[0][asked]]
            targets = torch.cat([b[pair[1][asked]], b[rivals.clamp(min=0)] * (rivals >= 0)[:, None]])
            scores = a[pair[0][asked]] @ targets.T / _HEAT
            right_way = torch.arange(len(asked))
            loss = cross_entropy(scores, right_way) + cross_entropy(scores[:, : len(asked)].T, right_way)
            loss = loss + _DECORRELATION * _correlation(a[pair[0][asked]])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimizer.step()
    progress(f"network: trained on {int(sure.sum())} anchors, loss {float(loss.detach()):.3f}")


@torch.no_grad()
def _similarities(
    network: TimeAwareNetwork,
    graphs: tuple[GraphTensors, GraphTensors],
    signs: Dates,
    found: StructuralPairs,
    generator: torch.Generator,
    progress: Callable[[str], None],
) -> Floats:
    """Pairs by folds of their left node's anchor, whose codes the network is not given then."""
    anchors = found.anchors
    fold = np.zeros(graphs[0].size, dtype=np.int64)
    fold[anchors.left] = np.arange(len(anchors.left)) % _FOLDS
    result = np.zeros(len(found.left))
    for turn in range(_FOLDS):
        given = np.flatnonzero(fold[anchors.left] != turn)
        codes = torch.randn((len(given), signs.width), generator=generator)
        codes = codes * torch.from_numpy(anchors.weight[given].astype(np.float32))[:, None]
        a, b = (
            network(_spread(codes, torch.from_numpy(nodes[given]), graph.size), graph, signs)
            for nodes, graph in zip((anchors.left, anchors.right), graphs, strict=True)
        )
        if turn == 0:
            share = effective_rank(a[torch.from_numpy(anchors.left[:2000])]) / min(a.shape[1], len(anchors.left))
            if share < _COLLAPSED:
                progress(f"network: its vectors collapsed (effective rank {share:.0%} of the full one), not used")
                return result
        rows = np.flatnonzero(fold[found.left] == turn)
        for low in range(0, len(rows), _PAIRS):
            part = rows[low : low + _PAIRS]
            i, j = torch.from_numpy(found.left[part]), torch.from_numpy(found.right[part])
            result[part] = (a[i] * b[j]).sum(dim=1).numpy()
    rounded: Floats = np.round(result, 4)
    return rounded


def _hard_negatives(found: StructuralPairs) -> Ints:
    """For every left node its best candidate that is not its anchor, or −1."""
    size = int(max(found.left.max(initial=-1), found.anchors.left.max(initial=-1))) + 1
    partner = np.full(size, -1, dtype=np.int64)
    partner[found.anchors.left] = found.anchors.right
    wrong = np.flatnonzero(found.right != partner[found.left])
    order = wrong[np.lexsort((found.right[wrong], -np.round(found.probability[wrong], 6), found.left[wrong]))]
    best = order[np.r_[True, found.left[order][1:] != found.left[order][:-1]][: len(order)]]
    result = np.full(size, -1, dtype=np.int64)
    result[found.left[best]] = found.right[best]
    return result


def _spread(codes: torch.Tensor, nodes: torch.Tensor, size: int) -> torch.Tensor:
    x = torch.zeros((size, codes.shape[1]))
    x[nodes] = codes
    return x


def _correlation(vectors: torch.Tensor) -> torch.Tensor:
    """Mean squared correlation of two different dimensions."""
    centred = vectors - vectors.mean(dim=0)
    scaled = centred / centred.norm(dim=0).clamp(min=1e-6)
    matrix = scaled.T @ scaled
    off = matrix - torch.diag(torch.diagonal(matrix))
    mean: torch.Tensor = (off * off).sum() / max(matrix.numel() - len(matrix), 1)
    return mean
