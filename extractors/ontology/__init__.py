"""Event types: GENEVA's, verbatim, our own for news that GENEVA does not cover, and those that a user defines."""

from __future__ import annotations

from extractors.ontology.load import EventType, KeywordTypes, load_keywords, load_ontology, own_signature

__all__ = ["EventType", "KeywordTypes", "load_keywords", "load_ontology", "own_signature"]
