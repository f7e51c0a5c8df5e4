"""``ekg train events``: triggers, types and roles, trained together on GENEVA and ECB+."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from extractors.events.batch import Batch, make_batch
from extractors.events.example import EventSentence, GoldArgument, GoldEvent
from extractors.events.labels import GENERAL_ROLE, GENERAL_ROLES, Labels
from extractors.events.lexicon import Lexicon
from extractors.events.model import EventModel
from extractors.events.pieces import WordPieces
from extractors.events.weights import save_model
from extractors.training.events_init import pretrained_folder, start_model
from extractors.training.readers.ecbplus import read_ecbplus
from extractors.training.readers.geneva import Tokenise, read_geneva, read_roles

TRAIN_TOPICS = range(1, 31)
HELD_OUT_TOPICS = range(31, 36)
_IGNORE = -100


def pipeline_tokeniser() -> Tokenise:
    """The pipeline's own tokeniser, without white space."""
    import spacy

    from extractors.nlp.tokens import english_tokenizer

    tokenizer = english_tokenizer(spacy.blank("en"))

    def tokenise(text: str) -> list[tuple[str, int]]:
        return [(token.text, token.idx) for token in tokenizer(text) if not token.is_space]

    return tokenise


def as_transcript(sentence: EventSentence) -> EventSentence:
    """The sentence as speech recognition would write it: lower case, no punctuation.

    >>> as_transcript(EventSentence("s", ("Then", ",", "Reid", "fled", "."), (GoldEvent(3, 4),), "ecb")).tokens
    ('then', 'reid', 'fled')
    """
    kept = [place for place, token in enumerate(sentence.tokens) if any(char.isalnum() for char in token)]
    moved = {}
    for new, old in enumerate(kept):
        moved[old] = new

    def shift(start: int, end: int) -> tuple[int, int] | None:
        inside = [moved[place] for place in range(start, end) if place in moved]
        return (inside[0], inside[-1] + 1) if inside else None

    events = []
    for event in sentence.events:
        trigger = shift(event.start, event.end)
        if trigger:
            spans = [(shift(a.start, a.end), a.role) for a in event.arguments]
            arguments = tuple(GoldArgument(*span, role) for span, role in spans if span)
            events.append(GoldEvent(*trigger, event.type, arguments))
    tokens = tuple(sentence.tokens[place].lower() for place in kept)
    return EventSentence(sentence.id, tokens, tuple(events), sentence.source)


def train_events(
    data: Path,
    out: Path,
    *,
    seed: int = 13,
    layers: int = 2,
    epochs: int = 8,
    batch: int = 24,
    encoder_rate: float = 1.5e-4,
    head_rate: float = 1e-3,
    pretrained: Path | None = None,
    limit: int | None = None,
    log: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Train the event model and write its weights.

    Args:
        data: folder of corpora, with ``geneva/`` and ``ecbplus/``.
        out: folder for the weights.
        seed: of everything random; one thread, so that the same seed gives the same bytes on the same machine.
        layers: how many of MiniLM's layers to keep.
        epochs: passes over the data.
        batch: sentences a step.
        encoder_rate: learning rate of the encoder.
        head_rate: learning rate of the heads.
        pretrained: folder with the pinned files, by default that of the installed package.
        limit: sentences of each corpus at most (for trying things out).
        log: takes a line of progress.

    Returns:
        ``seconds``, ``loss`` of the last epoch, ``sentences``.

    Raises:
        DataError: a corpus or the pretrained encoder is not as expected.
        MissingError: the pretrained encoder is not installed.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = random.Random(seed)
    tokenise = pipeline_tokeniser()
    geneva = read_geneva(data / "geneva" / "train.json", tokenise)[:limit]
    ecb = read_ecbplus(data / "ecbplus", TRAIN_TOPICS)[:limit]
    by_type = read_roles(data / "geneva" / "event_ontology.json")
    labels = make_labels(geneva, by_type)
    lexicon = Lexicon.build(geneva)
    model, vocabulary = start_model(pretrained or pretrained_folder(), layers, len(labels.types), len(labels.roles))
    trainer = Trainer(model, labels, WordPieces(vocabulary), lexicon, rng)
    sentences = [*geneva, *ecb]
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": encoder_rate}, {"params": heads, "lr": head_rate}], weight_decay=0.01
    )
    steps = epochs * (1 + (len(sentences) - 1) // batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / 50, 1 - step / (steps + 1)))
    began = time.monotonic()
    mean = 0.0
    model.train()
    for epoch in range(epochs):
        groups = _groups(sentences, batch, rng)
        total = 0.0
        for number, group in enumerate(groups):
            loss = trainer.loss(group)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
            torch.nn.utils.clip_grad_norm_([*encoder, *heads], 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            if number % 40 == 39:
                log(f"epoch {epoch + 1}/{epochs} batch {number + 1}/{len(groups)} loss {total / (number + 1):.4f}")
        mean = total / len(groups)
        log(f"epoch {epoch + 1}/{epochs} loss {mean:.4f} after {time.monotonic() - began:.0f} s")
    model.eval()
    save_model(out, model, labels, vocabulary, lexicon)
    return {"seconds": round(time.monotonic() - began, 1), "loss": round(mean, 4), "sentences": len(sentences)}


def make_labels(sentences: Sequence[EventSentence], by_type: dict[str, tuple[str, ...]]) -> Labels:
    """Types and roles that occur in training, and the general roles."""
    types = sorted({event.type for sentence in sentences for event in sentence.events if event.type})
    roles = {a.role for sentence in sentences for event in sentence.events for a in event.arguments}
    return Labels(tuple(types), tuple(sorted(roles | set(GENERAL_ROLES))), by_type)


def _groups(sentences: Sequence[EventSentence], size: int, rng: random.Random) -> list[list[EventSentence]]:
    """Shuffled batches of sentences of similar length."""
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].tokens) + rng.uniform(0, 8))
    groups = [[sentences[i] for i in order[first : first + size]] for first in range(0, len(order), size)]
    rng.shuffle(groups)
    return groups


