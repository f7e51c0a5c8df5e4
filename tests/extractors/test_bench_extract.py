"""The floor of a frozen encoder, with made-up vectors in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from ekg.bench import extract_floor
from extractors.events.example import EventSentence, GoldEvent

KINDS = {"bombed": "Attack", "robbed": "Theft"}


def sentence(*tokens: str) -> EventSentence:
    events = tuple(GoldEvent(at, at + 1, KINDS[token]) for at, token in enumerate(tokens) if token in KINDS)
    return EventSentence(" ".join(tokens), tokens, events, "geneva")


def vectors(sentences: Sequence[EventSentence], folder: Path | None) -> list[torch.Tensor]:
    """A vector for each word, the same wherever it stands."""
    words = ["they", "bombed", "robbed", "towns", "banks"]
    return [torch.eye(len(words))[[words.index(token) for token in each.tokens]] for each in sentences]


def test_an_mlp_over_vectors_learns_triggers_and_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract_floor, "_vectors", vectors)
    train = [sentence("they", "bombed", "towns"), sentence("they", "robbed", "banks")] * 20
    dev = [sentence("they", "robbed", "towns"), sentence("banks")]
    scores = extract_floor.frozen_floor(train, dev, by="tc", seed=3)
    assert (scores["ti"], scores["tc"]) == (1.0, 1.0)
    assert 0.2 <= scores["threshold"] <= 0.55
    assert scores == extract_floor.frozen_floor(train, dev, by="tc", seed=3)
