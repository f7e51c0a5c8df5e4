"""The floor of `ekg bench extract` that needs a pretrained encoder: frozen MiniLM, layers 2, 4 and 6, with an MLP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from extractors.events.example import EventSentence
    from extractors.training.event_scores import Found

_LAYERS = (2, 4, 6)
_WIDTH = 256
_EPOCHS = 30
_BATCH = 512
"""Tokens a step."""
_THRESHOLDS = tuple(round(0.2 + 0.05 * step, 2) for step in range(8))


def frozen_floor(
    train: Sequence[EventSentence], dev: Sequence[EventSentence], *, by: str, seed: int, folder: Path | None = None
) -> dict[str, float]:
    """Scores on ``dev`` of an MLP over the pretrained encoder's states, which are not tuned, after ``train``.

    A token's vector is the mean of its pieces' states in layers 2, 4 and 6. The MLP gives each token a type, or none;
    neighbours of one type are one trigger. Sentences without types have one. The threshold is the best one on ``dev``,
    as those of our own model are.

    Args:
        train: sentences to learn from.
        dev: sentences to measure on.
        by: the score that the threshold is chosen for, a key of `trigger_scores`.
        seed: of the MLP and the order of the tokens.
        folder: of the pretrained files; by default that of the installed package.

    Returns:
        As `trigger_scores`, and ``threshold``.

    Raises:
        MissingError: the pretrained encoder is not installed.
    """
    import torch

    from extractors.training.event_scores import trigger_scores

    kinds = sorted({event.type or "" for sentence in train for event in sentence.events})
    known, asked = _vectors(train, folder), _vectors(dev, folder)
    wanted = torch.cat([_classes(sentence, kinds) for sentence in train])
    model = _learn(torch.cat(known), wanted, len(kinds) + 1, seed)
    with torch.inference_mode():
        chances = [torch.softmax(model(vectors), dim=-1) for vectors in asked]
    scores = {
        threshold: trigger_scores(dev, [_spans(chance, kinds, threshold) for chance in chances])
        for threshold in _THRESHOLDS
    }
    best = max(_THRESHOLDS, key=lambda threshold: (scores[threshold][by], -threshold))
    return scores[best] | {"threshold": best}


def _vectors(sentences: Sequence[EventSentence], folder: Path | None) -> list[Tensor]:
    """Token vectors ``[tokens, 3 x 384]`` of each sentence."""
    import torch

    from extractors.events.batch import make_batch
    from extractors.events.labels import Labels
    from extractors.events.lexicon import Lexicon
    from extractors.events.pieces import WordPieces
    from extractors.training.events_init import pretrained_folder, start_model

    model, vocabulary = start_model(folder or pretrained_folder(), max(_LAYERS), 1, 1)
    pieces, labels, none = WordPieces(vocabulary), Labels(("Event",), ("Agent",), {}), Lexicon()
    encoder = model.eval().encoder
    found: list[Tensor] = [torch.zeros(0)] * len(sentences)
    order = sorted(range(len(sentences)), key=lambda number: len(sentences[number].tokens))
    with torch.inference_mode():
        for first in range(0, len(order), 32):
            chosen = order[first : first + 32]
            texts = [sentences[number].tokens for number in chosen]
            batch = make_batch(texts, pieces, labels, [none] * len(texts), encoder.shape.positions)
            states = encoder(batch.pieces, batch.cases, batch.mask)
            pooled = torch.cat([torch.bmm(batch.pool, states[layer - 1]) for layer in _LAYERS], dim=-1)
            for row, number in enumerate(chosen):
                found[number] = pooled[row, : len(texts[row])].clone()
    return found


def _classes(sentence: EventSentence, kinds: Sequence[str]) -> Tensor:
    """0 for no trigger, else the place of the type after it, by token."""
    import torch

    wanted = torch.zeros(len(sentence.tokens), dtype=torch.long)
    for event in sentence.events:
        wanted[event.start : event.end] = kinds.index(event.type or "") + 1
    return wanted


def _learn(vectors: Tensor, wanted: Tensor, classes: int, seed: int) -> Any:
    import torch
    from torch import nn

    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.LayerNorm(vectors.shape[1]),
        nn.Linear(vectors.shape[1], _WIDTH),
        nn.GELU(),
        nn.Dropout(0.3),
        nn.Linear(_WIDTH, classes),
    )
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    for _ in range(_EPOCHS):
        order = torch.randperm(len(wanted))
        for first in range(0, len(order), _BATCH):
            chosen = order[first : first + _BATCH]
            loss = nn.functional.cross_entropy(model(vectors[chosen]), wanted[chosen])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
            optimiser.step()
    return model.eval()


def _spans(chances: Tensor, kinds: Sequence[str], threshold: float) -> list[Found]:
    """Runs of tokens that are triggers of one type."""
    from extractors.events.decode import rounded, runs

    sure = rounded(1.0 - chances[:, 0]) >= threshold
    labels = ((chances[:, 1:].argmax(dim=-1) + 1) * sure).tolist()
    return [(start, end, kinds[label - 1] or None) for start, end, label in runs(labels)]
