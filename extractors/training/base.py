"""Training of the base pipeline: tags, morphology, lemmas, dependencies and named entities over one tok2vec."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.nlp.model import WIDTH, blank_model, write_model
from extractors.nlp.tokens import english_tokenizer
from extractors.training.base_card import write_card
from extractors.training.base_examples import augmented, example, joined
from extractors.training.base_lemmas import known_lemmas
from extractors.training.base_scores import dev_scores
from extractors.training.base_vectors import find_minilm, minilm_pieces
from extractors.training.readers import AnnotatedDoc, read_ecbplus_names, read_ewt, read_gum, read_wikigold, read_wnut17

if TYPE_CHECKING:
    from spacy.training import Example

BATCH_WORDS = (400, 1200)
"""Words in a batch: at the start, and after about the first epoch."""

VECTOR_WIDTH = 128
"""Principal components of MiniLM's input embeddings."""

DROPOUT = 0.12
LEARNING_RATE = 0.0015
STEADY_STEPS = 1000
"""Steps at the full learning rate; afterwards it falls with the root of the step."""


def _training_docs(data: Path) -> list[AnnotatedDoc]:
    return [
        *read_ewt(data, "train"),
        *read_gum(data, "train"),
        *read_wikigold(data)[0],
        *read_wnut17(data, "train"),
        *read_ecbplus_names(data),
    ]


def _batches(docs: Sequence[AnnotatedDoc], words: Iterator[float]) -> Iterator[list[AnnotatedDoc]]:
    batch: list[AnnotatedDoc] = []
    size, limit = 0, next(words)
    for doc in docs:
        if batch and size + doc.words > limit:
            yield batch
            batch, size, limit = [], 0, next(words)
        batch.append(doc)
        size += doc.words
    if batch:
        yield batch


def _growing(start: float, stop: float, factor: float) -> Iterator[float]:
    value = start
    while True:
        yield value
        value = min(stop, value * factor)


def _bounded(doc: AnnotatedDoc, limit: int = 250) -> list[AnnotatedDoc]:
    """The paragraph, cut between sentences where it is longer than the limit in words."""
    pieces: list[AnnotatedDoc] = []
    for sentence in doc.sentences:
        last = pieces[-1] if pieces else None
        if last is not None and last.words + len(sentence.tokens) <= limit:
            pieces[-1] = replace(last, sentences=(*last.sentences, sentence))
        else:
            pieces.append(replace(doc, sentences=(sentence,)))
    return pieces


def train_base(
    data: Path,
    out: Path,
    *,
    seed: int = 13,
    epochs: int = 6,
    log: Callable[[str], None] = print,
    minilm: Path | None = None,
) -> dict[str, float]:
    """Train the base pipeline and write it to ``out``.

    In a fresh process, the same data, seed, versions and processor give the same weights, byte for byte.

    Args:
        data: folder with ``ud-ewt``, ``gum``, ``wikigold``, ``wnut17`` and ``ecbplus``.
        out: folder to write; created.
        seed: of initialisation, order, dropout and augmentation.
        epochs: passes over the data; weights are written after each.
        log: receives a line of progress now and then.
        minilm: folder of all-MiniLM-L6-v2, by default the one of the ``train`` extra.

    Returns:
        Scores on the development parts, from 0 to 1, as `dev_scores` names them.

    Raises:
        DataError: a corpus is missing or damaged.
        MissingError: the ``train`` extra is not installed.
    """
    from thinc.api import Adam, fix_random_seed

    fix_random_seed(seed)
    rng = random.Random(seed)
    docs = [piece for doc in _training_docs(data) for piece in _bounded(doc)]
    nlp = blank_model(*minilm_pieces(minilm or find_minilm(), width=VECTOR_WIDTH))
    initial = [example(nlp, doc) for doc in docs]
    nlp.initialize(lambda: initial)
    optimizer = Adam(LEARNING_RATE, L2=0.01, L2_is_weight_decay=True, use_averages=True, grad_clip=1.0)
    lemmas = known_lemmas(docs)
    sizes = _growing(*BATCH_WORDS, 1.004)
    seen, step, started = 0, 0, time.monotonic()
    for epoch in range(1, epochs + 1):
        current = joined(docs, rng)
        rng.shuffle(current)
        losses: dict[str, float] = {}
        for batch in _batches(current, sizes):
            step += 1
            optimizer.learn_rate = LEARNING_RATE * min(1.0, (STEADY_STEPS / step) ** 0.5)
            examples: list[Example] = [example(nlp, augmented(doc, rng)) for doc in batch]
            nlp.update(examples, sgd=optimizer, drop=DROPOUT, losses=losses)
            seen += sum(doc.words for doc in batch)
            if step % 100 == 0:
                log(f"epoch {epoch}/{epochs} words {seen} seconds {time.monotonic() - started:.0f}")
        log(f"epoch {epoch}/{epochs} " + " ".join(f"{name} {loss:.0f}" for name, loss in sorted(losses.items())))
        with nlp.use_params(optimizer.averages):
            write_model(nlp, out, lemmas)
    return finish(data, out, seed=seed, epochs=epochs, log=log)


def finish(data: Path, out: Path, *, seed: int, epochs: int, log: Callable[[str], None] = print) -> dict[str, float]:
    """Score written weights on the development parts and write their card.

    The learning rate does not depend on ``epochs``, so weights that an interrupted `train_base` left after epoch n
    are those of a run of n epochs, and can be finished by this.
    """
    import spacy

    from extractors.nlp.model import read_model

    blank = spacy.blank("en")
    nlp = read_model(out, blank.vocab)
    nlp.tokenizer = english_tokenizer(blank)
    scores = dev_scores(nlp, data)
    facts = {"seed": seed, "epochs": epochs, "spacy": version("spacy"), "width": WIDTH}
    write_card(out, scores, {**facts, "words": len(nlp.vocab.vectors), "vector_width": VECTOR_WIDTH})
    log(" ".join(f"{name} {score:.4f}" for name, score in scores.items()))
    return scores
