"""Events proposed by a language model behind an OpenAI-compatible endpoint; off unless `llm-url` is set.

The protocol follows KeyCP++ (Li and Deng, "Keyword-Centric Prompting for One-Shot Event Detection with Self-Generated
Rationale Enhancements", ECAI 2025, arXiv 2508.07598): keywords anchor each event type, rationales say when a keyword
is a trigger and when not, the model proposes candidates and then judges each. Everything it quotes is looked up in the
sentence; what cannot be found does not enter the graph.
"""

from __future__ import annotations
