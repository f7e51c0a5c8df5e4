"""Other people's models in place of ours, chosen by configuration: spaCy pipelines and Hugging Face token classifiers.

Importing this package loads no model library; `extractors.llm` has the third kind, an OpenAI-compatible endpoint.
"""

from __future__ import annotations

from extractors.backends.choice import Choice, LlmChoice, configured

__all__ = ["Choice", "LlmChoice", "configured"]
