"""Extraction of events, entities and times from one document at a time.

Importing this package loads no model; the first extraction does.
"""

from __future__ import annotations

from extractors.config import ExtractConfig
from extractors.extractor import Extractor, extract
from extractors.signature import signature

__all__ = ["ExtractConfig", "Extractor", "extract", "signature"]
