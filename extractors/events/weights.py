"""The event model's weights on disk: four bits for the piece embedding, eight for matrices, sixteen for the rest."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ekg.errors import MissingError
from extractors.events.encoder import EncoderShape
from extractors.events.labels import Labels
from extractors.events.lexicon import Lexicon
from extractors.events.model import EventModel
from extractors.events.pieces import WordPieces

FOLDER = Path(__file__).parents[1] / "weights" / "events"
TENSORS, LABELS, VOCABULARY, LEXICON = "model.safetensors", "labels.json", "pieces.txt", "lexicon.json"
_EMBEDDING = "encoder.pieces.weight"


def pack_four_bits(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Rows as two 4-bit numbers a byte, and a scale a row."""
    scale = (matrix.abs().amax(dim=1, keepdim=True) / 7).clamp(min=1e-8).half()
    levels = (torch.round(matrix / scale.float()).clamp(-7, 7) + 8).to(torch.uint8)
    return levels[:, 0::2] * 16 + levels[:, 1::2], scale


def unpack_four_bits(packed: Tensor, scale: Tensor) -> Tensor:
    """The matrix that `pack_four_bits` stored, as 32-bit floats."""
    levels = torch.stack([packed // 16, packed % 16], dim=2).flatten(1).float() - 8
    return levels * scale.float()


def save_model(folder: Path, model: EventModel, labels: Labels, vocabulary: list[str], lexicon: Lexicon) -> None:
    """Write a trained model; the same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Tensor] = {}
    for name, value in model.state_dict().items():
        if name == _EMBEDDING:
            tensors[name + ".4bit"], tensors[name + ".scale"] = pack_four_bits(value)
        elif value.dim() == 2:
            scale = (value.abs().amax(dim=1, keepdim=True) / 127).clamp(min=1e-8).half()
            tensors[name + ".8bit"] = torch.round(value / scale.float()).clamp(-127, 127).to(torch.int8)
            tensors[name + ".scale"] = scale
        else:
            tensors[name] = value.half()
    save_file({name: tensors[name].contiguous() for name in sorted(tensors)}, folder / TENSORS)
    settings = {
        "encoder": asdict(model.encoder.shape),
        "types": labels.types,
        "roles": labels.roles,
        "by_type": labels.by_type,
    }
    (folder / LABELS).write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    (folder / VOCABULARY).write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    (folder / LEXICON).write_text(json.dumps(lexicon.to_json(), separators=(",", ":")) + "\n", encoding="utf-8")


def load_model(folder: Path = FOLDER) -> tuple[EventModel, Labels, WordPieces, Lexicon]:
    """Read a model, ready for inference.

    Raises:
        MissingError: no weights there, or they do not fit this version.
    """
    hint = "reinstall ekg-platform, or train them with 'ekg train events'"
    try:
        settings: dict[str, Any] = json.loads((folder / LABELS).read_text(encoding="utf-8"))
        vocabulary = (folder / VOCABULARY).read_text(encoding="utf-8").split("\n")[:-1]
        lexicon = Lexicon.from_json(json.loads((folder / LEXICON).read_text(encoding="utf-8")))
        stored = load_file(folder / TENSORS)
    except (OSError, ValueError, SafetensorError) as error:
        raise MissingError(f"event model in {folder} cannot be read: {error}", hint=hint) from error
    labels = Labels(
        tuple(settings["types"]),
        tuple(settings["roles"]),
        {name: tuple(roles) for name, roles in settings["by_type"].items()},
    )
    model = EventModel(EncoderShape(**settings["encoder"]), len(labels.types), len(labels.roles))
    state: dict[str, Tensor] = {}
    for name, value in stored.items():
        if name.endswith(".4bit"):
            plain = name.removesuffix(".4bit")
            state[plain] = unpack_four_bits(value, stored[plain + ".scale"])
        elif name.endswith(".8bit"):
            plain = name.removesuffix(".8bit")
            state[plain] = value.float() * stored[plain + ".scale"].float()
        elif not name.endswith(".scale"):
            state[name] = value.float()
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise MissingError(f"event model in {folder} does not fit this version", hint=hint) from error
    return model.eval(), labels, WordPieces(vocabulary), lexicon
