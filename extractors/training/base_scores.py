"""Scores of the base pipeline on the development parts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.training.base_examples import example
from extractors.training.readers import AnnotatedDoc, read_ewt, read_gum, read_wikigold

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
    """Scores from 0 to 1 on EWT dev, GUM dev (open genres) and the held-out part of wikigold.

    Keys are ``ewt_las``, ``gum_sentence``, ``gum_ner``, ``wikigold_person`` and the like. Labelled and unlabelled
    attachment leave punctuation out, as spaCy's scorer does; entities are exact F1.
    """
    scores: dict[str, float] = {}
    parts = {"ewt": read_ewt(data, "dev"), "gum": read_gum(data, "dev"), "wikigold": read_wikigold(data)[1]}
    for name, docs in parts.items():
        result = nlp.evaluate([example(nlp, doc) for doc in docs])
        if name != "wikigold":
            scores |= {f"{name}_{short}": float(result[key] or 0.0) for short, key in _SYNTAX.items()}
            joined_result = nlp.evaluate([example(nlp, doc) for doc in whole_documents(docs)])
            scores[f"{name}_sentence_joined"] = float(joined_result["sents_f"])
        if name != "ewt":
            scores[f"{name}_ner"] = float(result["ents_f"])
            by_type = result["ents_per_type"] or {}
            scores |= {f"{name}_{label}": float(by_type[label]["f"]) for label in sorted(by_type)}
    return {key: round(value, 4) for key, value in scores.items()}
