"""Why each trigger, type, role, date and place of a short document was chosen, and what else was considered.

The decisions are those of the extractor itself, recorded while it works; reasons that it does not keep are found by
asking the same functions again, as they are or with one word or one tense changed. Nothing is decided a second time.
"""

from __future__ import annotations

from extractors.explain.explanation import explain
from extractors.explain.plain import in_words

__all__ = ["explain", "in_words"]
