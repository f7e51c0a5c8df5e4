"""The base pipeline: tokens, sentences, tags, lemmas, dependencies and named entities of English text.

`load` gives a spaCy pipeline, `parse` a parsed document for a text whose units (cues, turns, a title) are known.
Importing this package imports no spaCy; the first call does.
"""

from __future__ import annotations

from extractors.nlp.pipeline import ENTITY_LABELS, WEIGHTS, load, parse

__all__ = ["ENTITY_LABELS", "WEIGHTS", "load", "parse"]
