"""What a graph holds, for comparisons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ekg.store.oxigraph import OxigraphStore

Articles = Callable[..., Path]
"""The fixture ``articles``."""


def quads(kg: Path) -> list[str]:
    """All quads as sorted N-Quads; there are no blank nodes in a graph on disk."""
    store = OxigraphStore(kg / "quads", read_only=True)
    lines = sorted(str(q) for q in store.quads())
    store.close()
    return lines
