"""What names mean, as vectors of a sentence encoder in a local folder, where the user has one.

The sum of the vectors of its words (:mod:`alignment.event_words`) was tried as a default and left out: on the valid
links of EventEA it found less.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from alignment.sparse import Floats, Ints
from ekg.errors import MissingError

Vectors = npt.NDArray[np.float32]
_BATCH = 64
_LONGEST = 64
_CHUNK = 512


def encoded_meanings(folder: Path, names: Sequence[str]) -> Vectors:
    """Vectors of length 1 by a sentence encoder: the mean of its last states, as sentence-transformers have it.

    Args:
        folder: as ``save_pretrained`` writes it, with weights as safetensors; nothing is downloaded, and no code from
            the folder runs.
        names: texts; equal ones are encoded once.

    Raises:
        MissingError: the folder is absent or cannot be loaded.
    """
    if not (folder / "config.json").is_file():
        raise MissingError(
            f"encoder: there is no model in {folder}", hint="models are read from disk, never downloaded"
        )
    import torch
    from transformers import AutoModel, AutoTokenizer

    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(folder, **options)
        model: Any = AutoModel.from_pretrained(folder, use_safetensors=True, dtype=torch.float32, **options)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise MissingError(f"encoder: {folder} cannot be loaded: {first}") from error
    model = model.eval()
    # By length, so that little is padded; equal texts have equal vectors whatever stands beside them.
    unique = sorted(set(names), key=lambda name: (len(name), name))
    rows: list[Vectors] = []
    with torch.inference_mode():
        for low in range(0, len(unique), _BATCH):
            batch = tokenizer(
                unique[low : low + _BATCH], padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt"
            )
            present = batch["attention_mask"][..., None]
            states = model(**batch).last_hidden_state * present
            rows.append((states.sum(1) / present.sum(1)).numpy().astype(np.float32))
    if not rows:
        return np.zeros((0, 1), dtype=np.float32)
    table = _unit(np.concatenate(rows))
    position = {name: n for n, name in enumerate(unique)}
    result: Vectors = table[[position[name] for name in names]]
    return result


def dots(left: Vectors, right: Vectors, i: Ints, j: Ints) -> Floats:
    """``left[i] · right[j]`` for every pair, four decimals: the same in whatever order the pairs come."""
    result = np.zeros(len(i))
    for low in range(0, len(i), 65_536):
        part = slice(low, low + 65_536)
        result[part] = np.einsum("nd,nd->n", left[i[part]], right[j[part]], dtype=np.float64)
    rounded: Floats = np.round(result, 4)
    return rounded


def nearest(left: Vectors, right: Vectors, k: int) -> tuple[Ints, Ints]:
    """The k rows of ``right`` that are nearest to each row of ``left``; rows without a vector are near to none."""
    found: list[tuple[Ints, Ints]] = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    k = min(k, right.shape[0])
    for low in range(0, left.shape[0], _CHUNK):
        product = np.round(left[low : low + _CHUNK] @ right.T, 4)
        best = np.argpartition(-product, k - 1, axis=1)[:, :k]
        rows = np.repeat(np.arange(product.shape[0]), k)
        columns = best.ravel()
        close = product[rows, columns] > 0
        found.append((rows[close] + low, columns[close].astype(np.int64)))
    return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])


def _unit(rows: Any) -> Vectors:
    rows = np.asarray(rows, dtype=np.float32)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-6)
    return unit
