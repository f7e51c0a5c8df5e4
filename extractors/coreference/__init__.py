"""Entities of a document: names that mean the same, and the pronouns and common nouns that safely refer to them."""

from __future__ import annotations

from extractors.coreference.entities import find_entities
from extractors.coreference.index import EntityIndex
from extractors.coreference.words import PRONOUNS

__all__ = ["PRONOUNS", "EntityIndex", "find_entities"]
