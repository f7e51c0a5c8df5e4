"""Scores of the base pipeline on the development parts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.training.base_examples import example
from extractors.training.readers import AnnotatedDoc, read_ewt, read_gum

if TYPE_CHECKING:
    from spacy.language import Language

_SYNTAX = {
    "token": "token_f",
    "tag": "tag_acc",
    "pos": "pos_acc",
    "lemma": "lemma_acc",
    "uas": "dep_uas",
    "las": "dep_las",
    "sentence": "sents_f",
}


def whole_documents(docs: Sequence[AnnotatedDoc], limit: int = 400) -> list[AnnotatedDoc]:
    """Paragraphs of a document run together up to ``limit`` words: sentence ends without help from line breaks."""
    from extractors.training.base_examples import joined

    return joined(docs, random.Random(0), share=1.0, limit=limit)


def dev_scores(nlp: Language, data: Path) -> dict[str, float]:
    """Scores from 0 to 1 on EWT dev and GUM dev (open genres).

    Keys are ``ewt_las``, ``gum_sentence`` and the like. Labelled and unlabelled attachment leave punctuation out, as
    spaCy's scorer does.
    """
    scores: dict[str, float] = {}
    for name, docs in {"ewt": read_ewt(data, "dev"), "gum": read_gum(data, "dev")}.items():
        result = nlp.evaluate([example(nlp, doc) for doc in docs])
        scores |= {f"{name}_{short}": float(result[key] or 0.0) for short, key in _SYNTAX.items()}
        joined_result = nlp.evaluate([example(nlp, doc) for doc in whole_documents(docs)])
        scores[f"{name}_sentence_joined"] = float(joined_result["sents_f"])
    return {key: round(value, 4) for key, value in scores.items()}
