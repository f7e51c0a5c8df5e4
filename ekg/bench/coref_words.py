"""``ekg train coref-words``: the table of word vectors that event coreference compares triggers with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from alignment.sparse import Floats
from ekg.errors import DataError

DIMENSIONS = 64
_WORD = re.compile(r"[a-z]{3,}(-[a-z]+)?")
_BATCH = 256


def train_words(data: Path, out: Path, *, seed: int, log: Callable[[str], None], epochs: int = 0) -> dict[str, float]:
    """Write ``event_words.npy`` and ``event_words.txt``: each word alone through all-MiniLM-L6-v2, mean of its pieces.

    The words are the encoder's own whole words, and the forms and lemmas that the base pipeline's lemmatiser knows.

    Args:
        data: unused: nothing is learned from the corpora.
        out: folder for the table.
        seed: unused, since nothing here is random.
        log: called with progress.
        epochs: unused.

    Returns:
        Number of words, and the share of variance that the directions kept hold.

    Raises:
        MissingError: the pretrained encoder is not installed.
        DataError: it is not the pinned one.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    from extractors.nlp.pipeline import WEIGHTS
    from extractors.training.events_init import check_pinned, pretrained_folder

    folder = pretrained_folder()
    check_pinned(folder)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    words = vocabulary(WEIGHTS / "lemmas.json", tokenizer.get_vocab())
    model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    rows = np.zeros((len(words), model.config.hidden_size))
    with torch.inference_mode():
        for low in range(0, len(words), _BATCH):
            batch = tokenizer(words[low : low + _BATCH], padding=True, return_tensors="pt")
            present = batch["attention_mask"][..., None]
            hidden = (model(**batch).last_hidden_state * present).sum(1) / present.sum(1)
            rows[low : low + _BATCH] = hidden.numpy()
            if low % (20 * _BATCH) == 0:
                log(f"{low} of {len(words)} words")
    table, share = shrink(rows)
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "event_words.npy", table, allow_pickle=False)
    (out / "event_words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    return {"words": float(len(words)), "variance": round(share, 4)}


def vocabulary(lemmas: Path, pieces: Iterable[str] = ()) -> list[str]:
    """Words of a lemmatiser's table ``"POS form": lemma`` and whole words among pieces, lower case, sorted.

    Raises:
        DataError: the table is absent.
    """
    if not lemmas.is_file():
        raise DataError("there is no table of lemmas", path=lemmas, hint="train base first")
    table: dict[str, object] = json.loads(lemmas.read_text(encoding="utf-8"))
    forms = {key.split()[-1] for key in table} | {value for value in table.values() if isinstance(value, str)}
    return sorted({form.lower() for form in (*forms, *pieces) if _WORD.fullmatch(form.lower())})


def shrink(rows: Floats, dimensions: int = DIMENSIONS) -> tuple[np.ndarray[Any, np.dtype[np.int8]], float]:
    """Rows of length 1, centred, in their main directions, each scaled to 8-bit integers; and the variance kept."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    kept = centred @ directions[:, ::-1][:, :dimensions]
    table = np.round(kept / np.abs(kept).max(axis=1, keepdims=True) * 127).astype(np.int8)
    return table, float(values[::-1][:dimensions].sum() / values.sum())