class Trainer:
    """Loss of a batch."""

    def __init__(
        self, model: EventModel, labels: Labels, pieces: WordPieces, lexicon: Lexicon, rng: random.Random
    ) -> None:
        self.model, self.labels, self.pieces, self.lexicon, self.rng = model, labels, pieces, lexicon, rng

    def loss(self, group: Sequence[EventSentence]) -> Tensor:
        """Summed losses of triggers, types and roles; a fifth of the sentences is seen as transcript."""
        whole = [
            as_transcript(s) if self.rng.random() < 0.2 and any(t.isalnum() for t in s.tokens) else s for s in group
        ]
        lexicons = [
            self.lexicon.without(sentence) if sentence.source == "geneva" else self.lexicon for sentence in whole
        ]
        batch = make_batch(
            [s.tokens for s in whole], self.pieces, self.labels, lexicons, self.model.encoder.shape.positions
        )
        vectors = self.model.encode(batch.pieces, batch.mask, batch.pool)
        geneva, news, kinds = self.model.triggers(vectors, batch.shapes, batch.evidence, batch.shares)
        tags, types = self._targets(whole, batch)
        total: Tensor = vectors.new_zeros(())
        for logits, source in ((geneva, "geneva"), (news, "ecb")):
            wanted = tags.clone()
            wanted[torch.tensor([s.source != source for s in whole])] = _IGNORE
            if (wanted != _IGNORE).any():
                total = total + functional.cross_entropy(
                    logits.flatten(0, 1), wanted.flatten(), ignore_index=_IGNORE, label_smoothing=0.05
                )
        if (types != _IGNORE).any():
            total = total + 0.5 * functional.cross_entropy(
                kinds.flatten(0, 1), types.flatten(), ignore_index=_IGNORE, label_smoothing=0.05
            )
        return total + 2.0 * self._role_loss(whole, vectors, batch)

    def _targets(self, group: Sequence[EventSentence], batch: Batch) -> tuple[Tensor, Tensor]:
        tags = torch.full(batch.present.shape, _IGNORE)
        types = torch.full(batch.present.shape, _IGNORE)
        for row, sentence in enumerate(group):
            tags[row, : len(sentence.tokens)] = 0
            for event in sentence.events:
                tags[row, event.start] = 1
                tags[row, event.start + 1 : event.end] = 2
                if event.type is not None:
                    types[row, event.start] = self.labels.type_index(event.type)
        return tags, types

    def _role_loss(self, group: Sequence[EventSentence], vectors: Tensor, batch: Batch) -> Tensor:
        events = [
            (row, event, self.rng.random() < 0.2)
            for row, sentence in enumerate(group)
            for event in sentence.events
            if event.type is not None
        ]
        if not events:
            return vectors.new_zeros(())
        rows = torch.tensor([row for row, _, _ in events])
        wanted = torch.full((len(events), batch.present.shape[1]), _IGNORE)
        masks = torch.full((len(events), len(self.labels.roles) + 1), -1e4)
        masks[:, 0] = 0.0
        for place, (row, event, hidden) in enumerate(events):
            wanted[place, : len(group[row].tokens)] = 0
            for role in GENERAL_ROLES if hidden else self.labels.by_type[str(event.type)]:
                if role in self.labels.roles:
                    masks[place, self.labels.role_index(role)] = 0.0
            # Longest first, so that of two nested arguments the inner one keeps its tokens.
            for argument in sorted(event.arguments, key=lambda a: (a.start - a.end, a.start)):
                name = GENERAL_ROLE.get(argument.role) if hidden else argument.role
                if name is None:
                    continue
                index = self.labels.role_index(name)
                masks[place, index] = 0.0
                wanted[place, argument.start : argument.end] = index
        roles = self.model.roles(
            vectors[rows],
            batch.shapes[rows],
            batch.present[rows],
            torch.tensor([event.start for _, event, _ in events]),
            torch.tensor([event.end for _, event, _ in events]),
            torch.tensor([self.labels.type_index(None if hidden else event.type) for _, event, hidden in events]),
        )
        roles = roles + masks[:, None, :]
        return functional.cross_entropy(roles.flatten(0, 1), wanted.flatten(), ignore_index=_IGNORE)
