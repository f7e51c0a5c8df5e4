"""Training of the shared model, on a handful of made-up sentences and a tiny encoder."""

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
from extractors.training import events as training
from extractors.training.events import make_labels, train_events
from extractors.training.events_data import (
    Corpora,
    NamedSentence,
    groups,
    pipeline_tokeniser,
    varied_names,
)
from extractors.training.events_loss import Trainer
from extractors.training.readers import Mention, Sentence, Token
from extractors.training.readers.geneva import read_geneva, read_roles
from extractors.training.readers.litbank import read_litbank

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


def named(*words: str, label: str, start: int, end: int) -> NamedSentence:
    return NamedSentence(Sentence(tuple(Token(word) for word in words), (Mention(start, end, label),)), "gum")


NAMED = [
    named("Town", "Bank", "slept", "well", label="organization", start=0, end=2),
    named("they", "bombed", "Thieves", label="place", start=2, end=3),
]


def tiny_model(vocabulary: list[str], types: int, roles: int) -> EventModel:
    shape = EncoderShape(pieces=len(vocabulary), layers=2, width=48, heads=2, inner=64)
    return EventModel(shape, types, roles, dropout=0.0)


def test_a_tiny_model_learns_its_examples(tmp_path: Path) -> None:
    torch.manual_seed(3)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    sentences = examples()
    labels, lexicon = make_labels(sentences, BY_TYPE), Lexicon.build(sentences)
    assert labels.types == ("Attack", "Theft")
    model = tiny_model(vocabulary, len(labels.types), len(labels.roles))
    trainer = Trainer(model, labels, WordPieces(vocabulary), lexicon, random.Random(3))
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.003)
    losses = []
    for _ in range(200):
        loss = trainer.loss(sentences) + trainer.loss(NAMED)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    save_model(tmp_path, model.eval(), labels, vocabulary, lexicon)
    tagger = EventTagger(tmp_path)
    first, second, third, _ = tagger.tag([s.tokens for s in sentences], Thresholds(news=0.5))
    (attack,) = [event for event in first if event.type != "Event"]
    assert (attack.start, attack.end, attack.type) == (1, 2, "Attack")
    assert any(a.role == "Target" and a.start < 4 <= a.end for a in attack.arguments)
    assert [event.type for event in second if event.type != "Event"] == ["Theft"]
    assert [(event.start, event.end, event.type) for event in third] == [(1, 2, "Event")]

    names = [[(name.start, name.end, name.label) for name in r.names] for r in tagger.read([n.tokens for n in NAMED])]
    assert names == [[(0, 2, "organization")], [(2, 3, "place")]]
    vectors, chance = tagger.describe([third_tokens := list(sentences[2].tokens), []])[0]
    assert vectors.shape[0] == len(third_tokens)
    assert chance.argmax() == 1
    told = tagger.explain(["rebels", "bombed", "it"])[1]
    assert told["types"][0][0] == "Attack"
    assert told["dictionary"] == (1, {"Attack": 1})


def test_long_sentences_are_read_in_pieces(tmp_path: Path) -> None:
    torch.manual_seed(4)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    labels, lexicon = make_labels(examples(), BY_TYPE), Lexicon.build(examples())
    save_model(tmp_path, tiny_model(vocabulary, 2, len(labels.roles)).eval(), labels, vocabulary, lexicon)
    tagger = EventTagger(tmp_path)
    (vectors, chance), (alone, _) = tagger.describe([["town"] * 130, ["town"] * 10])
    assert (vectors.shape[0], chance.shape[0]) == (130, 130)
    assert torch.allclose(vectors[120:], alone, atol=1e-4)


def corpora() -> Corpora:
    sentences = examples()
    told = [EventSentence("5", ("they", "slept"), (GoldEvent(1, 2),), "litbank")]
    return Corpora([s for s in sentences if s.source == "geneva"], [sentences[2]], told, NAMED * 3)


def test_a_pass_takes_all_events_and_a_sample_of_the_rest() -> None:
    order = groups(corpora(), random.Random(1), size=2, names=4, litbank=1)
    flat = [sentence for group in order for sentence in group]
    assert sum(isinstance(s, EventSentence) for s in flat) == 5
    assert sum(isinstance(s, NamedSentence) for s in flat) == 2  # half of four are to be GUM's, and there is no other
    assert all(len({type(s) for s in group}) == 1 and len(group) <= 2 for group in order)


def test_varied_names_keep_their_words_together() -> None:
    seen = {varied_names(NAMED[0], random.Random(seed)).tokens for seed in range(60)}
    assert {NAMED[0].tokens, ("town", "bank", "slept", "well"), ("TOWN", "BANK", "SLEPT", "WELL")} <= seen


def test_an_interrupted_run_ends_with_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]

    def start(folder: Path, layers: int, types: int, roles: int) -> tuple[EventModel, list[str]]:
        torch.manual_seed(5)
        return tiny_model(vocabulary, types, roles), vocabulary

    monkeypatch.setattr(training, "read_corpora", lambda *_, **__: corpora())
    monkeypatch.setattr(training, "read_roles", lambda path: BY_TYPE)
    monkeypatch.setattr(training, "start_model", start)

    class StoppedError(Exception):
        pass

    def stop(line: str) -> None:
        if line.startswith("epoch 1/3 loss"):
            raise StoppedError

    options = {"epochs": 3, "batch": 2, "names": 2, "litbank": 1, "pretrained": tmp_path}
    train_events(tmp_path, tmp_path / "whole", **options)
    with pytest.raises(StoppedError):
        train_events(tmp_path, tmp_path / "cut", **options, log=stop)
    with pytest.raises(DataError, match="another run"):
        train_events(tmp_path, tmp_path / "cut", **options, seed=14)
    train_events(tmp_path, tmp_path / "cut", **options)
    files = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "cut").iterdir())
    assert "checkpoint.pt" not in files
    for name in files:
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "cut" / name).read_bytes(), name


def test_litbank_reader_names_the_line_of_a_strange_tag(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "a.tsv").write_text("He\tO\nran\tEVENT\n\nStop\tO\n", encoding="utf-8")
    first, second = read_litbank(tmp_path)
    assert (first.tokens, first.events, second.events) == (("He", "ran"), (GoldEvent(1, 2),), ())
    (folder / "b.tsv").write_text("He\tO\nran\tMAYBE\n", encoding="utf-8")
    with pytest.raises(DataError, match="MAYBE") as caught:
        read_litbank(tmp_path)
    assert caught.value.line == 2
    with pytest.raises(DataError, match=r"no events"):
        read_litbank(folder)


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
