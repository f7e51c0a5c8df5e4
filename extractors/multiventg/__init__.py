"""MultiVENT-G: partly defined events of news videos with text, time and picture spans for the roles of a template.

Sanders et al., "Grounding Partially-Defined Events in Multimodal Data", Findings of EMNLP 2024, arXiv 2410.05267. What
of the format is verified and what assumed is said in ``docs/partial-events.md``.
"""

from __future__ import annotations

from extractors.multiventg.convert import to_record
from extractors.multiventg.model import Annotations, Box, Moment, Passage, Video
from extractors.multiventg.predict import predict
from extractors.multiventg.read import read_multiventg

__all__ = ["Annotations", "Box", "Moment", "Passage", "Video", "predict", "read_multiventg", "to_record"]
