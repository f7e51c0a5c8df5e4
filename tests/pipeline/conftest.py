from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import extractors
from ekg import registry
from tests.stub import StubExtractor


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extraction by the stub, in this process."""
    monkeypatch.setattr(registry, "_ADDED", {"extractor": {"default": StubExtractor}})
    monkeypatch.setattr(extractors, "signature", lambda: "stub-1", raising=False)


WORDS = [
    "Anna visited Berlin.",
    "Boris painted Clara.",
    "Clara ended it.",
    "Nothing here",
    "Dora started. Emil finished.",
]


@pytest.fixture
def articles(tmp_path: Path) -> Callable[..., Path]:
    """Write ``count`` articles, one JSON a file; keyword arguments replace the text of some."""

    def write(count: int = 5, **texts: str) -> Path:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for number in range(count):
            name = f"a{number:02}"
            record = {
                "id": name,
                "text": texts.get(name, WORDS[number % len(WORDS)]),
                "title": f"Article {number}",
                "published": f"2024-01-{number % 28 + 1:02}",
            }
            (folder / f"{name}.json").write_text(json.dumps(record))
        return folder

    return write
