"""Training of the event model, on a handful of made-up sentences and a tiny encoder."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from ekg.errors import DataError
from extractors.events.encoder import EncoderShape
from extractors.events.example import EventSentence, GoldArgument, GoldEvent
from extractors.events.found import Thresholds
from extractors.events.lexicon import Lexicon
from extractors.events.model import EventModel
from extractors.events.pieces import WordPieces
from extractors.events.tagger import EventTagger
from extractors.events.weights import save_model
from extractors.training.events import Trainer, make_labels, pipeline_tokeniser, train_events
from extractors.training.readers.geneva import read_geneva, read_roles

WORDS = ["rebels", "bombed", "the", "town", "thieves", "robbed", "a", "bank", "they", "slept", "well"]
BY_TYPE = {"Attack": ("Assailant", "Target"), "Theft": ("Perpetrator", "Victim")}


def examples() -> list[EventSentence]:
    attack = GoldEvent(1, 2, "Attack", (GoldArgument(0, 1, "Assailant"), GoldArgument(2, 4, "Target")))
    theft = GoldEvent(1, 2, "Theft", (GoldArgument(0, 1, "Perpetrator"), GoldArgument(2, 4, "Victim")))
    return [
        EventSentence("1", ("Rebels", "bombed", "the", "town"), (attack,), "geneva"),
        EventSentence("2", ("Thieves", "robbed", "a", "bank"), (theft,), "geneva"),
        EventSentence("3", ("they", "slept", "well"), (GoldEvent(1, 2),), "ecb"),
        EventSentence("4", ("they", "slept", "well"), (), "geneva"),
    ]


def test_a_tiny_model_learns_its_examples(tmp_path: Path) -> None:
    torch.manual_seed(3)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    sentences = examples()
    labels, lexicon = make_labels(sentences, BY_TYPE), Lexicon.build(sentences)
    assert labels.types == ("Attack", "Theft")
    shape = EncoderShape(pieces=len(vocabulary), layers=1, width=48, heads=2, inner=64)
    model = EventModel(shape, len(labels.types), len(labels.roles), dropout=0.0)
    trainer = Trainer(model, labels, WordPieces(vocabulary), lexicon, random.Random(3))
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.003)
    losses = []
    for _ in range(150):
        loss = trainer.loss(sentences)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    save_model(tmp_path, model.eval(), labels, vocabulary, lexicon)
    first, second, third, _ = EventTagger(tmp_path).tag([s.tokens for s in sentences], Thresholds(news=0.5))
    (attack,) = [event for event in first if event.type != "Event"]
    assert (attack.start, attack.end, attack.type) == (1, 2, "Attack")
    assert any(a.role == "Target" and a.start < 4 <= a.end for a in attack.arguments)
    assert [event.type for event in second if event.type != "Event"] == ["Theft"]
    assert [(event.start, event.end, event.type) for event in third] == [(1, 2, "Event")]


def test_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.json"):
        train_events(tmp_path, tmp_path / "out", pretrained=tmp_path)


@pytest.mark.data
def test_geneva_reads_as_counted(data: Callable[[str], Path]) -> None:
    folder = data("geneva")
    val = read_geneva(folder / "val.json", pipeline_tokeniser())
    assert len(val) == 783
    assert sum(len(sentence.events) for sentence in val) == 1442
    roles = read_roles(folder / "event_ontology.json")
    assert len(roles) == 179
    assert all(event.type in roles for sentence in val for event in sentence.events)
