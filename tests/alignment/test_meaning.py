from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alignment import AlignConfig, AlignGraph, AlignNode, align
from alignment.meaning import dots, encoded_meanings, nearest
from ekg.errors import MissingError

WORDS = ["siege", "fall", "of", "arlen", "cup", "final"]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence encoder of one tiny layer, its weights random."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=32
    ).save_pretrained(folder)
    torch.manual_seed(1)
    BertModel(
        BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=32,
        )
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def test_the_nearest_rows() -> None:
    rows = np.eye(3, dtype=np.float32)
    i, j = nearest(rows, rows, 5)
    assert (i.tolist(), j.tolist()) == ([0, 1, 2], [0, 1, 2])
    assert dots(rows, rows, np.array([0, 0]), np.array([0, 1])).tolist() == [1.0, 0.0]


def test_an_encoder_from_a_folder(encoder: Path) -> None:
    names = ["siege of arlen", "cup final", "siege of arlen", "cup"]
    rows = encoded_meanings(encoder, names)
    assert rows.shape == (4, 16)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert rows[0].tolist() == rows[2].tolist() != rows[1].tolist()
    assert np.allclose(encoded_meanings(encoder, ["cup"])[0], rows[3], atol=1e-5)
    assert len(encoded_meanings(encoder, [])) == 0


def test_aligned_with_an_encoder(encoder: Path) -> None:
    left, right = (
        AlignGraph.build(AlignNode(id=f"{side}{n}", names=(name,)) for n, name in enumerate(names))
        for side, names in (("l", ["Siege of Arlen", "Cup final"]), ("r", ["Arlen siege", "Final of the cup"]))
    )
    found = align(left, right, config=AlignConfig(encoder=str(encoder)))
    assert {link.left: link.right for link in found.links} == {"l0": "r0", "l1": "r1"}
    assert found.settings["encoder"] == str(encoder)


def test_a_folder_without_an_encoder(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="there is no model in"):
        encoded_meanings(tmp_path, ["a"])
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    with pytest.raises(MissingError, match="cannot be loaded"):
        encoded_meanings(tmp_path, ["a"])
