"""``ekg train events``: the shared model of triggers, types, roles and names."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import torch

from ekg.errors import DataError
from extractors.events.example import EventSentence
from extractors.events.labels import GENERAL_ROLES, Labels
from extractors.events.lexicon import Lexicon
from extractors.events.model import EventModel
from extractors.events.pieces import WordPieces
from extractors.events.weights import load_model, save_model
from extractors.training.events_data import Log, groups, read_corpora
from extractors.training.events_init import pretrained_folder, start_model
from extractors.training.events_loss import Trainer
from extractors.training.readers.geneva import read_roles

CHECKPOINT = "checkpoint.pt"
_AVERAGE = 0.998
"""Decay of the running average of the weights, which is what is written."""


def train_events(
    data: Path,
    out: Path,
    *,
    seed: int = 13,
    layers: int = 6,
    epochs: int = 8,
    batch: int = 24,
    encoder_rate: float = 1e-4,
    head_rate: float = 8e-4,
    names: int = 3000,
    litbank: int = 800,
    threads: int = 1,
    pretrained: Path | None = None,
    start: Path | None = None,
    limit: int | None = None,
    without: Collection[str] = (),
    log: Log = lambda line: None,
) -> dict[str, float]:
    """Train the shared model and write its weights.

    After every epoch ``checkpoint.pt`` is written to ``out``; a run that is started again goes on from there, with the
    same result as one that was not interrupted.

    Args:
        data: folder of corpora, with ``geneva/``, ``ecbplus/``, ``litbank/``, ``gum/``, ``wikigold/``, ``wnut17/``.
        out: folder for the weights.
        seed: of everything random; the same seed and threads give the same bytes on the same machine.
        layers: how many of MiniLM's layers to keep.
        epochs: passes over GENEVA and ECB+.
        batch: sentences a step.
        encoder_rate: learning rate of the encoder.
        head_rate: learning rate of the heads.
        names: sentences with names in each pass.
        litbank: LitBank's sentences in each pass.
        threads: processor threads.
        pretrained: folder with the pinned files, by default that of the installed package.
        start: folder of weights of this model to go on from, instead of the pretrained encoder.
        limit: sentences of each corpus at most (for trying things out).
        without: event types to leave unmarked (see ``ekg bench newtypes``).
        log: takes a line of progress.

    Returns:
        ``seconds``, ``loss`` of the last epoch, ``sentences`` a pass.

    Raises:
        DataError: a corpus, the pretrained encoder or the checkpoint is not as expected.
        MissingError: the pretrained encoder is not installed, or ``start`` has no weights.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    corpora = read_corpora(data, limit=limit, without=without)
    labels = make_labels(corpora.geneva, read_roles(data / "geneva" / "event_ontology.json"))
    lexicon = Lexicon.build(corpora.geneva)
    model, vocabulary = start_model(pretrained or pretrained_folder(), layers, len(labels.types), len(labels.roles))
    if start is not None:
        model.load_state_dict(load_model(start)[0].state_dict())
    encoder = [p for name, p in model.named_parameters() if p.requires_grad and name.startswith("encoder.")]
    heads = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": encoder_rate}, {"params": heads, "lr": head_rate}], weight_decay=0.01, fused=True
    )
    first = groups(corpora, random.Random(seed), size=batch, names=names, litbank=litbank)
    steps = epochs * len(first)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / 100, 1 - step / (steps + 1)))
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    facts = {"seed": seed, "epochs": epochs, "steps": steps, "layers": layers}
    done = _resume(out, facts, model, average, optimiser, schedule)
    began = time.monotonic()
    mean = 0.0
    model.train()
    for epoch in range(done, epochs):
        torch.manual_seed(seed * 1000 + epoch)
        rng = random.Random(f"{seed}:{epoch}")
        trainer = Trainer(model, labels, WordPieces(vocabulary), lexicon, rng)
        total = 0.0
        order = groups(corpora, rng, size=batch, names=names, litbank=litbank)
        for number, group in enumerate(order):
            loss = trainer.loss(group)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
            torch.nn.utils.clip_grad_norm_([*encoder, *heads], 1.0)
            optimiser.step()
            schedule.step()
            _follow(average, model, epoch * len(order) + number)
            total += loss.item()
            if number % 50 == 49:
                log(f"epoch {epoch + 1}/{epochs} batch {number + 1}/{len(order)} loss {total / (number + 1):.4f}")
        mean = total / len(order)
        _checkpoint(out, facts, epoch + 1, model, average, optimiser, schedule)
        log(f"epoch {epoch + 1}/{epochs} loss {mean:.4f} after {time.monotonic() - began:.0f} s")
        _write(out, average, model, labels, vocabulary, lexicon)
    if done >= epochs:
        _write(out, average, model, labels, vocabulary, lexicon)
    (out / CHECKPOINT).unlink()
    count = sum(len(group) for group in first)
    return {"seconds": round(time.monotonic() - began, 1), "loss": round(mean, 4), "sentences": count}


def make_labels(sentences: Sequence[EventSentence], by_type: dict[str, tuple[str, ...]]) -> Labels:
    """Types and roles that occur in training, and the general roles."""
    types = sorted({event.type for sentence in sentences for event in sentence.events if event.type})
    roles = {a.role for sentence in sentences for event in sentence.events for a in event.arguments}
    return Labels(tuple(types), tuple(sorted(roles | set(GENERAL_ROLES))), by_type)


def _follow(average: dict[str, torch.Tensor], model: EventModel, step: int) -> None:
    """One step of the running average (Polyak and Juditsky 1992), shorter at the start."""
    keep = min(_AVERAGE, (1 + step) / (10 + step))
    own = model.state_dict()
    with torch.no_grad():
        torch._foreach_lerp_([average[name] for name in own], list(own.values()), 1 - keep)


def _write(
    out: Path,
    average: dict[str, torch.Tensor],
    model: EventModel,
    labels: Labels,
    vocabulary: list[str],
    lexicon: Lexicon,
) -> None:
    """Write the averaged weights; the model keeps its own."""
    own = {name: value.detach().clone() for name, value in model.state_dict().items()}
    model.load_state_dict(average)
    save_model(out, model, labels, vocabulary, lexicon)
    model.load_state_dict(own)


def _checkpoint(
    out: Path,
    facts: dict[str, int],
    epoch: int,
    model: EventModel,
    average: dict[str, torch.Tensor],
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    state = {
        "facts": facts,
        "epoch": epoch,
        "model": model.state_dict(),
        "average": average,
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
    }
    beside = out / (CHECKPOINT + ".new")
    torch.save(state, beside)
    beside.replace(out / CHECKPOINT)


def _resume(
    out: Path,
    facts: dict[str, int],
    model: EventModel,
    average: dict[str, torch.Tensor],
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> int:
    """Load a checkpoint of the same run; returns the epochs done.

    Raises:
        DataError: the checkpoint is of another run.
    """
    path = out / CHECKPOINT
    if not path.is_file():
        return 0
    state = torch.load(path, weights_only=True)
    if state["facts"] != facts:
        raise DataError(
            f"checkpoint is of another run: {state['facts']}, now {facts}", path=path, hint="remove it or take it up"
        )
    model.load_state_dict(state["model"])
    average.update(state["average"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return int(state["epoch"])
