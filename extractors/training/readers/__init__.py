"""Readers of the corpora that the base pipeline is trained and measured on."""

from __future__ import annotations

from extractors.training.readers.annotated import AnnotatedDoc, Mention, Sentence, Token
from extractors.training.readers.conll_ner import read_wikigold, read_wnut17
from extractors.training.readers.conllu import read_conllu, read_ewt
from extractors.training.readers.ecbplus_names import read_ecbplus_names
from extractors.training.readers.gum import read_gum

__all__ = [
    "AnnotatedDoc",
    "Mention",
    "Sentence",
    "Token",
    "read_conllu",
    "read_ecbplus_names",
    "read_ewt",
    "read_gum",
    "read_wikigold",
    "read_wnut17",
]
