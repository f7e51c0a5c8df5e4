"""Event types: GENEVA's, verbatim, and our own for news that GENEVA does not cover."""

from __future__ import annotations

from extractors.ontology.load import EventType, KeywordTypes, load_keywords, load_ontology

__all__ = ["EventType", "KeywordTypes", "load_keywords", "load_ontology"]
