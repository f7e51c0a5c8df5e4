"""The statistical model under the pipeline: architecture, and how it is written and read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.nlp.tokens import english_tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.vocab import Vocab

LEMMAS = "lemmas.json"
"""File with the lemmas of known forms, beside the weights."""

WIDTH = 96
DEPTH = 4
EMBEDDED = {"NORM": 3000, "PREFIX": 1000, "SUFFIX": 2000, "SHAPE": 1000}
"""Attributes and rows of the hash embedding."""


def _listener() -> dict[str, Any]:
    return {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}


def _tagger() -> dict[str, Any]:
    return {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": False, "tok2vec": _listener()}


def _transitions(kind: str, hidden: int) -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": kind,
        "extra_state_tokens": False,
        "hidden_width": hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": _listener(),
    }


def blank_model(pieces: Sequence[str], rows: NDArray[np.int8], scale: float) -> Language:
    """The untrained pipeline over static vectors; see `extractors.nlp.vectors.PieceVectors`."""
    import spacy

    from extractors.nlp.vectors import PieceVectors

    nlp = spacy.blank("en")
    nlp.tokenizer = english_tokenizer(nlp)
    nlp.vocab.vectors = PieceVectors(strings=nlp.vocab.strings, pieces=pieces, rows=rows, scale=scale)
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        "attrs": list(EMBEDDED),
        "rows": list(EMBEDDED.values()),
        "include_static_vectors": True,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": DEPTH,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    nlp.add_pipe("tok2vec", config={"model": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}})
    nlp.add_pipe("tagger", config={"model": _tagger()})
    nlp.add_pipe("morphologizer", config={"model": _tagger()})
    nlp.add_pipe("parser", config={"model": _transitions("parser", 96), "min_action_freq": 20})
    nlp.add_pipe("trainable_lemmatizer", config={"model": _tagger(), "min_tree_freq": 3, "top_k": 3})
    nlp.add_pipe("ner", config={"model": _transitions("ner", 64)})
    return nlp


def write_model(nlp: Language, folder: Path, lemmas: Mapping[str, str]) -> None:
    """Write weights, configuration and the table of known lemmas; the tokenizer is code and is not written.

    Nor is the entity recogniser: as a second task it makes the shared layers better, but names are found by the shared
    model of `extractors.events`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder, exclude=["tokenizer", "ner"])
    nlp.vocab.vectors.write(folder)
    (folder / LEMMAS).write_text(json.dumps(lemmas, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def read_model(folder: Path, vocab: Vocab) -> Language:
    """The components that `write_model` wrote, on a vocabulary that they extend."""
    import spacy

    from extractors.nlp.vectors import PieceVectors

    vocab.vectors = PieceVectors.read(folder, vocab.strings)
    return spacy.load(folder, vocab=vocab, exclude=["tokenizer", "ner"])
